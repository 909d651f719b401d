//! One peer connection of the load: sends what a camera or a microphone would, and says of what it
//! received how long it took. The same for every server.

use std::net::UdpSocket;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use str0m::bwe::Bitrate;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::config::CryptoProvider;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Voices,
    Pictures,
}

impl Media {
    pub fn kind(self) -> MediaKind {
        if self == Media::Voices { MediaKind::Audio } else { MediaKind::Video }
    }

    /// Bytes of a packet, and how often one is sent: a voice with redundancy; 720p at 1.5 Mbit/s.
    fn pace(self) -> (usize, Duration) {
        match self {
            Media::Voices => (160, Duration::from_millis(20)),
            Media::Pictures => (1_100, Duration::from_micros(5_866)),
        }
    }

    /// Before the stamp. RFC 7741: a descriptor, and the head of a keyframe of 1280 x 720: every
    /// packet is a whole picture that can be shown, so what came before it does not matter.
    fn head(self, seq: u64) -> Vec<u8> {
        match self {
            Media::Voices => Vec::new(),
            Media::Pictures => {
                vec![0x90, 0x80, 0x80, (seq & 0x7f) as u8, 0, 0, 0, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2]
            }
        }
    }
}

const MARK: [u8; 4] = *b"sfu!";

pub struct Peer {
    rtc: Rtc,
    pending: Option<SdpPendingOffer>,
    socket: UdpSocket,
    media: Media,
    pub sends: Option<Mid>,
    pub receives: Vec<Mid>,
    seq: u64,
    due: Instant,
    next: Instant,
    pub connected: bool,
    pub sent: u64,
    pub received: u64,
    pub first: Option<Instant>,
    /// Microseconds that packets took.
    pub took: Vec<u32>,
}

impl Peer {
    pub fn new(crypto: &Arc<CryptoProvider>, media: Media) -> Result<Peer> {
        let socket = UdpSocket::bind((super::own_address()?, 0))?;
        socket.set_nonblocking(true)?;
        let now = Instant::now();
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(crypto.clone())
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_bwe(Some(Bitrate::mbps(5)))
            .build(now);
        rtc.add_local_candidate(Candidate::host(socket.local_addr()?, "udp")?);
        Ok(Peer {
            rtc,
            pending: None,
            socket,
            media,
            sends: None,
            receives: Vec::new(),
            seq: 1,
            due: now,
            next: now,
            connected: false,
            sent: 0,
            received: 0,
            first: None,
            took: Vec::new(),
        })
    }

    /// Offers to send one stream, or none, and to receive so many.
    pub fn offer(&mut self, sends: bool, receives: usize) -> Result<String> {
        let kind = self.media.kind();
        let mut api = self.rtc.sdp_api();
        self.sends = sends.then(|| api.add_media(kind, Direction::SendOnly, None, None, None));
        self.receives =
            (0..receives).map(|_| api.add_media(kind, Direction::RecvOnly, None, None, None)).collect();
        let (sdp, pending) = api.apply().context("nothing to offer")?;
        self.pending = Some(pending);
        Ok(sdp.to_sdp_string())
    }

    pub fn accept(&mut self, answer: &str) -> Result<()> {
        let pending = self.pending.take().context("nothing was offered")?;
        self.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(answer)?)?;
        Ok(())
    }

    /// Answers a server that offers.
    pub fn answer(&mut self, offer: &str) -> Result<String> {
        Ok(self.rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(offer)?)?.to_sdp_string())
    }

    /// Reads all that came, sends what is due.
    pub fn go_on(&mut self, began: Instant) -> Result<()> {
        let mut buffer = [0; 2048];
        let to = self.socket.local_addr()?;
        while let Ok((length, from)) = self.socket.recv_from(&mut buffer) {
            if let Ok(receive) = Receive::new(Protocol::Udp, from, to, &buffer[..length]) {
                self.rtc.handle_input(Input::Receive(Instant::now(), receive))?;
                self.drain(began)?;
            }
        }
        let now = Instant::now();
        let sends = self.connected && self.sends.is_some() && now >= self.due;
        if sends {
            self.send(began, now);
        }
        if sends || now >= self.next {
            self.rtc.handle_input(Input::Timeout(now))?;
            self.drain(began)?;
        }
        Ok(())
    }

    fn send(&mut self, began: Instant, now: Instant) {
        let Some(mid) = self.sends else { return };
        let (length, every) = self.media.pace();
        self.due += every;
        if self.due + Duration::from_millis(200) < now {
            self.due = now;
        }
        let since = now.duration_since(began);
        let mut payload = self.media.head(self.seq);
        payload.extend(MARK);
        payload.extend((since.as_nanos() as u64).to_be_bytes());
        payload.resize(length, 7);
        let Some(pt) = self.rtc.media(mid).and_then(|it| it.remote_pts().first().copied()) else { return };
        let per_millisecond = if self.media == Media::Voices { 48 } else { 90 };
        let ticks = since.as_micros() as u64 * per_millisecond / 1000;
        let write = RtpWrite::new(pt, self.seq.into(), ticks as u32, now, payload).marker(true);
        self.seq += 1;
        self.sent += 1;
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.write_rtp(write);
        }
    }

    fn drain(&mut self, began: Instant) -> Result<()> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.next = at;
                    return Ok(());
                }
                // What the system has no room for is lost, as on any line.
                Output::Transmit(it) => _ = self.socket.send_to(&it.contents, it.destination),
                Output::Event(Event::Connected) => {
                    self.connected = true;
                    self.due = Instant::now();
                }
                Output::Event(Event::RtpPacket(packet)) => self.hear(began, &packet),
                Output::Event(_) => {}
            }
        }
    }

    /// Padding, with which the way is probed, is not what was sent: it does not count.
    fn hear(&mut self, began: Instant, packet: &RtpPacket) {
        let at = self.media.head(0).len();
        let stamp = packet.payload.get(at..).and_then(|rest| rest.strip_prefix(&MARK)?.first_chunk::<8>());
        let Some(stamp) = stamp else { return };
        self.received += 1;
        self.first.get_or_insert_with(Instant::now);
        let took = (began.elapsed().as_nanos() as u64).saturating_sub(u64::from_be_bytes(*stamp));
        self.took.push((took / 1000) as u32);
    }
}
