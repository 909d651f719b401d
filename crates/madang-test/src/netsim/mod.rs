//! A bad network in front of a UDP server, without rights that only the kernel gives: a relay to
//! which clients send instead. Each client has a socket of its own towards the server, as behind a
//! NAT. Seeded; what is on a line is decided in `relay`, here are the sockets and the clock.

pub mod link;
mod order;
mod relay;

use std::collections::HashMap;
use std::io::{BufRead, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token, Waker};

use order::Order;
use relay::{Flight, Relay};

const WAKE: Token = Token(0);
const CLIENTS: Token = Token(1);
/// The socket of client 0 towards the server, and so on.
const FIRST: usize = 2;
/// A stranger's datagrams open sockets here: a test has few clients.
const MOST_CLIENTS: usize = 1_000;

pub const USAGE: &str = "madang-test netsim SERVER [seed=N] [LISTEN]: a bad network before a UDP server;
            then orders on standard input: up|down|both loss=0.05 delay=80 jitter=20 rate=KBIT queue=MS
            reorder=0.01 bursts=0.01x5; blackout SECONDS; move; report. Ends with its input";

/// Runs the tool on the words behind its name.
///
/// # Errors
/// A sentence that says what to change, or what the system said.
pub fn run(words: &[String]) -> Result<()> {
    let (mut seed, mut listen) = (1, SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));
    let Some((server, rest)) = words.split_first() else { bail!("{USAGE}") };
    for word in rest {
        match word.strip_prefix("seed=") {
            Some(number) => seed = number.parse()?,
            None => listen = word.parse().context(USAGE)?,
        }
    }
    let poll = Poll::new()?;
    // It is kept until the end: closed right after its last word, it would take that word with it.
    let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
    let (tell, orders) = channel();
    let wakes = waker.clone();
    let netsim = Netsim::new(poll, server.parse().context(USAGE)?, listen, seed, orders)?;
    say(&format!("netsim at {} before {server}, seed {seed}", netsim.address))?;
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if tell.send(line).is_err() || wakes.wake().is_err() {
                return;
            }
        }
        drop(tell);
        // Where nobody waits any more there is nobody to wake.
        let _ = wakes.wake();
    });
    let served = netsim.serve();
    drop(waker);
    served
}

struct Netsim {
    poll: Poll,
    orders: Receiver<String>,
    relay: Relay,
    server: SocketAddr,
    address: SocketAddr,
    down: UdpSocket,
    clients: Vec<(SocketAddr, UdpSocket)>,
    by_address: HashMap<SocketAddr, usize>,
}

impl Netsim {
    fn new(
        poll: Poll,
        server: SocketAddr,
        listen: SocketAddr,
        seed: u64,
        orders: Receiver<String>,
    ) -> Result<Netsim> {
        let mut down = UdpSocket::bind(listen)?;
        poll.registry().register(&mut down, CLIENTS, Interest::READABLE)?;
        let address = down.local_addr()?;
        let (clients, by_address) = (Vec::new(), HashMap::new());
        Ok(Netsim { poll, orders, relay: Relay::new(seed), server, address, down, clients, by_address })
    }

