//! A call that is recorded: what is let in is written down, and asked of its senders as anybody asks who watches.

use std::time::{Duration, Instant};

use super::Call;
use super::participant::Participant;
use super::settle::Stage;
use crate::record::{Recorder, Stopped};
use crate::rtc::Packet;
use crate::track::{Kind, Layer, TrackName};

/// What the recorder wants is wanted until the next rounds say so again.
const WANTS: Duration = Duration::from_millis(500);

impl Call {
    /// Begins to record; files have `most` bytes at most, then another begins. One that is recorded goes on.
    pub fn record(&mut self, now: Instant, most: u64) {
        if self.recorder.is_none() {
            self.recorder = Some(Recorder::new(now, most));
            self.settle(now);
        }
    }

    pub fn is_recorded(&self) -> bool {
        self.recorder.is_some()
    }

    pub fn stop_recording(&mut self, now: Instant, why: Stopped) {
        if let Some(mut recorder) = self.recorder.take() {
            recorder.end(now, why);
            self.out.notes.append(&mut recorder.take());
        }
    }

    /// What was let in, and nothing else, comes here.
    pub(super) fn record_packet(&mut self, now: Instant, track: TrackName, packet: &Packet) {
        let Some(recorder) = &mut self.recorder else { return };
        // What breaks the recorder must end neither the call nor whoever sent it.
        let heard = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            recorder.hear(now, track, packet);
            recorder.take()
        }));
        match heard {
            Ok(mut notes) => self.out.notes.append(&mut notes),
            Err(_) => {
                tracing::error!(call.id = %self.id, "the recording broke and is ended; the call goes on");
                self.recorder = None;
                self.out.notes.push(crate::record::Note::Ended { at_us: 0, why: Stopped::Broke });
            }
        }
    }

    /// Notes who is muted and who speaks, and asks for what it wants to have.
    pub(super) fn record_round(&mut self, now: Instant, stage: &Stage) {
        let Some(mut recorder) = self.recorder.take() else { return };
        recorder.keep(now, |id| self.participants.contains_key(&id));
        recorder.speaks(now, self.speakers.speaker());
        for (track, shown) in stage {
            recorder.mute(now, *track, !shown.sent);
        }
        recorder.round(now);
        self.participants.values_mut().for_each(|it| it.is_wanted_whole(now));
        for (track, layer) in recorder.waits(now) {
            self.want_keyframe(track, layer);
        }
        self.out.notes.append(&mut recorder.take());
        self.recorder = Some(recorder);
    }
}

impl Participant {
    /// The recorder wants its pictures as tall as they come; of a line that does not carry those, the smallest.
    fn is_wanted_whole(&mut self, now: Instant) {
        let until = now + WANTS;
        for (source, track) in self.tracks.iter().filter(|(source, _)| source.kind() == Kind::Video) {
            let there = self.peer.layers(track.mid);
            let smallest = there.first().copied().filter(|_| !track.flows(Layer::F, now));
            for layer in there.last().copied().into_iter().chain(smallest) {
                let known = self.asked_for.iter_mut().find(|(of, it, _)| (*of, *it) == (*source, layer));
                match known {
                    Some((.., before)) => *before = until.max(*before),
                    None => self.asked_for.push((*source, layer, until)),
                }
            }
        }
    }
}
