//! A client for the call bench: offers as browsers do, sends pictures whose every packet says whose
//! it is, and knows of every frame whether it could be shown.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::bwe::{Bitrate, BweKind};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use crate::offer::Offer;
use crate::track::{Kind, Layer, Source};

/// What of a packet of the bench is known: it stands in the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    pub sender: u64,
    pub source: u8,
    pub layer: u8,
    pub frame: u32,
    pub index: u8,
    pub count: u8,
    pub key: bool,
}

/// A slot of the client, as its user sees it.
#[derive(Debug, Default)]
pub struct Screen {
    /// The last frame that could be shown: of whom, in which layer, which.
    pub shows: Option<(u64, u8, u32)>,
    pub shown_at: Option<Instant>,
    pub frames: u64,
    /// Whose picture is promised, and since when: bound, and nothing is said to hold it back.
    promised: Option<(u64, Instant)>,
    /// The longest time that nothing was shown of what was promised, since the last
    /// [`Client::look_anew`].
    pub longest: Duration,
    pub senders: Vec<u64>,
    parts: BTreeMap<(u64, u8, u32), (u8, u8, bool)>,
    asked: Option<Instant>,
}

#[derive(Debug, Default)]
pub struct Ear {
    pub packets: u64,
    pub bytes: u64,
    pub senders: Vec<u64>,
    pub heard_at: Option<Instant>,
    pub longest: Duration,
}

struct Sending {
    mid: Mid,
    source: Source,
    layer: Layer,
    simulcast: bool,
    seq: u64,
    frame: u32,
    key_due: bool,
    next: Instant,
}

pub struct Client {
    rtc: Rtc,
    pub id: u64,
    pub address: SocketAddr,
    pending: Option<SdpPendingOffer>,
    sending: Vec<Sending>,
    pub on: Vec<(Source, Layer)>,
    pub loudness: i8,
    pub eyes: Vec<(Mid, Screen)>,
    pub ears: Vec<(Mid, Ear)>,
    pub estimate: u64,
    pub connected: bool,
    pub next: Instant,
    pub transmits: Vec<(SocketAddr, Vec<u8>)>,
    began: Instant,
}

/// Bits a second of a bench camera's layers, and frames a second.
pub fn rate(layer: Layer) -> u64 {
    match layer {
        Layer::Q => 120_000,
        Layer::H => 400_000,
        Layer::F => 1_200_000,
    }
}

const FRAMES: u64 = 25;
const PACKET: usize = 1100;
/// Opus at 24 kbit/s in frames of 20 ms.
const VOICE_BYTES: usize = 60;

