//! A call: its participants, and what goes from whom to whom.
//!
//! Driven by time and input; no clock, no socket, no lock (invariant 9: a call owns its
//! participants by `&mut`). Datagrams come in by [`Call::receive`]; what goes out collects in
//! [`Call::out`] until the driver takes it. After input comes one [`Call::flush`], so that many
//! packets to one receiver leave together.

mod allocator;
mod brake;
mod participant;
mod reach;
mod record;
mod rewrite;
mod settle;
mod slot;
mod speaker;
mod tell;
mod track;
mod upstream;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use madang_model::{CallId, ParticipantId};

use self::participant::Participant;
use self::speaker::Speakers;
use crate::config::Limits;
use crate::event::Event;
use crate::numbers::Numbers;
use crate::offer::{Answer, Offer, Refused};
use crate::record::{Note, Recorder, Stopped};
use crate::rights::Rights;
use crate::rtc::{Datagram, Ended, Ground, Heard, Packet, Polled, Transmit};
use crate::slot::Wants;
use crate::track::{Layer, Source, TrackName};

/// How often a call looks at itself: who speaks, what fits, what must be told.
const ROUND: Duration = Duration::from_millis(100);

/// What one participant may be sent before others have their turn.
const AT_ONCE: usize = 64;

/// What leaves a call.
#[derive(Debug, Default)]
pub struct Outbox {
    /// Each with the participant who sends it, for whoever must know to whom answers belong.
    pub transmits: Vec<(ParticipantId, Transmit)>,
    pub events: Vec<Event>,
    /// Those who are in no more, by their own doing or by failing.
    pub left: Vec<ParticipantId>,
    /// What is to be written down, while the call is recorded.
    pub notes: Vec<Note>,
}

pub struct Call {
    id: CallId,
    participants: BTreeMap<ParticipantId, Participant>,
    /// Where a track is received: kept beside the slots, because every packet asks for it.
    routes: HashMap<TrackName, Vec<(ParticipantId, usize)>>,
    speakers: Speakers,
    round: Instant,
    numbers_at: Instant,
    recorder: Option<Recorder>,
    polled: Polled,
    pub out: Outbox,
}

