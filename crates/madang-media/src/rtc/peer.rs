//! One peer connection: answers offers, opens and seals packets.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::bwe::{Bitrate, BweKind};
use str0m::change::SdpOffer;
use str0m::format::PayloadParams;
use str0m::media::{KeyframeRequestKind, MediaKind, Mid, Pt, Rid, Rids};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite, Ssrc};
use str0m::{Event, IceConnectionState, Input, Output, Rtc};

use super::gate::Gate;
use super::ground::Ground;
use super::lines;
use super::packet::{Format, Numbered, Packet};
use super::roam::Roam;
use crate::config::Limits;
use crate::offer::Refused;
use crate::track::{Kind, Layer};

/// How packets travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    Udp,
    Tcp,
}

impl Way {
    pub(super) fn of(proto: Protocol) -> Self {
        if proto == Protocol::Udp { Self::Udp } else { Self::Tcp }
    }

    fn proto(self) -> Protocol {
        match self {
            Self::Udp => Protocol::Udp,
            Self::Tcp => Protocol::Tcp,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
        }
    }
}

/// What came from the network. `to` is one of the addresses that clients are told.
#[derive(Debug, Clone, Copy)]
pub struct Datagram<'a> {
    pub way: Way,
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub contents: &'a [u8],
}

/// What goes to the network.
#[derive(Debug)]
pub struct Transmit {
    pub way: Way,
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub contents: Vec<u8>,
}

impl Transmit {
    /// Sound or picture, and no padding.
    pub fn is_media(&self) -> bool {
        is_rtp(&self.contents) && !is_padding(&self.contents)
    }
}

/// What a peer has heard.
#[derive(Debug)]
pub enum Heard {
    Packet(Box<Packet>),
    /// The receiver of this slot needs a keyframe.
    WantsKeyframe(Mid),
    /// What the way to the peer carries, in bits a second.
    Estimate(u64),
    Connected,
    Closed,
    Numbers {
        loss_down: Option<f32>,
        round_trip: Option<Duration>,
        received: u64,
        sent: u64,
        way: Option<Way>,
    },
    /// Of one layer that comes from the peer: `packets` since it began, the share lost as last
    /// reported. Jitter in ticks of its clock.
    Arrives {
        mid: Mid,
        layer: Layer,
        packets: u64,
        loss: Option<f32>,
        jitter: u32,
    },
    /// Of one slot, as its receiver reports.
    Received {
        loss: Option<f32>,
        round_trip: Option<Duration>,
    },
}

/// Collects what polling gives. Kept and reused by the caller.
#[derive(Debug, Default)]
pub struct Polled {
    pub heard: Vec<Heard>,
    pub transmits: Vec<Transmit>,
}

/// The connection is over: closed, or broken beyond repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

pub struct Peer {
    rtc: Rtc,
    /// Where a stream belongs, learnt from its first packets.
    streams: HashMap<Ssrc, (Mid, Layer)>,
    gate: Gate,
    roam: Roam,
    /// Padding is dropped: the line has no room for it, and the library cannot do without.
    pub quiet: bool,
    closed: bool,
}

/// What was sent is kept for so long, to be sent again. Who hears nothing for longer asks for a new
/// picture; a line with a longer round trip carries no talk.
const KEPT: Duration = Duration::from_secs(1);
const KEPT_MOST: usize = 1024;
/// The share of what is sent that may be sent again, as the library has it by itself.
const SENT_AGAIN: f32 = 0.15;

/// A client has at most three layers of two pictures and two sounds; more is hostile.
const MOST_STREAMS: usize = 32;

impl Peer {
    /// Answers the offer of a client. m-lines of `shut` mids are answered inactive.
    pub fn answer(
        now: Instant,
        ground: &Ground,
        limits: &Limits,
        sdp: &str,
        shut: &[&str],
    ) -> Result<(Self, String), Refused> {
        let mut peer = Self {
            rtc: ground.build(now),
            streams: HashMap::new(),
            gate: Gate::default(),
            roam: Roam::default(),
            quiet: false,
            closed: false,
        };
        let answer = peer.renegotiate(limits, sdp, shut)?;
        Ok((peer, answer))
    }

    /// Answers a further offer: an ICE restart.
    pub fn renegotiate(&mut self, limits: &Limits, sdp: &str, shut: &[&str]) -> Result<String, Refused> {
        lines::check(sdp, limits.sdp, limits.lines)?;
        let offer = SdpOffer::from_sdp_string(&lines::close(sdp, shut))
            .map_err(|error| Refused::BadOffer(error.to_string()))?;
        let answer =
            self.rtc.sdp_api().accept_offer(offer).map_err(|error| Refused::BadOffer(error.to_string()))?;
        let answer = answer.to_sdp_string();
        self.gate.answered(&answer);
        // They prove themselves anew.
        self.streams.clear();
        Ok(answer)
    }