impl Client {
    /// With one camera in three layers or one, a microphone, and so many slots.
    pub fn offer(
        now: Instant,
        id: u64,
        address: SocketAddr,
        simulcast: bool,
        slots: (usize, usize),
    ) -> (Self, Offer) {
        let mut rtc = RtcConfig::new()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_bwe(Some(Bitrate::mbps(3)))
            .set_stats_interval(None)
            .build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        let mut api = rtc.sdp_api();
        let layers = simulcast.then(|| {
            let mut layers = Simulcast::new();
            Layer::ALL.iter().for_each(|layer| layers.add_send_layer(SimulcastLayer::new(layer.as_str())));
            layers
        });
        let microphone = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, layers);
        let ears: Vec<Mid> = (0..slots.0)
            .map(|_| api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None))
            .collect();
        let eyes: Vec<Mid> = (0..slots.1)
            .map(|_| api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None))
            .collect();
        let (sdp, pending) = api.apply().unwrap();
        let sending = |mid, source, layer, simulcast| Sending {
            mid,
            source,
            layer,
            simulcast,
            seq: 1,
            frame: 0,
            key_due: true,
            next: now,
        };
        let mut all = vec![sending(microphone, Source::Microphone, Layer::F, false)];
        if simulcast {
            all.extend(Layer::ALL.map(|layer| sending(camera, Source::Camera, layer, true)));
        } else {
            all.push(sending(camera, Source::Camera, Layer::F, false));
        }
        let receive = ears.iter().map(|mid| (mid.to_string(), Kind::Audio));
        let offer = Offer {
            sdp: sdp.to_sdp_string(),
            publish: vec![(microphone.to_string(), Source::Microphone), (camera.to_string(), Source::Camera)],
            receive: receive.chain(eyes.iter().map(|mid| (mid.to_string(), Kind::Video))).collect(),
        };
        let client = Self {
            rtc,
            id,
            address,
            pending: Some(pending),
            sending: all,
            on: vec![(Source::Microphone, Layer::F)],
            loudness: -30,
            eyes: eyes.into_iter().map(|mid| (mid, Screen::default())).collect(),
            ears: ears.into_iter().map(|mid| (mid, Ear::default())).collect(),
            estimate: 3_000_000,
            connected: false,
            next: now,
            transmits: Vec::new(),
            began: now,
        };
        (client, offer)
    }

    pub fn accept(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), answer).unwrap();
        self.drain();
    }

    /// Offers an ICE restart from another address.
    pub fn move_to(&mut self, address: SocketAddr) -> String {
        self.address = address;
        let mut api = self.rtc.sdp_api();
        api.ice_restart(false);
        let (sdp, pending) = api.apply().unwrap();
        self.pending = Some(pending);
        sdp.to_sdp_string()
    }

    /// The new address, once the restart has been answered.
    pub fn moved(&mut self, answer: &str) {
        self.accept(answer);
        self.rtc.add_local_candidate(Candidate::host(self.address, "udp").unwrap());
        self.drain();
    }

    pub fn close(&mut self) {
        self.rtc.close().unwrap();
        self.drain();
    }

    pub fn receive(&mut self, now: Instant, from: SocketAddr, contents: &[u8]) {
        let Ok(receive) = Receive::new(Protocol::Udp, from, self.address, contents) else { return };
        let input = Input::Receive(now, receive);
        if self.rtc.accepts(&input) {
            self.rtc.handle_input(input).unwrap();
            self.drain_at(now);
        }
    }

    /// Sends what is due, and whatever else time brings.
    pub fn timeout(&mut self, now: Instant) {
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain_at(now);
        if self.connected {
            for index in 0..self.sending.len() {
                while self.sending[index].next <= now {
                    self.send(index);
                }
            }
            self.rtc.handle_input(Input::Timeout(now)).unwrap();
            self.drain_at(now);
            self.ask_for_keyframes(now);
        }
    }

    /// When something is due: the earlier of the library's time and the next frame.
    pub fn due(&self) -> Instant {
        let frame = self.sending.iter().map(|it| it.next).min().filter(|_| self.connected);
        frame.map_or(self.next, |frame| frame.min(self.next))
    }

    fn send(&mut self, index: usize) {
        let it = &mut self.sending[index];
        let at = it.next;
        let is_voice = it.source == Source::Microphone;
        it.next +=
            if is_voice { Duration::from_millis(20) } else { Duration::from_micros(1_000_000 / FRAMES) };
        if !self.on.contains(&(it.source, it.layer)) {
            // Whoever begins again begins with a keyframe.
            it.key_due = true;
            return;
        }
        if is_voice { self.send_voice(index, at) } else { self.send_frame(index, at) }
    }

    fn send_voice(&mut self, index: usize, at: Instant) {
        let it = &mut self.sending[index];
        let stamp =
            Stamp { sender: self.id, source: 0, layer: 0, frame: it.frame, index: 0, count: 1, key: true };
        let mut payload = stamp.write();
        payload.resize(VOICE_BYTES, 7);
        let ticks = (at - self.began).as_micros() * 48 / 1000;
        let values = ExtensionValues {
            audio_level: Some(self.loudness),
            voice_activity: Some(true),
            ..Default::default()
        };
        let (mid, seq) = (it.mid, it.seq);
        it.seq += 1;
        it.frame += 1;
        let pt = self.rtc.media(mid).unwrap().remote_pts()[0];
        let write = RtpWrite::new(pt, seq.into(), ticks as u32, at, payload).ext_vals(values);
        self.rtc.direct_api().stream_tx_by_mid(mid, None).unwrap().write_rtp(write);
    }

    fn send_frame(&mut self, index: usize, at: Instant) {
        let it = &mut self.sending[index];
        let key = std::mem::take(&mut it.key_due);
        let bytes = (rate(it.layer) / 8 / FRAMES) as usize * if key { 4 } else { 1 };
        let count = bytes.div_ceil(PACKET).max(1);
        let ticks = ((at - self.began).as_micros() * 90 / 1000) as u32;
        let rid: Option<Rid> = it.simulcast.then(|| it.layer.as_str().into());
        let (mid, frame, layer) = (it.mid, it.frame, it.layer);
        let first = it.seq;
        it.seq += count as u64;
        it.frame += 1;
        let pt = self.rtc.media(mid).unwrap().remote_pts()[0];
        for part in 0..count {
            let stamp = Stamp {
                sender: self.id,
                source: 1,
                layer: layer as u8,
                frame,
                index: part as u8,
                count: count as u8,
                key,
            };
            let mut payload = picture(frame, part == 0, key, layer);
            payload.extend(stamp.write());
            payload.resize((bytes / count).max(payload.len()), 7);
            let write = RtpWrite::new(pt, (first + part as u64).into(), ticks, at, payload)
                .marker(part + 1 == count)
                .nackable(true);
            self.rtc.direct_api().stream_tx_by_mid(mid, rid).unwrap().write_rtp(write);
        }
    }

    /// Any payload, under the keys of the connection.
    pub fn send_raw(&mut self, source: Source, layer: Layer, payload: &[u8]) {
        let it = self.sending.iter_mut().find(|it| (it.source, it.layer) == (source, layer)).unwrap();
        let rid: Option<Rid> = it.simulcast.then(|| it.layer.as_str().into());
        let (mid, seq, at) = (it.mid, it.seq, it.next);
        it.seq += 1;
        let pt = self.rtc.media(mid).unwrap().remote_pts()[0];
        let write = RtpWrite::new(pt, seq.into(), seq as u32, at, payload);
        self.rtc.direct_api().stream_tx_by_mid(mid, rid).unwrap().write_rtp(write);
    }

    /// As browsers do, when a picture cannot go on.
    fn ask_for_keyframes(&mut self, now: Instant) {
        for (mid, screen) in &mut self.eyes {
            let waits = !screen.parts.is_empty()
                && screen
                    .shown_at
                    .is_none_or(|at| now.saturating_duration_since(at) > Duration::from_millis(300));
            let rested =
                screen.asked.is_none_or(|at| now.saturating_duration_since(at) > Duration::from_millis(300));
            if waits && rested {
                screen.asked = Some(now);
                if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(*mid, None) {
                    stream.request_keyframe(KeyframeRequestKind::Pli);
                }
            }
        }
    }

    fn drain(&mut self) {
        self.drain_at(self.next);
    }

    fn drain_at(&mut self, now: Instant) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => {
                    self.next = at;
                    return;
                }
                Output::Transmit(it) => self.transmits.push((it.destination, it.contents.into())),
                Output::Event(Event::Connected) => {
                    self.connected = true;
                    self.sending.iter_mut().for_each(|it| it.next = now);
                }
                Output::Event(Event::KeyframeRequest(request)) => {
                    let asked = |it: &&mut Sending| {
                        it.mid == request.mid
                            && (!it.simulcast || request.rid.is_some_and(|rid| *rid == *it.layer.as_str()))
                    };
                    self.sending.iter_mut().filter(asked).for_each(|it| it.key_due = true);
                }
                Output::Event(Event::EgressBitrateEstimate(BweKind::Twcc { estimate, .. })) => {
                    self.estimate = estimate.as_u64();
                }
                Output::Event(Event::RtpPacket(packet)) => self.show(now, &packet),
                Output::Event(_) => {}
            }
        }
    }

    fn show(&mut self, now: Instant, packet: &RtpPacket) {
        let ssrc = packet.header.ssrc;
        let Some(mid) = self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid()) else { return };
        if let Some((_, ear)) = self.ears.iter_mut().find(|(known, _)| *known == mid) {
            ear.hear(now, &packet.payload);
        }
        if let Some((_, screen)) = self.eyes.iter_mut().find(|(known, _)| *known == mid) {
            screen.take(now, &packet.payload);
        }
    }

    /// Begins to measure the longest pauses.
    pub fn look_anew(&mut self, now: Instant) {
        for (_, screen) in &mut self.eyes {
            screen.longest = Duration::ZERO;
            screen.promised = screen.promised.map(|(whose, _)| (whose, now));
        }
        for (_, ear) in &mut self.ears {
            ear.longest = Duration::ZERO;
            ear.packets = 0;
            ear.heard_at = Some(now);
        }
    }
}

