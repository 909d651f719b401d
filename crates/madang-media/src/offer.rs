//! How one joins: an offer, its answer, or why not.

use crate::slot::Slots;
use crate::track::{Kind, Source};

/// What a client offers when it joins. All m-lines come at once and stay.
#[derive(Debug, Clone)]
pub struct Offer {
    pub sdp: String,
    /// The m-lines (by mid) on which the client sends.
    pub publish: Vec<(String, Source)>,
    /// The m-lines (by mid) on which it receives: its slots, in its own order.
    pub receive: Vec<(String, Kind)>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub sdp: String,
    /// What its slots hold at once.
    pub slots: Slots,
}

/// Why the media server says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("there is no such call, or it is over")]
    CallOver,
    #[error("this participant has left or was never in the call")]
    ParticipantGone,
    /// The offer cannot be read, or is none that this server can answer.
    #[error("the offer cannot be answered: {0}")]
    BadOffer(String),
    /// The call has as many participants as it may have, or the server as many calls.
    #[error("there is no room for one more")]
    Full,
    /// The media threads have ended: the server is stopping.
    #[error("media is stopped")]
    Stopped,
}
