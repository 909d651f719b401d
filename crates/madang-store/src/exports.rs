//! Exports of the whole house: those that were asked for, and which spaces go into one.

use madang_model::{PersonId, SpaceId, WorkspaceId};

use crate::db::{Conn, FromRow, Row, Tx};
use crate::error::Result;
use crate::log::SpaceRecord;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO exports (id, person, private, state, made_at) VALUES ($1, $2, $3, 'waiting', $4)";
    const LIST = "SELECT id, person, private, state, error, size, made_at, until FROM exports ORDER BY id DESC";
    const ONE = "SELECT id, person, private, state, error, size, made_at, until FROM exports WHERE id = $1";
    const NEXT = "SELECT id, person, private, state, error, size, made_at, until FROM exports
        WHERE state = 'waiting' ORDER BY id LIMIT 1";
    const RUNNING = "UPDATE exports SET state = 'running' WHERE id = $1";
    const DONE = "UPDATE exports SET state = 'done', size = $2, until = $3 WHERE id = $1 AND state = 'running'";
    const FAILED = "UPDATE exports SET state = 'failed', error = $2 WHERE id = $1 AND state = 'running'";
    const CUT_OFF = "UPDATE exports SET state = 'waiting' WHERE state = 'running'";
    const FORGET = "DELETE FROM exports WHERE id = $1";
    const SPACES = "SELECT id, workspace, kind, name, description, archived, deleted_until, members, pins, head,
        head_at, picture, last_message, guests, direct_key FROM spaces
        WHERE workspace = $1 AND deleted_until IS NULL AND (kind = 'open' OR $2 = TRUE) AND id > $3 ORDER BY id LIMIT $4";
    const MEASURE = "SELECT CAST(coalesce(sum(head), 0) AS BIGINT) FROM spaces
        WHERE workspace = $1 AND deleted_until IS NULL AND (kind = 'open' OR $2 = TRUE)";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRecord {
    pub id: i64,
    pub person: PersonId,
    /// With closed spaces and direct conversations.
    pub private: bool,
    /// "waiting", "running", "done" or "failed".
    pub state: String,
    /// A word that says why it failed.
    pub error: Option<String>,
    /// Bytes, once it is done.
    pub size: Option<i64>,
    pub made_at: i64,
    /// Microseconds; the file is removed then.
    pub until: Option<i64>,
}

fn read(row: &Row) -> Result<ExportRecord> {
    Ok(ExportRecord {
        id: row.get(0)?,
        person: row.get(1)?,
        private: row.get(2)?,
        state: row.get(3)?,
        error: row.get(4)?,
        size: row.get(5)?,
        made_at: row.get(6)?,
        until: row.get(7)?,
    })
}

/// One that waits for its turn.
///
/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, id: i64, person: PersonId, private: bool, now_us: i64) -> Result<()> {
    tx.exec(INSERT, values![id, person, private, now_us])?;
    Ok(())
}

/// Newest first.
///
/// # Errors
/// What the engine said.
pub fn list(conn: &mut Conn) -> Result<Vec<ExportRecord>> {
    conn.rows(LIST, values![])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn by_id(conn: &mut Conn, id: i64) -> Result<Option<ExportRecord>> {
    conn.row(ONE, values![id])?.map(|row| read(&row)).transpose()
}

/// Takes the one that has waited longest.
///
/// # Errors
/// What the engine said.
pub fn take(tx: &mut Tx) -> Result<Option<ExportRecord>> {
    let Some(export) = tx.row(NEXT, values![])?.map(|row| read(&row)).transpose()? else { return Ok(None) };
    tx.exec(RUNNING, values![export.id])?;
    Ok(Some(export))
}

/// False when it was removed meanwhile.
///
/// # Errors
/// What the engine said.
pub fn done(tx: &mut Tx, id: i64, size: i64, until_us: i64) -> Result<bool> {
    Ok(tx.exec(DONE, values![id, size, until_us])? > 0)
}

/// # Errors
/// What the engine said.
pub fn failed(tx: &mut Tx, id: i64, error: &str) -> Result<()> {
    tx.exec(FAILED, values![id, error])?;
    Ok(())
}

/// What ran when the process ended waits again.
///
/// # Errors
/// What the engine said.
pub fn cut_off(tx: &mut Tx) -> Result<()> {
    tx.exec(CUT_OFF, values![])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, id: i64) -> Result<()> {
    tx.exec(FORGET, values![id])?;
    Ok(())
}

/// The spaces that go into an export, after an id, in id order; none that is deleted.
///
/// # Errors
/// What the engine said.
pub fn spaces(
    conn: &mut Conn,
    workspace: WorkspaceId,
    private: bool,
    after: SpaceId,
    limit: i64,
) -> Result<Vec<SpaceRecord>> {
    conn.rows(SPACES, values![workspace, private, after, limit])?.iter().map(SpaceRecord::from_row).collect()
}

/// How many events these spaces have together.
///
/// # Errors
/// What the engine said.
pub fn measure(conn: &mut Conn, workspace: WorkspaceId, private: bool) -> Result<i64> {
    conn.row(MEASURE, values![workspace, private])?.map_or(Ok(0), |row| row.get(0))
}
