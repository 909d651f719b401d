//! What the media server tells, from its own threads: whoever listens must not block.

use madang_model::{CallId, ParticipantId};

use crate::numbers::Numbers;
use crate::record::Stopped;
use crate::slot::Slots;

#[derive(Debug, Clone)]
pub enum Event {
    /// Packets flow (again).
    Connected { call: CallId, participant: ParticipantId },
    /// Nothing has come for five seconds; the participant may come back by an ICE restart.
    Lost { call: CallId, participant: ParticipantId },
    /// Nothing has come for twenty seconds, or the client closed: the participant is out.
    Gone { call: CallId, participant: ParticipantId },
    /// For this participant's device alone.
    Slots { call: CallId, participant: ParticipantId, slots: Slots },
    /// Who speaks most, for everybody.
    Speaker { call: CallId, participant: Option<ParticipantId> },
    /// A recording has ended, and all that there is of it is on the disk.
    Recorded { call: CallId, why: Stopped },
    /// Every five seconds for each call that runs.
    Numbers { call: CallId, numbers: Vec<Numbers> },
}
