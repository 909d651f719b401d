//! Rows: the current state of what stands in a space's history.
//!
//! A folded page is the rows of 64 neighbouring seqs with all later edits,
//! removals, reactions, replies and pins folded in. The same shape is built by
//! the server from its views, by the reference here from the log, and by the
//! web client from live events; the three must be equal.

use serde::{Deserialize, Serialize};

use crate::app_part::{AppPart, Unfurls};
use crate::call::CallEnd;
use crate::card::Card;
use crate::event::{Body, Event, FileRef, Forward, Posted};
use crate::id::PersonId;
use crate::meeting::Meeting;
use crate::position::Seq;

/// Repliers shown on a root message.
pub const REPLIERS: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub seq: Seq,
    pub at: i64,
    pub author: PersonId,
    /// The seq of the last event that changed this row.
    pub changed: Seq,
    /// For the agents of a ticket, and hidden from its visitor.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub staff: bool,
    #[serde(flatten)]
    pub content: RowContent,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RowContent {
    Message(MessageRow),
    /// Anything else that stands in the history: `{type, body}` as in the event.
    Notice(Body),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    #[serde(rename = "type")]
    pub kind: MessageTag,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_id: Option<String>,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub thread: Option<Seq>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub also: bool,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<FileRef>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub forward: Option<Forward>,
    /// What it asks of people, with their answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub card: Option<Box<Card>>,
    /// What an app gave it besides the text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub app: Option<Box<AppPart>>,
    /// What apps show of its links.
    #[serde(skip_serializing_if = "Unfurls::is_empty", default)]
    pub unfurls: Unfurls,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub edited_at: Option<i64>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub removed: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pinned: Option<Pinned>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub reactions: Vec<Reaction>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replies: Option<Replies>,
}

/// The one word by which a message row is told from a notice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageTag {
    #[default]
    #[serde(rename = "message")]
    Message,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    pub by: PersonId,
    pub at: i64,
}

/// One kind of reaction, with who gave it and by which event, oldest first.
/// Kinds are ordered by their oldest reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    pub emoji: String,
    pub people: Vec<(PersonId, Seq)>,
}

/// What a root message says of its thread. `last` and `people` only grow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replies {
    pub count: i64,
    pub last: Seq,
    pub last_at: i64,
    /// The first five different repliers, in order of their first reply.
    pub people: Vec<PersonId>,
}

impl Row {
    /// The row that an event begins, or nothing if it changes an earlier one.
    pub fn begun_by(event: &Event) -> Option<Row> {
        let content = match &event.body {
            Body::MessagePosted(posted) => RowContent::Message(MessageRow::new(event, posted)),
            body if body.is_row() => RowContent::Notice(body.clone()),
            _ => return None,
        };
        let Event { seq, at_us, author, staff, .. } = *event;
        Some(Row { seq, at: at_us, author, changed: seq, staff, content })
    }

    pub fn message(&self) -> Option<&MessageRow> {
        match &self.content {
            RowContent::Message(message) => Some(message),
            RowContent::Notice(_) => None,
        }
    }

    /// The meeting that was planned with this row, as it is.
    pub fn meeting(&self) -> Option<&Meeting> {
        match &self.content {
            RowContent::Notice(Body::MeetingPlanned(meeting)) => Some(meeting),
            _ => None,
        }
    }

    /// Folds what became of the meeting that was planned with this row.
    fn fold_meeting(&mut self, event: &Event) {
        let RowContent::Notice(Body::MeetingPlanned(meeting)) = &mut self.content else { return };
        match &event.body {
            Body::MeetingChanged { meeting: next, .. } => meeting.clone_from(next),
            Body::MeetingCancelled { .. } => meeting.cancelled = true,
            _ => return,
        }
        self.changed = event.seq;
    }

    fn message_mut(&mut self) -> Option<&mut MessageRow> {
        match &mut self.content {
            RowContent::Message(message) => Some(message),
            RowContent::Notice(_) => None,
        }
    }

