//! Events: the lines of a space's log, and how they are stored.
//!
//! A stored body is JSON with a version. Variants and fields are only ever
//! added; `testing/vectors/events.json` holds golden lines of each kind, as
//! they lie in the logs of houses. They are added to and never changed.

use serde::{Deserialize, Serialize};

use crate::app_part::{AppPart, Unfurls};
use crate::bookmark::Bookmark;
use crate::call::{CallEnd, Ending};
use crate::card::Counts;
use crate::desk::ticket::{
    AssignReason, CloseReason, Consent, Offer, Opening, Page, PassWhy, ReleaseReason, Target, WakeReason,
    Wants,
};
use crate::id::{BookmarkId, CallId, DeskId, PersonId, RecordingId, SpaceId};
use crate::meeting::Meeting;
use crate::permission::SpaceRole;
use crate::position::Seq;
pub use crate::posted::{FileRef, Forward, Picture, Posted};
use crate::space::SpaceKind;

/// The version written with every stored body.
pub const VERSION: u8 = 1;

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub space: SpaceId,
    pub seq: Seq,
    /// Microseconds since 1970, strictly increasing within the space.
    #[serde(rename = "at")]
    pub at_us: i64,
    pub author: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_id: Option<String>,
    /// For the agents of a ticket, and hidden from its visitor.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub staff: bool,
    #[serde(flatten)]
    pub body: Body,
}

