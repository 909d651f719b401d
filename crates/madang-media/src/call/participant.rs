//! A participant: one peer connection, what it sends, what it wants and gets.

use std::time::{Duration, Instant};

use madang_model::ParticipantId;

use super::allocator::{Asked, Rise, Step, share};
use super::brake::Brake;
use super::reach::{Plan, Reach};
use super::slot::Slot;
use super::track::Track;
use super::upstream::Upstream;
use crate::config::Limits;
use crate::numbers::Numbers;
use crate::offer::{Offer, Refused};
use crate::quality::{Did, Quality, State};
use crate::rights::Rights;
use crate::rtc::{FIRST_ESTIMATE, Ground, Heard, Mid, Packet, Peer};
use crate::slot::{Slots, Wants};
use crate::track::{Kind, Layer, Source, TrackName};

/// After something had to go down, nothing goes up for so long.
const REST_AFTER_DOWN: Duration = Duration::from_secs(4);
/// Steps up follow each other at this pace.
const REST_AFTER_UP: Duration = Duration::from_millis(1000);

/// A packet that the library has to send again waits no longer than this.
const LOOKS_AGAIN: Duration = Duration::from_millis(5);

/// Below this a line has no room for every voice twice (RFC 2198).
const SPARING: u64 = 150_000;

/// By this extension a client tells how packets arrive, from which it is estimated what its way carries.
const TELLS: &str = "transport-wide-cc";
/// What the way to a client is taken to carry that does not tell (programs that show a call): less is sent when it
/// reports losses.
const BLIND: u64 = 2_500_000;

pub struct Participant {
    pub id: ParticipantId,
    pub peer: Peer,
    pub rights: Rights,
    pub muted: Vec<Source>,
    /// What the client says that it sends. None: it has not said.
    pub sends: Option<Vec<Source>>,
    pub tracks: Vec<(Source, Track)>,
    pub slots: Vec<Slot>,
    pub wants: Wants,
    pub estimate: u64,
    pub numbers: Numbers,
    pub connected: bool,
    pub lost: bool,
    pub heard_at: Instant,
    pub next: Instant,
    pub dirty: bool,
    /// Packets that were written and have not left.
    pub waiting: usize,
    pub told: Option<Slots>,
    pub quality: Quality,
    /// Of what this participant sends: which layers somebody wants, and until when each is kept
    /// on though nobody does any more.
    pub asked_for: Vec<(Source, Layer, Instant)>,
    pace: Pace,
    brake: Brake,
    upstream: Upstream,
    reach: Reach,
    /// What voices and pictures take that are sent to this participant.
    spent: u64,
    desired: (u64, u64),
}

#[derive(Debug, Default)]
struct Pace {
    down: Option<Instant>,
    up: Option<Instant>,
    /// What the next step takes with all else, and since when padding has held that up.
    next: Option<u64>,
    held: Option<Instant>,
    /// The best budget of the last moments, and when it was.
    best: Option<(u64, Instant)>,
}

/// So long a line must have carried what a step takes before it is taken: an estimate of what was
/// never sent is a guess.
const SHOWN_FOR: Duration = Duration::from_millis(800);

/// So long the best budget counts for what is on already.
const LATELY: Duration = Duration::from_millis(2500);

impl Pace {
    fn lately(&mut self, now: Instant, budget: u64) -> u64 {
        match self.best {
            Some((best, at)) if best > budget && now.saturating_duration_since(at) < LATELY => best,
            _ => {
                self.best = Some((budget, now));
                budget
            }
        }
    }

    fn hold(&mut self, now: Instant, next: Option<u64>, least: u64) {
        self.next = next;
        self.held = (least > 0).then_some(self.held.unwrap_or(now));
    }

    /// Has the line shown that it carries the next step, or room to spare?
    fn is_shown(&self, now: Instant, budget: u64) -> bool {
        let held = self.held.is_some_and(|held| now.saturating_duration_since(held) >= SHOWN_FOR);
        held || self.next.is_none_or(|next| budget >= next * 3 / 2)
    }
}

impl Participant {
    pub fn join(
        now: Instant,
        ground: &Ground,
        limits: &Limits,
        id: ParticipantId,
        rights: Rights,
        offer: &Offer,
    ) -> Result<(Self, String), Refused> {
        let (peer, answer) = Peer::answer(now, ground, limits, &offer.sdp, &shut(rights, offer))?;
        let numbers = Numbers::of(id);
        let mut participant = Self {
            id,
            peer,
            rights,
            muted: Vec::new(),
            sends: None,
            tracks: Vec::new(),
            slots: Vec::new(),
            wants: Wants::default(),
            estimate: 0,
            numbers,
            connected: false,
            lost: false,
            heard_at: now,
            next: now,
            dirty: true,
            waiting: 0,
            told: None,
            quality: Quality::GOOD,
            asked_for: Vec::new(),
            pace: Pace::default(),
            brake: Brake::default(),
            upstream: Upstream::default(),
            reach: Reach::default(),
            spent: 0,
            desired: (0, 0),
        };
        participant.lay(offer)?;
        if !answer.contains(TELLS) {
            participant.estimate = BLIND;
            participant.peer.begin_estimate(BLIND);
        }
        Ok((participant, answer))
    }

