//! Activity: what concerns a person. Mentions, replies in threads they are
//! part of, reactions to what they wrote, being added to a space, reminders, missed calls, meetings.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use madang_model::event::Posted;
use madang_model::permission::SpaceRole;
use madang_model::register::Key;
use madang_model::row::RowContent;
use madang_model::space::SpaceKind;
use madang_model::{Body, Event, PersonId, Seq, SpaceId};
use madang_store::activity::{self, ActivityRecord};
use madang_store::db::{Conn, Tx};
use madang_store::spaces::MemberRecord;
use madang_store::{log, registers, spaces};
use serde_json::json;

use super::Follower;
use crate::app::App;
use crate::error::Result;

pub(crate) struct Activity;

/// One change of the view.
pub(crate) enum Change {
    Add(PersonId, ActivityRecord),
    ForgetReaction(SpaceId, Seq, PersonId),
    ForgetMessage(SpaceId, Seq),
    ForgetSpace(SpaceId, PersonId),
    /// The lines of the space count again, or no longer.
    Recount(SpaceId),
}

impl Follower for Activity {
    const NAME: &'static str = "activity";
    type Work = Vec<Change>;

    fn prepare(&self, app: &App, conn: &mut Conn, events: &[Arc<Event>]) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for event in events {
            match &event.body {
                Body::MessagePosted(posted) if !posted.removed => {
                    posted_concerns(app, conn, event, posted, &mut changes)?
                }
                Body::MessageEdited { message, mentions, .. } => {
                    add_all(&mut changes, event, "mention", *message, members_of(conn, event, mentions)?);
                }
                Body::MessageRemoved { message, .. } => {
                    changes.push(Change::ForgetMessage(event.space, *message))
                }
                Body::ReactionAdded { message, .. } => {
                    if let Some(author) = author_of(app, conn, event.space, *message)? {
                        let author = members_of(conn, event, &[author])?;
                        add_all(&mut changes, event, "reaction", *message, author);
                    }
                }
                Body::ReactionRemoved { message, .. } => {
                    changes.push(Change::ForgetReaction(event.space, *message, event.author));
                }
                Body::MemberJoined { person, .. } if !is_ticket(conn, event.space)? => {
                    add(&mut changes, event, "added", 0, *person);
                }
                Body::MessageReminded { message, people } => {
                    add_all(&mut changes, event, "reminder", *message, members_of(conn, event, people)?);
                }
                Body::MessageAssigned { message, person: Some(person), .. } => {
                    add_all(&mut changes, event, "assigned", *message, members_of(conn, event, &[*person])?);
                }
                Body::CallEnded { started, ending } => {
                    add_all(
                        &mut changes,
                        event,
                        "missed_call",
                        *started,
                        members_of(conn, event, &ending.missed)?,
                    );
                }
                Body::MeetingPlanned(meeting) => {
                    let people = invited(conn, event, &meeting.people)?;
                    add_all(&mut changes, event, "meeting_planned", event.seq, people);
                }
                Body::MeetingChanged { planned, meeting, .. } => {
                    let people = invited(conn, event, &meeting.people)?;
                    add_all(&mut changes, event, "meeting_changed", *planned, people);
                }
                Body::MeetingCancelled { planned, people, .. } => {
                    let people = invited(conn, event, people)?;
                    add_all(&mut changes, event, "meeting_cancelled", *planned, people);
                }
                Body::MeetingDue { planned, people, .. } => {
                    let mut people = invited(conn, event, people)?;
                    if !people.contains(&event.author) {
                        people.extend(members_of(conn, event, &[event.author])?);
                    }
                    for person in people {
                        changes.push(line(event, "meeting_due", *planned, person));
                    }
                }
                Body::MemberLeft { person } => changes.push(Change::ForgetSpace(event.space, *person)),
                Body::SpaceDeleted { .. } | Body::SpaceRestored {} => {
                    changes.push(Change::Recount(event.space));
                }
                _ => {}
            }
        }
        Ok(changes)
    }

    fn keep(&self, app: &App, tx: &mut Tx, work: &Vec<Change>) -> Result<()> {
        let mut concerned = BTreeSet::new();
        for change in work {
            match change {
                Change::Add(person, line) => {
                    if activity::insert(tx, *person, line)? {
                        concerned.insert(*person);
                    }
                }
                Change::ForgetReaction(space, message, actor) => {
                    concerned.extend(activity::forget_reaction(tx, *space, *message, *actor)?);
                }
                Change::ForgetMessage(space, message) => {
                    concerned.extend(activity::forget_message(tx, *space, *message)?)
                }
                Change::ForgetSpace(space, person) => {
                    if activity::forget_space(tx, *space, *person)? {
                        concerned.insert(*person);
                    }
                }
                Change::Recount(space) => concerned.extend(activity::people_of(tx, *space)?),
            }
        }
        for person in concerned {
            app.refresh_activity(tx, person, None)?;
        }
        Ok(())
    }

    fn clear(&self, tx: &mut Tx) -> Result<()> {
        Ok(activity::clear(tx)?)
    }
}