impl Event {
    /// What stands in its place for whoever may not see it: only that something happened.
    #[must_use]
    pub fn hidden(&self) -> Event {
        Event {
            space: self.space,
            seq: self.seq,
            at_us: self.at_us,
            author: PersonId(0),
            client_id: None,
            staff: false,
            body: Body::Hidden {},
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "body")]
pub enum Body {
    #[serde(rename = "space.created")]
    SpaceCreated { name: String, kind: SpaceKind },
    /// Only the fields that changed are there.
    #[serde(rename = "space.changed")]
    SpaceChanged {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        description: Option<String>,
        /// The file shown as picture; an empty value takes it away.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        picture: Option<Picture>,
    },
    #[serde(rename = "space.archived")]
    SpaceArchived {},
    #[serde(rename = "space.unarchived")]
    SpaceUnarchived {},
    /// The space can be restored until this moment (microseconds since 1970).
    #[serde(rename = "space.deleted")]
    SpaceDeleted { until: i64 },
    #[serde(rename = "space.restored")]
    SpaceRestored {},
    /// What is written here, where not everybody reads, left the house with an export. The author asked for it.
    #[serde(rename = "space.exported")]
    SpaceExported {},
    /// A link stands above the conversation from here on.
    #[serde(rename = "bookmark.added")]
    BookmarkAdded(Bookmark),
    /// It is as this says from here on.
    #[serde(rename = "bookmark.changed")]
    BookmarkChanged(Bookmark),
    #[serde(rename = "bookmark.removed")]
    BookmarkRemoved { id: BookmarkId },
    #[serde(rename = "member.joined")]
    MemberJoined { person: PersonId, role: SpaceRole },
    /// The author is the person who left, or who removed them.
    #[serde(rename = "member.left")]
    MemberLeft { person: PersonId },
    #[serde(rename = "message.posted")]
    MessagePosted(Posted),
    #[serde(rename = "message.edited")]
    MessageEdited {
        message: Seq,
        text: String,
        /// Whom it names and did not name before.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        mentions: Vec<PersonId>,
        /// What an app gives it from here on; nothing, if it is not there.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        app: Option<Box<AppPart>>,
    },
    /// What an app shows of the links in a message: all that is shown from here on.
    #[serde(rename = "message.unfurled")]
    MessageUnfurled { message: Seq, unfurls: Unfurls },
    #[serde(rename = "message.removed")]
    MessageRemoved {
        message: Seq,
        /// The root, if the removed message was a reply, so that a reader who
        /// holds only the root can correct its number of replies.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        thread: Option<Seq>,
    },
    #[serde(rename = "reaction.added")]
    ReactionAdded { message: Seq, emoji: String },
    #[serde(rename = "reaction.removed")]
    ReactionRemoved { message: Seq, emoji: String },
    #[serde(rename = "message.pinned")]
    MessagePinned { message: Seq },
    #[serde(rename = "message.unpinned")]
    MessageUnpinned { message: Seq },
    /// The author asks these people to read the message.
    #[serde(rename = "message.reminded")]
    MessageReminded { message: Seq, people: Vec<PersonId> },
    /// A vote in a poll, which takes the place of the author's last one; without options it is taken back.
    #[serde(rename = "message.voted")]
    MessageVoted { message: Seq, options: Vec<u16> },
    /// The votes of an anonymous poll after somebody voted. The author is the poll's.
    #[serde(rename = "message.counted")]
    MessageCounted { message: Seq, counts: Counts },
    /// Nobody votes in the poll any more.
    #[serde(rename = "message.closed")]
    MessageClosed { message: Seq },
    /// An item of a checklist is done; items are counted from 0.
    #[serde(rename = "message.checked")]
    MessageChecked { message: Seq, item: u16 },
    #[serde(rename = "message.unchecked")]
    MessageUnchecked { message: Seq, item: u16 },
    /// Whose an item is; nobody's without a person.
    #[serde(rename = "message.assigned")]
    MessageAssigned {
        message: Seq,
        item: u16,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        person: Option<PersonId>,
    },
    /// The author has read the message and says so.
    #[serde(rename = "message.confirmed")]
    MessageConfirmed { message: Seq },
    /// A call begins in the space. `ended` is never stored with it: it is folded into the row when the call is over.
    #[serde(rename = "call.started")]
    CallStarted {
        call: CallId,
        /// Whether it was begun with cameras.
        video: bool,
        /// End-to-end encrypted: the house carried what it could not hear.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        sealed: bool,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        ended: Option<Box<CallEnd>>,
    },
    /// The call that began with the event `started` is over.
    #[serde(rename = "call.ended")]
    CallEnded {
        started: Seq,
        #[serde(flatten)]
        ending: Ending,
    },
    /// A call is planned in the space. How it became is folded into the row.
    #[serde(rename = "meeting.planned")]
    MeetingPlanned(Box<Meeting>),
    /// The meeting that was planned with the event `planned` as it is from here on.
    #[serde(rename = "meeting.changed")]
    MeetingChanged {
        planned: Seq,
        /// The one of the series that it is about, if it is about one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        occurrence: Option<String>,
        #[serde(flatten)]
        meeting: Box<Meeting>,
    },
    #[serde(rename = "meeting.cancelled")]
    MeetingCancelled {
        planned: Seq,
        title: String,
        /// Who was invited; everybody in the space if nobody is named.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        people: Vec<PersonId>,
    },
    /// A meeting is near, or begins. Written by the house, in the name of whoever planned it.
    #[serde(rename = "meeting.due")]
    MeetingDue {
        planned: Seq,
        title: String,
        /// Microseconds since 1970.
        start: i64,
        end: i64,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        people: Vec<PersonId>,
    },
    /// From here on a call is recorded. The author wished so.
    #[serde(rename = "recording.started")]
    RecordingStarted { recording: RecordingId, call: CallId },
    /// It is recorded no more. Its files follow as a message.
    #[serde(rename = "recording.ended")]
    RecordingEnded {
        recording: RecordingId,
        lasted_us: i64,
        /// A word: `asked`, `call_over`, `too_long`, `disk_full`, `disk_slow`, `disk_broken`, `cut_off` or `broke`.
        why: String,
    },
    /// A visitor comes to a desk, or comes back. The author is the visitor, or an agent who opens it again.
    #[serde(rename = "ticket.opened")]
    TicketOpened(Box<Opening>),
    /// The visitor wishes for something else.
    #[serde(rename = "ticket.wanted")]
    TicketWanted {
        wants: Wants,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        page: Option<Page>,
    },
    /// An agent is asked to help. Decided by the house; the author is the agent.
    #[serde(rename = "ticket.offered")]
    TicketOffered(Offer),
    /// An agent who was asked does not help.
    #[serde(rename = "ticket.passed")]
    TicketPassed { agent: PersonId, why: PassWhy },
    #[serde(rename = "ticket.assigned")]
    TicketAssigned { agent: PersonId, why: AssignReason },
    /// It waits again.
    #[serde(rename = "ticket.released")]
    TicketReleased { agent: PersonId, why: ReleaseReason },
    /// It waits at another desk.
    #[serde(rename = "ticket.moved")]
    TicketMoved { desk: DeskId },
    /// Microseconds since 1970.
    #[serde(rename = "ticket.snoozed")]
    TicketSnoozed { until: i64 },
    #[serde(rename = "ticket.woken")]
    TicketWoken { why: WakeReason },
    #[serde(rename = "ticket.closed")]
    TicketClosed { by: CloseReason },
    #[serde(rename = "ticket.tagged")]
    TicketTagged { tags: Vec<String> },
    #[serde(rename = "ticket.prioritised")]
    TicketPrioritised { priority: u8 },
    #[serde(rename = "ticket.renamed")]
    TicketRenamed { subject: String },
    /// The visitor, who is the author, and an agent are in a call together for the first time in this round.
    #[serde(rename = "ticket.met")]
    TicketMet { agent: PersonId },
    /// What the desk wants to reach was not reached by then (microseconds since 1970). Decided by the house, in the name of
    /// the agent, or of the visitor who waits.
    #[serde(rename = "ticket.overdue")]
    TicketOverdue { target: Target, due: i64 },
    #[serde(rename = "ticket.rated")]
    TicketRated { round: u32, stars: u8, comment: String },
    /// The visitor allows agents something, until it is withdrawn or the ticket closed.
    #[serde(rename = "consent.given")]
    ConsentGiven { to: Consent },
    #[serde(rename = "consent.withdrawn")]
    ConsentWithdrawn { to: Consent },
    /// Never stored: what is served in the place of an event that somebody may not see.
    #[serde(rename = "hidden")]
    Hidden {},
}

impl Body {
    /// Whether it says that this person left, or was taken out.
    pub fn is_leaving_of(&self, someone: PersonId) -> bool {
        matches!(self, Body::MemberLeft { person } if *person == someone)
    }

