//! The calendars that people keep elsewhere: their sealed addresses, and when they are busy by them.

use madang_model::booking::Busy;
use madang_model::{CalendarId, PersonId};

use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO outer_calendars (id, person, name, address, zone, added_at) VALUES ($1, $2, $3, $4, $5, $6)";
    const ONE = "SELECT id, person, name, address, zone, busy, added_at, read_at, failure FROM outer_calendars WHERE id = $1";
    const OF_PERSON = "SELECT id, person, name, address, zone, busy, added_at, read_at, failure FROM outer_calendars
        WHERE person = $1 ORDER BY id";
    const READ = "UPDATE outer_calendars SET busy = $2, read_at = $3, failure = NULL WHERE id = $1";
    const FAILED = "UPDATE outer_calendars SET failure = $2 WHERE id = $1";
    const FORGET = "DELETE FROM outer_calendars WHERE person = $1";
    const REMOVE = "DELETE FROM outer_calendars WHERE id = $1 AND person = $2";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRecord {
    pub id: CalendarId,
    pub person: PersonId,
    pub name: String,
    /// Sealed.
    pub address: String,
    /// The time zone of what names none in it.
    pub zone: String,
    /// As it was last read.
    pub busy: Vec<Busy>,
    pub added_at: i64,
    pub read_at: Option<i64>,
    /// Why it could not be read since.
    pub failure: Option<String>,
}

fn read(row: &Row) -> Result<CalendarRecord> {
    let text: String = row.get(5)?;
    let busy: Vec<(i64, i64)> = serde_json::from_str(&text)
        .map_err(|error| StoreError::Corrupt(format!("a calendar does not parse: {error}")))?;
    Ok(CalendarRecord {
        id: row.get(0)?,
        person: row.get(1)?,
        name: row.get(2)?,
        address: row.get(3)?,
        zone: row.get(4)?,
        busy: busy.into_iter().map(|(from_us, to_us)| Busy { from_us, to_us }).collect(),
        added_at: row.get(6)?,
        read_at: row.get(7)?,
        failure: row.get(8)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, it: &CalendarRecord) -> Result<()> {
    tx.exec(INSERT, values![it.id, it.person, &it.name, &it.address, &it.zone, it.added_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, id: CalendarId) -> Result<Option<CalendarRecord>> {
    conn.row(ONE, values![id])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<CalendarRecord>> {
    conn.rows(OF_PERSON, values![person])?.iter().map(read).collect()
}

/// It was read.
///
/// # Errors
/// What the engine said.
pub fn put_busy(tx: &mut Tx, id: CalendarId, busy: &[Busy], now_us: i64) -> Result<()> {
    let busy: Vec<(i64, i64)> = busy.iter().map(|it| (it.from_us, it.to_us)).collect();
    let text = serde_json::to_string(&busy).expect("numbers are JSON");
    tx.exec(READ, values![id, text, now_us])?;
    Ok(())
}

/// It could not be read; what was read before stays.
///
/// # Errors
/// What the engine said.
pub fn put_failure(tx: &mut Tx, id: CalendarId, failure: &str) -> Result<()> {
    tx.exec(FAILED, values![id, failure])?;
    Ok(())
}

/// All of somebody who leaves the house.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.exec(FORGET, values![person])?;
    Ok(())
}

/// False if the person has no such calendar.
///
/// # Errors
/// What the engine said.
pub fn remove(tx: &mut Tx, person: PersonId, id: CalendarId) -> Result<bool> {
    Ok(tx.exec(REMOVE, values![id, person])? > 0)
}
