//! Calls as the log knows them: that one began, and how it ended. Who is in a call while it runs is a signal and
//! stands in no log.

use serde::{Deserialize, Serialize};

use crate::event::Body;
use crate::id::PersonId;
use crate::position::Seq;

/// What is known of a call when it is over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// From its beginning until the last person left, in microseconds.
    pub lasted_us: i64,
    /// Who took part, in order of their coming.
    pub people: Vec<PersonId>,
    /// Who was called and neither came nor declined.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub missed: Vec<PersonId>,
}

/// An ending as it stands in the row of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallEnd {
    /// Time of the event in microseconds.
    pub at: i64,
    #[serde(flatten)]
    pub ending: Ending,
}

/// What the house writes down when a call is over: nothing when that was written before. `running` is the row of
/// the call that runs in the space by its log.
#[must_use]
pub fn end(running: Option<Seq>, started: Seq, ending: Ending) -> Vec<Body> {
    if running == Some(started) { vec![Body::CallEnded { started, ending }] } else { Vec::new() }
}
