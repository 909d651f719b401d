//! People who post: each over a connection of their own, the next message when
//! the last one was acknowledged, or when its time has come.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use memchr::memmem;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::wire;

pub struct Sender {
    stream: TcpStream,
    token: String,
    left: Vec<u8>,
    /// The stamp of the message that waits for its answer.
    pub waiting: Option<u64>,
    pub broken: bool,
}

/// A message was acknowledged.
pub struct Acknowledged {
    pub seq: i64,
    pub stamp: u64,
}

pub struct Senders {
    pub list: Vec<Sender>,
    address: SocketAddr,
    path: String,
    /// Where their tokens of the poll begin.
    base: usize,
    /// Senders without a message, for paced runs.
    pub free: VecDeque<usize>,
}

impl Senders {
    pub fn new(base: usize, address: SocketAddr, space: &str) -> Senders {
        let path = format!("/spaces/{space}/messages");
        Senders { list: Vec::new(), address, path, base, free: VecDeque::new() }
    }

    pub fn connect(&mut self, token: &str, registry: &Registry) -> Result<()> {
        let stream = self.stream(self.list.len(), registry)?;
        self.free.push_back(self.list.len());
        let (token, left) = (token.to_owned(), Vec::new());
        self.list.push(Sender { stream, token, left, waiting: None, broken: false });
        Ok(())
    }

    fn stream(&self, index: usize, registry: &Registry) -> Result<TcpStream> {
        let stream = std::net::TcpStream::connect(self.address).context("a sender cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        registry.register(&mut stream, Token(self.base + index), Interest::READABLE)?;
        Ok(stream)
    }

    /// Sends a message that was due at `stamp`.
    pub fn send(&mut self, index: usize, stamp: u64) {
        let sender = &mut self.list[index];
        sender.waiting = Some(stamp);
        let body = wire::message(stamp);
        let request = wire::request(self.address, Some(&sender.token), "POST", &self.path, &body);
        if sender.stream.write_all(request.as_bytes()).is_err() {
            sender.broken = true;
        }
    }

    /// Connects again and repeats what was not answered, under the same client id.
    pub fn repeat(&mut self, index: usize, registry: &Registry) -> Result<()> {
        let stream = self.stream(index, registry)?;
        let sender = &mut self.list[index];
        sender.stream = stream;
        sender.left.clear();
        sender.broken = false;
        if let Some(stamp) = sender.waiting {
            self.send(index, stamp);
        }
        Ok(())
    }

    /// The answer to what this sender sent, if it came.
    pub fn read(&mut self, index: usize) -> Result<Option<Acknowledged>> {
        let sender = &mut self.list[index];
        let mut buffer = [0; 4096];
        loop {
            match sender.stream.read(&mut buffer) {
                Ok(0) => {
                    sender.broken = true;
                    return Ok(None);
                }
                Ok(count) => {
                    sender.left.extend_from_slice(&buffer[..count]);
                    if count < buffer.len() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => {
                    sender.broken = true;
                    return Ok(None);
                }
            }
        }
        let Some(answer) = wire::answer(&sender.left)? else { return Ok(None) };
        let body = &sender.left[answer.body.clone()];
        if answer.status != 201 {
            bail!("a message got {} {}", answer.status, String::from_utf8_lossy(body));
        }
        let seq = memmem::find(body, b"\"seq\":").context("an acknowledged message has a seq")?;
        let seq = wire::number_at(body, seq + 6);
        sender.left.drain(..answer.body.end);
        let stamp = sender.waiting.take().context("an answer came to no question")?;
        Ok(Some(Acknowledged { seq, stamp }))
    }

    /// Messages on their way.
    pub fn outstanding(&self) -> usize {
        self.list.iter().filter(|sender| sender.waiting.is_some()).count()
    }
}
