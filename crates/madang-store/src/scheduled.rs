//! Messages that wait for their time. What they say is in the register `scheduled/…` of whoever wrote them.

use madang_model::{FileId, PersonId, SpaceId};

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const PUT = "INSERT INTO scheduled (person, id, space, due_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person, id) DO UPDATE SET space = excluded.space, due_at = excluded.due_at";
    const FILES_GONE = "DELETE FROM scheduled_files WHERE person = $1 AND id = $2";
    const PUT_FILE = "INSERT INTO scheduled_files (person, id, file) VALUES ($1, $2, $3)";
    const TAKE = "DELETE FROM scheduled WHERE person = $1 AND id = $2 RETURNING space";
    const REFUSED = "UPDATE scheduled SET due_at = NULL WHERE person = $1 AND id = $2";
    const COUNT = "SELECT count(*) FROM scheduled WHERE person = $1 AND id <> $2";
    const DUE = "SELECT person, id FROM scheduled WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
    const STILL_DUE = "SELECT space FROM scheduled WHERE person = $1 AND id = $2 AND due_at <= $3 {for_update}";
    const NEXT = "SELECT min(due_at) FROM scheduled WHERE due_at IS NOT NULL";
}

/// A message that waits, with what goes with it; takes the place of what it was before.
///
/// # Errors
/// What the engine said.
pub fn put(
    tx: &mut Tx,
    person: PersonId,
    id: &str,
    space: SpaceId,
    due_at: i64,
    files: &[FileId],
) -> Result<()> {
    tx.exec(PUT, values![person, id, space, due_at])?;
    tx.exec(FILES_GONE, values![person, id])?;
    for file in files {
        tx.exec(PUT_FILE, values![person, id, *file])?;
    }
    Ok(())
}

/// It is sent, or not to be: gives where it was to go; none if it was not there.
///
/// # Errors
/// What the engine said.
pub fn take(tx: &mut Tx, person: PersonId, id: &str) -> Result<Option<SpaceId>> {
    tx.row(TAKE, values![person, id])?.map(|row| row.get(0)).transpose()
}

/// It stays, and is not due any more.
///
/// # Errors
/// What the engine said.
pub fn refused(tx: &mut Tx, person: PersonId, id: &str) -> Result<()> {
    tx.exec(REFUSED, values![person, id])?;
    Ok(())
}

/// How many others wait.
///
/// # Errors
/// What the engine said.
pub fn count_others(conn: &mut Conn, person: PersonId, id: &str) -> Result<i64> {
    conn.row(COUNT, values![person, id])?.map_or(Ok(0), |row| row.get(0))
}

/// Messages whose time has come, the oldest first.
///
/// # Errors
/// What the engine said.
pub fn due(conn: &mut Conn, now_us: i64, limit: i64) -> Result<Vec<(PersonId, String)>> {
    conn.rows(DUE, values![now_us, limit])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Whether it is due in this transaction too, and nobody else takes it until that ends.
///
/// # Errors
/// What the engine said.
pub fn still_due(tx: &mut Tx, person: PersonId, id: &str, now_us: i64) -> Result<Option<SpaceId>> {
    tx.row(STILL_DUE, values![person, id, now_us])?.map(|row| row.get(0)).transpose()
}

/// When the next one is due.
///
/// # Errors
/// What the engine said.
pub fn next(conn: &mut Conn) -> Result<Option<i64>> {
    conn.row(NEXT, values![])?.map_or(Ok(None), |row| row.get(0))
}