/// A person hears of one message once: being named weighs more than a reply.
fn posted_concerns(
    app: &App,
    conn: &mut Conn,
    event: &Event,
    posted: &Posted,
    changes: &mut Vec<Change>,
) -> Result<()> {
    let mut told: HashSet<PersonId> = HashSet::from([event.author]);
    for person in members_of(conn, event, &posted.mentions)? {
        if told.insert(person) {
            add(changes, event, "mention", event.seq, person);
        }
    }
    if posted.everyone {
        for person in members_at(conn, event)? {
            if told.insert(person) {
                add(changes, event, "everyone", event.seq, person);
            }
        }
    }
    if let Some(root) = posted.thread {
        for person in thread_people(app, conn, event, root)? {
            if told.insert(person) {
                add(changes, event, "reply", event.seq, person);
            }
        }
    }
    Ok(())
}

/// Whoever takes a ticket is in its space, and needs not be told.
fn is_ticket(conn: &mut Conn, space: SpaceId) -> Result<bool> {
    Ok(log::space(conn, space)?.is_some_and(|it| it.facts.kind == SpaceKind::Ticket))
}

/// The root's author and everybody who replied before.
pub(super) fn thread_people(app: &App, conn: &mut Conn, event: &Event, root: Seq) -> Result<Vec<PersonId>> {
    let mut people: Vec<PersonId> = author_of(app, conn, event.space, root)?.into_iter().collect();
    people.extend(log::repliers(conn, event.space, root, event.seq)?);
    members_of(conn, event, &people)
}

fn author_of(app: &App, conn: &mut Conn, space: SpaceId, message: Seq) -> Result<Option<PersonId>> {
    let Some(record) = log::space(conn, space)? else { return Ok(None) };
    let row = log::row(conn, &app.keyring, &record, message)?;
    Ok(row.filter(|row| matches!(row.content, RowContent::Message(_))).map(|row| row.author))
}

/// Those of `people` who were in the space when the event came.
fn members_of(conn: &mut Conn, event: &Event, people: &[PersonId]) -> Result<Vec<PersonId>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let members = members_at(conn, event)?;
    Ok(people.iter().copied().filter(|person| members.contains(person)).collect())
}

/// Who was in the space when the event came and has been since. Whoever left
/// meanwhile would lose the line with `ForgetSpace`, and whoever came later
/// must not get it when the log is read again (invariant 4).
fn members_at(conn: &mut Conn, event: &Event) -> Result<Vec<PersonId>> {
    let members = spaces::members(conn, event.space)?;
    // What is for the agents of a ticket concerns nobody else.
    let may_know = |it: &MemberRecord| !event.staff || it.role != SpaceRole::Guest;
    let there = members.into_iter().filter(|it| it.joined_seq < event.seq && may_know(it));
    Ok(there.map(|it| it.person).collect())
}

/// Whom a meeting invites: everybody in the space if nobody is named.
fn invited(conn: &mut Conn, event: &Event, people: &[PersonId]) -> Result<Vec<PersonId>> {
    if people.is_empty() { members_at(conn, event) } else { members_of(conn, event, people) }
}

fn add_all(changes: &mut Vec<Change>, event: &Event, kind: &str, message: Seq, people: Vec<PersonId>) {
    for person in people {
        add(changes, event, kind, message, person);
    }
}

fn add(changes: &mut Vec<Change>, event: &Event, kind: &str, message: Seq, person: PersonId) {
    if person == event.author {
        return;
    }
    changes.push(line(event, kind, message, person));
}

fn line(event: &Event, kind: &str, message: Seq, person: PersonId) -> Change {
    let line = ActivityRecord {
        at_us: event.at_us,
        space: event.space,
        seq: event.seq,
        kind: kind.to_owned(),
        actor: event.author,
        message,
    };
    Change::Add(person, line)
}

impl App {
    /// Counts a person's new activity; with `read_at`, what is older counts as read.
    pub(crate) fn refresh_activity(
        &self,
        tx: &mut Tx,
        person: PersonId,
        read_at: Option<i64>,
    ) -> Result<registers::Register> {
        let kept = registers::get(tx, person, &Key::Activity)?;
        let known = kept.as_ref().and_then(|it| it.value["read_at"].as_i64()).unwrap_or(0);
        let read_at = read_at.map_or(known, |at| at.max(known));
        let value = json!({"unread": activity::newer(tx, person, read_at)?, "read_at": read_at});
        match kept {
            Some(register) if register.value == value => Ok(register),
            _ => Ok(registers::put(tx, person, &Key::Activity, &value)?),
        }
    }
}
