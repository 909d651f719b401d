//! Messages that people keep for later, and when they want to be reminded of them. What devices know of it is the
//! register `saved/…`.

use madang_model::register::Key;
use madang_model::{PersonId, Seq, SpaceId};
use serde_json::{Value as Json, json};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::registers::{self, Register};
use crate::{sql, values};

sql! {
    const PUT = "INSERT INTO saved (person, space, message, saved_at, remind_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (person, space, message) DO UPDATE SET remind_at = excluded.remind_at, told_at = NULL,
        push_at = NULL RETURNING saved_at";
    const TAKE_OUT = "DELETE FROM saved WHERE person = $1 AND space = $2 AND message = $3";
    const COUNT = "SELECT count(*) FROM saved WHERE person = $1";
    const IS_THERE = "SELECT count(*) FROM saved WHERE person = $1 AND space = $2 AND message = $3";
    const OF_PERSON = "SELECT space, message, saved_at, remind_at, told_at FROM saved WHERE person = $1
        ORDER BY saved_at DESC, space, message DESC";
    const TOLD = "SELECT told_at FROM saved WHERE person = $1 AND space = $2 AND message = $3
        AND told_at IS NOT NULL";
    const FORGET_MESSAGE = "DELETE FROM saved WHERE space = $1 AND message = $2 RETURNING person";
    const FORGET_SPACE = "DELETE FROM saved WHERE person = $1 AND space = $2";
    const DUE = "SELECT person, space, message FROM saved WHERE remind_at <= $1 AND told_at IS NULL
        ORDER BY remind_at LIMIT $2";
    const TELL = "UPDATE saved SET told_at = $4, push_at = $4 WHERE person = $1 AND space = $2 AND message = $3
        AND remind_at <= $4 AND told_at IS NULL RETURNING saved_at, remind_at";
    const PUSH_DUE = "SELECT person, space, message, told_at FROM saved WHERE push_at <= $1 ORDER BY push_at LIMIT $2";
    const PUSH_AT = "UPDATE saved SET push_at = $4 WHERE person = $1 AND space = $2 AND message = $3";
    const NEXT_DUE = "SELECT min(remind_at) FROM saved WHERE remind_at IS NOT NULL AND told_at IS NULL";
    const NEXT_PUSH = "SELECT min(push_at) FROM saved WHERE push_at IS NOT NULL";
}

/// Whose, and which message.
pub type Place = (PersonId, SpaceId, Seq);

/// One message kept for later. Times in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedRecord {
    pub space: SpaceId,
    pub message: Seq,
    pub saved_at: i64,
    pub remind_at: Option<i64>,
    /// When the person was reminded.
    pub told_at: Option<i64>,
}

/// Keeps a message, or sets another time for its reminder.
///
/// # Errors
/// What the engine said.
pub fn put(tx: &mut Tx, place: Place, now_us: i64, remind_at: Option<i64>) -> Result<Register> {
    let (person, space, message) = place;
    let row = tx.row(PUT, values![person, space, message, now_us, remind_at])?;
    let saved_at: i64 = row.expect("an upsert gives its row").get(0)?;
    registers::put(tx, person, &Key::Saved(space, message), &value(saved_at, remind_at, None))
}

fn value(saved_at: i64, remind_at: Option<i64>, told_at: Option<i64>) -> Json {
    let mut value = json!({"at": saved_at});
    for (name, time) in [("remind_at", remind_at), ("told_at", told_at)] {
        if let Some(time) = time {
            value[name] = json!(time);
        }
    }
    value
}

/// Keeps it no longer. None if it was not kept.
///
/// # Errors
/// What the engine said.
pub fn take_out(tx: &mut Tx, (person, space, message): Place) -> Result<Option<Register>> {
    if tx.exec(TAKE_OUT, values![person, space, message])? == 0 {
        return registers::get(tx, person, &Key::Saved(space, message));
    }
    registers::put(tx, person, &Key::Saved(space, message), &Json::Null).map(Some)
}

