//! The house itself: its workspaces, its epoch, and small facts about it.

use madang_model::WorkspaceId;

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const GET = "SELECT value FROM meta WHERE key = $1";
    const SET = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    const WORKSPACES = "SELECT id, name FROM workspaces ORDER BY id";
    const INSERT = "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)";
    const RENAME = "UPDATE workspaces SET name = $2 WHERE id = $1";
}

/// Set once at first start and anew by a restore; Unix milliseconds.
pub const EPOCH: &str = "epoch";
/// Grows with every change made by another process (the command line), so
/// that a serving process notices and forgets what it holds in memory.
pub const TOUCHED: &str = "touched";

/// When the last backup was finished; Unix milliseconds. For `madang doctor`.
pub const BACKED_UP: &str = "backed_up";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRecord {
    pub id: WorkspaceId,
    pub name: String,
}

/// # Errors
/// What the engine said.
pub fn fact(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    conn.row(GET, values![key])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn set_fact(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    tx.exec(SET, values![key, value])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn workspaces(conn: &mut Conn) -> Result<Vec<WorkspaceRecord>> {
    let read = |row: &Row| Ok(WorkspaceRecord { id: row.get(0)?, name: row.get(1)? });
    conn.rows(WORKSPACES, values![])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn insert_workspace(tx: &mut Tx, id: WorkspaceId, name: &str, now_us: i64) -> Result<()> {
    tx.exec(INSERT, values![id, name, now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn rename_workspace(tx: &mut Tx, id: WorkspaceId, name: &str) -> Result<()> {
    tx.exec(RENAME, values![id, name])?;
    Ok(())
}
