//! The core views: spaces, memberships, message rows and reactions, kept in
//! the append's own transaction because the next command depends on them.

use madang_model::event::Posted;
use madang_model::permission::SpaceRole;
use madang_model::register::{Involvement, Key};
use madang_model::row::REPLIERS;
use madang_model::space::SpaceKind;
use madang_model::{Body, Event, PersonId, Seq, SpaceId};
use serde_json::json;

use super::scene::SpaceRecord;
use super::{bookmarks, calls, cards, meetings, tickets};
use crate::db::Tx;
use crate::error::Result;
use crate::{house, registers, saved, sql, values};

sql! {
    const POSTED = "INSERT INTO messages (space, seq, author, at_us, thread, also, note, text_seq, changed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $2, $2)";
    const REPLIERS_OF = "SELECT repliers FROM messages WHERE space = $1 AND seq = $2";
    const REPLIED = "UPDATE messages SET replies = replies + 1, last_reply = $3, last_reply_at = $4, repliers = $5,
        changed = $3 WHERE space = $1 AND seq = $2";
    const UNREPLIED = "UPDATE messages SET replies = replies - 1, changed = $3 WHERE space = $1 AND seq = $2";
    const EDITED = "UPDATE messages SET text_seq = $3, edited_at = $4, changed = $3 WHERE space = $1 AND seq = $2";
    const UNFURLED = "UPDATE messages SET unfurl_seq = $3, changed = $3 WHERE space = $1 AND seq = $2";
    const REMOVED = "UPDATE messages SET removed = TRUE, pinned_by = NULL, pinned_at = NULL, changed = $3
        WHERE space = $1 AND seq = $2";
    const WAS_PINNED = "SELECT pinned_at FROM messages WHERE space = $1 AND seq = $2";
    const REACTIONS_GONE = "DELETE FROM reactions WHERE space = $1 AND message = $2";
    const FILES_GONE = "UPDATE files SET removed = TRUE WHERE space = $1 AND message = $2";
    const FILE_USED = "UPDATE files SET space = $2, message = $3, used_as = 'message' WHERE id = $1";
    const LAST = "SELECT seq FROM messages WHERE space = $1 AND (thread IS NULL OR also) AND removed = FALSE AND note = FALSE
        ORDER BY seq DESC LIMIT 1";
    const REACTED = "INSERT INTO reactions (space, message, emoji, person, seq) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (space, message, emoji, person) DO NOTHING";
    const UNREACTED = "DELETE FROM reactions WHERE space = $1 AND message = $2 AND emoji = $3 AND person = $4";
    const CHANGED = "UPDATE messages SET changed = $3 WHERE space = $1 AND seq = $2";
    const PINNED = "UPDATE messages SET pinned_by = $3, pinned_at = $4, changed = $5 WHERE space = $1 AND seq = $2";
    const PINS = "UPDATE spaces SET pins = pins + $2 WHERE id = $1";
    const NAME = "UPDATE spaces SET name = $2 WHERE id = $1";
    const DESCRIPTION = "UPDATE spaces SET description = $2 WHERE id = $1";
    const PICTURE = "UPDATE spaces SET picture = $2 WHERE id = $1";
    const ARCHIVED = "UPDATE spaces SET archived = $2 WHERE id = $1";
    const DELETED = "UPDATE spaces SET deleted_until = $2 WHERE id = $1";
    const JOINED = "INSERT INTO memberships (space, person, role, joined_seq, joined_at, read_seq, level)
        VALUES ($1, $2, $3, $4, $5, $4, $6)";
    const MEMBERS = "UPDATE spaces SET members = members + $2, guests = guests + $3 WHERE id = $1";
    const LEFT = "DELETE FROM memberships WHERE space = $1 AND person = $2 RETURNING role";
    const STEPS_GONE = "DELETE FROM read_steps WHERE space = $1 AND person = $2";
}

/// What the space's newest main message is after an event; the number is
/// none when no message is left.
pub struct LastMessage(pub Option<Seq>);

