//! What programs are let into calls by: sessions that are for one space and one direction.

use madang_model::{PersonId, SessionId, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO streams (session, space, shows) VALUES ($1, $2, $3)";
    const OF_PERSON = "SELECT s.id, s.person, t.space, t.shows, s.label, s.created_at, s.seen_at FROM streams t
        JOIN sessions s ON s.id = t.session WHERE s.person = $1 AND t.space = $2 ORDER BY s.id";
    const BY_TOKEN = "SELECT s.id, s.person, t.space, t.shows, s.label, s.created_at, s.seen_at FROM sessions s
        JOIN streams t ON t.session = s.id WHERE s.token_hash = $1";
}

/// Times in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRecord {
    pub id: SessionId,
    pub person: PersonId,
    pub space: SpaceId,
    /// It shows the call, else it sends to it.
    pub shows: bool,
    /// What the person calls the program.
    pub label: String,
    pub created_at: i64,
    pub seen_at: i64,
}

fn read(row: &Row) -> Result<StreamRecord> {
    Ok(StreamRecord {
        id: row.get(0)?,
        person: row.get(1)?,
        space: row.get(2)?,
        shows: row.get(3)?,
        label: row.get(4)?,
        created_at: row.get(5)?,
        seen_at: row.get(6)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, session: SessionId, space: SpaceId, shows: bool) -> Result<()> {
    tx.exec(INSERT, values![session, space, shows])?;
    Ok(())
}

/// Those that a person made for a space.
///
/// # Errors
/// What the engine said.
pub fn of_person(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<Vec<StreamRecord>> {
    conn.rows(OF_PERSON, values![person, space])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn by_token(conn: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<StreamRecord>> {
    conn.row(BY_TOKEN, values![token_hash])?.map(|row| read(&row)).transpose()
}
