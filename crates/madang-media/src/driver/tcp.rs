//! ICE over TCP (RFC 6544): datagrams in frames of RFC 4571, for networks that let no UDP out.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::config::Limits;

/// Who has not shown in this time whose connection it is, is cut off.
const SHOWS_WITHIN: Duration = Duration::from_secs(2);

/// A first frame is a STUN request, far smaller than this.
const STRANGER_MOST: usize = 2 * 1024;

/// What waits for a slow connection. More is dropped: it would come too late.
const WAITS_MOST: usize = 256 * 1024;

/// The first token for connections; those below are the driver's own.
pub const FIRST_TOKEN: usize = 16;

struct Connection {
    io: TcpStream,
    from: SocketAddr,
    to: SocketAddr,
    since: Instant,
    known: bool,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
}

pub struct Connections {
    limits: Limits,
    next: usize,
    all: HashMap<Token, Connection>,
    tokens: HashMap<SocketAddr, Token>,
    strangers: usize,
}

impl Connections {
    pub fn new(limits: Limits) -> Self {
        Self { limits, next: FIRST_TOKEN, all: HashMap::new(), tokens: HashMap::new(), strangers: 0 }
    }

    /// Takes a connection of which `first` was read already. None: there are too many.
    pub fn take(
        &mut self,
        now: Instant,
        registry: &Registry,
        stream: std::net::TcpStream,
        first: &[u8],
    ) -> io::Result<Token> {
        if self.all.len() >= self.limits.tcp_connections || self.strangers >= self.limits.tcp_strangers {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        stream.set_nonblocking(true)?;
        // A voice must not wait for the next one.
        stream.set_nodelay(true)?;
        let from = canonical(stream.peer_addr()?);
        let to = canonical(stream.local_addr()?);
        let mut io = TcpStream::from_std(stream);
        let token = Token(self.next);
        self.next += 1;
        registry.register(&mut io, token, Interest::READABLE | Interest::WRITABLE)?;
        let connection = Connection {
            io,
            from,
            to,
            since: now,
            known: false,
            incoming: first.to_vec(),
            outgoing: Vec::new(),
        };
        self.strangers += 1;
        if let Some(before) = self.tokens.insert(from, token) {
            self.close(before);
            self.tokens.insert(from, token);
        }
        self.all.insert(token, connection);
        Ok(token)
    }

    /// Reads what there is and hands over whole frames. The answer of `each` is whether the frame
    /// was somebody's. False: the connection is over.
    pub fn read(
        &mut self,
        token: Token,
        mut each: impl FnMut(SocketAddr, SocketAddr, &[u8]) -> bool,
    ) -> bool {
        let Some(connection) = self.all.get_mut(&token) else { return false };
        let was_known = connection.known;
        let going_on = connection.fill();
        let mut rest = &connection.incoming[..];
        while let Some((frame, after)) = split(rest) {
            if each(connection.from, connection.to, frame) {
                connection.known = true;
            }
            rest = after;
        }
        let read = connection.incoming.len() - rest.len();
        connection.incoming.drain(..read);
        let too_much = !connection.known && connection.incoming.len() > STRANGER_MOST;
        if connection.known && !was_known {
            self.strangers -= 1;
        }
        let going_on = going_on && !too_much;
        if !going_on {
            self.close(token);
        }
        going_on
    }

    pub fn send(&mut self, to: SocketAddr, contents: &[u8]) {
        let Some(token) = self.tokens.get(&to).copied() else { return };
        let Some(connection) = self.all.get_mut(&token) else { return };
        let Ok(length) = u16::try_from(contents.len()) else { return };
        if connection.outgoing.len() > WAITS_MOST {
            return;
        }
        connection.outgoing.extend(length.to_be_bytes());
        connection.outgoing.extend(contents);
        if connection.flush().is_err() {
            self.close(token);
        }
    }

    pub fn writable(&mut self, token: Token) {
        if self.all.get_mut(&token).is_some_and(|connection| connection.flush().is_err()) {
            self.close(token);
        }
    }

    /// Cuts off strangers whose time is up. True: there are others.
    pub fn cut_off(&mut self, now: Instant) -> bool {
        if self.strangers == 0 {
            return false;
        }
        let late = |it: &Connection| !it.known && now.saturating_duration_since(it.since) >= SHOWS_WITHIN;
        let late: Vec<Token> = self.all.iter().filter(|(_, it)| late(it)).map(|(token, _)| *token).collect();
        late.into_iter().for_each(|token| self.close(token));
        self.strangers > 0
    }

    fn close(&mut self, token: Token) {
        if let Some(connection) = self.all.remove(&token) {
            if self.tokens.get(&connection.from) == Some(&token) {
                self.tokens.remove(&connection.from);
            }
            if !connection.known {
                self.strangers -= 1;
            }
        }
    }
}

impl Connection {
    /// Edge-triggered: reads until there is no more. False: the other side has ended.
    fn fill(&mut self) -> bool {
        let mut buffer = [0; 16 * 1024];
        loop {
            match self.io.read(&mut buffer) {
                Ok(0) => return false,
                Ok(count) => {
                    self.incoming.extend(&buffer[..count]);
                    // A frame has at most 64 KiB; what is more waits in the system.
                    if self.incoming.len() > 256 * 1024 {
                        return self.known;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut written = 0;
        let result = loop {
            if written == self.outgoing.len() {
                break Ok(());
            }
            match self.io.write(&self.outgoing[written..]) {
                Ok(0) => break Err(ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Not connected yet.
                Err(error) if error.kind() == ErrorKind::NotConnected => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.outgoing.drain(..written);
        result
    }
}

/// RFC 4571, 2: a frame is its length in two bytes, then itself.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(2)?;
    rest.split_at_checked(usize::from(u16::from_be_bytes([length[0], length[1]])))
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn frames_are_split_where_they_are_whole() {
        let bytes = [0, 2, 7, 8, 0, 0, 0, 3, 1];
        let (first, rest) = split(&bytes).unwrap();
        assert_eq!(first, [7, 8]);
        let (empty, rest) = split(rest).unwrap();
        assert!(empty.is_empty());
        assert_eq!(split(rest), None);
        assert_eq!(split(&[0]), None);
    }
}
