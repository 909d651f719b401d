//! Where media listens, what it tells clients, and how much it lets in.

use std::net::{IpAddr, SocketAddr};

#[derive(Debug, Clone)]
pub struct Config {
    /// The one UDP port for all calls. Port 0: the system chooses.
    pub udp: SocketAddr,
    /// Addresses under which clients reach this machine. Empty: those of the socket, or of the
    /// interfaces when it listens on all.
    pub announce: Vec<IpAddr>,
    /// The port under which clients reach [`Media::take_tcp`](crate::Media::take_tcp): that of the
    /// web. None: no ICE-TCP.
    pub tcp: Option<u16>,
    /// ICE lite: right on a public address, wrong behind a NAT.
    pub lite: bool,
    pub limits: Limits,
}

impl Config {
    /// Loopback, a port chosen by the system, for tests.
    pub fn loopback() -> Self {
        Self {
            udp: SocketAddr::from(([127, 0, 0, 1], 0)),
            announce: Vec::new(),
            tcp: None,
            lite: true,
            limits: Limits::default(),
        }
    }
}

/// Caps on what may be kept and what may come.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub calls: usize,
    pub participants_per_call: usize,
    /// m-lines of one participant.
    pub lines: usize,
    /// Bytes of an offer.
    pub sdp: usize,
    /// Packets a second of one participant; what is above is dropped before it is read.
    pub packets_per_second: u32,
    /// ICE-TCP connections at once, and those that have not shown whose they are.
    pub tcp_connections: usize,
    pub tcp_strangers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls: 10_000,
            participants_per_call: 500,
            lines: 32,
            sdp: 64 * 1024,
            // A screen at 8 Mbit/s and three layers of a camera need about 1 500.
            packets_per_second: 6_000,
            tcp_connections: 10_000,
            tcp_strangers: 256,
        }
    }
}
