//! Digests: who has been away and when they were last told by mail, and the addresses at which they answer.

use madang_model::{PersonId, Seq, SpaceId, WorkspaceId};

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    /// Programs' tokens do not count: a bot that works on is no sign of its person.
    const AWAY = "SELECT p.id FROM people p JOIN workspace_members w ON w.person = p.id AND w.workspace = $1
        WHERE p.id > $2 AND p.email IS NOT NULL AND p.bot = FALSE AND w.removed_at IS NULL AND w.role <> 'visitor'
        AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.person = p.id AND s.kind = 'browser' AND s.seen_at > $3)
        AND NOT EXISTS (SELECT 1 FROM digests d WHERE d.person = p.id AND d.sent_at > $4)
        ORDER BY p.id LIMIT $5";
    const SENT_AT = "SELECT sent_at FROM digests WHERE person = $1";
    const CLAIM = "INSERT INTO digests (person, sent_at) VALUES ($1, $2)
        ON CONFLICT (person) DO UPDATE SET sent_at = excluded.sent_at WHERE digests.sent_at <= $3";
    const OPEN_WAY = "INSERT INTO reply_ways (token_hash, person, space, thread, expires_at) VALUES ($1, $2, $3, $4, $5)";
    const WAY = "SELECT person, space, thread FROM reply_ways WHERE token_hash = $1 AND expires_at > $2";
    const OVER = "DELETE FROM reply_ways WHERE expires_at < $1";
    const UNREAD_DIRECTS = "SELECT s.id FROM memberships m JOIN spaces s ON s.id = m.space
        WHERE m.person = $1 AND s.kind = 'direct' AND s.deleted_until IS NULL AND s.head > m.read_seq ORDER BY s.id";
    const UNREAD = "SELECT seq FROM messages WHERE space = $1 AND seq > $2 AND author <> $3
        AND (thread IS NULL OR also) AND removed = FALSE ORDER BY seq DESC LIMIT $4";
}

/// Who answers where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyWay {
    pub person: PersonId,
    pub space: SpaceId,
    /// None for the main line.
    pub thread: Option<Seq>,
}

/// People with an address whose browsers were not seen after `seen_us` and who were told nothing after `told_us`, by
/// id after `last`.
///
/// # Errors
/// What the engine said.
pub fn away(
    conn: &mut Conn,
    workspace: WorkspaceId,
    last: PersonId,
    seen_us: i64,
    told_us: i64,
    limit: i64,
) -> Result<Vec<PersonId>> {
    conn.rows(AWAY, values![workspace, last, seen_us, told_us, limit])?.iter().map(|row| row.get(0)).collect()
}

/// When the person was last told; 0 for never.
///
/// # Errors
/// What the engine said.
pub fn sent_at(conn: &mut Conn, person: PersonId) -> Result<i64> {
    conn.row(SENT_AT, values![person])?.map_or(Ok(0), |row| row.get(0))
}

/// Notes that the person is told now, unless somebody told them after `told_us`.
///
/// # Errors
/// What the engine said.
pub fn claim(tx: &mut Tx, person: PersonId, now_us: i64, told_us: i64) -> Result<bool> {
    Ok(tx.exec(CLAIM, values![person, now_us, told_us])? > 0)
}

/// # Errors
/// What the engine said.
pub fn open_way(tx: &mut Tx, token_hash: &[u8; 32], way: ReplyWay, expires_at: i64) -> Result<()> {
    tx.exec(OPEN_WAY, values![token_hash, way.person, way.space, way.thread, expires_at])?;
    Ok(())
}

/// Where an address that is still good leads.
///
/// # Errors
/// What the engine said.
pub fn way(conn: &mut Conn, token_hash: &[u8; 32], now_us: i64) -> Result<Option<ReplyWay>> {
    let Some(row) = conn.row(WAY, values![token_hash, now_us])? else { return Ok(None) };
    Ok(Some(ReplyWay { person: row.get(0)?, space: row.get(1)?, thread: row.get(2)? }))
}

/// # Errors
/// What the engine said.
pub fn forget_over(tx: &mut Tx, now_us: i64) -> Result<()> {
    tx.exec(OVER, values![now_us])?;
    Ok(())
}

/// Conversations of the person in which something happened after their read marker.
///
/// # Errors
/// What the engine said.
pub fn unread_directs(conn: &mut Conn, person: PersonId) -> Result<Vec<SpaceId>> {
    conn.rows(UNREAD_DIRECTS, values![person])?.iter().map(|row| row.get(0)).collect()
}

/// The newest messages of others in the main line after `read`, newest first.
///
/// # Errors
/// What the engine said.
pub fn unread(conn: &mut Conn, space: SpaceId, person: PersonId, read: Seq, limit: i64) -> Result<Vec<Seq>> {
    conn.rows(UNREAD, values![space, read, person, limit])?.iter().map(|row| row.get(0)).collect()
}
