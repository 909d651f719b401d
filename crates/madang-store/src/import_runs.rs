//! Imports that were asked for in the app, and how far they are.

use madang_model::{FileId, PersonId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO import_runs (id, person, source, file, about, dry, state, made_at)
        VALUES ($1, $2, $3, $4, $5, TRUE, 'waiting', $6)";
    const LIST = "SELECT id, person, source, file, about, dry, state, report, error, made_at FROM import_runs
        ORDER BY id DESC LIMIT 50";
    const ONE = "SELECT id, person, source, file, about, dry, state, report, error, made_at FROM import_runs WHERE id = $1";
    const NEXT = "SELECT id, person, source, file, about, dry, state, report, error, made_at FROM import_runs
        WHERE state = 'waiting' ORDER BY id LIMIT 1";
    const ASK = "UPDATE import_runs SET dry = $2, about = $3, state = 'waiting', error = NULL WHERE id = $1";
    const STATE = "UPDATE import_runs SET state = $2 WHERE id = $1";
    const DONE = "UPDATE import_runs SET state = 'done', report = $2 WHERE id = $1 AND state = 'running'";
    const FAILED = "UPDATE import_runs SET state = 'failed', error = $2 WHERE id = $1 AND state = 'running'";
    const CUT_OFF = "UPDATE import_runs SET state = 'waiting' WHERE state = 'running'";
    const FORGET = "DELETE FROM import_runs WHERE id = $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    pub id: i64,
    pub person: PersonId,
    /// "slack" or "kakaotalk".
    pub source: String,
    pub file: FileId,
    /// JSON text.
    pub about: String,
    pub dry: bool,
    /// "waiting", "running", "done", "failed" or "stopped".
    pub state: String,
    /// JSON text.
    pub report: Option<String>,
    pub error: Option<String>,
    pub made_at: i64,
}

fn read(row: &Row) -> Result<RunRecord> {
    Ok(RunRecord {
        id: row.get(0)?,
        person: row.get(1)?,
        source: row.get(2)?,
        file: row.get(3)?,
        about: row.get(4)?,
        dry: row.get(5)?,
        state: row.get(6)?,
        report: row.get(7)?,
        error: row.get(8)?,
        made_at: row.get(9)?,
    })
}

/// A dry run that waits.
///
/// # Errors
/// What the engine said.
pub fn insert(
    tx: &mut Tx,
    id: i64,
    person: PersonId,
    source: &str,
    file: FileId,
    about: &str,
    now_us: i64,
) -> Result<()> {
    tx.exec(INSERT, values![id, person, source, file, about, now_us])?;
    Ok(())
}

/// The newest fifty, newest first.
///
/// # Errors
/// What the engine said.
pub fn list(conn: &mut Conn) -> Result<Vec<RunRecord>> {
    conn.rows(LIST, values![])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn by_id(conn: &mut Conn, id: i64) -> Result<Option<RunRecord>> {
    conn.row(ONE, values![id])?.map(|row| read(&row)).transpose()
}

/// Takes the one that has waited longest.
///
/// # Errors
/// What the engine said.
pub fn take(tx: &mut Tx) -> Result<Option<RunRecord>> {
    let Some(run) = tx.row(NEXT, values![])?.map(|row| read(&row)).transpose()? else { return Ok(None) };
    tx.exec(STATE, values![run.id, "running"])?;
    Ok(Some(run))
}

/// Lets it wait for its turn, dry or real.
///
/// # Errors
/// What the engine said.
pub fn ask(tx: &mut Tx, id: i64, dry: bool, about: &str) -> Result<()> {
    tx.exec(ASK, values![id, dry, about])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn stopped(tx: &mut Tx, id: i64) -> Result<()> {
    tx.exec(STATE, values![id, "stopped"])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn done(tx: &mut Tx, id: i64, report: &str) -> Result<()> {
    tx.exec(DONE, values![id, report])?;
    Ok(())
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
