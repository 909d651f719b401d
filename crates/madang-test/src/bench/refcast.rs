//! The bare durable broadcaster that Madang is measured against: one thread,
//! one room, nobody is asked who they are. It takes messages by HTTP, commits
//! all that wait in one transaction, answers, and writes them to every socket
//! as one block of bytes. What it does is the least that can be done.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use memchr::memmem;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use rusqlite::Connection as Database;
use serde::Deserialize;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::raw;

const LISTENER: Token = Token(usize::MAX);
/// Most messages of one commit, as in the product.
const GROUP: usize = 256;

struct Connection {
    stream: TcpStream,
    came: Vec<u8>,
    /// What the socket did not take.
    waiting: Vec<u8>,
    is_member: bool,
}

#[derive(Deserialize)]
struct Post<'a> {
    client_id: &'a str,
    text: &'a str,
}

/// What waits for the next commit.
struct Waiting {
    from: usize,
    client_id: String,
    text: String,
}

struct Refcast {
    poll: Poll,
    listener: TcpListener,
    database: Database,
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    members: Vec<usize>,
    posts: Vec<Waiting>,
    head: i64,
}

/// Serves until the process is ended.
pub fn serve(address: SocketAddr, file: &Path, say: impl FnOnce(SocketAddr) -> Result<()>) -> Result<()> {
    let poll = Poll::new()?;
    let mut listener = TcpListener::bind(address)?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let database = raw::open(file)?;
    let head = raw::head(&database)?;
    say(listener.local_addr()?)?;
    let (connections, free, members, posts) = Default::default();
    let mut room = Refcast { poll, listener, database, connections, free, members, posts, head };
    let mut events = Events::with_capacity(1024);
    loop {
        match room.poll.poll(&mut events, None) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        for event in &events {
            if event.token() == LISTENER {
                room.accept()?;
                continue;
            }
            let index = event.token().0;
            if event.is_writable() {
                room.write_on(index);
            }
            if event.is_readable() {
                room.read(index, event.is_read_closed())?;
            }
        }
        while !room.posts.is_empty() {
            room.commit_and_tell()?;
        }
    }
}

