//! The view of meetings: which are planned in a space, the event that says how each is, and when people are told of it
//! next.

use std::collections::HashMap;

use madang_model::meeting::Meeting;
use madang_model::{Body, Event, PersonId, Seq, SpaceId};

use super::read;
use super::scene::SpaceRecord;
use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::seal::Keyring;
use crate::{sql, values};

sql! {
    const PLAN = "INSERT INTO meetings (space, seq, said, changed, ends_at, due_at) VALUES ($1, $2, $2, $2, $3, $4)";
    const CHANGE = "UPDATE meetings SET said = $3, changed = $3, ends_at = $4, due_at = $5 WHERE space = $1 AND seq = $2";
    const CANCEL = "UPDATE meetings SET changed = $3, cancelled = TRUE, due_at = NULL WHERE space = $1 AND seq = $2";
    const RANGE = "SELECT m.seq, m.changed, m.cancelled, p.author, p.at_us, e.seq, e.at_us, e.payload FROM meetings m
        JOIN events p ON p.space = m.space AND p.seq = m.seq
        JOIN events e ON e.space = m.space AND e.seq = m.said
        WHERE m.space = $1 AND m.seq >= $2 AND m.seq <= $3";
    const OF_SPACE = "SELECT m.seq, m.changed, m.cancelled, p.author, p.at_us, e.seq, e.at_us, e.payload FROM meetings m
        JOIN events p ON p.space = m.space AND p.seq = m.seq
        JOIN events e ON e.space = m.space AND e.seq = m.said
        WHERE m.space = $1 AND m.cancelled = FALSE AND (m.ends_at IS NULL OR m.ends_at > $2) ORDER BY m.seq";
    const SPACES_OF_PERSON = "SELECT DISTINCT m.space FROM meetings m JOIN memberships p ON p.space = m.space
        JOIN spaces s ON s.id = m.space AND s.deleted_until IS NULL AND s.archived = FALSE
        WHERE p.person = $1 AND m.cancelled = FALSE AND (m.ends_at IS NULL OR m.ends_at > $2) ORDER BY m.space";
    const WAITING = "SELECT count(*) FROM meetings WHERE space = $1 AND cancelled = FALSE
        AND (ends_at IS NULL OR ends_at > $2)";
    const DUE = "SELECT space, seq, due_at FROM meetings WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
    const TOLD = "UPDATE meetings SET due_at = $4 WHERE space = $1 AND seq = $2 AND due_at = $3";
    const NEXT = "SELECT min(due_at) FROM meetings WHERE due_at IS NOT NULL";
}

/// A meeting as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRecord {
    pub space: SpaceId,
    /// The event that planned it.
    pub seq: Seq,
    pub organiser: PersonId,
    /// When it was planned, in microseconds.
    pub planned_at: i64,
    /// The last event about it.
    pub changed: Seq,
    /// When the event came that says how it is.
    pub said_at: i64,
    pub meeting: Meeting,
}

pub(super) fn plan(tx: &mut Tx, event: &Event, meeting: &Meeting) -> Result<()> {
    let due = meeting.due_after(event.at_us).map(|it| it.at_us);
    tx.exec(PLAN, values![event.space, event.seq, meeting.ends_us(), due])?;
    Ok(())
}

pub(super) fn change(tx: &mut Tx, event: &Event, planned: Seq, meeting: &Meeting) -> Result<()> {
    let due = meeting.due_after(event.at_us).map(|it| it.at_us);
    tx.exec(CHANGE, values![event.space, planned, event.seq, meeting.ends_us(), due])?;
    Ok(())
}

pub(super) fn cancel(tx: &mut Tx, event: &Event, planned: Seq) -> Result<()> {
    tx.exec(CANCEL, values![event.space, planned, event.seq])?;
    Ok(())
}

fn record(keyring: &Keyring, space: &SpaceRecord, row: &Row) -> Result<Option<MeetingRecord>> {
    let (said, said_at): (Seq, i64) = (row.get(5)?, row.get(6)?);
    let payload: Vec<u8> = row.get(7)?;
    let body = read::body(keyring, space.facts.workspace, space.facts.id, said, said_at, &payload)?;
    let (Body::MeetingPlanned(meeting) | Body::MeetingChanged { meeting, .. }) = body else {
        return Ok(None);
    };
    Ok(Some(MeetingRecord {
        space: space.facts.id,
        seq: row.get(0)?,
        changed: row.get(1)?,
        organiser: row.get(3)?,
        planned_at: row.get(4)?,
        said_at,
        meeting: Meeting { cancelled: row.get(2)?, ..*meeting },
    }))
}

/// The meetings that were planned with some rows.
pub(super) fn range(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    low: Seq,
    high: Seq,
) -> Result<HashMap<Seq, MeetingRecord>> {
    let mut found = HashMap::new();
    for row in conn.rows(RANGE, values![space.facts.id, low, high])? {
        if let Some(record) = record(keyring, space, &row)? {
            found.insert(record.seq, record);
        }
    }
    Ok(found)
}

/// One meeting; `space` comes from the same snapshot.
///
/// # Errors
/// What the engine said, or `Seal`.
pub fn meeting(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    seq: Seq,
) -> Result<Option<MeetingRecord>> {
    Ok(range(conn, keyring, space, seq, seq)?.remove(&seq))
}

/// The meetings of a space that are not over after a moment.
///
/// # Errors
/// As `meeting`.
pub fn meetings_of(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    after_us: i64,
) -> Result<Vec<MeetingRecord>> {
    let rows = conn.rows(OF_SPACE, values![space.facts.id, after_us])?;
    rows.iter().filter_map(|row| record(keyring, space, row).transpose()).collect()
}

/// The spaces of a person in which something is planned.
///
/// # Errors
/// What the engine said.
pub fn meetings_of_person(conn: &mut Conn, person: PersonId, after_us: i64) -> Result<Vec<SpaceId>> {
    conn.rows(SPACES_OF_PERSON, values![person, after_us])?.iter().map(|row| row.get(0)).collect()
}

/// How many meetings of a space are not over.
///
/// # Errors
/// What the engine said.
pub fn waiting_meetings(conn: &mut Conn, space: SpaceId, now_us: i64) -> Result<i64> {
    conn.row(WAITING, values![space, now_us])?.map_or(Ok(0), |row| row.get(0))
}

/// Meetings that people are to be told of, and since when.
///
/// # Errors
/// What the engine said.
pub fn due_meetings(conn: &mut Conn, now_us: i64, limit: i64) -> Result<Vec<(SpaceId, Seq, i64)>> {
    let rows = conn.rows(DUE, values![now_us, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// Sets when people are told of it next; false if somebody else did, or it was changed meanwhile.
///
/// # Errors
/// What the engine said.
pub fn told_of_meeting(
    tx: &mut Tx,
    (space, seq): (SpaceId, Seq),
    due_at: i64,
    next: Option<i64>,
) -> Result<bool> {
    Ok(tx.exec(TOLD, values![space, seq, due_at, next])? > 0)
}

/// When people are told of a meeting next.
///
/// # Errors
/// What the engine said.
pub fn next_meeting(conn: &mut Conn) -> Result<Option<i64>> {
    conn.row(NEXT, values![])?.map_or(Ok(None), |row| row.get(0))
}
