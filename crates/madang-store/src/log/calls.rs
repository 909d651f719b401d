//! The view of calls: which one runs in a space, and how each ended. Who took part is noted while a call runs, so that
//! a house that was stopped in the middle can still say something of it.

use std::collections::HashMap;

use madang_model::call::CallEnd;
use madang_model::{Body, CallId, Event, PersonId, Seq, SpaceId};

use super::read;
use super::scene::SpaceRecord;
use crate::db::{Conn, FromRow, Row, Tx};
use crate::error::Result;
use crate::seal::Keyring;
use crate::{sql, values};

sql! {
    const BEGIN = "INSERT INTO calls (space, seq, call, started_by, started_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)";
    const END = "UPDATE calls SET ended = $3, people = '' WHERE space = $1 AND seq = $2";
    const RUNNING_IN = "SELECT seq FROM calls WHERE space = $1 AND ended IS NULL ORDER BY seq DESC LIMIT 1";
    const RUNNING = "SELECT space, seq, call, started_by, started_at, people, seen_at FROM calls WHERE ended IS NULL
        ORDER BY space, seq";
    const NOTE = "UPDATE calls SET people = $2, seen_at = $3 WHERE call = $1 AND ended IS NULL";
    const ENDS_OF_RANGE = "SELECT c.seq, e.seq, e.at_us, e.payload FROM calls c
        JOIN events e ON e.space = c.space AND e.seq = c.ended WHERE c.space = $1 AND c.seq >= $2 AND c.seq <= $3";
}

/// A call that runs by its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningCall {
    pub space: SpaceId,
    /// The event that began it.
    pub seq: Seq,
    pub call: CallId,
    pub started_by: PersonId,
    /// Microseconds since 1970.
    pub started_at: i64,
    /// Who took part so far, in order of their coming.
    pub people: Vec<PersonId>,
    /// When somebody was last known to be in it.
    pub seen_at: i64,
}

impl FromRow for RunningCall {
    fn from_row(row: &Row) -> Result<Self> {
        let people: String = row.get(5)?;
        Ok(RunningCall {
            space: row.get(0)?,
            seq: row.get(1)?,
            call: row.get(2)?,
            started_by: row.get(3)?,
            started_at: row.get(4)?,
            people: people.split(',').filter_map(|id| id.parse().ok()).collect(),
            seen_at: row.get(6)?,
        })
    }
}

pub(super) fn begin(tx: &mut Tx, event: &Event, call: CallId) -> Result<()> {
    tx.exec(BEGIN, values![event.space, event.seq, call, event.author, event.at_us])?;
    Ok(())
}

pub(super) fn ended(tx: &mut Tx, event: &Event, started: Seq) -> Result<()> {
    tx.exec(END, values![event.space, started, event.seq])?;
    Ok(())
}

/// The row of the call that runs in a space.
///
/// # Errors
/// What the engine said.
pub fn running_in(conn: &mut Conn, space: SpaceId) -> Result<Option<Seq>> {
    conn.row(RUNNING_IN, values![space])?.map(|row| row.get(0)).transpose()
}

/// Every call that runs by its log.
///
/// # Errors
/// What the engine said.
pub fn running(conn: &mut Conn) -> Result<Vec<RunningCall>> {
    conn.rows(RUNNING, values![])?.iter().map(RunningCall::from_row).collect()
}

/// Notes who took part in a call that runs.
///
/// # Errors
/// What the engine said.
pub fn note_call(tx: &mut Tx, call: CallId, people: &[PersonId], now_us: i64) -> Result<()> {
    let people: Vec<String> = people.iter().map(ToString::to_string).collect();
    tx.exec(NOTE, values![call, people.join(","), now_us])?;
    Ok(())
}

/// How the calls among some rows ended, with the seqs of the events that say so.
pub(super) fn ends(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    low: Seq,
    high: Seq,
) -> Result<HashMap<Seq, (Seq, CallEnd)>> {
    let mut ends = HashMap::new();
    for row in conn.rows(ENDS_OF_RANGE, values![space.facts.id, low, high])? {
        let (seq, at): (Seq, i64) = (row.get(1)?, row.get(2)?);
        let payload: Vec<u8> = row.get(3)?;
        let body = read::body(keyring, space.facts.workspace, space.facts.id, seq, at, &payload)?;
        if let Body::CallEnded { ending, .. } = body {
            ends.insert(row.get(0)?, (seq, CallEnd { at, ending }));
        }
    }
    Ok(ends)
}