    /// Folds an event about this row into it.
    pub fn fold(&mut self, event: &Event) {
        let (by, at, seq) = (event.author, event.at_us, event.seq);
        if let (Body::CallEnded { ending, .. }, RowContent::Notice(Body::CallStarted { ended, .. })) =
            (&event.body, &mut self.content)
        {
            *ended = Some(Box::new(CallEnd { at, ending: ending.clone() }));
            self.changed = seq;
        }
        self.fold_meeting(event);
        let Some(message) = self.message_mut() else { return };
        match &event.body {
            Body::MessageEdited { text, app, .. } => {
                if !message.removed {
                    message.text.clone_from(text);
                    message.app.clone_from(app);
                }
                message.edited_at = Some(at);
            }
            Body::MessageUnfurled { unfurls, .. } if !message.removed => message.unfurls.clone_from(unfurls),
            Body::MessageRemoved { .. } => message.blank(),
            Body::ReactionAdded { emoji, .. } if !message.removed => message.react(emoji, by, seq),
            Body::ReactionRemoved { emoji, .. } => message.unreact(emoji, by),
            Body::MessagePinned { .. } if !message.removed => message.pinned = Some(Pinned { by, at }),
            Body::MessageUnpinned { .. } => message.pinned = None,
            _ => {
                if let Some(card) = &mut message.card {
                    card.fold(event);
                }
            }
        }
        self.changed = seq;
    }

    /// Counts a reply on its root. `event` is the posted reply.
    pub fn fold_reply(&mut self, event: &Event) {
        let Some(message) = self.message_mut() else { return };
        let replies =
            message.replies.get_or_insert(Replies { count: 0, last: 0, last_at: 0, people: Vec::new() });
        replies.count += 1;
        replies.last = event.seq;
        replies.last_at = event.at_us;
        if replies.people.len() < REPLIERS && !replies.people.contains(&event.author) {
            replies.people.push(event.author);
        }
        self.changed = event.seq;
    }

    /// Takes a removed reply off its root.
    pub fn fold_reply_removed(&mut self, seq: Seq) {
        if let Some(replies) = self.message_mut().and_then(|message| message.replies.as_mut()) {
            replies.count -= 1;
        }
        self.changed = seq;
    }
}

impl MessageRow {
    fn new(event: &Event, posted: &Posted) -> Self {
        MessageRow {
            kind: MessageTag::Message,
            client_id: event.client_id.clone(),
            text: posted.text.clone(),
            thread: posted.thread,
            also: posted.also,
            files: posted.files.clone(),
            forward: posted.forward.clone(),
            card: posted.card.clone(),
            app: posted.app.clone(),
            unfurls: Unfurls::new(),
            edited_at: None,
            removed: posted.removed,
            pinned: None,
            reactions: Vec::new(),
            replies: None,
        }
    }

    fn blank(&mut self) {
        self.removed = true;
        self.text.clear();
        self.files.clear();
        self.forward = None;
        self.card = None;
        self.app = None;
        self.unfurls.clear();
        self.pinned = None;
        self.reactions.clear();
    }

    fn react(&mut self, emoji: &str, by: PersonId, seq: Seq) {
        match self.reactions.iter_mut().find(|it| it.emoji == emoji) {
            Some(reaction) if reaction.people.iter().any(|(person, _)| *person == by) => {}
            Some(reaction) => reaction.people.push((by, seq)),
            None => self.reactions.push(Reaction { emoji: emoji.to_owned(), people: vec![(by, seq)] }),
        }
    }

    fn unreact(&mut self, emoji: &str, by: PersonId) {
        for reaction in self.reactions.iter_mut().filter(|it| it.emoji == emoji) {
            reaction.people.retain(|(person, _)| *person != by);
        }
        self.reactions.retain(|it| !it.people.is_empty());
        self.reactions.sort_by_key(|it| it.people[0].1);
    }
}
