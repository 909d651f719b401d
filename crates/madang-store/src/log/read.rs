//! Reading on: whoever wants to know what happened asks here, with the seq at
//! which they stopped.

use std::collections::HashSet;

use madang_model::{Body, Event, PersonId, Seq, SpaceId, WorkspaceId};

use crate::db::{Conn, Row, Value};
use crate::error::{Result, StoreError};
use crate::seal::{Keyring, Place};
use crate::{sql, values};

sql! {
    const AFTER = "SELECT e.seq, e.at_us, e.author, e.client_id, e.payload, m.removed, e.staff FROM events e
        LEFT JOIN messages m ON m.space = e.space AND m.seq = e.seq
        WHERE e.space = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3";
    const REMOVED_AMONG = "SELECT seq FROM messages WHERE space = $1 AND removed = TRUE AND seq IN {ids:$2}";
    const BY_CLIENT = "SELECT e.space, e.seq, s.workspace FROM events e JOIN spaces s ON s.id = e.space
        WHERE e.author = $1 AND e.client_id = $2";
    const OF_TICKET = "SELECT e.seq, e.at_us, e.author, e.client_id, e.payload, FALSE, e.staff FROM events e
        WHERE e.space = $1 AND e.kind IN ('ticket.opened', 'ticket.assigned', 'ticket.moved', 'ticket.closed',
        'ticket.rated', 'call.started', 'call.ended') ORDER BY e.seq DESC LIMIT $2";
    const ONE = "SELECT seq, at_us, author, client_id, payload, FALSE, staff FROM events WHERE space = $1 AND seq = $2";
}

/// The events after `after`, oldest first, at most `limit`. What was removed
/// is blanked (see `Body::blanked`); what was erased likewise.
///
/// # Errors
/// What the engine said, or `Seal` when a payload is not what was written.
pub fn events(
    conn: &mut Conn,
    keyring: &Keyring,
    workspace: WorkspaceId,
    space: SpaceId,
    after: Seq,
    limit: i64,
) -> Result<Vec<Event>> {
    let rows = conn.rows(AFTER, values![space, after, limit])?;
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        events.push(read(keyring, workspace, space, row)?);
    }
    blank_edits(conn, space, &mut events)?;
    Ok(events)
}

/// The event at `seq` as it was stored. For the answer to a repeated command
/// and for followers, not for other readers.
///
/// # Errors
/// As `events`.
pub fn event(
    conn: &mut Conn,
    keyring: &Keyring,
    workspace: WorkspaceId,
    space: SpaceId,
    seq: Seq,
) -> Result<Option<Event>> {
    let row = conn.row(ONE, values![space, seq])?;
    row.map(|row| read(keyring, workspace, space, &row)).transpose()
}

/// The newest events that tell the rounds of a ticket (`madang_model::desk::round`), oldest first.
///
/// # Errors
/// As `events`.
pub fn events_of_ticket(
    conn: &mut Conn,
    keyring: &Keyring,
    workspace: WorkspaceId,
    space: SpaceId,
    limit: i64,
) -> Result<Vec<Event>> {
    let rows = conn.rows(OF_TICKET, values![space, limit])?;
    rows.iter().rev().map(|row| read(keyring, workspace, space, row)).collect()
}

/// The event that this author's `client_id` made before, if it did.
///
/// # Errors
/// As `events`.
pub fn first_answer(
    conn: &mut Conn,
    keyring: &Keyring,
    author: PersonId,
    client_id: &str,
) -> Result<Option<Event>> {
    let Some(row) = conn.row(BY_CLIENT, values![author, client_id])? else { return Ok(None) };
    event(conn, keyring, row.get(2)?, row.get(0)?, row.get(1)?)
}

pub(super) fn read(keyring: &Keyring, workspace: WorkspaceId, space: SpaceId, row: &Row) -> Result<Event> {
    let (seq, at_us): (Seq, i64) = (row.get(0)?, row.get(1)?);
    let payload: Vec<u8> = row.get(4)?;
    let body = body(keyring, workspace, space, seq, at_us, &payload)?;
    let removed = row.get::<Option<bool>>(5)?.unwrap_or(false);
    Ok(Event {
        space,
        seq,
        at_us,
        author: row.get(2)?,
        client_id: row.get(3)?,
        staff: row.get(6)?,
        body: if removed { body.blanked() } else { body },
    })
}

/// Opens a stored payload.
pub(super) fn body(
    keyring: &Keyring,
    workspace: WorkspaceId,
    space: SpaceId,
    seq: Seq,
    at_us: i64,
    payload: &[u8],
) -> Result<Body> {
    let plain = keyring.unseal(Place { workspace: workspace.0, space: space.0, seq, at_us }, payload)?;
    Body::from_stored(&plain)
        .map_err(|error| StoreError::Corrupt(format!("event {space}/{seq} does not parse: {error}")))
}

/// An edit of a message that was removed later says nothing any more.
fn blank_edits(conn: &mut Conn, space: SpaceId, events: &mut [Event]) -> Result<()> {
    let edited: Vec<Seq> = events.iter().filter_map(edited).collect();
    if edited.is_empty() {
        return Ok(());
    }
    let mut removed = HashSet::new();
    for row in conn.rows(REMOVED_AMONG, values![space, Value::ids(&edited)])? {
        removed.insert(row.get::<Seq>(0)?);
    }
    for event in events.iter_mut().filter(|event| edited_in(event, &removed)) {
        event.body = event.body.clone().blanked();
    }
    Ok(())
}

fn edited(event: &Event) -> Option<Seq> {
    match event.body {
        Body::MessageEdited { message, .. } | Body::MessageUnfurled { message, .. } => Some(message),
        _ => None,
    }
}

fn edited_in(event: &Event, removed: &HashSet<Seq>) -> bool {
    edited(event).is_some_and(|message| removed.contains(&message))
}
