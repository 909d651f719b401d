//! What forwarding costs: clients on loopback, and the processor time of the media thread alone.
//!
//! `load SENDERS RECEIVERS voices|pictures SECONDS`; receivers only receive, senders do both.
//! Prints microseconds of the media thread for each packet that it sent, and how long packets took
//! from one client to the other (docs/performance.md).

use std::io::Write;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use madang_media::{Config, Kind, Media, Offer, Rights, Source, TrackName, Want, Wants};
use madang_model::{CallId, ParticipantId};
use str0m::bwe::Bitrate;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

const CALL: CallId = CallId(1);
/// 720p at 30 frames a second: 1.5 Mbit/s in packets of 1 100 bytes; a voice with redundancy.
const PICTURE: (usize, u64) = (1100, 5_866);
const VOICE: (usize, u64) = (160, 20_000);

struct Caller {
    rtc: Rtc,
    pending: Option<SdpPendingOffer>,
    socket: UdpSocket,
    address: SocketAddr,
    sent: Option<Mid>,
    slots: Vec<(Mid, Kind)>,
    seq: u64,
    due: Instant,
    next: Instant,
    connected: bool,
    received: u64,
    took: Vec<u32>,
}

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [senders, receivers, what, seconds] = &words[..] else {
        return Err(std::io::Error::other("load SENDERS RECEIVERS voices|pictures SECONDS"));
    };
    let number = |word: &str| word.parse::<usize>().map_err(std::io::Error::other);
    let kind = if what == "voices" { Kind::Audio } else { Kind::Video };
    let (senders, receivers, seconds) = (number(senders)?, number(receivers)?, number(seconds)? as u64);
    let media = Media::start(Config::loopback(), |_| {})?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let began = Instant::now();
    let mut callers = Vec::new();
    for index in 0..senders + receivers {
        callers.push(join(&media, &runtime, index, senders, kind)?);
    }
    let drive = |callers: &mut Vec<Caller>, end: Instant| -> std::io::Result<()> {
        while Instant::now() < end {
            for caller in callers.iter_mut() {
                caller.go_on(began, media.udp(), kind)?;
            }
        }
        Ok(())
    };
    // Estimates and layers settle.
    drive(&mut callers, Instant::now() + Duration::from_secs(8))?;
    let before: u64 = callers.iter().map(|it| it.received).sum();
    callers.iter_mut().for_each(|it| it.took.clear());
    let (cpu, start) = (media_seconds()?, Instant::now());
    drive(&mut callers, start + Duration::from_secs(seconds))?;
    let (cpu, passed) = (media_seconds()? - cpu, start.elapsed().as_secs_f64());
    let packets = callers.iter().map(|it| it.received).sum::<u64>() - before;
    let mut took: Vec<u32> = callers.iter().flat_map(|it| it.took.iter().copied()).collect();
    took.sort_unstable();
    let at = |share: f64| {
        took.get((took.len() as f64 * share) as usize).map_or(f64::NAN, |it| f64::from(*it) / 1000.0)
    };
    let connected = callers.iter().filter(|it| it.connected).count();
    writeln!(
        std::io::stdout(),
        "{senders} senders, {receivers} receivers, {what}: {connected} connected, {:.0} packets/s forwarded, {:.2} us of the media thread each, {:.0} % of its core; p50 {:.2} ms, p99 {:.2} ms",
        packets as f64 / passed,
        cpu * 1e6 / packets.max(1) as f64,
        cpu / passed * 100.0,
        at(0.5),
        at(0.99),
    )
}

/// Processor seconds of the thread named `media` (proc(5)).
fn media_seconds() -> std::io::Result<f64> {
    for task in std::fs::read_dir("/proc/self/task")? {
        let path = task?.path();
        if std::fs::read_to_string(path.join("comm"))?.trim() == "media" {
            let text = std::fs::read_to_string(path.join("schedstat"))?;
            let nanoseconds: u64 = text.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0);
            return Ok(nanoseconds as f64 / 1e9);
        }
    }
    Err(std::io::Error::other("there is no thread named media"))
}

