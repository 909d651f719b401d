//! Push: what people with a device that can be told are to be told of. Whether they are is decided a little later,
//! when it is due (crate::push).

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::event::Posted;
use madang_model::permission::SpaceRole;
use madang_model::register::Involvement;
use madang_model::space::SpaceKind;
use madang_model::{Body, Event, PersonId, Seq, SpaceId};
use madang_store::db::{Conn, Tx};
use madang_store::push::{self, Group, Listener, PushRecord};
use madang_store::{log, spaces};

use super::Follower;
use super::activity::thread_people;
use crate::app::App;
use crate::error::Result;
use crate::push::DELAY_US;

pub(crate) struct Push;

/// One change of the view.
pub(crate) enum Change {
    Add(Group, PushRecord),
    ForgetMessage(SpaceId, Seq),
    ForgetSpace(Group),
}

impl Follower for Push {
    const NAME: &'static str = "push";
    type Work = Vec<Change>;

    fn prepare(&self, app: &App, conn: &mut Conn, events: &[Arc<Event>]) -> Result<Vec<Change>> {
        let Some(space) = events.first().map(|event| event.space) else { return Ok(Vec::new()) };
        // Where nobody can be told, nothing was told and there is nothing to take back.
        if !push::has_any(conn)? {
            return Ok(Vec::new());
        }
        let listeners = push::listeners(conn, space)?;
        if listeners.is_empty() {
            return Ok(Vec::new());
        }
        let direct = log::space(conn, space)?.is_some_and(|it| it.facts.kind == SpaceKind::Direct);
        let mut changes = Vec::new();
        for event in events {
            match &event.body {
                Body::MessagePosted(posted) if !posted.removed => {
                    let mut concerned = posted_to(app, conn, event, posted, direct, &listeners)?;
                    if event.staff {
                        for guest in
                            spaces::members(conn, space)?.iter().filter(|it| it.role == SpaceRole::Guest)
                        {
                            concerned.remove(&guest.person);
                        }
                    }
                    add(&mut changes, event, event.seq, &listeners, &concerned);
                }
                Body::MessageEdited { message, mentions, .. } => {
                    let named = mentions.iter().map(|person| (*person, "mention")).collect();
                    add(&mut changes, event, *message, &listeners, &named);
                }
                Body::MessageReminded { message, people } => {
                    let asked = people.iter().map(|person| (*person, "reminder")).collect();
                    add(&mut changes, event, *message, &listeners, &asked);
                }
                Body::CallEnded { started, ending } => {
                    let missed = ending.missed.iter().map(|person| (*person, "missed_call")).collect();
                    add(&mut changes, event, *started, &listeners, &missed);
                }
                Body::MeetingPlanned(meeting) => {
                    let invited = invited(&listeners, &meeting.people, "meeting_planned");
                    add(&mut changes, event, event.seq, &listeners, &invited);
                }
                Body::MeetingChanged { planned, meeting, .. } => {
                    let invited = invited(&listeners, &meeting.people, "meeting_changed");
                    add(&mut changes, event, *planned, &listeners, &invited);
                }
                Body::MeetingCancelled { planned, people, .. } => {
                    let invited = invited(&listeners, people, "meeting_cancelled");
                    add(&mut changes, event, *planned, &listeners, &invited);
                }
                Body::MeetingDue { planned, people, .. } => {
                    let mut invited = invited(&listeners, people, "meeting_due");
                    invited.insert(event.author, "meeting_due");
                    add(&mut changes, event, *planned, &listeners, &invited);
                }
                Body::MessageRemoved { message, .. } => {
                    changes.push(Change::ForgetMessage(space, *message));
                }
                Body::MemberLeft { person } => changes.push(Change::ForgetSpace((*person, space))),
                _ => {}
            }
        }
        Ok(changes)
    }

    fn keep(&self, _app: &App, tx: &mut Tx, work: &Vec<Change>) -> Result<()> {
        for change in work {
            match change {
                Change::Add(group, record) => push::insert(tx, *group, record)?,
                Change::ForgetMessage(space, message) => push::forget_message(tx, *space, *message)?,
                Change::ForgetSpace(group) => push::forget_space(tx, *group)?,
            }
        }
        Ok(())
    }

    fn kept(&self, app: &App, work: &Vec<Change>) {
        if !work.is_empty() {
            app.new_pushes.notify_one();
        }
    }

    fn clear(&self, tx: &mut Tx) -> Result<()> {
        Ok(push::clear(tx)?)
    }
}

/// Whom a message concerns, and why; what weighs more comes first.
fn posted_to(
    app: &App,
    conn: &mut Conn,
    event: &Event,
    posted: &Posted,
    direct: bool,
    listeners: &[Listener],
) -> Result<HashMap<PersonId, &'static str>> {
    let mut concerned: HashMap<PersonId, &'static str> =
        posted.mentions.iter().map(|person| (*person, "mention")).collect();
    let in_line = posted.thread.is_none() || posted.also;
    for listener in listeners {
        let why = match () {
            () if posted.everyone => "everyone",
            () if direct && in_line => "direct",
            () if in_line && listener.level == Involvement::Everything => "message",
            () => continue,
        };
        concerned.entry(listener.person).or_insert(why);
    }
    if let Some(root) = posted.thread {
        for person in thread_people(app, conn, event, root)? {
            concerned.entry(person).or_insert("reply");
        }
    }
    Ok(concerned)
}

/// Whom a meeting invites: everybody in the space if nobody is named.
fn invited(
    listeners: &[Listener],
    people: &[PersonId],
    why: &'static str,
) -> HashMap<PersonId, &'static str> {
    let all = listeners.iter().map(|it| it.person);
    all.filter(|it| people.is_empty() || people.contains(it)).map(|it| (it, why)).collect()
}

/// Who joined after the event is not told of it when the log is read again (invariant 4).
fn add(
    changes: &mut Vec<Change>,
    event: &Event,
    message: Seq,
    listeners: &[Listener],
    concerned: &HashMap<PersonId, &'static str>,
) {
    // Whoever planned a meeting is reminded of it too: the house says so in their name.
    let reminds = matches!(event.body, Body::MeetingDue { .. });
    let told = |it: &&Listener| it.joined_seq < event.seq && (reminds || it.person != event.author);
    for listener in listeners.iter().filter(told) {
        let Some(kind) = concerned.get(&listener.person) else { continue };
        let record = PushRecord {
            seq: event.seq,
            kind: (*kind).to_owned(),
            message,
            at_us: event.at_us,
            due_at: Some(event.at_us + DELAY_US),
        };
        changes.push(Change::Add((listener.person, event.space), record));
    }
}