    /// The name under which clients address their first packets to this peer (ICE ufrag).
    pub fn ufrag(&mut self) -> String {
        self.rtc.direct_api().local_ice_credentials().ufrag
    }

    pub fn kind(&self, mid: Mid) -> Option<Kind> {
        self.rtc.media(mid).map(|media| match media.kind() {
            MediaKind::Audio => Kind::Audio,
            MediaKind::Video => Kind::Video,
        })
    }

    /// The layers in which the client may send, smallest first.
    pub fn layers(&self, mid: Mid) -> Vec<Layer> {
        match self.rtc.media(mid).map(|media| media.rids_rx()) {
            Some(Rids::Specific(rids)) => Layer::ALL
                .into_iter()
                .filter(|layer| rids.iter().any(|rid| **rid == *layer.as_str()))
                .collect(),
            _ => vec![Layer::F],
        }
    }

    /// Reads one datagram. False: it is none for this peer. Poll after each.
    pub fn receive(&mut self, now: Instant, datagram: Datagram<'_>) -> Result<bool, Ended> {
        let Datagram { way, from, to, contents } = datagram;
        if !self.gate.lets(contents) {
            return Ok(true);
        }
        let Ok(receive) = Receive::new(way.proto(), from, to, contents) else {
            return Ok(false);
        };
        let input = Input::Receive(now, receive);
        if !self.rtc.accepts(&input) {
            return Ok(false);
        }
        self.rtc.handle_input(input).map_err(|error| {
            tracing::debug!(%error, "a peer could not go on");
            Ended
        })?;
        self.roam.hear(now, way, from);
        Ok(true)
    }

    pub fn timeout(&mut self, now: Instant) -> Result<(), Ended> {
        self.rtc.handle_input(Input::Timeout(now)).map_err(|_| Ended)
    }

    /// Takes all there is, and says when there will be more without input.
    pub fn poll(&mut self, polled: &mut Polled) -> Result<Instant, Ended> {
        loop {
            match self.rtc.poll_output().map_err(|_| Ended)? {
                Output::Timeout(at) if self.closed || !self.rtc.is_alive() => {
                    let _ = at;
                    return Err(Ended);
                }
                Output::Timeout(at) => return Ok(at),
                Output::Transmit(transmit) if self.quiet && is_padding(&transmit.contents) => {}
                Output::Transmit(transmit) => {
                    let (way, contents) = (Way::of(transmit.proto), Vec::from(transmit.contents));
                    // An answer of ICE belongs to the address that asked.
                    let led = is_rtp(&contents) || is_rtcp(&contents);
                    let to = transmit.destination;
                    let to = if led { self.roam.lead(way, to) } else { to };
                    polled.transmits.push(Transmit { way, from: transmit.source, to, contents });
                }
                Output::Event(event) => {
                    if let Some(heard) = self.hear(event) {
                        polled.heard.push(heard);
                    }
                }
            }
        }
    }

