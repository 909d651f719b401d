//! How long messages are kept: the rules, and what is older than they allow.

use madang_model::{PersonId, Seq, SpaceId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const RULES = "SELECT space, days, keep_pinned, set_by, set_at FROM retention WHERE workspace = $1 ORDER BY space";
    const SET = "INSERT INTO retention (workspace, space, days, keep_pinned, set_by, set_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, space) DO UPDATE SET days = excluded.days,
        keep_pinned = excluded.keep_pinned, set_by = excluded.set_by, set_at = excluded.set_at";
    const FORGET = "DELETE FROM retention WHERE workspace = $1 AND space = $2";
    const SPACES = "SELECT id FROM spaces WHERE workspace = $1 AND deleted_until IS NULL ORDER BY id";
    const DUE = "SELECT seq, thread, removed FROM messages WHERE space = $1 AND seq > $2 AND at_us < $3
        AND erased = FALSE AND (pinned_at IS NULL OR $4 = FALSE) ORDER BY seq LIMIT $5";
    const COUNT = "SELECT count(*) FROM messages WHERE space = $1 AND at_us < $2
        AND removed = FALSE AND (pinned_at IS NULL OR $3 = FALSE)";
    const BY_AUTHOR = "SELECT space, seq, thread, removed FROM messages WHERE author = $1 AND erased = FALSE
        ORDER BY space, seq LIMIT $2";
}

/// How long messages are kept, in the workspace or in one space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionRule {
    /// None for the whole workspace.
    pub space: Option<SpaceId>,
    /// 0: for ever.
    pub days: i64,
    pub keep_pinned: bool,
    pub set_by: PersonId,
    pub set_at: i64,
}

/// A message that is to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub seq: Seq,
    pub thread: Option<Seq>,
    /// It was removed before; its text is still to be destroyed.
    pub removed: bool,
}

fn due(row: &Row, first: usize) -> Result<Due> {
    Ok(Due { seq: row.get(first)?, thread: row.get(first + 1)?, removed: row.get(first + 2)? })
}

/// # Errors
/// What the engine said.
pub fn rules(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<RetentionRule>> {
    let read = |row: &Row| {
        Ok(RetentionRule {
            space: Some(row.get(0)?).filter(|it: &SpaceId| it.0 != 0),
            days: row.get(1)?,
            keep_pinned: row.get(2)?,
            set_by: row.get(3)?,
            set_at: row.get(4)?,
        })
    };
    conn.rows(RULES, values![workspace])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn set(tx: &mut Tx, workspace: WorkspaceId, rule: &RetentionRule) -> Result<()> {
    let space = rule.space.map_or(0, |it| it.0);
    tx.exec(SET, values![workspace, space, rule.days, rule.keep_pinned, rule.set_by, rule.set_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, workspace: WorkspaceId, space: Option<SpaceId>) -> Result<()> {
    tx.exec(FORGET, values![workspace, space.map_or(0, |it| it.0)])?;
    Ok(())
}

/// The spaces that a rule may be about. A deleted one is erased as a whole, soon.
///
/// # Errors
/// What the engine said.
pub fn spaces(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<SpaceId>> {
    conn.rows(SPACES, values![workspace])?.iter().map(|row| row.get(0)).collect()
}

/// Messages after a seq, written before a time, of which there is still something to destroy.
///
/// # Errors
/// What the engine said.
pub fn due_in(
    conn: &mut Conn,
    space: SpaceId,
    after: Seq,
    before_us: i64,
    keep_pinned: bool,
    limit: i64,
) -> Result<Vec<Due>> {
    let rows = conn.rows(DUE, values![space, after, before_us, keep_pinned, limit])?;
    rows.iter().map(|row| due(row, 0)).collect()
}

/// How many messages that can be read a rule would erase now.
///
/// # Errors
/// What the engine said.
pub fn count_in(conn: &mut Conn, space: SpaceId, before_us: i64, keep_pinned: bool) -> Result<i64> {
    conn.row(COUNT, values![space, before_us, keep_pinned])?.map_or(Ok(0), |row| row.get(0))
}

/// Messages of somebody, of which there is still something to destroy.
///
/// # Errors
/// What the engine said.
pub fn written_by(conn: &mut Conn, author: PersonId, limit: i64) -> Result<Vec<(SpaceId, Due)>> {
    let rows = conn.rows(BY_AUTHOR, values![author, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, due(row, 1)?))).collect()
}
