//! Commands: what somebody asks of a space.

use crate::app_part::{AppPart, Unfurls};
use crate::bookmark::Bookmark;
use crate::card::Card;
use crate::desk::ticket::TicketCommand;
use crate::event::{FileRef, Forward, Picture};
use crate::id::{BookmarkId, CallId, PersonId};
use crate::meeting::Wish;
use crate::permission::SpaceRole;
use crate::position::Seq;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    PostMessage(Draft),
    EditMessage {
        message: Seq,
        text: String,
        /// What an app gives it from here on.
        app: Option<Box<AppPart>>,
    },
    /// Shows something of the links in a message: all that is shown from here on.
    UnfurlMessage {
        message: Seq,
        unfurls: Unfurls,
    },
    RemoveMessage {
        message: Seq,
    },
    AddReaction {
        message: Seq,
        emoji: String,
    },
    RemoveReaction {
        message: Seq,
        emoji: String,
    },
    PinMessage {
        message: Seq,
    },
    UnpinMessage {
        message: Seq,
    },
    /// Let a link stand above the conversation.
    AddBookmark(Bookmark),
    /// What is left out stays as it is; an empty emoji takes it away.
    ChangeBookmark {
        bookmark: BookmarkId,
        title: Option<String>,
        link: Option<String>,
        emoji: Option<String>,
    },
    RemoveBookmark {
        bookmark: BookmarkId,
    },
    /// Ask these people, who have not read the message, to read it.
    RemindReaders {
        message: Seq,
        people: Vec<PersonId>,
    },
    /// Vote in a poll; without options, take the vote back.
    Vote {
        message: Seq,
        options: Vec<u16>,
    },
    ClosePoll {
        message: Seq,
    },
    CheckItem {
        message: Seq,
        item: u16,
        done: bool,
    },
    AssignItem {
        message: Seq,
        item: u16,
        person: Option<PersonId>,
    },
    ConfirmMessage {
        message: Seq,
    },
    /// Begin a call, unless one runs in the space. That it is over is written down by the house.
    StartCall {
        call: CallId,
        video: bool,
        sealed: bool,
    },
    /// Plan a call.
    PlanMeeting(Box<Wish>),
    ChangeMeeting {
        meeting: Seq,
        wish: Box<Wish>,
    },
    /// Set one of a series to another time (on the clock of its zone, and minutes), or let it be left out.
    ChangeOneMeeting {
        meeting: Seq,
        occurrence: String,
        at: Option<(String, u32)>,
    },
    CancelMeeting {
        meeting: Seq,
    },
    Ticket(TicketCommand),
    ChangeSpace {
        name: Option<String>,
        description: Option<String>,
        picture: Option<Picture>,
    },
    ArchiveSpace,
    UnarchiveSpace,
    DeleteSpace,
    RestoreSpace,
    JoinSpace,
    LeaveSpace,
    /// `role` is the highest role the person can have here; a guest of the
    /// workspace stays a guest.
    AddMember {
        person: PersonId,
        role: SpaceRole,
    },
    RemoveMember {
        person: PersonId,
    },
}

/// A message before it is posted. Files and the forwarded message have been
/// looked up with the author's own rights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub text: String,
    pub thread: Option<Seq>,
    pub also: bool,
    pub files: Vec<FileRef>,
    pub forward: Option<Forward>,
    pub card: Option<Box<Card>>,
    pub app: Option<Box<AppPart>>,
    /// For agents only: a note in a ticket.
    pub note: bool,
}

impl Command {
    /// The message the command is about, whose facts the scene must hold.
    pub fn message(&self) -> Option<Seq> {
        match self {
            Command::PostMessage(draft) => draft.thread,
            Command::EditMessage { message, .. }
            | Command::UnfurlMessage { message, .. }
            | Command::RemoveMessage { message }
            | Command::AddReaction { message, .. }
            | Command::RemoveReaction { message, .. }
            | Command::PinMessage { message }
            | Command::UnpinMessage { message }
            | Command::RemindReaders { message, .. }
            | Command::Vote { message, .. }
            | Command::ClosePoll { message }
            | Command::CheckItem { message, .. }
            | Command::AssignItem { message, .. }
            | Command::ConfirmMessage { message } => Some(*message),
            _ => None,
        }
    }

    /// The meeting the command is about, whose facts the scene must hold.
    pub fn meeting(&self) -> Option<Seq> {
        match self {
            Command::ChangeMeeting { meeting, .. }
            | Command::ChangeOneMeeting { meeting, .. }
            | Command::CancelMeeting { meeting } => Some(*meeting),
            _ => None,
        }
    }

    /// Whether it is about bookmarks, which the scene must hold.
    pub fn is_about_bookmarks(&self) -> bool {
        matches!(
            self,
            Command::AddBookmark(_) | Command::ChangeBookmark { .. } | Command::RemoveBookmark { .. }
        )
    }

    /// The emoji whose presence the scene must know.
    pub fn emoji(&self) -> Option<&str> {
        match self {
            Command::AddReaction { emoji, .. } | Command::RemoveReaction { emoji, .. } => Some(emoji),
            _ => None,
        }
    }

    /// The other person the command is about.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Command::AddMember { person, .. } | Command::RemoveMember { person } => Some(*person),
            Command::AssignItem { person, .. } => *person,
            Command::Ticket(TicketCommand::GiveTo { agent }) => Some(*agent),
            _ => None,
        }
    }
}
