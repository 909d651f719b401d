//! Connected devices: what they are sent is read as cheaply as it can be, and
//! every event is held against the ones before it.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use memchr::memmem;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use serde_json::{Value, json};

use super::book::Book;
use super::histogram::Histogram;
use super::machine::Clock;
use super::wire::{self, Frame};

const EVENT: &[u8] = b"{\"type\":\"event\"";
const SEQ: &[u8] = b"\"seq\":";
/// Bytes read at once, shared by all devices.
const BUFFER: usize = 512 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Upgrading,
    Greeting,
    Live,
    Gone,
}

pub struct Device {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come.
    left: Vec<u8>,
    pub phase: Phase,
    /// Up to here it has every event.
    pub high: i64,
    /// Up to here an event may come once more (docs/protocol/sync.md, "Out").
    overlap: i64,
    /// Events beyond a gap.
    held: Vec<i64>,
    rev: i64,
}

/// What was counted.
#[derive(Default)]
pub struct Tally {
    pub delivered: u64,
    pub doubled: u64,
    pub disordered: u64,
    /// Devices that the server cut off.
    pub cut: u64,
    pub times: Histogram,
}

/// What a device says when it comes.
#[derive(Debug, Clone, Default)]
pub struct Hello {
    pub space: String,
    pub epoch: i64,
    pub people_at: i64,
}

pub struct Audience {
    pub devices: Vec<Device>,
    pub tally: Tally,
    pub book: Book,
    pub hello: Hello,
    /// Devices whose welcome told of events that they do not have, and up to where.
    pub behind: Vec<(usize, i64)>,
    pub live: usize,
    buffer: Vec<u8>,
    /// Where the seq stood in the last event frame.
    seq_at: usize,
}

impl Audience {
    pub fn new() -> Audience {
        Audience {
            devices: Vec::new(),
            tally: Tally::default(),
            book: Book::default(),
            hello: Hello::default(),
            behind: Vec::new(),
            live: 0,
            buffer: vec![0; BUFFER],
            seq_at: 0,
        }
    }

    /// Connects device `index`: the next new one, or one that was there and knows up to where.
    pub fn connect(
        &mut self,
        index: usize,
        address: SocketAddr,
        token: &str,
        high: i64,
        registry: &Registry,
    ) -> Result<()> {
        let stream = std::net::TcpStream::connect(address).context("a device cannot connect")?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        stream.write_all(wire::upgrade(address, token).as_bytes())?;
        registry.register(&mut stream, Token(index), Interest::READABLE)?;
        if index == self.devices.len() {
            let (left, held) = (Vec::new(), Vec::new());
            let phase = Phase::Upgrading;
            self.devices.push(Device { stream, left, phase, high, overlap: 0, held, rev: 0 });
        } else {
            let device = &mut self.devices[index];
            device.stream = stream;
            device.left.clear();
            device.phase = Phase::Upgrading;
        }
        Ok(())
    }

