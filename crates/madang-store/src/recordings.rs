//! Recordings of calls: which run, which are on their way into their space, which become one film.

use madang_model::{CallId, ParticipantId, PersonId, RecordingId, Seq, SpaceId};

use crate::db::{Conn, FromRow, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO recordings (id, call, space, started_by, started_at, people, state)
        VALUES ($1, $2, $3, $4, $5, $6, 'running')";
    const ONE = "SELECT id, call, space, started_by, started_at, people, state, why, lasted_us, message, film
        FROM recordings WHERE id = $1";
    const NEXT = "SELECT id, call, space, started_by, started_at, people, state, why, lasted_us, message, film
        FROM recordings WHERE state = 'saving' ORDER BY id LIMIT 1";
    const NEXT_FILM = "SELECT id, call, space, started_by, started_at, people, state, why, lasted_us, message, film
        FROM recordings WHERE film = 'waiting' ORDER BY id LIMIT 1";
    const OPEN = "SELECT id, call, space, started_by, started_at, people, state, why, lasted_us, message, film
        FROM recordings WHERE state IN ('running', 'saving') OR film IN ('waiting', 'running') ORDER BY id";
    const PEOPLE = "UPDATE recordings SET people = $2 WHERE id = $1";
    const OVER = "UPDATE recordings SET state = 'saving', why = $2 WHERE call = $1 AND state = 'running'";
    const CUT_OFF = "UPDATE recordings SET state = 'saving' WHERE state = 'running'";
    const LASTED = "UPDATE recordings SET why = $2, lasted_us = $3 WHERE id = $1";
    const KEPT = "UPDATE recordings SET state = 'kept', message = $2, film = $3 WHERE id = $1 AND state = 'saving'";
    const FAILED = "UPDATE recordings SET state = 'failed', why = $2, film = NULL WHERE id = $1";
    const FILM = "UPDATE recordings SET film = $2 WHERE id = $1 AND film IN ('waiting', 'running')";
    const FILMS_AGAIN = "UPDATE recordings SET film = 'waiting' WHERE film = 'running'";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRecord {
    pub id: RecordingId,
    pub call: CallId,
    pub space: SpaceId,
    pub started_by: PersonId,
    /// Microseconds since 1970.
    pub started_at: i64,
    /// Who was recorded, by their places in the call.
    pub people: Vec<(ParticipantId, PersonId)>,
    /// "running", "saving", "kept" or "failed".
    pub state: String,
    /// Why it ended, or failed.
    pub why: Option<String>,
    pub lasted_us: Option<i64>,
    /// The message with its first files.
    pub message: Option<Seq>,
    /// "waiting", "running", "done", "failed" or "given_up"; none where no film is made.
    pub film: Option<String>,
}

impl FromRow for RecordingRecord {
    fn from_row(row: &Row) -> Result<Self> {
        let people: String = row.get(5)?;
        let pair = |text: &str| {
            let (participant, person) = text.split_once(':')?;
            Some((participant.parse().ok()?, person.parse().ok()?))
        };
        Ok(RecordingRecord {
            id: row.get(0)?,
            call: row.get(1)?,
            space: row.get(2)?,
            started_by: row.get(3)?,
            started_at: row.get(4)?,
            people: people.split(',').filter_map(pair).collect(),
            state: row.get(6)?,
            why: row.get(7)?,
            lasted_us: row.get(8)?,
            message: row.get(9)?,
            film: row.get(10)?,
        })
    }
}

fn text(people: &[(ParticipantId, PersonId)]) -> String {
    let pairs: Vec<String> = people.iter().map(|(place, person)| format!("{place}:{person}")).collect();
    pairs.join(",")
}

/// One that runs from here on.
///
/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, new: &RecordingRecord) -> Result<()> {
    tx.exec(INSERT, values![new.id, new.call, new.space, new.started_by, new.started_at, text(&new.people)])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_id(conn: &mut Conn, id: RecordingId) -> Result<Option<RecordingRecord>> {
    conn.row(ONE, values![id])?.map(|row| RecordingRecord::from_row(&row)).transpose()
}

/// The one that has waited longest to be put into its space.
///
/// # Errors
/// What the engine said.
pub fn next(conn: &mut Conn) -> Result<Option<RecordingRecord>> {
    conn.row(NEXT, values![])?.map(|row| RecordingRecord::from_row(&row)).transpose()
}

/// Takes the one that has waited longest to become a film.
///
/// # Errors
/// What the engine said.
pub fn take_film(tx: &mut Tx) -> Result<Option<RecordingRecord>> {
    let found = tx.row(NEXT_FILM, values![])?.map(|row| RecordingRecord::from_row(&row)).transpose()?;
    if let Some(record) = &found {
        tx.exec(FILM, values![record.id, "running"])?;
    }
    Ok(found)
}

/// Those whose folders are still needed.
///
/// # Errors
/// What the engine said.
pub fn open(conn: &mut Conn) -> Result<Vec<RecordingRecord>> {
    conn.rows(OPEN, values![])?.iter().map(RecordingRecord::from_row).collect()
}

/// Notes who is recorded.
///
/// # Errors
/// What the engine said.
pub fn set_people(tx: &mut Tx, id: RecordingId, people: &[(ParticipantId, PersonId)]) -> Result<()> {
    tx.exec(PEOPLE, values![id, text(people)])?;
    Ok(())
}

/// The one of this call is to go into its space. False: none runs.
///
/// # Errors
/// What the engine said.
pub fn over(tx: &mut Tx, call: CallId, why: &str) -> Result<bool> {
    Ok(tx.exec(OVER, values![call, why])? > 0)
}

/// What ran when the process ended is over; a film that was being made is begun again.
///
/// # Errors
/// What the engine said.
pub fn cut_off(tx: &mut Tx) -> Result<()> {
    tx.exec(CUT_OFF, values![])?;
    tx.exec(FILMS_AGAIN, values![])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn lasted(tx: &mut Tx, id: RecordingId, why: &str, lasted_us: i64) -> Result<()> {
    tx.exec(LASTED, values![id, why, lasted_us])?;
    Ok(())
}

/// Its files are in the space. `film`: one is to be made of them.
///
/// # Errors
/// What the engine said.
pub fn kept(tx: &mut Tx, id: RecordingId, message: Option<Seq>, film: bool) -> Result<()> {
    tx.exec(KEPT, values![id, message, film.then_some("waiting")])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn failed(tx: &mut Tx, id: RecordingId, why: &str) -> Result<()> {
    tx.exec(FAILED, values![id, why])?;
    Ok(())
}

/// What became of a film that waits or is being made. False: none does.
///
/// # Errors
/// What the engine said.
pub fn film(tx: &mut Tx, id: RecordingId, state: &str) -> Result<bool> {
    Ok(tx.exec(FILM, values![id, state])? > 0)
}
