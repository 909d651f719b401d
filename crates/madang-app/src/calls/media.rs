//! What the media server says of who is in a call.

use std::sync::Arc;

use madang_model::{CallId, ParticipantId};

use super::call::State;
use super::door::Slots;
use super::news::News;
use crate::app::App;

/// Said from the media server's own threads.
#[derive(Debug, Clone)]
pub enum MediaSaid {
    Connected(CallId, ParticipantId),
    /// Nothing comes from them.
    Lost(CallId, ParticipantId),
    /// They are out.
    Gone(CallId, ParticipantId),
    Slots(CallId, ParticipantId, Slots),
    Speaker(CallId, Option<ParticipantId>),
    /// A recording is over, by a word, and on the disk.
    Recorded(CallId, &'static str),
}

impl App {
    /// Takes in what the media server said.
    pub fn media_said(self: &Arc<Self>, said: MediaSaid) {
        match said {
            MediaSaid::Connected(call, participant) => {
                self.is_now(call, participant, State::Connected);
                if let Some(call) = self.calls.get(call) {
                    self.may_have_met(&call);
                }
            }
            MediaSaid::Lost(call, participant) => self.is_now(call, participant, State::Away),
            MediaSaid::Gone(call, participant) => self.drop_out(call, |it| it.id == participant),
            MediaSaid::Slots(call, participant, slots) => self.pass_on(call, participant, slots),
            MediaSaid::Recorded(call, why) => self.recording_over(call, why),
            MediaSaid::Speaker(call, speaker) => {
                // A call that is over has no speaker.
                let _ = self.calls.change(call, |it| {
                    it.speaker = speaker;
                    Ok(())
                });
            }
        }
    }

    fn is_now(&self, call: CallId, participant: ParticipantId, state: State) {
        let now_us = self.clock.now_us();
        // Whoever is out already is in no state.
        let _ = self.calls.change(call, |it| {
            let them = it.participant(participant)?;
            (them.state, them.state_since) = (state, now_us);
            Ok(())
        });
    }

    /// Tells a device what its slots hold; everybody, when its connection got better or worse.
    fn pass_on(&self, call: CallId, participant: ParticipantId, slots: Slots) {
        let quality = slots.quality;
        let mut told = None;
        self.calls.touch(call, participant, |it| {
            let Ok(them) = it.participant(participant) else { return };
            let is_newer = them.slots.as_ref().is_none_or(|it| it.n < slots.n);
            if is_newer {
                them.slots = Some(slots.clone());
                told = Some((them.seat.clone(), them.quality != Some(quality)));
            }
        });
        let Some((to, is_other)) = told else { return };
        self.calls.tell(News::Slots { call, participant, to, slots });
        if is_other {
            let _ = self.calls.change(call, |it| {
                it.participant(participant)?.quality = Some(quality);
                Ok(())
            });
        }
    }
}
