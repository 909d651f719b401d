//! A space: what it is, what a command does to it, and what its log adds up to.

use serde::{Deserialize, Serialize};

use crate::bookmark::Bookmark;
use crate::card::Card;
use crate::desk::ticket::Ticket;
use crate::id::{PersonId, SpaceId, WorkspaceId};
use crate::meeting::MeetingFacts;
use crate::permission::{Actor, Role, SpaceRole};
use crate::position::Seq;

mod bookmarks;
mod decide;
mod meetings;
mod state;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod ticket_tests;
mod tickets;

pub use decide::{brought, create, decide, named};
pub use state::SpaceState;
pub use tickets::{Routed, open_ticket, routed};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpaceKind {
    /// Every member of the workspace may find, read and join it.
    Open,
    /// Only those who were added.
    Closed,
    /// Two or more people, fixed from the beginning.
    Direct,
    /// One visitor's matter at a desk, for whoever stands there.
    Ticket,
}

impl SpaceKind {
    pub fn as_str(self) -> &'static str {
        match self {
            SpaceKind::Open => "open",
            SpaceKind::Closed => "closed",
            SpaceKind::Direct => "direct",
            SpaceKind::Ticket => "ticket",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [SpaceKind::Open, SpaceKind::Closed, SpaceKind::Direct, SpaceKind::Ticket]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// What decisions need to know of a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceFacts {
    pub id: SpaceId,
    pub workspace: WorkspaceId,
    pub kind: SpaceKind,
    pub name: String,
    pub description: String,
    pub archived: bool,
    /// Set while the space is deleted and can still be restored (microseconds).
    pub deleted_until: Option<i64>,
    pub members: i64,
    pub pins: i64,
    pub head: Seq,
}

/// What decisions need to know of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFacts {
    pub seq: Seq,
    pub author: PersonId,
    pub thread: Option<Seq>,
    pub removed: bool,
    pub pinned: bool,
    /// Kinds of reaction on it.
    pub reaction_kinds: i64,
    /// Whether anybody gave the command's emoji.
    pub emoji_there: bool,
    /// Whether the actor gave the command's emoji.
    pub emoji_mine: bool,
    /// Whom it names, for a command that gives it another text.
    pub named: Vec<PersonId>,
    /// What it asks of people, with their answers; it need not have words.
    pub card: Option<Card>,
    /// For agents only.
    pub note: bool,
    /// What the actor chose, if it is an anonymous poll: no log says it.
    pub ballot: Vec<u16>,
}

/// The other person of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherFacts {
    pub person: PersonId,
    pub role: Option<Role>,
    pub membership: Option<SpaceRole>,
    /// Whether they stand at the desk of this ticket.
    pub agent: bool,
}

/// All that one decision may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    pub space: SpaceFacts,
    pub actor: Actor,
    /// The message the command names, if it exists.
    pub message: Option<MessageFacts>,
    pub other: Option<OtherFacts>,
    /// The row of the call that runs in the space; known when the command is about calls.
    pub call: Option<Seq>,
    /// The meeting the command names, if it exists.
    pub meeting: Option<MeetingFacts>,
    /// Of a ticket's space.
    pub ticket: Option<Ticket>,
    /// Those of the space, when the command is about bookmarks.
    pub bookmarks: Vec<Bookmark>,
}
