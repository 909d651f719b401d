//! What each participant is told: what its slots hold, what is wanted of it, how it does.

use std::time::Instant;

use super::Call;
use super::participant::Participant;
use super::settle::Stage;
use crate::event::Event;
use crate::slot::{Bound, Slots, Why};
use crate::track::{Kind, Layer, Source};

impl Call {
    pub(super) fn tell(&mut self, now: Instant, stage: &Stage) {
        let speaker = self.speakers.speaker();
        for participant in self.participants.values_mut() {
            let slots = participant.slots(stage);
            participant.weigh(now, stage, &slots);
            let n = participant.told.as_ref().map_or(0, |told| told.n);
            let told = Slots { n, slots, send: participant.send(), speaker, quality: participant.quality };
            if participant.told.as_ref() == Some(&told) {
                continue;
            }
            let told = Slots { n: n + 1, ..told };
            participant.told = Some(told.clone());
            // Who joins hears of the first by the answer.
            if n > 0 {
                self.out.events.push(Event::Slots {
                    call: self.id,
                    participant: participant.id,
                    slots: told,
                });
            }
        }
    }
}

impl Participant {
    fn slots(&self, stage: &Stage) -> Vec<Bound> {
        let bound = self.slots.iter().map(|slot| {
            let why = slot.bound.and_then(|track| match stage.get(&track) {
                None => Some(Why::Nobody),
                Some(shown) if shown.muted => Some(Why::Muted),
                Some(shown) if !shown.sent => Some(Why::Nobody),
                Some(_) if slot.kind == Kind::Video && slot.given.is_none() => Some(Why::Bandwidth),
                Some(_) => None,
            });
            Bound { mid: slot.mid.to_string(), track: slot.bound, why }
        });
        bound.collect()
    }

    /// The layers of this participant that somebody wants. A voice is always wanted.
    fn send(&self) -> Vec<(Source, Vec<Layer>)> {
        let mut send = Vec::new();
        for (source, _) in self.tracks.iter().filter(|(source, _)| self.rights.may_send(*source)) {
            let mut layers: Vec<Layer> = match source.kind() {
                Kind::Audio => vec![Layer::F],
                Kind::Video => {
                    let wanted = self.asked_for.iter().filter(|(wanted, ..)| wanted == source);
                    wanted.map(|(_, layer, _)| *layer).collect()
                }
            };
            layers.sort();
            send.push((*source, layers));
        }
        send
    }

    fn weigh(&mut self, now: Instant, stage: &Stage, slots: &[Bound]) {
        let no_video = slots.iter().any(|slot| slot.why == Some(Why::Bandwidth));
        let fewer_pixels = self.slots.iter().any(|slot| {
            let shown = slot.bound.and_then(|bound| stage.get(&bound));
            let mid = slot.mid.to_string();
            let want = self.wants.slots.iter().find(|want| want.mid == mid);
            match (shown, want, slot.given) {
                (Some(shown), Some(want), Some(given)) => shown
                    .steps(want.height, self.wants.low_data)
                    .last()
                    .is_some_and(|step| step.layer > given),
                _ => false,
            }
        });
        // It was asked for, and smaller layers come, but not this one.
        let sent_less = self.asked_for.iter().any(|(source, layer, _)| {
            self.track(*source)
                .is_some_and(|track| track.known(*layer) && track.any_flows(now) && !track.flows(*layer, now))
        });
        self.judge(fewer_pixels, no_video, sent_less);
    }
}