    /// Lays out tracks and slots by the names that the offer gives to its m-lines.
    fn lay(&mut self, offer: &Offer) -> Result<(), Refused> {
        let unfit = |mid: &str| Refused::BadOffer(format!("m-line {mid} is not what it is said to be"));
        for (mid, source) in &offer.publish {
            let line = Mid::from(mid.as_str());
            let twice = self.tracks.iter().any(|(known, track)| known == source || track.mid == line);
            if twice || self.peer.kind(line) != Some(source.kind()) {
                return Err(unfit(mid));
            }
            self.tracks.push((*source, Track::new(line, *source)));
        }
        for (mid, kind) in &offer.receive {
            let line = Mid::from(mid.as_str());
            let twice = self.slots.iter().any(|slot| slot.mid == line);
            if twice || self.peer.kind(line) != Some(*kind) {
                return Err(unfit(mid));
            }
            self.peer.keep_sent(line);
            self.slots.push(Slot::new(line, *kind));
        }
        Ok(())
    }

    /// The mids that must be answered inactive.
    pub fn shut(&self) -> Vec<String> {
        let sent = self
            .tracks
            .iter()
            .filter(|(source, _)| !self.rights.may_send(*source))
            .map(|(_, track)| track.mid);
        let received =
            self.slots.iter().filter(|slot| !self.rights.may_receive(slot.kind)).map(|slot| slot.mid);
        sent.chain(received).map(|mid| mid.to_string()).collect()
    }

    pub fn name(&self, source: Source) -> TrackName {
        TrackName { participant: self.id, source }
    }

    pub fn source(&self, mid: Mid) -> Option<Source> {
        self.tracks.iter().find(|(_, track)| track.mid == mid).map(|(source, _)| *source)
    }

    pub fn track(&self, source: Source) -> Option<&Track> {
        self.tracks.iter().find(|(known, _)| *known == source).map(|(_, track)| track)
    }

