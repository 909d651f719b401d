//! Registers: last value only, one `rev` per person.
//!
//! A register is for one person's own devices. Its key is text with a fixed
//! first word; this is the list of them.

use serde::{Deserialize, Serialize};

use crate::id::SpaceId;
use crate::position::Seq;

/// How much a person wants to hear of a space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Involvement {
    Nothing,
    Mentions,
    #[default]
    Everything,
}

impl Involvement {
    pub fn as_str(self) -> &'static str {
        match self {
            Involvement::Nothing => "nothing",
            Involvement::Mentions => "mentions",
            Involvement::Everything => "everything",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Involvement::Nothing, Involvement::Mentions, Involvement::Everything]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// The key of a register.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// `{seq, unread, mentions, head}`: the read marker, and the counts as of `head`.
    Read(SpaceId),
    /// `{state: "in", role, joined}` or `{state: "out"}`.
    Membership(SpaceId),
    /// `{level}`.
    Involvement(SpaceId),
    /// `{text, at}`, or null once it was sent or emptied; of the space or of one thread.
    Draft(SpaceId, Option<Seq>),
    /// `{language?, theme?, quiet?, …}`: what a person chose for all their devices.
    Settings,
    /// `{unread, read_at}`: how much of the activity list is new.
    Activity,
    /// `{reachable, why}`: an agent's own switch, and who turned it: "self", or "missed" when offers ran out.
    Agent,
    /// `{at, remind_at?, told_at?}`: a message kept for later, or null.
    Saved(SpaceId, Seq),
    /// `{options}`: what a person chose in an anonymous poll.
    Vote(SpaceId, Seq),
    /// `{space, thread?, also?, text, at, refused?}`: a message to be sent at a time, or null.
    Scheduled(String),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Read(space) => write!(f, "read/{space}"),
            Key::Membership(space) => write!(f, "membership/{space}"),
            Key::Involvement(space) => write!(f, "involvement/{space}"),
            Key::Draft(space, None) => write!(f, "draft/{space}"),
            Key::Draft(space, Some(root)) => write!(f, "draft/{space}/{root}"),
            Key::Settings => f.write_str("settings"),
            Key::Activity => f.write_str("activity"),
            Key::Agent => f.write_str("agent"),
            Key::Saved(space, seq) => write!(f, "saved/{space}/{seq}"),
            Key::Vote(space, seq) => write!(f, "vote/{space}/{seq}"),
            Key::Scheduled(id) => write!(f, "scheduled/{id}"),
        }
    }
}
