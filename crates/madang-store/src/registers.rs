//! Registers: the last value of each key of a person, with one `rev` counter
//! per person so that a device can ask what changed since.

use std::sync::Arc;

use madang_model::register::Key;
use madang_model::{PersonId, SpaceId};
use serde_json::Value as Json;

use crate::bus::Announcement;
use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const NEXT_REV = "UPDATE people SET rev = rev + 1 WHERE id = $1 RETURNING rev";
    const SET = "INSERT INTO registers (person, key, rev, value) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person, key) DO UPDATE SET rev = excluded.rev, value = excluded.value";
    const GET = "SELECT key, rev, value FROM registers WHERE person = $1 AND key = $2";
    const AFTER = "SELECT key, rev, value FROM registers WHERE person = $1 AND rev > $2 ORDER BY rev";
    const REV = "SELECT rev FROM people WHERE id = $1";
    const OF_SPACE = "SELECT key FROM registers WHERE person = $1 AND value <> 'null'
        AND (key IN ($2, $3, $4) OR (key >= $5 AND key < $6) OR (key >= $7 AND key < $8)) ORDER BY key";
}

/// One register as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    pub key: String,
    pub rev: i64,
    /// JSON text.
    pub value: Json,
}

fn read(row: &Row) -> Result<Register> {
    let text: String = row.get(2)?;
    let value = serde_json::from_str(&text)
        .map_err(|error| StoreError::Corrupt(format!("a register does not parse: {error}")))?;
    Ok(Register { key: row.get(0)?, rev: row.get(1)?, value })
}

/// Sets a register and tells the person's devices.
///
/// # Errors
/// What the engine said.
pub fn set(tx: &mut Tx, person: PersonId, key: &Key, value: &Json) -> Result<()> {
    put(tx, person, key, value).map(|_| ())
}

/// As `set`, and gives back what was kept.
///
/// # Errors
/// What the engine said; `Constraint` when there is no such person.
pub fn put(tx: &mut Tx, person: PersonId, key: &Key, value: &Json) -> Result<Register> {
    put_at(tx, person, key.to_string(), value)
}

fn put_at(tx: &mut Tx, person: PersonId, key: String, value: &Json) -> Result<Register> {
    let row = tx.row(NEXT_REV, values![person])?;
    let rev: i64 = row.ok_or_else(|| StoreError::Constraint("a register needs a person".into()))?.get(0)?;
    tx.exec(SET, values![person, &key, rev, value.to_string()])?;
    let register = Register { key, rev, value: value.clone() };
    tx.on_commit(Announcement::Register { person, register: Arc::new(register.clone()) });
    Ok(register)
}

/// # Errors
/// What the engine said.
pub fn get(conn: &mut Conn, person: PersonId, key: &Key) -> Result<Option<Register>> {
    conn.row(GET, values![person, key.to_string()])?.map(|row| read(&row)).transpose()
}

/// The registers that changed after `rev`, oldest change first.
///
/// # Errors
/// What the engine said.
pub fn after(conn: &mut Conn, person: PersonId, rev: i64) -> Result<Vec<Register>> {
    conn.rows(AFTER, values![person, rev])?.iter().map(read).collect()
}

/// The person's newest `rev`.
///
/// # Errors
/// What the engine said.
pub fn rev(conn: &mut Conn, person: PersonId) -> Result<i64> {
    conn.row(REV, values![person])?.map_or(Ok(0), |row| row.get(0))
}

/// Empties what a person kept about a space they left. The registers stay, as
/// null: a device that was away hears of it, also when the person is back by then.
///
/// # Errors
/// What the engine said.
pub fn forget_space(tx: &mut Tx, person: PersonId, space: SpaceId) -> Result<()> {
    let draft = Key::Draft(space, None).to_string();
    let (read, involvement) = (Key::Read(space).to_string(), Key::Involvement(space).to_string());
    // '0' is the character after '/', so this is every key that begins with "draft/<space>/".
    let (first, end) = (format!("{draft}/"), format!("{draft}0"));
    let saved = (format!("saved/{space}/"), format!("saved/{space}0"));
    for row in tx.rows(OF_SPACE, values![person, read, involvement, draft, first, end, saved.0, saved.1])? {
        put_at(tx, person, row.get(0)?, &Json::Null)?;
    }
    Ok(())
}