    pub fn track_mut(&mut self, source: Source) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|(known, _)| *known == source).map(|(_, track)| track)
    }

    /// Invariant 10 and the host's mute are kept here, at the entrance, whatever was negotiated.
    pub fn lets_in(&self, source: Source) -> bool {
        self.rights.may_send(source) && !self.muted.contains(&source)
    }

    /// Muted by somebody, or not sent.
    pub fn is_muted(&self, source: Source) -> bool {
        self.muted.contains(&source) || self.sends.as_ref().is_some_and(|sends| !sends.contains(&source))
    }

    /// The way is there. What it is thought to carry is known at once, so that looking for more
    /// begins with the first packets and not a round later.
    pub fn connect(&mut self) {
        self.connected = true;
        self.lost = false;
        if self.estimate == 0 {
            self.estimate = FIRST_ESTIMATE;
        }
    }

    /// Sends a packet of another on in one of the slots.
    pub fn forward(&mut self, slot: usize, packet: &Packet) {
        let Some(slot) = self.slots.get_mut(slot) else { return };
        let sparing = self.estimate < SPARING;
        if self.connected && slot.forward(&mut self.peer, packet, sparing) {
            self.dirty = true;
            self.waiting += 1;
        }
    }

    /// So many packets have left.
    pub fn sent(&mut self, packets: usize) {
        self.waiting = self.waiting.saturating_sub(packets);
    }

    /// After each packet the library wants to look whether there is another. When all that was
    /// written has left, and no larger picture is looked for, that can wait until the next one comes:
    /// it is half of what a packet costs.
    pub fn rests(&mut self, now: Instant) -> bool {
        let rests = self.waiting == 0 && self.next <= now && self.pace.next.is_none();
        if rests {
            self.next = now + LOOKS_AGAIN;
        }
        rests
    }

    /// Notes what was heard about the connection itself.
    pub fn note(&mut self, now: Instant, heard: &Heard, clock: impl Fn(Mid) -> u32) {
        let numbers = &mut self.numbers;
        match heard {
            Heard::Estimate(estimate) => {
                self.estimate = *estimate;
                numbers.estimate = *estimate;
            }
            Heard::Numbers { loss_down, round_trip, received, sent, way } => {
                // Of padding that was dropped here, the receiver tells that it never came.
                if !self.peer.quiet {
                    numbers.loss_down = loss_down.unwrap_or(numbers.loss_down);
                }
                numbers.round_trip = round_trip.or(numbers.round_trip);
                numbers.received = *received;
                numbers.sent = *sent;
                numbers.way = way.map(|way| way.as_str()).or(numbers.way);
                // The layers follow in the same round: the worst of them counts.
                numbers.loss_up = self.upstream.share();
                numbers.jitter = Duration::ZERO;
            }
            Heard::Arrives { mid, layer, packets, loss, jitter } => {
                self.upstream.report(*mid, *layer, *packets, *loss);
                let micros = u64::from(*jitter) * 1_000_000 / u64::from(clock(*mid).max(1));
                numbers.jitter = numbers.jitter.max(Duration::from_micros(micros));
            }
            Heard::Received { loss, round_trip } => {
                numbers.round_trip = numbers.round_trip.or(*round_trip);
                if let Some(loss) = loss {
                    if self.peer.quiet {
                        numbers.loss_down = *loss;
                    }
                    // Where nothing but voices is sent, less cannot be sent.
                    if self.slots.iter().any(|slot| slot.given.is_some()) {
                        self.brake.pull(now, *loss, self.spent);
                    }
                }
            }
            _ => {}
        }
    }

    /// Shares what the way carries among the video slots. `layers` tells what there is of a track.
    pub fn allocate(
        &mut self,
        now: Instant,
        voices: u64,
        layers: impl Fn(TrackName, u32, bool) -> Vec<Step>,
    ) {
        let mut asked = Vec::new();
        let mut places = Vec::new();
        for (place, slot) in self.slots.iter().enumerate().filter(|(_, slot)| slot.kind == Kind::Video) {
            let Some(track) = slot.bound else { continue };
            let mid = slot.mid.to_string();
            let want = self.wants.slots.iter().find(|want| want.mid == mid);
            let (height, priority) = want.map_or((180, 0), |want| (want.height, want.priority));
            let layers = layers(track, height, self.wants.low_data);
            asked.push(Asked { priority, layers, current: slot.given });
            places.push(place);
        }
        let rested = |since: Option<Instant>, rest| {
            since.is_none_or(|since| now.saturating_duration_since(since) >= rest)
        };
        let budget = self.brake.hold(now, self.estimate);
        let rise = if !rested(self.pace.down, REST_AFTER_DOWN) {
            Rise::Hardly
        } else if rested(self.pace.up, REST_AFTER_UP) && self.pace.is_shown(now, budget) {
            Rise::Step
        } else {
            Rise::Begin
        };
        let lately = self.pace.lately(now, budget);
        let shares = share(budget.saturating_sub(voices), lately.saturating_sub(voices), &asked, rise);
        self.spent = voices + shares.spent;
        for (&place, given) in places.iter().zip(&shares.layers) {
            let slot = &mut self.slots[place];
            if *given < slot.given {
                self.pace.down = Some(now);
            } else if *given > slot.given && slot.given.is_some() {
                self.pace.up = Some(now);
            }
            slot.given = *given;
        }
        let all = if shares.desired == 0 { 0 } else { (shares.desired + voices) * 5 / 4 };
        // What the next step takes is held up with padding before it is taken, where it is near.
        // On a line that carries far less, padding would crowd out voices.
        let near =
            |next: &u64| rested(self.pace.down, REST_AFTER_DOWN) && *next <= budget * 2 && budget > SPARING;
        let next = shares.next.map(|next| next + voices);
        let least = next.filter(near).unwrap_or(0);
        self.pace.hold(now, next, least);
        self.look(now, least, all);
    }

    /// Tells the estimator what to hold up and how far to look.
    fn look(&mut self, now: Instant, least: u64, all: u64) {
        // Before anything was estimated there is nothing to plan with.
        if !self.connected || self.estimate == 0 {
            return;
        }
        let plan = self.reach.plan(now, self.estimate, all);
        self.peer.quiet = plan == Plan::Quiet || self.brake.is_hard(now);
        let (least, desired) = match plan {
            Plan::Hope(desired) => (least, desired),
            Plan::Quiet => (0, 0),
            Plan::Look(estimate, desired) => {
                self.peer.begin_estimate(estimate);
                (0, desired)
            }
        };
        if self.desired != (least, desired) {
            self.desired = (least, desired);
            self.peer.set_bitrate(least, desired);
            self.dirty = true;
        }
    }

    /// How the connection does, and what was done about it.
    pub fn judge(&mut self, fewer_pixels: bool, no_video: bool, sent_less: bool) {
        let numbers = &self.numbers;
        let loss = numbers.loss_up.max(numbers.loss_down);
        let slow = |limit| numbers.round_trip.is_some_and(|time| time > limit);
        let state = if self.lost || no_video || loss > 0.12 || slow(Duration::from_millis(1200)) {
            State::Poor
        } else if fewer_pixels || sent_less || loss > 0.03 || slow(Duration::from_millis(500)) {
            State::Fair
        } else {
            State::Good
        };
        let did = match (no_video, fewer_pixels, sent_less) {
            (true, ..) => Some(Did::NoVideo),
            (_, true, _) => Some(Did::FewerPixels),
            (_, _, true) => Some(Did::SentLess),
            _ => None,
        };
        self.quality = Quality { state, did };
    }
}

/// The mids of an offer that must be answered inactive.
fn shut(rights: Rights, offer: &Offer) -> Vec<&str> {
    let sent =
        offer.publish.iter().filter(|(_, source)| !rights.may_send(*source)).map(|(mid, _)| mid.as_str());
    let received =
        offer.receive.iter().filter(|(_, kind)| !rights.may_receive(*kind)).map(|(mid, _)| mid.as_str());
    sent.chain(received).collect()
}