/// Brings the views to the state after `event`. Tells when the newest message
/// of the main line has become another one.
pub fn apply(tx: &mut Tx, space: &SpaceRecord, event: &Event) -> Result<Option<LastMessage>> {
    let (id, seq) = (event.space, event.seq);
    if space.facts.kind == SpaceKind::Ticket {
        tickets::apply(tx, event)?;
    }
    match &event.body {
        Body::MessagePosted(posted) => return post(tx, event, posted),
        Body::MessageEdited { message, .. } => {
            tx.exec(EDITED, values![id, *message, seq, event.at_us])?;
        }
        Body::MessageUnfurled { message, .. } => {
            tx.exec(UNFURLED, values![id, *message, seq])?;
        }
        Body::MessageRemoved { message, thread } => {
            return remove(tx, space, event, *message, *thread).map(Some);
        }
        Body::ReactionAdded { message, emoji } => {
            tx.exec(REACTED, values![id, *message, emoji, event.author, seq])?;
            tx.exec(CHANGED, values![id, *message, seq])?;
        }
        Body::ReactionRemoved { message, emoji } => {
            tx.exec(UNREACTED, values![id, *message, emoji, event.author])?;
            tx.exec(CHANGED, values![id, *message, seq])?;
        }
        Body::MessagePinned { message } => {
            tx.exec(PINNED, values![id, *message, event.author, event.at_us, seq])?;
            tx.exec(PINS, values![id, 1])?;
        }
        Body::MessageUnpinned { message } => {
            tx.exec(PINNED, values![id, *message, None::<i64>, None::<i64>, seq])?;
            tx.exec(PINS, values![id, -1])?;
        }
        Body::MessageVoted { message, .. }
        | Body::MessageCounted { message, .. }
        | Body::MessageClosed { message }
        | Body::MessageChecked { message, .. }
        | Body::MessageUnchecked { message, .. }
        | Body::MessageAssigned { message, .. }
        | Body::MessageConfirmed { message } => {
            cards::fold(tx, event, *message)?;
            tx.exec(CHANGED, values![id, *message, seq])?;
            if matches!(event.body, Body::MessageClosed { .. }) {
                cards::burn(tx, id, *message)?;
            }
        }
        Body::BookmarkAdded(bookmark) => bookmarks::add(tx, event, bookmark.id)?,
        Body::BookmarkChanged(bookmark) => bookmarks::change(tx, event, bookmark.id)?,
        Body::BookmarkRemoved { id: bookmark } => bookmarks::remove(tx, id, *bookmark)?,
        Body::CallStarted { call, .. } => calls::begin(tx, event, *call)?,
        Body::CallEnded { started, .. } => calls::ended(tx, event, *started)?,
        Body::MeetingPlanned(meeting) => meetings::plan(tx, event, meeting)?,
        Body::MeetingChanged { planned, meeting, .. } => meetings::change(tx, event, *planned, meeting)?,
        Body::MeetingCancelled { planned, .. } => meetings::cancel(tx, event, *planned)?,
        Body::MeetingDue { .. } => {}
        Body::MessageReminded { .. }
        | Body::SpaceCreated { .. }
        | Body::SpaceExported {}
        | Body::RecordingStarted { .. }
        | Body::RecordingEnded { .. }
        | Body::TicketOpened(_)
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
        Body::SpaceChanged { name, description, picture } => {
            if let Some(name) = name {
                tx.exec(NAME, values![id, name])?;
            }
            if let Some(description) = description {
                tx.exec(DESCRIPTION, values![id, description])?;
            }
            if let Some(picture) = picture {
                tx.exec(PICTURE, values![id, picture.file])?;
            }
        }
        Body::SpaceArchived {} | Body::SpaceUnarchived {} => {
            tx.exec(ARCHIVED, values![id, matches!(event.body, Body::SpaceArchived {})])?;
        }
        Body::SpaceDeleted { until } => {
            tx.exec(DELETED, values![id, *until])?;
        }
        Body::SpaceRestored {} => {
            tx.exec(DELETED, values![id, None::<i64>])?;
        }
        Body::MemberJoined { person, role } => join(tx, space, event, *person, *role)?,
        Body::MemberLeft { person } => leave(tx, id, *person)?,
    }
    Ok(None)
}

