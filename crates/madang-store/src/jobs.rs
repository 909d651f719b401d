//! Work to do later, written in the transaction that caused it: mail to send,
//! things to clear away.

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO jobs (id, kind, payload, run_at) VALUES ($1, $2, $3, $4)";
    const CLAIM = "UPDATE jobs SET run_at = $2, tries = tries + 1 WHERE id IN
        (SELECT id FROM jobs WHERE run_at <= $1 ORDER BY run_at LIMIT 16 {skip_locked})
        RETURNING id, kind, payload, tries";
    const DONE = "DELETE FROM jobs WHERE id = $1";
    const FAILED = "UPDATE jobs SET run_at = $2, last_error = $3 WHERE id = $1";
    const WAITING = "SELECT count(*) FROM jobs WHERE kind = $1";
    const NEXT = "SELECT min(run_at) FROM jobs";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    pub id: i64,
    pub kind: String,
    /// JSON text.
    pub payload: String,
    /// How often it was begun, this time included.
    pub tries: i64,
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, id: i64, kind: &str, payload: &str, run_at: i64) -> Result<()> {
    tx.exec(INSERT, values![id, kind, payload, run_at])?;
    Ok(())
}

/// Takes up to 16 due jobs; another may take them again after `lease_until`.
///
/// # Errors
/// What the engine said.
pub fn claim(tx: &mut Tx, now_us: i64, lease_until: i64) -> Result<Vec<JobRecord>> {
    let read = |row: &Row| {
        Ok(JobRecord { id: row.get(0)?, kind: row.get(1)?, payload: row.get(2)?, tries: row.get(3)? })
    };
    tx.rows(CLAIM, values![now_us, lease_until])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn done(tx: &mut Tx, id: i64) -> Result<()> {
    tx.exec(DONE, values![id])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn failed(tx: &mut Tx, id: i64, again_at: i64, error: &str) -> Result<()> {
    tx.exec(FAILED, values![id, again_at, error])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn waiting(conn: &mut Conn, kind: &str) -> Result<i64> {
    conn.row(WAITING, values![kind])?.map_or(Ok(0), |row| row.get(0))
}

/// When the next job is due.
///
/// # Errors
/// What the engine said.
pub fn next(conn: &mut Conn) -> Result<Option<i64>> {
    conn.row(NEXT, values![])?.map_or(Ok(None), |row| row.get(0))
}
