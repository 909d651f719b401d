//! The UDP socket: many datagrams in by one call, many of one receiver out by one call.
//!
//! The system call is what a packet costs most, more than sealing it.

use std::io::{self, ErrorKind, IoSliceMut};
use std::net::{IpAddr, SocketAddr};

use mio::net::UdpSocket;
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSockRef, UdpSocketState};

use crate::rtc::{Transmit, Way};

/// What the kernel hands over at once: with receive offload, many datagrams of one sender.
const BUFFER: usize = 64 * 1024;

/// More than a datagram may hold is never gathered, whatever the segments.
const GATHERED: usize = 60_000;

/// For bursts: a keyframe to fifty receivers is some three megabytes.
const SYSTEM_BUFFERS: usize = 4 * 1024 * 1024;

pub struct Socket {
    pub io: UdpSocket,
    state: UdpSocketState,
    local: SocketAddr,
    /// Send from the address that was addressed: right where the system has several, impossible
    /// where the announced one is another machine's.
    choose_source: bool,
    buffers: Vec<u8>,
    metas: [RecvMeta; BATCH_SIZE],
    gathered: Vec<u8>,
    dropped: u64,
}

impl Socket {
    pub fn bind(address: SocketAddr, announced: bool) -> io::Result<Self> {
        let socket = std::net::UdpSocket::bind(address)?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        let system = socket2::SockRef::from(&socket);
        // The system may give less than it is asked for; calls work with less.
        let _ = system.set_recv_buffer_size(SYSTEM_BUFFERS);
        let _ = system.set_send_buffer_size(SYSTEM_BUFFERS);
        socket.set_nonblocking(true)?;
        let local = socket.local_addr()?;
        Ok(Self {
            io: UdpSocket::from_std(socket),
            state,
            local,
            choose_source: local.ip().is_unspecified() && !announced,
            buffers: vec![0; BUFFER * BATCH_SIZE],
            metas: [RecvMeta::default(); BATCH_SIZE],
            gathered: Vec::with_capacity(BUFFER),
            dropped: 0,
        })
    }

    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Hands over one batch: from where, to which address of ours, what. False: there is no more.
    pub fn receive(&mut self, mut each: impl FnMut(SocketAddr, SocketAddr, &[u8])) -> io::Result<bool> {
        let mut slices: Vec<IoSliceMut> = self.buffers.chunks_mut(BUFFER).map(IoSliceMut::new).collect();
        let count = match self.state.recv(UdpSockRef::from(&self.io), &mut slices, &mut self.metas) {
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        };
        for (meta, buffer) in self.metas.iter().zip(self.buffers.chunks(BUFFER)).take(count) {
            let from = canonical(meta.addr);
            let ip = meta.dst_ip.map_or(self.local.ip(), |ip| ip.to_canonical());
            let to = SocketAddr::new(ip, self.local.port());
            for datagram in buffer[..meta.len].chunks(meta.stride.max(1)) {
                each(from, to, datagram);
            }
        }
        Ok(true)
    }

    /// Sends all, those that follow each other to one receiver in one call. What the system has no
    /// room for is dropped: it would come too late.
    pub fn send(&mut self, transmits: &[Transmit]) {
        let mut rest = transmits;
        while let Some(first) = rest.first() {
            let size = first.contents.len();
            let most = self.state.max_gso_segments().max(1);
            let mut count = 1;
            let mut total = size;
            // A shorter one may only be the last.
            while let Some(next) =
                rest.get(count).filter(|next| next.to == first.to && next.from == first.from)
            {
                let previous = rest[count - 1].contents.len();
                let fits = count < most && total + next.contents.len() <= GATHERED;
                if !fits || previous != size || next.contents.len() > size {
                    break;
                }
                total += next.contents.len();
                count += 1;
            }
            let (batch, after) = rest.split_at(count);
            self.send_batch(batch, size);
            rest = after;
        }
    }

    fn send_batch(&mut self, batch: &[Transmit], size: usize) {
        let first = &batch[0];
        debug_assert_eq!(first.way, Way::Udp);
        let contents = if batch.len() == 1 {
            &first.contents
        } else {
            self.gathered.clear();
            batch.iter().for_each(|transmit| self.gathered.extend_from_slice(&transmit.contents));
            &self.gathered
        };
        let transmit = quinn_udp::Transmit {
            destination: self.mapped(first.to),
            ecn: None,
            contents,
            segment_size: (batch.len() > 1).then_some(size),
            src_ip: self.choose_source.then(|| first.from.ip()),
        };
        let Err(error) = self.state.try_send(UdpSockRef::from(&self.io), &transmit) else { return };
        // Some drivers refuse segments only when they meet them; from here on none are tried.
        if batch.len() > 1 && error.kind() != ErrorKind::WouldBlock {
            batch.iter().for_each(|one| self.send_batch(std::slice::from_ref(one), one.contents.len()));
            return;
        }
        self.dropped += batch.len() as u64;
        if self.dropped.is_power_of_two() {
            tracing::debug!(%error, dropped = self.dropped, "media packets could not be sent");
        }
    }

    /// A socket for both families takes addresses of the older one in the shape of the newer.
    fn mapped(&self, address: SocketAddr) -> SocketAddr {
        match address.ip() {
            IpAddr::V4(four) if self.local.is_ipv6() => {
                SocketAddr::new(four.to_ipv6_mapped().into(), address.port())
            }
            _ => address,
        }
    }
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