    /// Reads what came for a device; `closed` when the end came with it.
    pub fn read(&mut self, index: usize, closed: bool, clock: &Clock) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = self.read_into(&mut buffer, index, closed, clock);
        self.buffer = buffer;
        result
    }

    fn read_into(&mut self, buffer: &mut [u8], index: usize, closed: bool, clock: &Clock) -> Result<()> {
        loop {
            let device = &mut self.devices[index];
            let start = device.left.len();
            buffer[..start].copy_from_slice(&device.left);
            device.left.clear();
            let room = buffer.len() - start;
            let count = match device.stream.read(&mut buffer[start..]) {
                Ok(0) => {
                    self.lose(index);
                    return Ok(());
                }
                Ok(count) => count,
                Err(error) => {
                    device.left.extend_from_slice(&buffer[..start]);
                    match error.kind() {
                        ErrorKind::WouldBlock => return Ok(()),
                        ErrorKind::Interrupted => continue,
                        _ => {
                            self.lose(index);
                            return Ok(());
                        }
                    }
                }
            };
            let filled = start + count;
            let used = self.understand(index, &buffer[..filled], clock.now())?;
            self.devices[index].left.extend_from_slice(&buffer[used..filled]);
            // Less than there was room for: the socket is empty (epoll(7), question 9).
            if count < room && !closed {
                return Ok(());
            }
        }
    }

    fn lose(&mut self, index: usize) {
        let device = &mut self.devices[index];
        if device.phase == Phase::Live {
            self.live -= 1;
        }
        if device.phase != Phase::Gone {
            device.phase = Phase::Gone;
            self.tally.cut += 1;
        }
    }

    /// Gives back how many bytes were understood.
    fn understand(&mut self, index: usize, bytes: &[u8], now: u64) -> Result<usize> {
        let mut used = 0;
        if self.devices[index].phase == Phase::Upgrading {
            let Some(end) = memmem::find(bytes, b"\r\n\r\n") else { return Ok(0) };
            if !bytes.starts_with(b"HTTP/1.1 101") {
                bail!("no socket: {}", String::from_utf8_lossy(bytes));
            }
            used = end + 4;
            self.say_hello(index)?;
        }
        while let Some(frame) = wire::frame(&bytes[used..]) {
            used += frame.length;
            match self.devices[index].phase {
                Phase::Greeting => self.welcomed(index, &frame)?,
                _ => self.hear(index, &frame, now),
            }
        }
        Ok(used)
    }

    fn say_hello(&mut self, index: usize) -> Result<()> {
        let (hello, device) = (&self.hello, &mut self.devices[index]);
        let text = json!({
            "type": "hello", "device": "bench", "epoch": hello.epoch, "rev": device.rev,
            "heads": [[hello.space, device.high]], "people_at": hello.people_at,
        });
        let mut bytes = Vec::with_capacity(256);
        wire::put_client_text(&mut bytes, &text.to_string());
        device.phase = Phase::Greeting;
        Ok(device.stream.write_all(&bytes)?)
    }

    fn welcomed(&mut self, index: usize, frame: &Frame<'_>) -> Result<()> {
        let welcome: Value = serde_json::from_slice(frame.payload)?;
        if welcome["type"] != "welcome" || welcome["gone"].as_array().is_some_and(|gone| !gone.is_empty()) {
            bail!("not welcome: {}", String::from_utf8_lossy(frame.payload));
        }
        let spaces = welcome["spaces"].as_array().map(Vec::as_slice).unwrap_or_default();
        let here = spaces.iter().find(|it| it["id"] == self.hello.space.as_str());
        let head = here.and_then(|it| it["head"]["seq"].as_i64());
        let device = &mut self.devices[index];
        device.rev = welcome["rev"].as_i64().unwrap_or(device.rev);
        device.overlap = head.unwrap_or(device.high);
        device.phase = Phase::Live;
        self.live += 1;
        if device.overlap > device.high {
            self.behind.push((index, device.overlap));
        }
        Ok(())
    }

    fn hear(&mut self, index: usize, frame: &Frame<'_>, now: u64) {
        let payload = frame.payload;
        if frame.opcode == 8 {
            self.lose(index);
        }
        if !payload.starts_with(EVENT) {
            return;
        }
        if payload.get(self.seq_at..self.seq_at + SEQ.len()) != Some(SEQ) {
            let Some(found) = memmem::find(payload, SEQ) else { return };
            self.seq_at = found;
        }
        let seq = wire::number_at(payload, self.seq_at + SEQ.len());
        if self.fold(index, seq)
            && let Some(stamp) = self.book.stamp(seq, || wire::stamp(payload))
        {
            self.tally.times.record(now.saturating_sub(stamp));
        }
    }

    /// Takes an event in; true if it was the next one.
    fn fold(&mut self, index: usize, seq: i64) -> bool {
        let device = &mut self.devices[index];
        if seq == device.high + 1 {
            device.high = seq;
            self.tally.delivered += 1;
            return true;
        }
        if seq > device.high {
            // Right only while what lies between is being fetched.
            if device.overlap <= device.high {
                self.tally.disordered += 1;
            }
            device.held.push(seq);
        } else if seq > device.overlap {
            self.tally.doubled += 1;
        }
        false
    }

    /// Takes in what a device fetched over a gap, and what it had held back.
    pub fn caught_up(&mut self, index: usize, events: &[Value]) {
        for event in events {
            let seq = event["seq"].as_i64().unwrap_or(0);
            self.book.stamp(seq, || wire::stamp(event.to_string().as_bytes()));
            self.fold(index, seq);
        }
        // It may have fetched more than it had to; the frames of those are still on their way.
        let device = &mut self.devices[index];
        device.overlap = device.overlap.max(device.high);
        for seq in std::mem::take(&mut self.devices[index].held) {
            if seq > self.devices[index].high {
                self.fold(index, seq);
            }
        }
    }

    /// Events that devices still lack.
    pub fn missing(&self, head: i64) -> i64 {
        self.devices.iter().map(|device| (head - device.high).max(0)).sum()
    }

    /// Tells the server that everybody is still there.
    pub fn ping(&mut self) -> Result<()> {
        let mut bytes = Vec::new();
        wire::put_client_text(&mut bytes, r#"{"type":"ping"}"#);
        self.devices.iter_mut().try_for_each(|device| Ok(device.stream.write_all(&bytes)?))
    }
}