impl Ear {
    fn hear(&mut self, now: Instant, payload: &[u8]) {
        let Some(stamp) = Stamp::read(payload) else { return };
        self.packets += 1;
        self.bytes += payload.len() as u64;
        if !self.senders.contains(&stamp.sender) {
            self.senders.push(stamp.sender);
        }
        if let Some(before) = self.heard_at {
            self.longest = self.longest.max(now.saturating_duration_since(before));
        }
        self.heard_at = Some(now);
    }
}

impl Screen {
    fn take(&mut self, now: Instant, payload: &[u8]) {
        let Some(stamp) = payload.get(4..).and_then(|rest| Stamp::read_after(rest, payload[0] & 0x10 != 0))
        else {
            return;
        };
        if !self.senders.contains(&stamp.sender) {
            self.senders.push(stamp.sender);
        }
        let name = (stamp.sender, stamp.layer, stamp.frame);
        let part = self.parts.entry(name).or_insert((0, stamp.count, stamp.key));
        part.0 += 1;
        loop {
            let whole = |it: &&(u64, u8, u32)| self.parts[*it].0 >= self.parts[*it].1;
            let follows = |it: &(u64, u8, u32)| {
                self.parts[it].2
                    && self.shows.is_none_or(|shown| (shown.0, shown.1) != (it.0, it.1) || shown.2 < it.2)
                    || self.shows.is_some_and(|shown| (shown.0, shown.1, shown.2 + 1) == *it)
            };
            let Some(next) = self.parts.keys().filter(whole).find(|it| follows(it)).copied() else { break };
            self.parts.retain(|name, _| (name.0, name.1) == (next.0, next.1) && name.2 > next.2);
            self.longest = self.pause(now);
            self.shows = Some(next);
            self.shown_at = Some(now);
            self.frames += 1;
        }
        while self.parts.len() > 400 {
            self.parts.pop_first();
        }
    }

