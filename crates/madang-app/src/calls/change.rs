//! What somebody in a call says of themselves: what they send, what they want to see, that their hand is up. Each time
//! how it is to be, so that a request that comes twice changes nothing.

use std::sync::Arc;

use madang_model::{CallId, ParticipantId, PersonId, Refusal};

use super::call::Participant;
use super::door::{Source, Want};
use super::news::{News, Seat};
use super::signal::Signal;
use crate::app::App;
use crate::error::Result;

/// Slots of one participant.
const SLOTS: usize = 64;
/// Characters of the name of an m-line (RFC 8843, 15.1: a token; browsers use a few digits).
const MID: usize = 16;

/// Only what is there is changed.
#[derive(Debug, Clone, Default)]
pub struct Intent {
    pub microphone: Option<bool>,
    pub camera: Option<bool>,
    pub screen: Option<bool>,
    pub hand: Option<bool>,
    /// All video slots.
    pub slots: Option<Vec<Want>>,
    pub low_data: Option<bool>,
    /// The name of the device, when its socket has another one.
    pub device: Option<String>,
}

impl App {
    /// # Errors
    /// `CallOver`, `ParticipantGone`, `TooMany`, a refusal of the space, or what the store said.
    pub async fn change_participant(
        self: &Arc<Self>,
        person: PersonId,
        call: CallId,
        participant: ParticipantId,
        intent: Intent,
    ) -> Result<Participant> {
        self.may_be_in(person, call).await?;
        if intent.slots.as_ref().is_some_and(|it| it.len() > SLOTS || it.iter().any(|it| it.mid.len() > MID))
        {
            return Err(Refusal::TooMany { what: "slots", limit: SLOTS }.into());
        }
        let media = self.calls.media()?.clone();
        let now_us = self.clock.now_us();
        let Intent { slots, low_data, .. } = &intent;
        let wants = slots.is_some() || low_data.is_some();
        if wants {
            let (slots, low_data) = (slots.clone(), *low_data);
            let id = participant;
            self.calls.get(call).ok_or(Refusal::CallOver)?.own(person, id)?;
            self.calls.touch(call, id, |it| {
                let Ok(mine) = it.own(person, id) else { return };
                if let Some(slots) = slots {
                    mine.wants.slots = slots;
                }
                mine.wants.low_data = low_data.unwrap_or(mine.wants.low_data);
                media.want(call, id, mine.wants.clone());
            });
        }
        if !intent.is_seen_by_others() {
            let mut now = self.calls.get(call).ok_or(Refusal::CallOver)?;
            return Ok(now.own(person, participant)?.clone());
        }
        let (before, now) = self.calls.change(call, |it| {
            let mine = it.own(person, participant)?;
            let before = mine.clone();
            mine.follow(&intent, now_us);
            Ok((before, mine.clone()))
        })?;
        if before.muted != now.muted {
            media.allow(call, participant, now.rights, now.muted.iter().copied().collect());
        }
        if before.sources() != now.sources() {
            media.sends(call, participant, now.sources());
        }
        if before.hand.is_some() != now.hand.is_some() {
            self.show_hand(call, &now);
        }
        Ok(now)
    }

    fn show_hand(&self, call: CallId, who: &Participant) {
        let Some(running) = self.calls.get(call) else { return };
        let to: Vec<Seat> = running.seats(|it| it.id != who.id);
        let signal = Signal::Hand { up: who.hand.is_some() };
        self.calls.tell(News::Signal { call, from: who.id, to, signal });
    }
}

impl Intent {
    fn is_seen_by_others(&self) -> bool {
        self.microphone.is_some()
            || self.camera.is_some()
            || self.screen.is_some()
            || self.hand.is_some()
            || self.device.is_some()
    }
}

impl Participant {
    /// What a host muted is heard again when the person turns it on by their own hand: from off to on.
    fn follow(&mut self, intent: &Intent, now_us: i64) {
        let sent = [
            (&mut self.microphone, intent.microphone, Source::Microphone),
            (&mut self.camera, intent.camera, Source::Camera),
            (&mut self.screen, intent.screen, Source::Screen),
        ];
        for (is, wish, source) in sent {
            let Some(wish) = wish else { continue };
            if wish && !*is {
                self.muted.remove(&source);
                if source == Source::Screen {
                    self.muted.remove(&Source::ScreenAudio);
                }
            }
            *is = wish
                && match source {
                    Source::Camera => self.rights.camera,
                    Source::Screen => self.rights.screen,
                    _ => true,
                };
        }
        match intent.hand {
            Some(true) => {
                self.hand.get_or_insert(now_us);
            }
            Some(false) => self.hand = None,
            None => {}
        }
        if let Some(device) = &intent.device {
            self.seat.device.clone_from(device);
        }
    }
}
