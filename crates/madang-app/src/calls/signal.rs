//! What people in a call show each other and nobody keeps: reactions, a finger, drawing on what is shared.

use std::sync::Arc;

use madang_model::{CallId, ParticipantId, Refusal, text};

use super::call::Call;
use super::door::{Source, Track};
use super::news::{News, Seat};
use crate::app::App;
use crate::error::Result;

/// Points of one signal; a hand makes some 60 in a second, and signals are sent 30 times in one.
const POINTS: usize = 100;
/// Characters of the name of a stroke.
const STROKE: usize = 32;
/// Colours there are.
const COLOURS: u8 = 8;

/// Places are fractions of the frame, 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    Reaction {
        emoji: String,
    },
    Hand {
        up: bool,
    },
    /// A host asks for a microphone or camera to be turned on.
    AskedToUnmute {
        source: Source,
    },
    /// Whoever waited may come in.
    Admitted,
    Pointer {
        track: Track,
        x: f32,
        y: f32,
    },
    Ink {
        track: Track,
        stroke: String,
        points: Vec<(f32, f32)>,
        colour: u8,
        stay: bool,
        done: bool,
    },
    InkUndo {
        track: Track,
        stroke: String,
    },
    InkClear {
        track: Track,
    },
}

impl Signal {
    /// Whether it may be passed on as it came from a device.
    fn is_showable(&self) -> bool {
        let inside = |place: &f32| (0.0..=1.0).contains(place);
        match self {
            Signal::Pointer { x, y, .. } => inside(x) && inside(y),
            Signal::Ink { stroke, points, colour, .. } => {
                stroke.chars().count() <= STROKE
                    && points.len() <= POINTS
                    && *colour < COLOURS
                    && points.iter().all(|(x, y)| inside(x) && inside(y))
            }
            Signal::InkUndo { stroke, .. } => stroke.chars().count() <= STROKE,
            Signal::InkClear { .. } => true,
            Signal::Reaction { .. }
            | Signal::Hand { .. }
            | Signal::AskedToUnmute { .. }
            | Signal::Admitted => false,
        }
    }
}

impl App {
    /// Passes on what a device in a call shows to the others in it. What means nothing does nothing.
    pub fn show_in_call(&self, seat: &Seat, call: CallId, signal: Signal) {
        if !signal.is_showable() {
            return;
        }
        let found = self.calls.look(call, |it| {
            let from = it.seated(seat)?;
            Some((from, it.seats(|it| it.id != from)))
        });
        if let Some((from, to)) = found {
            self.calls.tell(News::Signal { call, from, to, signal });
        }
    }

    /// A host asks somebody to turn their microphone or camera on by their own hand.
    pub fn ask_to_unmute(&self, seat: &Seat, call: CallId, participant: ParticipantId, source: Source) {
        let found = self.calls.look(call, |it| {
            let from = it.seated(seat).filter(|from| it.host == Some(*from))?;
            Some((from, it.seats(|it| it.id == participant)))
        });
        if let Some((from, to)) = found {
            self.calls.tell(News::Signal { call, from, to, signal: Signal::AskedToUnmute { source } });
        }
    }

    /// Shows everybody in the call an emoji for a moment, the one who sends it as well.
    ///
    /// # Errors
    /// `CallOver`, `ParticipantGone` for who is not in it, `Invalid` for what is no emoji, a refusal of the space, or
    /// what the store said.
    pub async fn react_in_call(self: &Arc<Self>, seat: &Seat, call: CallId, emoji: &str) -> Result<()> {
        let call: Call = self.may_be_in(seat.person, call).await?;
        let from = call.seated(seat).ok_or(Refusal::ParticipantGone)?;
        let emoji = text::normalize_emoji(emoji).ok_or_else(|| Refusal::Invalid {
            what: "emoji",
            why: "give an emoji or the name of one".into(),
        })?;
        let to = call.seats(|_| true);
        self.calls.tell(News::Signal { call: call.id, from, to, signal: Signal::Reaction { emoji } });
        Ok(())
    }
}