    /// Now this one's picture is promised, or none.
    pub fn promise(&mut self, now: Instant, whose: Option<u64>) {
        if self.promised.map(|(whose, _)| whose) != whose {
            self.longest = self.pause(now);
            self.promised = whose.map(|whose| (whose, now));
        }
    }

    /// The longest pause, with the one that goes on.
    pub fn pause(&self, now: Instant) -> Duration {
        let Some((_, since)) = self.promised else { return self.longest };
        let moved = self.shown_at.map_or(since, |at| at.max(since));
        self.longest.max(now.saturating_duration_since(moved))
    }
}

/// RFC 7741: a descriptor with a picture number of 15 bits, then the begin of a frame.
fn picture(frame: u32, first: bool, key: bool, layer: Layer) -> Vec<u8> {
    let id = (frame & 0x7fff) as u16;
    let mut out = vec![if first { 0x90 } else { 0x80 }, 0x80, 0x80 | (id >> 8) as u8, id as u8];
    if first {
        let (width, height) = match layer {
            Layer::Q => (320u16, 180u16),
            Layer::H => (640, 360),
            Layer::F => (1280, 720),
        };
        out.extend([u8::from(!key), 0, 0, 0x9d, 0x01, 0x2a]);
        out.extend(width.to_le_bytes());
        out.extend(height.to_le_bytes());
    }
    out
}

const MARK: [u8; 4] = *b"call";

impl Stamp {
    fn write(&self) -> Vec<u8> {
        let mut out = MARK.to_vec();
        out.extend(self.sender.to_be_bytes());
        out.extend([self.source, self.layer, self.index, self.count, u8::from(self.key)]);
        out.extend(self.frame.to_be_bytes());
        out
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&MARK)?;
        let (sender, rest) = rest.split_first_chunk::<8>()?;
        let ([source, layer, index, count, key], rest) = rest.split_first_chunk::<5>()?;
        let (frame, _) = rest.split_first_chunk::<4>()?;
        Some(Self {
            sender: u64::from_be_bytes(*sender),
            source: *source,
            layer: *layer,
            frame: u32::from_be_bytes(*frame),
            index: *index,
            count: *count,
            key: *key != 0,
        })
    }

    /// All that stand in a frame.
    pub fn all_in(frame: &[u8]) -> Vec<Self> {
        let marks = frame.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
        marks.filter_map(|(at, _)| Self::read(&frame[at..])).collect()
    }

    /// Behind the descriptor; the first packet of a frame has ten bytes of picture before it.
    fn read_after(rest: &[u8], first: bool) -> Option<Self> {
        Self::read(if first { rest.get(10..)? } else { rest })
    }
}
