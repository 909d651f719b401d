//! Appending: seq, time and seal, and the core views, in one transaction.

use std::sync::Arc;

use madang_model::{Body, Event, PersonId, Seq, SpaceId};

use super::scene::SpaceRecord;
use super::{tickets, views};
use crate::bus::Announcement;
use crate::db::Tx;
use crate::error::Result;
use crate::seal::{Keyring, Place};
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO events (space, seq, at_us, author, client_id, kind, payload, staff)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    const HEAD = "UPDATE spaces SET head = $2, head_at = $3 WHERE id = $1";
    const HEAD_AND_LAST = "UPDATE spaces SET head = $2, head_at = $3, last_message = $4 WHERE id = $1";
}

/// Appends `bodies` to the space, numbering on from its head.
///
/// `space` must have been read in this transaction (its row is locked then).
/// The `client_id` belongs to the first event. Each event gets the time
/// `max(now, time of the one before + 1)` in microseconds.
///
/// # Errors
/// `Unique` when the author used this `client_id` before; callers look first.
pub fn append(
    tx: &mut Tx,
    keyring: &Keyring,
    space: &SpaceRecord,
    author: PersonId,
    client_id: Option<&str>,
    now_us: i64,
    bodies: Vec<Body>,
) -> Result<Vec<Arc<Event>>> {
    let id = space.facts.id;
    let (mut seq, mut at_us) = (space.facts.head, space.head_at);
    let mut last_message = None;
    let mut events = Vec::with_capacity(bodies.len());
    for (index, body) in bodies.into_iter().enumerate() {
        seq += 1;
        at_us = now_us.max(at_us + 1);
        let client_id = client_id.filter(|_| index == 0).map(str::to_owned);
        let staff = tickets::is_staff(tx, space, &body)?;
        let event = Event { space: id, seq, at_us, author, client_id, staff, body };
        insert(tx, keyring, space, &event)?;
        last_message = views::apply(tx, space, &event)?.or(last_message);
        events.push(Arc::new(event));
    }
    if events.is_empty() {
        return Ok(events);
    }
    set_head(tx, id, seq, at_us, last_message)?;
    for event in &events {
        tx.on_commit(Announcement::Event(event.clone()));
    }
    Ok(events)
}

fn insert(tx: &mut Tx, keyring: &Keyring, space: &SpaceRecord, event: &Event) -> Result<()> {
    let place = Place {
        workspace: space.facts.workspace.0,
        space: event.space.0,
        seq: event.seq,
        at_us: event.at_us,
    };
    let payload = keyring.seal(place, &event.body.to_stored())?;
    tx.exec(
        INSERT,
        values![
            event.space,
            event.seq,
            event.at_us,
            event.author,
            event.client_id.clone(),
            event.body.kind(),
            payload,
            event.staff
        ],
    )?;
    Ok(())
}

fn set_head(
    tx: &mut Tx,
    space: SpaceId,
    seq: Seq,
    at_us: i64,
    last_message: Option<views::LastMessage>,
) -> Result<()> {
    match last_message {
        None => tx.exec(HEAD, values![space, seq, at_us])?,
        Some(last) => tx.exec(HEAD_AND_LAST, values![space, seq, at_us, last.0])?,
    };
    Ok(())
}
