//! The reference: a space as the sum of its log.
//!
//! Slow and simple on purpose. Tests hold the store's views and the client's
//! pages against it (invariant 6). `apply` cannot fail (invariant 5).

use std::collections::BTreeMap;

use super::decide::named;
use super::{MessageFacts, OtherFacts, Scene, SpaceFacts, SpaceKind};
use crate::bookmark::Bookmark;
use crate::card::Card;
use crate::command::Command;
use crate::desk::ticket::Ticket;
use crate::event::{Body, Event};
use crate::id::{FileId, PersonId, SpaceId, WorkspaceId};
use crate::meeting::MeetingFacts;
use crate::permission::{Actor, Role, SpaceRole};
use crate::position::{PAGE, Seq};
use crate::row::Row;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceState {
    pub id: SpaceId,
    pub workspace: WorkspaceId,
    pub kind: SpaceKind,
    pub name: String,
    pub description: String,
    pub picture: Option<FileId>,
    pub archived: bool,
    pub deleted_until: Option<i64>,
    pub members: BTreeMap<PersonId, SpaceRole>,
    /// In the order in which they were added.
    pub bookmarks: Vec<Bookmark>,
    /// The row of the call that runs.
    pub call: Option<Seq>,
    pub ticket: Option<Ticket>,
    pub rows: BTreeMap<Seq, Row>,
    pub head: Seq,
    pub last_at_us: i64,
}

impl SpaceState {
    pub fn new(id: SpaceId, workspace: WorkspaceId) -> Self {
        SpaceState {
            id,
            workspace,
            kind: SpaceKind::Closed,
            name: String::new(),
            description: String::new(),
            picture: None,
            archived: false,
            deleted_until: None,
            members: BTreeMap::new(),
            bookmarks: Vec::new(),
            call: None,
            ticket: None,
            rows: BTreeMap::new(),
            head: 0,
            last_at_us: 0,
        }
    }