    /// The name of the kind, as in JSON and in the `type` column.
    pub fn kind(&self) -> &'static str {
        match self {
            Body::SpaceCreated { .. } => "space.created",
            Body::SpaceChanged { .. } => "space.changed",
            Body::SpaceArchived {} => "space.archived",
            Body::SpaceUnarchived {} => "space.unarchived",
            Body::SpaceDeleted { .. } => "space.deleted",
            Body::SpaceRestored {} => "space.restored",
            Body::SpaceExported {} => "space.exported",
            Body::BookmarkAdded(_) => "bookmark.added",
            Body::BookmarkChanged(_) => "bookmark.changed",
            Body::BookmarkRemoved { .. } => "bookmark.removed",
            Body::MemberJoined { .. } => "member.joined",
            Body::MemberLeft { .. } => "member.left",
            Body::MessagePosted(_) => "message.posted",
            Body::MessageEdited { .. } => "message.edited",
            Body::MessageUnfurled { .. } => "message.unfurled",
            Body::MessageRemoved { .. } => "message.removed",
            Body::ReactionAdded { .. } => "reaction.added",
            Body::ReactionRemoved { .. } => "reaction.removed",
            Body::MessagePinned { .. } => "message.pinned",
            Body::MessageUnpinned { .. } => "message.unpinned",
            Body::MessageReminded { .. } => "message.reminded",
            Body::MessageVoted { .. } => "message.voted",
            Body::MessageCounted { .. } => "message.counted",
            Body::MessageClosed { .. } => "message.closed",
            Body::MessageChecked { .. } => "message.checked",
            Body::MessageUnchecked { .. } => "message.unchecked",
            Body::MessageAssigned { .. } => "message.assigned",
            Body::MessageConfirmed { .. } => "message.confirmed",
            Body::CallStarted { .. } => "call.started",
            Body::CallEnded { .. } => "call.ended",
            Body::MeetingPlanned(_) => "meeting.planned",
            Body::MeetingChanged { .. } => "meeting.changed",
            Body::MeetingCancelled { .. } => "meeting.cancelled",
            Body::MeetingDue { .. } => "meeting.due",
            Body::RecordingStarted { .. } => "recording.started",
            Body::RecordingEnded { .. } => "recording.ended",
            Body::TicketOpened(_) => "ticket.opened",
            Body::TicketWanted { .. } => "ticket.wanted",
            Body::TicketOffered(_) => "ticket.offered",
            Body::TicketPassed { .. } => "ticket.passed",
            Body::TicketAssigned { .. } => "ticket.assigned",
            Body::TicketReleased { .. } => "ticket.released",
            Body::TicketMoved { .. } => "ticket.moved",
            Body::TicketSnoozed { .. } => "ticket.snoozed",
            Body::TicketWoken { .. } => "ticket.woken",
            Body::TicketClosed { .. } => "ticket.closed",
            Body::TicketTagged { .. } => "ticket.tagged",
            Body::TicketPrioritised { .. } => "ticket.prioritised",
            Body::TicketRenamed { .. } => "ticket.renamed",
            Body::TicketMet { .. } => "ticket.met",
            Body::TicketOverdue { .. } => "ticket.overdue",
            Body::TicketRated { .. } => "ticket.rated",
            Body::ConsentGiven { .. } => "consent.given",
            Body::ConsentWithdrawn { .. } => "consent.withdrawn",
            Body::Hidden {} => "hidden",
        }
    }

