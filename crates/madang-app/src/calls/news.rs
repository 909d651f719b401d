//! What devices are told of calls, and which of them.

use madang_model::{CallId, ParticipantId, PersonId, SessionId};

use super::call::Call;
use super::door::Slots;
use super::seal::GivenKey;
use super::signal::Signal;

/// A device in a call, as its socket is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub person: PersonId,
    pub session: SessionId,
    /// As the device named itself in its hello; empty for any of the session.
    pub device: String,
}

/// Why a call rings somebody no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RingOver {
    Answered,
    Declined,
    Cancelled,
    Missed,
}

impl RingOver {
    pub fn as_str(self) -> &'static str {
        match self {
            RingOver::Answered => "answered",
            RingOver::Declined => "declined",
            RingOver::Cancelled => "cancelled",
            RingOver::Missed => "missed",
        }
    }
}

#[derive(Debug, Clone)]
pub enum News {
    /// How a call is, for everybody in its space.
    State(Box<Call>),
    Ring {
        call: Box<Call>,
        people: Vec<PersonId>,
    },
    RingOver {
        call: CallId,
        why: RingOver,
        people: Vec<PersonId>,
    },
    /// For one device.
    Slots {
        call: CallId,
        participant: ParticipantId,
        to: Seat,
        slots: Slots,
    },
    /// For one device.
    Key {
        call: CallId,
        participant: ParticipantId,
        to: Seat,
        key: GivenKey,
    },
    Signal {
        call: CallId,
        from: ParticipantId,
        to: Vec<Seat>,
        signal: Signal,
    },
}