fn join(
    media: &Media,
    runtime: &tokio::runtime::Runtime,
    index: usize,
    senders: usize,
    kind: Kind,
) -> std::io::Result<Caller> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_nonblocking(true)?;
    let address = socket.local_addr()?;
    let now = Instant::now();
    let mut rtc = RtcConfig::new()
        .set_rtp_mode(true)
        .clear_codecs()
        .enable_opus(true, false)
        .enable_vp8(true)
        .enable_bwe(Some(Bitrate::mbps(5)))
        .build(now);
    rtc.add_local_candidate(Candidate::host(address, "udp").map_err(std::io::Error::other)?);
    let media_kind = if kind == Kind::Audio { MediaKind::Audio } else { MediaKind::Video };
    let mut api = rtc.sdp_api();
    let sent = (index < senders).then(|| api.add_media(media_kind, Direction::SendOnly, None, None, None));
    let slots = if kind == Kind::Audio { 3 } else { senders.min(4) };
    let slots: Vec<(Mid, Kind)> = (0..slots)
        .map(|_| (api.add_media(media_kind, Direction::RecvOnly, None, None, None), kind))
        .collect();
    let (sdp, pending) = api.apply().ok_or_else(|| std::io::Error::other("nothing to offer"))?;
    let source = if kind == Kind::Audio { Source::Microphone } else { Source::Camera };
    let offer = Offer {
        sdp: sdp.to_sdp_string(),
        publish: sent.iter().map(|mid| (mid.to_string(), source)).collect(),
        receive: slots.iter().map(|(mid, kind)| (mid.to_string(), *kind)).collect(),
    };
    let id = ParticipantId(index as i64 + 1);
    let answer = runtime.block_on(media.join(CALL, id, Rights::ALL, offer)).map_err(std::io::Error::other)?;
    let others = (0..senders).filter(|other| *other != index);
    let wants = slots.iter().zip(others).map(|((mid, _), other)| Want {
        mid: mid.to_string(),
        track: Some(TrackName { participant: ParticipantId(other as i64 + 1), source: Source::Camera }),
        height: 720,
        priority: 1,
    });
    media.want(CALL, id, Wants { slots: wants.collect(), ..Wants::default() });
    let mut caller = Caller {
        rtc,
        pending: Some(pending),
        socket,
        address,
        sent,
        slots,
        seq: 1,
        due: now,
        next: now,
        connected: false,
        received: 0,
        took: Vec::new(),
    };
    caller.accept(&answer.sdp)?;
    Ok(caller)
}

impl Caller {
    fn accept(&mut self, sdp: &str) -> std::io::Result<()> {
        let answer = SdpAnswer::from_sdp_string(sdp).map_err(std::io::Error::other)?;
        if let Some(pending) = self.pending.take() {
            self.rtc.sdp_api().accept_answer(pending, answer).map_err(std::io::Error::other)?;
        }
        Ok(())
    }

    fn go_on(&mut self, began: Instant, server: SocketAddr, kind: Kind) -> std::io::Result<()> {
        let mut buffer = [0; 2048];
        while let Ok(length) = self.socket.recv(&mut buffer) {
            let now = Instant::now();
            if let Ok(receive) = Receive::new(Protocol::Udp, server, self.address, &buffer[..length]) {
                self.rtc.handle_input(Input::Receive(now, receive)).map_err(std::io::Error::other)?;
                self.drain(began)?;
            }
        }
        let now = Instant::now();
        let sends = self.connected && self.sent.is_some() && now >= self.due;
        if sends {
            self.send(began, now, kind);
        }
        if sends || now >= self.next {
            self.rtc.handle_input(Input::Timeout(now)).map_err(std::io::Error::other)?;
            self.drain(began)?;
        }
        Ok(())
    }

    fn send(&mut self, began: Instant, now: Instant, kind: Kind) {
        let Some(mid) = self.sent else { return };
        let (length, every) = if kind == Kind::Audio { VOICE } else { PICTURE };
        self.due += Duration::from_micros(every);
        if self.due + Duration::from_millis(200) < now {
            self.due = now;
        }
        // Every packet a frame of its own that begins anew: what is lost or bound late matters not.
        let mut payload = if kind == Kind::Audio {
            Vec::new()
        } else {
            vec![0x90, 0x80, 0x80, (self.seq & 0xff) as u8, 0, 0, 0, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2]
        };
        payload.extend((now.duration_since(began).as_nanos() as u64).to_be_bytes());
        payload.resize(length, 7);
        let Some(pt) = self.rtc.media(mid).and_then(|it| it.remote_pts().first().copied()) else { return };
        let ticks =
            now.duration_since(began).as_micros() as u64 * if kind == Kind::Audio { 48 } else { 90 } / 1000;
        let write = RtpWrite::new(pt, self.seq.into(), ticks as u32, now, payload).marker(true);
        self.seq += 1;
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.write_rtp(write);
        }
    }

    fn drain(&mut self, began: Instant) -> std::io::Result<()> {
        loop {
            match self.rtc.poll_output().map_err(std::io::Error::other)? {
                Output::Timeout(at) => {
                    self.next = at;
                    return Ok(());
                }
                Output::Transmit(it) => _ = self.socket.send_to(&it.contents, it.destination),
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(packet)) => {
                    self.received += 1;
                    let at =
                        if self.slots.first().is_some_and(|(_, kind)| *kind == Kind::Video) { 14 } else { 0 };
                    if let Some(stamp) = packet.payload.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
                        let took =
                            (began.elapsed().as_nanos() as u64).saturating_sub(u64::from_be_bytes(*stamp));
                        self.took.push((took / 1000) as u32);
                    }
                }
                Output::Event(_) => {}
            }
        }
    }
}
