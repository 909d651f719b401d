//! The round of a call: who is heard, what is shown in which layer, what senders are asked for.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use madang_model::ParticipantId;

use super::allocator::Step;
use super::participant::Participant;
use super::{Call, guarded};
use crate::event::Event;
use crate::track::{Kind, Layer, Source, TrackName};

/// Bits a second that are kept for each voice, whatever pictures want.
const VOICE: u64 = 40_000;

/// A layer that nobody wants any more is asked for this much longer: views change back and forth.
const LINGERS: Duration = Duration::from_secs(4);

const LOST_AFTER: Duration = Duration::from_secs(5);
const GONE_AFTER: Duration = Duration::from_secs(20);
const NUMBERS_EVERY: Duration = Duration::from_secs(5);

/// What there is of a track at this moment.
pub(super) struct Shown {
    pub muted: bool,
    /// It may come, and its sender says that it does.
    pub sent: bool,
    layers: Vec<(Step, u32, bool)>,
}

impl Shown {
    fn of(participant: &Participant, source: Source, now: Instant) -> Option<Self> {
        let track = participant.track(source)?;
        let layers = participant.peer.layers(track.mid).into_iter();
        let layers = layers
            .map(|layer| {
                let step = Step { layer, rate: track.rate(layer, now) };
                (step, track.height(layer), track.flows(layer, now))
            })
            .collect();
        let muted = participant.is_muted(source);
        let sent = participant.lets_in(source) && !muted;
        Some(Self { muted, sent, layers })
    }

    /// The layers from the smallest to the first that is as tall as the picture is shown.
    pub(super) fn steps(&self, height: u32, low_data: bool) -> Vec<Step> {
        if !self.sent {
            return Vec::new();
        }
        // A picture a little smaller than its frame looks no worse.
        let enough = self.layers.iter().position(|(_, tall, _)| tall * 5 / 4 >= height);
        let most = if low_data { 1 } else { enough.map_or(self.layers.len(), |at| at + 1) };
        self.layers.iter().take(most).map(|(step, ..)| *step).collect()
    }

    /// Of the layers that come, the nearest to the given one.
    fn nearest(&self, given: Layer) -> Layer {
        let flowing = || self.layers.iter().filter(|(.., flows)| *flows).map(|(step, ..)| step.layer);
        let below = flowing().filter(|layer| *layer <= given).max();
        below.or_else(|| flowing().min()).unwrap_or(given)
    }

    fn flows(&self) -> bool {
        self.layers.iter().any(|(.., flows)| *flows)
    }
}

pub(super) type Stage = HashMap<TrackName, Shown>;

impl Call {
    pub(super) fn settle(&mut self, now: Instant) {
        self.watch(now);
        let most = self.participants.values().map(Participant::voices).max().unwrap_or(0);
        if self.speakers.rank(now, most) {
            self.out.events.push(Event::Speaker { call: self.id, participant: self.speakers.speaker() });
        }
        let stage = self.stage(now);
        let mut bound = false;
        let heard = self.speakers.heard();
        for participant in self.participants.values_mut() {
            bound |= participant.bind_voices(&stage, heard);
            bound |= participant.bind_pictures();
            participant.show(now, &stage);
        }
        if bound {
            self.route();
        }
        self.record_round(now, &stage);
        self.ask(now);
        self.tell(now, &stage);
    }

    fn stage(&self, now: Instant) -> Stage {
        let mut stage = Stage::new();
        for participant in self.participants.values() {
            for source in Source::ALL {
                if let Some(shown) = Shown::of(participant, source, now) {
                    stage.insert(participant.name(source), shown);
                }
            }
        }
        stage
    }

    /// Finds those from whom nothing comes, and tells the numbers.
    fn watch(&mut self, now: Instant) {
        let mut gone = Vec::new();
        for participant in self.participants.values_mut() {
            let silent = now.saturating_duration_since(participant.heard_at);
            if silent >= GONE_AFTER {
                gone.push(participant.id);
            } else if silent >= LOST_AFTER && participant.connected && !participant.lost {
                participant.lost = true;
                self.out.events.push(Event::Lost { call: self.id, participant: participant.id });
            } else if silent < LOST_AFTER && participant.lost {
                participant.lost = false;
                self.out.events.push(Event::Connected { call: self.id, participant: participant.id });
            }
            participant.slots.iter_mut().for_each(|slot| slot.watch(now));
            participant.numbers.freezes = participant.slots.iter().map(|slot| slot.freezes).sum();
        }
        for id in gone {
            self.gone(id);
        }
        if now.saturating_duration_since(self.numbers_at) >= NUMBERS_EVERY && !self.participants.is_empty() {
            self.numbers_at = now;
            self.out.events.push(Event::Numbers { call: self.id, numbers: self.numbers() });
        }
    }