    fn hear(&mut self, event: Event) -> Option<Heard> {
        match event {
            Event::RtpPacket(packet) => self.packet(packet).map(|packet| Heard::Packet(Box::new(packet))),
            Event::KeyframeRequest(request) => Some(Heard::WantsKeyframe(request.mid)),
            Event::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                Some(Heard::Estimate(estimate.as_u64()))
            }
            Event::Connected => Some(Heard::Connected),
            Event::IceConnectionStateChange(
                IceConnectionState::Connected | IceConnectionState::Completed,
            ) if self.rtc.is_connected() => Some(Heard::Connected),
            Event::Closed => {
                self.closed = true;
                Some(Heard::Closed)
            }
            Event::PeerStats(stats) => Some(Heard::Numbers {
                loss_down: stats.egress_loss_fraction,
                round_trip: stats.rtt.or_else(|| {
                    stats.selected_candidate_pair.as_ref().and_then(|pair| pair.current_round_trip_time)
                }),
                received: stats.peer_bytes_rx,
                sent: stats.peer_bytes_tx,
                way: stats.selected_candidate_pair.map(|pair| Way::of(pair.protocol)),
            }),
            Event::MediaIngressStats(stats) => {
                let layer = stats.rid.map_or(Some(Layer::F), |rid| rid.parse().ok())?;
                let (mid, packets) = (stats.mid, stats.packets);
                Some(Heard::Arrives { mid, layer, packets, loss: stats.loss, jitter: stats.jitter })
            }
            Event::MediaEgressStats(stats) => {
                Some(Heard::Received { loss: stats.loss, round_trip: stats.rtt })
            }
            _ => None,
        }
    }

    fn packet(&mut self, packet: RtpPacket) -> Option<Packet> {
        let ssrc = packet.header.ssrc;
        let (mid, layer) = match self.streams.get(&ssrc) {
            Some(place) => *place,
            None => self.place(ssrc)?,
        };
        let pt = packet.header.payload_type;
        self.gate.opened(*pt);
        let params = *self.rtc.codec_config().find(|params| params.pt() == pt || params.red() == Some(pt))?;
        Some(Packet::of(packet, mid, layer, params))
    }

    fn place(&mut self, ssrc: Ssrc) -> Option<(Mid, Layer)> {
        let mut api = self.rtc.direct_api();
        let stream = api.stream_rx(&ssrc)?;
        let layer = match stream.rid() {
            Some(rid) => rid.parse().ok()?,
            None => Layer::F,
        };
        let place = (stream.mid(), layer);
        self.gate.proved(*ssrc, &stream.mid().to_string(), stream.rid().as_deref());
        if self.streams.len() >= MOST_STREAMS {
            self.streams.clear();
        }
        self.streams.insert(ssrc, place);
        Some(place)
    }

    /// This line is received: what is sent there is kept for a while, but not longer than it is of use.
    pub fn keep_sent(&mut self, mid: Mid) {
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.set_rtx_cache(KEPT_MOST, KEPT, Some(SENT_AGAIN));
        }
    }

    /// The number under which the receiver of this slot knows the format. None: it does not.
    pub fn understands(&self, mid: Mid, format: &Format) -> Option<PayloadParams> {
        let config = self.rtc.codec_config();
        let known = config.match_params(format.params)?;
        self.rtc.media(mid)?.remote_pts().contains(&known.pt()).then_some(*known)
    }

    /// Sends a packet on in a slot. Several may be written before the next [`Peer::timeout`] and
    /// poll: they only join the queue of their slot.
    /// `sparing`: without redundancy.
    pub fn write(
        &mut self,
        mid: Mid,
        known: &PayloadParams,
        packet: &Packet,
        numbered: Numbered,
        sparing: bool,
    ) {
        let red = known.red().filter(|_| packet.format.red && !sparing);
        let Some(payload) = packet.payload_for(known.pt(), red.is_some()) else {
            return;
        };
        let pt: Pt = red.unwrap_or(known.pt());
        let patch = packet.descriptor.and_then(|descriptor| {
            let mut patch = descriptor.patch();
            if let Some(id) = numbered.picture {
                patch = patch.picture_id(id);
            }
            if let Some(base) = numbered.base {
                patch = patch.tl0_pic_idx(base);
            }
            patch.build().ok()
        });
        let mut write = RtpWrite::new(pt, numbered.seq.into(), numbered.time, packet.at, payload)
            .marker(packet.marker)
            .ext_vals(packet.extensions.clone())
            .nackable(known.resend().is_some());
        if let Some(patch) = patch {
            write = write.vp8_patch(patch);
        }
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.write_rtp(write);
        }
    }

    pub fn ask_keyframe(&mut self, mid: Mid, layer: Layer) {
        let rid: Rid = layer.as_str().into();
        let mut api = self.rtc.direct_api();
        for rid in [Some(rid), None] {
            if let Some(stream) = api.stream_rx_by_mid(mid, rid) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
                return;
            }
        }
    }

    /// What to hold up and what to look for, in bits a second.
    pub fn set_bitrate(&mut self, least: u64, desired: u64) {
        self.rtc.bwe().set_bitrate(Bitrate::bps(least), Bitrate::bps(desired));
    }

    /// Forgets what was estimated and begins anew, in bits a second.
    pub fn begin_estimate(&mut self, estimate: u64) {
        self.rtc.bwe().reset(Bitrate::bps(estimate));
    }

    /// Says good-bye. Poll once more for its datagrams.
    pub fn close(&mut self) {
        // One that is closed already has nothing to say.
        let _ = self.rtc.close();
    }
}

/// RFC 3550, 5.1, and RFC 5761, 4: none of DTLS, STUN, RTCP.
fn is_rtp(datagram: &[u8]) -> bool {
    datagram.len() > 12 && datagram[0] & 0xc0 == 0x80 && !(192..=223).contains(&datagram[1])
}

fn is_rtcp(datagram: &[u8]) -> bool {
    datagram.len() > 8 && datagram[0] & 0xc0 == 0x80 && (192..=223).contains(&datagram[1])
}

/// An RTP packet with the padding bit. Media never has it here.
fn is_padding(datagram: &[u8]) -> bool {
    is_rtp(datagram) && datagram[0] & 0x20 != 0
}