    /// Whether it is for agents only by what it is. What happens to a note is too, which the log knows.
    pub fn is_staff(&self) -> bool {
        match self {
            Body::MessagePosted(posted) => posted.note,
            // What stands above a ticket is laid out by who helps.
            Body::BookmarkAdded(_) | Body::BookmarkChanged(_) | Body::BookmarkRemoved { .. } => true,
            Body::TicketOffered(_)
            | Body::TicketPassed { .. }
            | Body::TicketSnoozed { .. }
            | Body::TicketWoken { .. }
            | Body::TicketTagged { .. }
            | Body::TicketPrioritised { .. }
            | Body::TicketRenamed { .. }
            | Body::TicketOverdue { .. } => true,
            _ => false,
        }
    }

    /// The earlier message that it changes, or says something of.
    pub fn message(&self) -> Option<Seq> {
        match self {
            Body::MessageEdited { message, .. }
            | Body::MessageUnfurled { message, .. }
            | Body::MessageRemoved { message, .. }
            | Body::ReactionAdded { message, .. }
            | Body::ReactionRemoved { message, .. }
            | Body::MessagePinned { message }
            | Body::MessageUnpinned { message }
            | Body::MessageReminded { message, .. }
            | Body::MessageVoted { message, .. }
            | Body::MessageCounted { message, .. }
            | Body::MessageClosed { message }
            | Body::MessageChecked { message, .. }
            | Body::MessageUnchecked { message, .. }
            | Body::MessageAssigned { message, .. }
            | Body::MessageConfirmed { message } => Some(*message),
            _ => None,
        }
    }

    /// Whether the event is a row of its own in the history, rather than a
    /// change of an earlier row.
    pub fn is_row(&self) -> bool {
        !matches!(
            self,
            Body::MessageEdited { .. }
                | Body::MessageUnfurled { .. }
                | Body::MessageRemoved { .. }
                | Body::ReactionAdded { .. }
                | Body::ReactionRemoved { .. }
                | Body::MessagePinned { .. }
                | Body::MessageUnpinned { .. }
                | Body::MessageReminded { .. }
                | Body::MessageVoted { .. }
                | Body::MessageCounted { .. }
                | Body::MessageClosed { .. }
                | Body::MessageChecked { .. }
                | Body::MessageUnchecked { .. }
                | Body::MessageAssigned { .. }
                | Body::MessageConfirmed { .. }
                | Body::CallEnded { .. }
                | Body::MeetingDue { .. }
                | Body::Hidden {}
        )
    }

    /// The bytes that are sealed and stored.
    pub fn to_stored(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Stored<'a> {
            v: u8,
            #[serde(flatten)]
            body: &'a Body,
        }
        serde_json::to_vec(&Stored { v: VERSION, body: self }).expect("a body has only text keys")
    }

    /// Reads stored bytes of this or an older version.
    pub fn from_stored(bytes: &[u8]) -> Result<Body, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// What may still be served of a body whose message was removed.
    pub fn blanked(self) -> Body {
        match self {
            Body::MessagePosted(posted) => Body::MessagePosted(Posted {
                thread: posted.thread,
                also: posted.also,
                note: posted.note,
                removed: true,
                ..Posted::default()
            }),
            Body::MessageEdited { message, .. } => {
                Body::MessageEdited { message, text: String::new(), mentions: Vec::new(), app: None }
            }
            Body::MessageUnfurled { message, .. } => {
                Body::MessageUnfurled { message, unfurls: Unfurls::new() }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn what_was_stored_is_read_for_good_and_written_the_same() {
        let golden = include_str!("../../../testing/vectors/events.json");
        let lines: Vec<&RawValue> = serde_json::from_str(golden).expect("a list");
        let mut kinds = BTreeSet::new();
        for line in lines {
            let body =
                Body::from_stored(line.get().as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(String::from_utf8(body.to_stored()).expect("JSON"), line.get());
            kinds.insert(body.kind());
        }
        // All that there are, by the names that stand before the variants.
        let named = include_str!("event.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix("#[serde(rename = \""));
        let all: BTreeSet<&str> =
            named.filter_map(|it| it.strip_suffix("\")]")).filter(|it| it.contains('.')).collect();
        assert!(all.len() > 30, "{all:?}");
        assert_eq!(kinds, all, "every kind has golden lines");
    }
}