    /// Asks senders for keyframes and notes which layers of theirs are wanted.
    fn ask(&mut self, now: Instant) {
        let slots = self.participants.values().flat_map(|it| &it.slots);
        let pictures = slots.filter(|slot| slot.kind == Kind::Video);
        let mut waiting = Vec::new();
        let mut wanted = Vec::new();
        for slot in pictures {
            waiting.extend(slot.waits());
            wanted.extend(slot.bound.zip(slot.given));
            // What is shown until the given layer comes must go on.
            wanted.extend(slot.bound.zip(slot.current));
        }
        for (track, layer) in waiting {
            self.want_keyframe(track, layer);
        }
        for (track, layer) in wanted {
            if let Some(sender) = self.participants.get_mut(&track.participant) {
                sender.asked_for.retain(|(source, known, _)| (*source, *known) != (track.source, layer));
                sender.asked_for.push((track.source, layer, now + LINGERS));
            }
        }
        let mut broken = Vec::new();
        for participant in self.participants.values_mut() {
            participant.asked_for.retain(|(.., until)| *until > now);
            if guarded(participant, |it| {
                it.ask_keyframes(now);
                Ok(())
            })
            .is_err()
            {
                broken.push(participant.id);
            }
        }
        for id in broken {
            self.gone(id);
        }
    }
}

impl Participant {
    /// How many voices it can hear at once.
    fn voices(&self) -> usize {
        self.slots.iter().filter(|slot| slot.kind == Kind::Audio).count()
    }

    /// The loudest, whoever is pinned, and the sound of shared screens. Who has a slot keeps it.
    fn bind_voices(&mut self, stage: &Stage, heard: &[ParticipantId]) -> bool {
        let microphone = |participant| TrackName { participant, source: Source::Microphone };
        let screens = stage
            .iter()
            .filter(|(name, shown)| name.source == Source::ScreenAudio && shown.sent && shown.flows())
            .map(|(name, _)| *name);
        let mut screens: Vec<TrackName> = screens.collect();
        screens.sort();
        let mut chosen: Vec<TrackName> = Vec::new();
        let voices = heard.iter().copied().map(microphone);
        for track in self.wants.pinned.map(microphone).into_iter().chain(screens).chain(voices) {
            let audible = stage.get(&track).is_some_and(|shown| shown.sent);
            if track.participant != self.id && audible && !chosen.contains(&track) {
                chosen.push(track);
            }
        }
        chosen.truncate(self.voices());
        let mut changed = false;
        for slot in self.slots.iter_mut().filter(|slot| slot.kind == Kind::Audio) {
            match slot.bound.and_then(|bound| chosen.iter().position(|track| *track == bound)) {
                Some(at) => _ = chosen.remove(at),
                None => changed |= slot.bind(None),
            }
        }
        let mut rest = chosen.into_iter();
        for slot in self.slots.iter_mut().filter(|slot| slot.kind == Kind::Audio && slot.bound.is_none()) {
            if let Some(track) = rest.next() {
                changed |= slot.bind(Some(track));
                slot.target = Some(Layer::F);
            }
        }
        changed
    }

    fn bind_pictures(&mut self) -> bool {
        let mut changed = false;
        for slot in self.slots.iter_mut().filter(|slot| slot.kind == Kind::Video) {
            let mid = slot.mid.to_string();
            let want = self.wants.slots.iter().find(|want| want.mid == mid);
            let track = want.and_then(|want| want.track).filter(|track| {
                self.rights.may_receive(Kind::Video)
                    && track.source.kind() == Kind::Video
                    && track.participant != self.id
            });
            changed |= slot.bind(track);
        }
        changed
    }

    /// Chooses the layers of what is bound.
    fn show(&mut self, now: Instant, stage: &Stage) {
        let bound = self.slots.iter().filter(|slot| slot.kind == Kind::Audio && slot.bound.is_some());
        let voices = bound.count() as u64 * VOICE;
        self.allocate(now, voices, |track, height, low_data| {
            stage.get(&track).map_or_else(Vec::new, |shown| shown.steps(height, low_data))
        });
        for slot in self.slots.iter_mut().filter(|slot| slot.kind == Kind::Video) {
            match slot.bound.and_then(|bound| stage.get(&bound)).zip(slot.given) {
                Some((shown, given)) => slot.target = Some(shown.nearest(given)),
                None => slot.pause(),
            }
        }
    }

    fn ask_keyframes(&mut self, now: Instant) {
        for (_, track) in &mut self.tracks {
            let mid = track.mid;
            for layer in track.due(now) {
                self.peer.ask_keyframe(mid, layer);
                self.dirty = true;
            }
        }
    }
}