impl Call {
    pub fn new(now: Instant, id: CallId) -> Self {
        Self {
            id,
            participants: BTreeMap::new(),
            routes: HashMap::new(),
            speakers: Speakers::default(),
            round: now,
            numbers_at: now,
            recorder: None,
            polled: Polled::default(),
            out: Outbox::default(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.participants.is_empty()
    }

    pub fn join(
        &mut self,
        now: Instant,
        ground: &Ground,
        limits: &Limits,
        id: ParticipantId,
        rights: Rights,
        offer: &Offer,
    ) -> Result<Answer, Refused> {
        let is_in = self.participants.contains_key(&id);
        if !is_in && self.participants.len() >= limits.participants_per_call {
            return Err(Refused::Full);
        }
        let joined =
            catch_unwind(AssertUnwindSafe(|| Participant::join(now, ground, limits, id, rights, offer)));
        let Ok(joined) = joined else {
            tracing::error!(call.id = %self.id, participant.id = %id, "an offer broke its reader");
            return Err(Refused::BadOffer("it cannot be read".to_owned()));
        };
        let (participant, sdp) = joined?;
        if is_in {
            self.leave(now, id);
        }
        self.participants.insert(id, participant);
        self.settle(now);
        self.flush(now);
        let slots = self.participants.get(&id).and_then(|it| it.told.clone());
        slots.map(|slots| Answer { sdp, slots }).ok_or(Refused::ParticipantGone)
    }

    pub fn renegotiate(
        &mut self,
        now: Instant,
        limits: &Limits,
        id: ParticipantId,
        sdp: &str,
    ) -> Result<String, Refused> {
        let participant = self.participants.get_mut(&id).ok_or(Refused::ParticipantGone)?;
        let shut = participant.shut();
        let shut: Vec<&str> = shut.iter().map(String::as_str).collect();
        let mut refused = None;
        let answer = guarded(participant, |it| match it.peer.renegotiate(limits, sdp, &shut) {
            Ok(answer) => Ok(Some(answer)),
            Err(why) => {
                refused = Some(why);
                Ok(None)
            }
        });
        participant.dirty = true;
        match answer {
            Ok(Some(answer)) => {
                self.flush(now);
                Ok(answer)
            }
            Ok(None) => Err(refused.unwrap_or(Refused::ParticipantGone)),
            Err(Ended) => {
                self.gone(id);
                Err(Refused::BadOffer("it cannot be read".to_owned()))
            }
        }
    }

    /// The name by which a client's first packets find the participant (ICE ufrag).
    pub fn ufrag(&mut self, id: ParticipantId) -> Option<String> {
        self.participants.get_mut(&id).map(|participant| participant.peer.ufrag())
    }

    pub fn want(&mut self, now: Instant, id: ParticipantId, wants: Wants) {
        if let Some(participant) = self.participants.get_mut(&id) {
            participant.wants = wants;
            self.settle(now);
        }
    }

    pub fn allow(&mut self, now: Instant, id: ParticipantId, rights: Rights, muted: Vec<Source>) {
        if let Some(participant) = self.participants.get_mut(&id) {
            participant.rights = rights;
            participant.muted = muted;
            self.settle(now);
        }
    }

    pub fn sends(&mut self, now: Instant, id: ParticipantId, sources: Vec<Source>) {
        if let Some(participant) = self.participants.get_mut(&id) {
            participant.sends = Some(sources);
            self.settle(now);
        }
    }

    /// Says good-bye to a participant, without an event.
    pub fn leave(&mut self, now: Instant, id: ParticipantId) {
        if let Some(mut participant) = self.participants.remove(&id) {
            let polled = &mut self.polled;
            // Its last words; whoever cannot speak any more leaves without.
            let _ = guarded(&mut participant, |it| {
                it.peer.close();
                it.peer.poll(polled)
            });
            self.out.transmits.extend(self.polled.transmits.drain(..).map(|transmit| (id, transmit)));
            self.polled.heard.clear();
            self.forget(id);
            self.settle(now);
        }
    }

    pub fn end(&mut self, now: Instant) {
        self.stop_recording(now, Stopped::CallOver);
        let ids: Vec<ParticipantId> = self.participants.keys().copied().collect();
        for id in ids {
            self.leave(now, id);
        }
        self.out.events.clear();
    }

    pub fn numbers(&self) -> Vec<Numbers> {
        self.participants.values().map(|participant| participant.numbers.clone()).collect()
    }

    /// True: the datagram was one for this participant.
    pub fn receive(&mut self, now: Instant, id: ParticipantId, datagram: Datagram<'_>) -> bool {
        let Some(participant) = self.participants.get_mut(&id) else {
            return false;
        };
        match guarded(participant, |it| it.peer.receive(now, datagram)) {
            Ok(true) => {
                participant.heard_at = now;
                self.drain(now, id);
                true
            }
            Ok(false) => false,
            Err(Ended) => {
                self.gone(id);
                false
            }
        }
    }

    /// Sends out what has collected for receivers, and does what is due.
    pub fn flush(&mut self, now: Instant) {
        let due: Vec<ParticipantId> =
            self.participants.values().filter(|it| it.dirty || it.next <= now).map(|it| it.id).collect();
        due.into_iter().for_each(|id| self.go_on(now, id));
        if now >= self.round {
            self.round = now + ROUND;
            self.settle(now);
        }
    }

    /// Lets one participant do what is due. The library lets one packet go each time; all that may go
    /// now does, so that the driver sends them with one call.
    fn go_on(&mut self, now: Instant, id: ParticipantId) {
        for _ in 0..AT_ONCE {
            let Some(participant) = self.participants.get_mut(&id) else { return };
            participant.dirty = false;
            let wrote = participant.waiting > 0;
            match guarded(participant, |it| it.peer.timeout(now)) {
                Ok(()) => self.drain(now, id),
                Err(Ended) => return self.gone(id),
            }
            let Some(participant) = self.participants.get_mut(&id) else { return };
            if participant.next > now || wrote && participant.rests(now) {
                return;
            }
        }
    }

    /// When to flush though nothing comes.
    pub fn next(&self) -> Instant {
        self.participants
            .values()
            .map(|it| if it.dirty { self.round.min(it.heard_at) } else { it.next })
            .fold(self.round, Instant::min)
    }

    fn drain(&mut self, now: Instant, id: ParticipantId) {
        let Some(participant) = self.participants.get_mut(&id) else { return };
        let mut polled = std::mem::take(&mut self.polled);
        match guarded(participant, |it| it.peer.poll(&mut polled)) {
            Ok(next) => participant.next = next,
            Err(Ended) => self.gone(id),
        }
        if let Some(participant) = self.participants.get_mut(&id) {
            participant.sent(polled.transmits.iter().filter(|transmit| transmit.is_media()).count());
        }
        self.out.transmits.extend(polled.transmits.drain(..).map(|transmit| (id, transmit)));
        for heard in polled.heard.drain(..) {
            self.hear(now, id, heard);
        }
        self.polled = polled;
    }

    fn hear(&mut self, now: Instant, id: ParticipantId, heard: Heard) {
        match heard {
            Heard::Packet(packet) => self.forward(now, id, &packet),
            Heard::WantsKeyframe(mid) => self.pass_on_keyframe_request(id, mid),
            Heard::Connected => self.connected(now, id),
            Heard::Closed => self.gone(id),
            other => {
                if let Some(participant) = self.participants.get_mut(&id) {
                    let video: Vec<_> = participant
                        .tracks
                        .iter()
                        .filter(|(source, _)| source.kind() == crate::track::Kind::Video)
                        .map(|(_, track)| track.mid)
                        .collect();
                    participant.note(now, &other, |mid| if video.contains(&mid) { 90_000 } else { 48_000 });
                }
            }
        }
    }

    fn connected(&mut self, now: Instant, id: ParticipantId) {
        if let Some(participant) = self.participants.get_mut(&id)
            && (!participant.connected || participant.lost)
        {
            participant.connect();
            self.out.events.push(Event::Connected { call: self.id, participant: id });
            self.settle(now);
        }
    }

    /// Sends a packet to all who receive its track.
    fn forward(&mut self, now: Instant, from: ParticipantId, packet: &Packet) {
        let Some(sender) = self.participants.get_mut(&from) else { return };
        let Some(source) = sender.source(packet.mid) else { return };
        if !sender.lets_in(source) {
            return;
        }
        let name = sender.name(source);
        if let Some(track) = sender.track_mut(source) {
            track.heard(packet);
        }
        if source == Source::Microphone {
            self.speakers.hear(now, from, packet.loudness);
        }
        self.record_packet(now, name, packet);
        let mut broken = Vec::new();
        for &(to, slot) in self.routes.get(&name).into_iter().flatten() {
            let Some(receiver) = self.participants.get_mut(&to) else { continue };
            let forwarded = guarded(receiver, |it| {
                it.forward(slot, packet);
                Ok(())
            });
            if forwarded.is_err() {
                broken.push(to);
            }
        }
        for id in broken {
            self.gone(id);
        }
    }

    fn pass_on_keyframe_request(&mut self, id: ParticipantId, mid: crate::rtc::Mid) {
        let Some(receiver) = self.participants.get(&id) else { return };
        let slot = receiver.slots.iter().find(|slot| slot.mid == mid);
        let Some((track, layer)) = slot.and_then(|slot| Some((slot.bound?, slot.current?))) else {
            return;
        };
        self.want_keyframe(track, layer);
    }

    fn want_keyframe(&mut self, name: TrackName, layer: Layer) {
        let sender = self.participants.get_mut(&name.participant);
        if let Some(track) = sender.and_then(|sender| sender.track_mut(name.source)) {
            track.want_keyframe(layer);
        }
    }

    /// The participant is out by failing or by their own closing.
    fn gone(&mut self, id: ParticipantId) {
        if self.participants.remove(&id).is_some() {
            self.forget(id);
            self.out.events.push(Event::Gone { call: self.id, participant: id });
        }
    }

    fn forget(&mut self, id: ParticipantId) {
        self.speakers.forget(id);
        self.out.left.push(id);
        self.route();
    }

    fn route(&mut self) {
        self.routes.clear();
        for participant in self.participants.values() {
            for (place, slot) in participant.slots.iter().enumerate() {
                if let Some(track) = slot.bound {
                    self.routes.entry(track).or_default().push((participant.id, place));
                }
            }
        }
    }
}

/// A bug that shows with one participant ends that one and nobody else.
fn guarded<R>(
    participant: &mut Participant,
    act: impl FnOnce(&mut Participant) -> Result<R, Ended>,
) -> Result<R, Ended> {
    let id = participant.id;
    catch_unwind(AssertUnwindSafe(|| act(participant))).unwrap_or_else(|_| {
        tracing::error!(participant.id = %id, "a participant broke and is let go; the call goes on");
        Err(Ended)
    })
}