/// # Errors
/// What the engine said.
pub fn count(conn: &mut Conn, person: PersonId) -> Result<i64> {
    conn.row(COUNT, values![person])?.map_or(Ok(0), |row| row.get(0))
}

/// # Errors
/// What the engine said.
pub fn is_there(conn: &mut Conn, (person, space, message): Place) -> Result<bool> {
    let count: i64 = conn.row(IS_THERE, values![person, space, message])?.map_or(Ok(0), |row| row.get(0))?;
    Ok(count > 0)
}

/// Everything that a person keeps, what was saved last first.
///
/// # Errors
/// What the engine said.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<SavedRecord>> {
    let read = |row: &Row| {
        Ok(SavedRecord {
            space: row.get(0)?,
            message: row.get(1)?,
            saved_at: row.get(2)?,
            remind_at: row.get(3)?,
            told_at: row.get(4)?,
        })
    };
    conn.rows(OF_PERSON, values![person])?.iter().map(read).collect()
}

/// When the person was reminded of a message; none when they were not, or keep it no longer.
///
/// # Errors
/// What the engine said.
pub fn told_at(conn: &mut Conn, (person, space, message): Place) -> Result<Option<i64>> {
    conn.row(TOLD, values![person, space, message])?.map_or(Ok(None), |row| row.get(0))
}

/// Nobody keeps a message that was removed.
///
/// # Errors
/// What the engine said.
pub fn forget_message(tx: &mut Tx, space: SpaceId, message: Seq) -> Result<()> {
    for row in tx.rows(FORGET_MESSAGE, values![space, message])? {
        registers::put(tx, row.get(0)?, &Key::Saved(space, message), &Json::Null)?;
    }
    Ok(())
}

/// The person left the space. Their registers are emptied by `registers::forget_space`.
///
/// # Errors
/// What the engine said.
pub fn forget_space(tx: &mut Tx, person: PersonId, space: SpaceId) -> Result<()> {
    tx.exec(FORGET_SPACE, values![person, space])?;
    Ok(())
}

/// Reminders whose time has come.
///
/// # Errors
/// What the engine said.
pub fn due(conn: &mut Conn, now_us: i64, limit: i64) -> Result<Vec<Place>> {
    conn.rows(DUE, values![now_us, limit])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .collect()
}

/// Reminds the person; false if another did, or it is not to be any more.
///
/// # Errors
/// What the engine said.
pub fn tell(tx: &mut Tx, (person, space, message): Place, now_us: i64) -> Result<bool> {
    let Some(row) = tx.row(TELL, values![person, space, message, now_us])? else { return Ok(false) };
    let value = value(row.get(0)?, row.get(1)?, Some(now_us));
    registers::set(tx, person, &Key::Saved(space, message), &value)?;
    Ok(true)
}

/// Reminders of which devices are to be told, and when the person was reminded.
///
/// # Errors
/// What the engine said.
pub fn push_due(conn: &mut Conn, now_us: i64, limit: i64) -> Result<Vec<(Place, i64)>> {
    conn.rows(PUSH_DUE, values![now_us, limit])?
        .iter()
        .map(|row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?)))
        .collect()
}

/// When devices are told of it; none once it was decided, or never.
///
/// # Errors
/// What the engine said.
pub fn push_at(tx: &mut Tx, (person, space, message): Place, at_us: Option<i64>) -> Result<()> {
    tx.exec(PUSH_AT, values![person, space, message, at_us])?;
    Ok(())
}

/// When the next thing is due.
///
/// # Errors
/// What the engine said.
pub fn next(conn: &mut Conn) -> Result<Option<i64>> {
    let mut next: Option<i64> = None;
    for question in [NEXT_DUE, NEXT_PUSH] {
        let found: Option<i64> = conn.row(question, values![])?.map_or(Ok(None), |row| row.get(0))?;
        next = [next, found].into_iter().flatten().min();
    }
    Ok(next)
}
