//! Sessions: signed-in periods of devices, and tokens of programs. Only the
//! SHA-256 of a secret is kept.

use madang_model::{PersonId, SessionId};

use crate::bus::Announcement;
use crate::db::{Conn, Row, Tx, Value};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO sessions (id, token_hash, person, kind, label, created_at, seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)";
    const BY_TOKEN = "SELECT id, person, kind, label, created_at, seen_at, expires_at FROM sessions
        WHERE token_hash = $1";
    const OF_PERSON = "SELECT id, person, kind, label, created_at, seen_at, expires_at FROM sessions
        WHERE person = $1 AND kind = $2 AND expires_at > $3 ORDER BY seen_at DESC";
    const ONE = "SELECT id, person, kind, label, created_at, seen_at, expires_at FROM sessions
        WHERE id = $1 AND person = $2";
    const END = "DELETE FROM sessions WHERE id = $1 AND person = $2";
    const END_OTHERS = "DELETE FROM sessions WHERE person = $1 AND kind = 'browser' AND id <> $2 RETURNING id";
    const END_OTHERS_AND_TOKENS = "DELETE FROM sessions WHERE person = $1 AND id <> $2 RETURNING id";
    const END_ALL = "DELETE FROM sessions WHERE person = $1 RETURNING id";
    const SEEN = "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE id = $1";
    const ALIVE = "SELECT id FROM sessions WHERE id IN {ids:$1}";
    const EXISTS = "SELECT 1 FROM sessions WHERE id = $1";
    const EXPIRED = "DELETE FROM sessions WHERE expires_at < $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    pub id: SessionId,
    pub person: PersonId,
    /// "browser" or "token".
    pub kind: String,
    /// What the person calls it: the device, or the program.
    pub label: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
}

fn read(row: &Row) -> Result<SessionRecord> {
    Ok(SessionRecord {
        id: row.get(0)?,
        person: row.get(1)?,
        kind: row.get(2)?,
        label: row.get(3)?,
        created_at: row.get(4)?,
        seen_at: row.get(5)?,
        expires_at: row.get(6)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, session: &SessionRecord, token_hash: &[u8; 32]) -> Result<()> {
    let s = session;
    tx.exec(INSERT, values![s.id, token_hash, s.person, &s.kind, &s.label, s.created_at, s.expires_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_token(conn: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>> {
    conn.row(BY_TOKEN, values![token_hash])?.map(|row| read(&row)).transpose()
}

/// A session of this person.
///
/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, person: PersonId, id: SessionId) -> Result<Option<SessionRecord>> {
    conn.row(ONE, values![id, person])?.map(|row| read(&row)).transpose()
}

/// Whether the session has not ended.
///
/// # Errors
/// What the engine said.
pub fn exists(conn: &mut Conn, id: SessionId) -> Result<bool> {
    Ok(conn.row(EXISTS, values![id])?.is_some())
}

/// Those of the sessions that have not ended.
///
/// # Errors
/// What the engine said.
pub fn alive(conn: &mut Conn, ids: &[SessionId]) -> Result<Vec<SessionId>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    conn.rows(ALIVE, values![Value::ids(&ids)])?.iter().map(|row| row.get(0)).collect()
}

/// Live sessions of one kind, most recently seen first.
///
/// # Errors
/// What the engine said.
pub fn of_person(conn: &mut Conn, person: PersonId, kind: &str, now_us: i64) -> Result<Vec<SessionRecord>> {
    conn.rows(OF_PERSON, values![person, kind, now_us])?.iter().map(read).collect()
}

/// Ends one session of the person; false if there was none.
///
/// # Errors
/// What the engine said.
pub fn end(tx: &mut Tx, person: PersonId, id: SessionId) -> Result<bool> {
    let ended = tx.exec(END, values![id, person])? > 0;
    if ended {
        tx.on_commit(Announcement::SessionEnded(id));
    }
    Ok(ended)
}

/// Ends every session of the person but one; tokens too, unless they are kept.
///
/// # Errors
/// What the engine said.
pub fn end_others(tx: &mut Tx, person: PersonId, keep: SessionId, keep_tokens: bool) -> Result<()> {
    let ended = if keep_tokens { END_OTHERS } else { END_OTHERS_AND_TOKENS };
    for row in tx.rows(ended, values![person, keep])? {
        tx.on_commit(Announcement::SessionEnded(row.get(0)?));
    }
    Ok(())
}

/// Ends every session and token of the person.
///
/// # Errors
/// What the engine said.
pub fn end_all(tx: &mut Tx, person: PersonId) -> Result<()> {
    for row in tx.rows(END_ALL, values![person])? {
        tx.on_commit(Announcement::SessionEnded(row.get(0)?));
    }
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn seen(tx: &mut Tx, id: SessionId, now_us: i64, expires_at: i64) -> Result<()> {
    tx.exec(SEEN, values![id, now_us, expires_at])?;
    Ok(())
}

/// Clears away what ended by itself.
///
/// # Errors
/// What the engine said.
pub fn forget_expired(tx: &mut Tx, now_us: i64) -> Result<u64> {
    tx.exec(EXPIRED, values![now_us])
}
