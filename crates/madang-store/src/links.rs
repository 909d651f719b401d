//! Join links: whoever has one comes into the space as a guest.

use madang_model::{PersonId, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO join_links (id, token_hash, space, created_by, created_at, expires_at, uses_left)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const BY_TOKEN = "SELECT id, space, created_by, created_at, expires_at, uses_left, used FROM join_links
        WHERE token_hash = $1";
    const OF_SPACE = "SELECT id, space, created_by, created_at, expires_at, uses_left, used FROM join_links
        WHERE space = $1 ORDER BY created_at DESC";
    const ALL_LINKS = "SELECT id, space, created_by, created_at, expires_at, uses_left, used FROM join_links
        ORDER BY created_at DESC, id LIMIT $1";
    const ONE = "SELECT id, space, created_by, created_at, expires_at, uses_left, used FROM join_links WHERE id = $1";
    const USE = "UPDATE join_links SET used = used + 1, uses_left = uses_left - 1
        WHERE id = $1 AND (uses_left IS NULL OR uses_left > 0)";
    const PROLONG = "UPDATE join_links SET expires_at = $2 WHERE id = $1";
    const REVOKE = "DELETE FROM join_links WHERE id = $1 AND space = $2";
    const EXPIRED = "DELETE FROM join_links WHERE expires_at < $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRecord {
    pub id: i64,
    pub space: SpaceId,
    pub created_by: PersonId,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub uses_left: Option<i64>,
    pub used: i64,
}

impl LinkRecord {
    /// Whether the link still lets somebody in.
    pub fn is_good(&self, now_us: i64) -> bool {
        self.expires_at.is_none_or(|end| end > now_us) && self.uses_left.is_none_or(|left| left > 0)
    }
}

fn read(row: &Row) -> Result<LinkRecord> {
    Ok(LinkRecord {
        id: row.get(0)?,
        space: row.get(1)?,
        created_by: row.get(2)?,
        created_at: row.get(3)?,
        expires_at: row.get(4)?,
        uses_left: row.get(5)?,
        used: row.get(6)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, link: &LinkRecord, token_hash: &[u8; 32]) -> Result<()> {
    let l = link;
    tx.exec(
        INSERT,
        values![l.id, token_hash, l.space, l.created_by, l.created_at, l.expires_at, l.uses_left],
    )?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_token(conn: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<LinkRecord>> {
    conn.row(BY_TOKEN, values![token_hash])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_space(conn: &mut Conn, space: SpaceId) -> Result<Vec<LinkRecord>> {
    conn.rows(OF_SPACE, values![space])?.iter().map(read).collect()
}

/// Counts one use; false when no use is left.
///
/// # Errors
/// What the engine said.
pub fn use_once(tx: &mut Tx, id: i64) -> Result<bool> {
    Ok(tx.exec(USE, values![id])? > 0)
}

/// Every link there is, newest first.
///
/// # Errors
/// What the engine said.
pub fn prolong(tx: &mut Tx, id: i64, expires_at: Option<i64>) -> Result<bool> {
    Ok(tx.exec(PROLONG, values![id, expires_at])? > 0)
}

/// # Errors
/// What the engine said.
pub fn all(conn: &mut Conn, limit: i64) -> Result<Vec<LinkRecord>> {
    conn.rows(ALL_LINKS, values![limit])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, id: i64) -> Result<Option<LinkRecord>> {
    conn.row(ONE, values![id])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn revoke(tx: &mut Tx, space: SpaceId, id: i64) -> Result<bool> {
    Ok(tx.exec(REVOKE, values![id, space])? > 0)
}

/// # Errors
/// What the engine said.
pub fn forget_expired(tx: &mut Tx, now_us: i64) -> Result<u64> {
    tx.exec(EXPIRED, values![now_us])
}