    /// Until nobody can order any more.
    fn serve(mut self) -> Result<()> {
        let mut events = Events::with_capacity(64);
        loop {
            let wait = self.relay.next().map(|at| at.saturating_duration_since(Instant::now()));
            match self.poll.poll(&mut events, wait) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
                _ => {}
            }
            loop {
                match self.orders.try_recv() {
                    Ok(line) => match order::read(&line) {
                        Ok(order) => self.obey(order)?,
                        Err(error) => say(&format!("{error:#}"))?,
                    },
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return self.report(),
                }
            }
            self.hear_clients()?;
            for client in 0..self.clients.len() {
                self.hear_server(client)?;
            }
            self.pass_on();
        }
    }

    fn obey(&mut self, order: Order) -> Result<()> {
        match order {
            Order::Change(way, settings) => {
                let apply = |link: &mut link::Link| settings.iter().for_each(|it| it.apply(link));
                self.relay.change(way, apply);
                say(&format!("lines changed ({way:?}): {settings:?}"))
            }
            Order::BlackOut(time) => {
                self.relay.black_out(Instant::now(), time);
                say(&format!("dark for {time:?}"))
            }
            Order::Move => {
                for client in 0..self.clients.len() {
                    let socket = self.upstream(client)?;
                    self.poll.registry().deregister(&mut self.clients[client].1)?;
                    self.clients[client].1 = socket;
                }
                say(&format!("{} clients have another address", self.clients.len()))
            }
            Order::Report => self.report(),
        }
    }

    fn report(&self) -> Result<()> {
        let (up, down) = (self.relay.done(true), self.relay.done(false));
        let clients = self.clients.len();
        say(&format!(
            "{clients} clients; up {} came, {} lost; down {} came, {} lost",
            up.came, up.lost, down.came, down.lost
        ))
    }

    /// Towards the server, from a port of its own.
    fn upstream(&self, client: usize) -> Result<UdpSocket> {
        let any = SocketAddr::new(self.address.ip(), 0);
        let mut socket = UdpSocket::bind(any)?;
        socket.connect(self.server)?;
        self.poll.registry().register(&mut socket, Token(FIRST + client), Interest::READABLE)?;
        Ok(socket)
    }

    fn hear_clients(&mut self) -> Result<()> {
        let mut buffer = [0; 65_536];
        while let Some((length, from)) = read(self.down.recv_from(&mut buffer))? {
            let client = match self.by_address.get(&from) {
                Some(client) => *client,
                None if self.clients.len() >= MOST_CLIENTS => continue,
                None => {
                    let client = self.relay.client();
                    let socket = self.upstream(client)?;
                    self.clients.push((from, socket));
                    self.by_address.insert(from, client);
                    client
                }
            };
            let contents = buffer[..length].to_vec();
            self.relay.take(Instant::now(), Flight { client, up: true, contents });
        }
        Ok(())
    }

    fn hear_server(&mut self, client: usize) -> Result<()> {
        let mut buffer = [0; 65_536];
        while let Some(length) = read(self.clients[client].1.recv(&mut buffer))? {
            let contents = buffer[..length].to_vec();
            self.relay.take(Instant::now(), Flight { client, up: false, contents });
        }
        Ok(())
    }

    /// What the system has no room for is lost, as on any line.
    fn pass_on(&mut self) {
        while let Some(flight) = self.relay.arrived(Instant::now()) {
            let (address, up) = &self.clients[flight.client];
            let _ = if flight.up {
                up.send(&flight.contents)
            } else {
                self.down.send_to(&flight.contents, *address)
            };
        }
    }
}

/// None: there is no more. A port that is closed comes back as an error of a later call.
fn read<T>(came: std::io::Result<T>) -> Result<Option<T>> {
    match came {
        Ok(it) => Ok(Some(it)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::ConnectionRefused) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).context("cannot write to standard output")
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::time::Duration;

    use super::*;

    /// A server that says back what it hears; a client; and what comes between them.
    #[test]
    fn datagrams_go_there_and_back_and_after_a_move_they_come_from_elsewhere() {
        let server = UdpSocket::bind("127.0.0.1:0").expect("bound");
        let client = UdpSocket::bind("127.0.0.1:0").expect("bound");
        for socket in [&server, &client] {
            socket.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
        }
        let poll = Poll::new().expect("a poll");
        let waker = Waker::new(poll.registry(), WAKE).expect("a waker");
        let (tell, orders) = channel();
        let at = server.local_addr().expect("bound");
        let netsim =
            Netsim::new(poll, at, "127.0.0.1:0".parse().expect("an address"), 1, orders).expect("it starts");
        let door = netsim.address;
        let thread = std::thread::spawn(move || netsim.serve());
        let round = |word: &[u8]| {
            let mut buffer = [0; 100];
            client.send_to(word, door).expect("sent");
            let (length, from) = server.recv_from(&mut buffer).expect("it comes");
            assert_eq!(&buffer[..length], word);
            server.send_to(word, from).expect("sent");
            let (length, sender) = client.recv_from(&mut buffer).expect("it comes back");
            assert_eq!((&buffer[..length], sender), (word, door));
            from
        };
        let first = round(b"one");
        assert_eq!(round(b"two"), first);
        tell.send("both delay=5".to_owned()).expect("heard");
        tell.send("move".to_owned()).expect("heard");
        waker.wake().expect("woken");
        // The order may come after the next datagram; what counts is that it comes.
        let moved = (0..1_000).any(|_| round(b"three") != first);
        assert!(moved, "the server sees another address");
        drop(tell);
        waker.wake().expect("woken");
        assert!(thread.join().expect("no panic").is_ok());
    }
}