fn post(tx: &mut Tx, event: &Event, posted: &Posted) -> Result<Option<LastMessage>> {
    let (id, seq) = (event.space, event.seq);
    tx.exec(POSTED, values![id, seq, event.author, event.at_us, posted.thread, posted.also, posted.note])?;
    if let Some(card) = &posted.card {
        cards::begin(tx, id, seq, card)?;
    }
    for file in &posted.files {
        tx.exec(FILE_USED, values![file.id, id, seq])?;
    }
    if let Some(root) = posted.thread {
        count_reply(tx, event, root)?;
    }
    // A note is told of to agents only, and what a list shows is for everybody.
    let in_main_line = (posted.thread.is_none() || posted.also) && !posted.note;
    Ok(in_main_line.then_some(LastMessage(Some(seq))))
}

fn count_reply(tx: &mut Tx, event: &Event, root: Seq) -> Result<()> {
    let Some(row) = tx.row(REPLIERS_OF, values![event.space, root])? else { return Ok(()) };
    let mut repliers: String = row.get(0)?;
    let author = event.author.to_string();
    let known = repliers.split(',').filter(|it| !it.is_empty());
    if known.clone().count() < REPLIERS && !known.clone().any(|it| it == author) {
        if !repliers.is_empty() {
            repliers.push(',');
        }
        repliers.push_str(&author);
    }
    tx.exec(REPLIED, values![event.space, root, event.seq, event.at_us, repliers])?;
    Ok(())
}

fn remove(
    tx: &mut Tx,
    space: &SpaceRecord,
    event: &Event,
    message: Seq,
    thread: Option<Seq>,
) -> Result<LastMessage> {
    let (id, seq) = (event.space, event.seq);
    let pinned =
        tx.row(WAS_PINNED, values![id, message])?.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten();
    if pinned.is_some() {
        tx.exec(PINS, values![id, -1])?;
    }
    tx.exec(REMOVED, values![id, message, seq])?;
    tx.exec(REACTIONS_GONE, values![id, message])?;
    tx.exec(FILES_GONE, values![id, message])?;
    saved::forget_message(tx, id, message)?;
    cards::forget(tx, id, message)?;
    if let Some(root) = thread {
        tx.exec(UNREPLIED, values![id, root, seq])?;
    }
    if space.last_message != Some(message) {
        return Ok(LastMessage(space.last_message));
    }
    Ok(LastMessage(tx.row(LAST, values![id])?.map(|row| row.get(0)).transpose()?))
}

fn join(tx: &mut Tx, space: &SpaceRecord, event: &Event, person: PersonId, role: SpaceRole) -> Result<()> {
    let level = match space.facts.kind {
        SpaceKind::Direct | SpaceKind::Ticket => Involvement::Everything,
        _ => house::settings(tx)?.involvement,
    };
    tx.exec(JOINED, values![event.space, person, role, event.seq, event.at_us, level])?;
    tx.exec(MEMBERS, values![event.space, 1, i64::from(role == SpaceRole::Guest)])?;
    let value = json!({"state": "in", "role": role, "joined": event.seq});
    registers::set(tx, person, &Key::Membership(event.space), &value)
}

fn leave(tx: &mut Tx, space: SpaceId, person: PersonId) -> Result<()> {
    let Some(row) = tx.row(LEFT, values![space, person])? else { return Ok(()) };
    let was_guest = row.get::<SpaceRole>(0)? == SpaceRole::Guest;
    tx.exec(MEMBERS, values![space, -1, -i64::from(was_guest)])?;
    tx.exec(STEPS_GONE, values![space, person])?;
    // First of all that the person is out: then no device looks at what is emptied.
    registers::set(tx, person, &Key::Membership(space), &json!({"state": "out"}))?;
    saved::forget_space(tx, person, space)?;
    registers::forget_space(tx, person, space)
}