impl Refcast {
    fn accept(&mut self) -> Result<()> {
        loop {
            let (mut stream, _) = match self.listener.accept() {
                Ok(accepted) => accepted,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            stream.set_nodelay(true)?;
            let index = self.free.pop().unwrap_or(self.connections.len());
            let interest = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().register(&mut stream, Token(index), interest)?;
            let made = Connection { stream, came: Vec::new(), waiting: Vec::new(), is_member: false };
            if index == self.connections.len() {
                self.connections.push(Some(made));
            } else {
                self.connections[index] = Some(made);
            }
        }
    }

    fn read(&mut self, index: usize, closed: bool) -> Result<()> {
        let Some(connection) = &mut self.connections[index] else { return Ok(()) };
        let mut buffer = [0; 16 * 1024];
        loop {
            match connection.stream.read(&mut buffer) {
                Ok(0) => {
                    self.forget(index);
                    return Ok(());
                }
                Ok(count) => {
                    connection.came.extend_from_slice(&buffer[..count]);
                    if count < buffer.len() && !closed {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.forget(index);
                    return Ok(());
                }
            }
        }
        self.understand(index)
    }

    fn forget(&mut self, index: usize) {
        if self.connections[index].take().is_some_and(|it| it.is_member) {
            self.members.retain(|member| *member != index);
        }
        self.free.push(index);
    }

    fn understand(&mut self, index: usize) -> Result<()> {
        loop {
            let Some(connection) = &mut self.connections[index] else { return Ok(()) };
            let came = std::mem::take(&mut connection.came);
            let used =
                if connection.is_member { self.hear(index, &came) } else { self.request(index, &came)? };
            let Some(connection) = &mut self.connections[index] else { return Ok(()) };
            connection.came = came;
            if used == 0 {
                return Ok(());
            }
            connection.came.drain(..used);
            if connection.came.is_empty() {
                connection.came = Vec::new();
                return Ok(());
            }
        }
    }

    /// Gives back how many bytes of it were understood.
    fn request(&mut self, index: usize, came: &[u8]) -> Result<usize> {
        let Some(end) = memmem::find(came, b"\r\n\r\n") else { return Ok(0) };
        let head = std::str::from_utf8(&came[..end])?;
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        };
        if let Some(key) = header("sec-websocket-key") {
            let accept = derive_accept_key(key.as_bytes());
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                 Sec-WebSocket-Accept: {accept}\r\n\r\n"
            );
            if let Some(connection) = &mut self.connections[index] {
                connection.is_member = true;
            }
            self.write(index, answer.as_bytes());
            return Ok(end + 4);
        }
        let size: usize = header("content-length").map_or(Ok(0), str::parse)?;
        let Some(body) = came.get(end + 4..end + 4 + size) else { return Ok(0) };
        if size == 0 {
            let answer =
                format!(r#"{{"space":{{"id":"refcast","head":{{"epoch":1,"seq":{}}}}}}}"#, self.head);
            self.answer(index, "200 OK", &answer);
        } else {
            let post: Post<'_> = serde_json::from_slice(body)?;
            let (client_id, text) = (post.client_id.to_owned(), post.text.to_owned());
            self.posts.push(Waiting { from: index, client_id, text });
        }
        Ok(end + 4 + size)
    }

    fn answer(&mut self, index: usize, status: &str, body: &str) {
        let length = body.len();
        let text = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.write(index, text.as_bytes());
    }

    /// A frame of a member: hello or ping.
    fn hear(&mut self, index: usize, came: &[u8]) -> usize {
        let [_, second, ..] = came else { return 0 };
        let (header, size) = match second & 0x7f {
            126 if came.len() >= 4 => (4, usize::from(u16::from_be_bytes([came[2], came[3]]))),
            126 | 127 => return 0,
            size => (2, usize::from(size)),
        };
        let Some(masked) = came.get(header + 4..header + 4 + size) else { return 0 };
        let mask = &came[header..header + 4];
        let said: Vec<u8> = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        if memmem::find(&said, b"\"ping\"").is_some() {
            self.write(index, &framed(r#"{"type":"pong"}"#));
        } else if memmem::find(&said, b"\"hello\"").is_some() {
            self.members.push(index);
            let space = format!(r#"{{"id":"refcast","head":{{"epoch":1,"seq":{}}}}}"#, self.head);
            self.write(
                index,
                &framed(&format!(r#"{{"type":"welcome","epoch":1,"rev":0,"spaces":[{space}]}}"#)),
            );
        }
        header + 4 + size
    }

    /// One transaction, then the answers, then one write per member.
    fn commit_and_tell(&mut self) -> Result<()> {
        let rest = self.posts.split_off(self.posts.len().min(GROUP));
        let posts = std::mem::replace(&mut self.posts, rest);
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as i64;
        let (mut block, mut answers) =
            (Vec::with_capacity(posts.len() * 320), Vec::with_capacity(posts.len()));
        self.database.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for post in &posts {
            self.head += 1;
            raw::append(&self.database, self.head, now, &post.client_id, &post.text)?;
            let event = format!(
                r#"{{"space":"0000000000000","seq":{},"at":{now},"author":"0000000000000","client_id":"{}","type":"message.posted","body":{{"text":"{}"}}}}"#,
                self.head, post.client_id, post.text
            );
            block.extend_from_slice(&framed(&format!(r#"{{"type":"event","event":{event}}}"#)));
            answers.push(format!(r#"{{"event":{event}}}"#));
        }
        self.database.prepare_cached("COMMIT")?.execute([])?;
        for (post, answer) in posts.iter().zip(&answers) {
            self.answer(post.from, "201 Created", answer);
        }
        for place in 0..self.members.len() {
            self.write(self.members[place], &block);
        }
        Ok(())
    }

    fn write(&mut self, index: usize, bytes: &[u8]) {
        let Some(connection) = &mut self.connections[index] else { return };
        let mut taken = 0;
        if connection.waiting.is_empty() {
            match connection.stream.write(bytes) {
                Ok(count) => taken = count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // The next read tells that it is gone.
                Err(_) => return,
            }
        }
        connection.waiting.extend_from_slice(&bytes[taken..]);
    }

    fn write_on(&mut self, index: usize) {
        let Some(connection) = &mut self.connections[index] else { return };
        while !connection.waiting.is_empty() {
            match connection.stream.write(&connection.waiting) {
                Ok(count) => drop(connection.waiting.drain(..count)),
                Err(_) => return,
            }
        }
        connection.waiting = Vec::new();
    }
}

fn framed(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() + 4);
    bytes.push(0x81);
    match text.len() {
        length @ 0..=125 => bytes.push(length as u8),
        length => {
            bytes.push(126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
    }
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// The two words after the sub-command.
pub fn arguments(words: &[String]) -> Result<(SocketAddr, &Path)> {
    let [address, file] = words else { bail!("refcast wants an address and a file") };
    Ok((address.parse()?, Path::new(file)))
}