    /// Adds the next event. An event that was applied before changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.seq <= self.head {
            return;
        }
        self.head = event.seq;
        self.last_at_us = event.at_us;
        match &event.body {
            Body::SpaceCreated { name, kind } => {
                self.kind = *kind;
                self.name.clone_from(name);
            }
            Body::SpaceChanged { name, description, picture } => {
                name.iter().for_each(|it| self.name.clone_from(it));
                description.iter().for_each(|it| self.description.clone_from(it));
                picture.iter().for_each(|it| self.picture = it.file);
            }
            Body::SpaceArchived {} => self.archived = true,
            Body::SpaceUnarchived {} => self.archived = false,
            Body::SpaceDeleted { until } => self.deleted_until = Some(*until),
            Body::SpaceRestored {} => self.deleted_until = None,
            Body::SpaceExported {} | Body::RecordingStarted { .. } | Body::RecordingEnded { .. } => {}
            Body::BookmarkAdded(bookmark) => self.bookmarks.push(bookmark.clone()),
            Body::BookmarkChanged(bookmark) => {
                if let Some(kept) = self.bookmarks.iter_mut().find(|it| it.id == bookmark.id) {
                    kept.clone_from(bookmark);
                }
            }
            Body::BookmarkRemoved { id } => self.bookmarks.retain(|it| it.id != *id),
            Body::MemberJoined { person, role } => {
                self.members.insert(*person, *role);
            }
            Body::MemberLeft { person } => {
                self.members.remove(person);
            }
            Body::MessagePosted(posted) => {
                if let Some(root) = posted.thread.and_then(|root| self.rows.get_mut(&root)) {
                    root.fold_reply(event);
                }
            }
            Body::MessageRemoved { message, thread } => {
                self.fold(*message, event);
                if let Some(root) = thread.and_then(|root| self.rows.get_mut(&root)) {
                    root.fold_reply_removed(event.seq);
                }
            }
            Body::MessageEdited { message, .. }
            | Body::MessageUnfurled { message, .. }
            | Body::ReactionAdded { message, .. }
            | Body::ReactionRemoved { message, .. }
            | Body::MessagePinned { message }
            | Body::MessageUnpinned { message }
            | Body::MessageVoted { message, .. }
            | Body::MessageCounted { message, .. }
            | Body::MessageClosed { message }
            | Body::MessageChecked { message, .. }
            | Body::MessageUnchecked { message, .. }
            | Body::MessageAssigned { message, .. }
            | Body::MessageConfirmed { message } => self.fold(*message, event),
            Body::MessageReminded { .. } => {}
            Body::CallStarted { .. } => self.call = Some(event.seq),
            Body::CallEnded { started, .. } => {
                self.call = self.call.filter(|running| running != started);
                self.fold(*started, event);
            }
            Body::MeetingPlanned(_) | Body::MeetingDue { .. } => {}
            Body::MeetingChanged { planned, .. } | Body::MeetingCancelled { planned, .. } => {
                self.fold(*planned, event);
            }
            Body::TicketOpened(opening) if self.ticket.is_none() => {
                self.ticket = Some(Ticket::begun(event, opening));
            }
            Body::TicketOpened(_)
            | Body::TicketWanted { .. }
            | Body::TicketOffered(_)
            | Body::TicketPassed { .. }
            | Body::TicketAssigned { .. }
            | Body::TicketReleased { .. }
            | Body::TicketMoved { .. }
            | Body::TicketSnoozed { .. }
            | Body::TicketWoken { .. }
            | Body::TicketClosed { .. }
            | Body::TicketTagged { .. }
            | Body::TicketPrioritised { .. }
            | Body::TicketRenamed { .. }
            | Body::TicketMet { .. }
            | Body::TicketOverdue { .. }
            | Body::TicketRated { .. }
            | Body::ConsentGiven { .. }
            | Body::ConsentWithdrawn { .. }
            | Body::Hidden {} => {}
        }
        if let Some(ticket) = &mut self.ticket {
            ticket.apply(event);
        }
        if let Some(row) = Row::begun_by(event) {
            self.rows.insert(event.seq, row);
        }
    }

    fn fold(&mut self, message: Seq, event: &Event) {
        if let Some(row) = self.rows.get_mut(&message) {
            row.fold(event);
        }
    }

    /// The rows of page `n`, oldest first.
    pub fn page(&self, n: i64) -> Vec<Row> {
        self.rows.range(n * PAGE..(n + 1) * PAGE).map(|(_, row)| row.clone()).collect()
    }

    pub fn facts(&self) -> SpaceFacts {
        SpaceFacts {
            id: self.id,
            workspace: self.workspace,
            kind: self.kind,
            name: self.name.clone(),
            description: self.description.clone(),
            archived: self.archived,
            deleted_until: self.deleted_until,
            members: self.members.len() as i64,
            pins: self.rows.values().filter(|row| row.message().is_some_and(|it| it.pinned.is_some())).count()
                as i64,
            head: self.head,
        }
    }

    /// What the decision on `command` by `person` may look at. `role_of`
    /// gives workspace roles.
    pub fn scene(
        &self,
        person: PersonId,
        command: &Command,
        role_of: impl Fn(PersonId) -> Option<Role>,
    ) -> Scene {
        let emoji =
            command.emoji().map(|it| crate::text::normalize_emoji(it).unwrap_or_else(|| it.to_owned()));
        Scene {
            space: self.facts(),
            actor: self.actor(person, role_of(person)),
            message: command.message().and_then(|seq| self.message_facts(seq, person, emoji.as_deref())),
            other: command.person().map(|other| OtherFacts {
                person: other,
                role: role_of(other),
                membership: self.members.get(&other).copied(),
                agent: false,
            }),
            call: self.call,
            meeting: command.meeting().and_then(|seq| self.meeting_facts(seq)),
            ticket: self.ticket.clone(),
            bookmarks: self.bookmarks.clone(),
        }
    }

    /// Who stands at which desk is not in the log of a space: here nobody does.
    fn actor(&self, person: PersonId, role: Option<Role>) -> Actor {
        Actor { person, role, membership: self.members.get(&person).copied(), agent: false }
    }

    fn meeting_facts(&self, seq: Seq) -> Option<MeetingFacts> {
        let row = self.rows.get(&seq)?;
        let meeting = row.meeting()?.clone();
        Some(MeetingFacts { seq, organiser: row.author, meeting })
    }

    fn message_facts(&self, seq: Seq, person: PersonId, emoji: Option<&str>) -> Option<MessageFacts> {
        let row = self.rows.get(&seq)?;
        let message = row.message()?;
        let reaction = message.reactions.iter().find(|it| Some(it.emoji.as_str()) == emoji);
        Some(MessageFacts {
            seq,
            author: row.author,
            thread: message.thread,
            removed: message.removed,
            pinned: message.pinned.is_some(),
            reaction_kinds: message.reactions.len() as i64,
            emoji_there: reaction.is_some(),
            emoji_mine: reaction.is_some_and(|it| it.people.iter().any(|(by, _)| *by == person)),
            named: named(&message.text),
            card: message.card.as_deref().map(Card::bare),
            note: row.staff,
            ballot: Vec::new(),
        })
    }
}
