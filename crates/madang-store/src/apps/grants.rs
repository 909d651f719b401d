//! What the tokens of apps may.

use madang_model::{AppId, PersonId, SessionId};

use super::{text, words};
use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO app_grants (session, app, kind, scopes) VALUES ($1, $2, $3, $4)";
    const SCOPES = "UPDATE app_grants SET scopes = $2 WHERE session = $1";
    const BY_TOKEN = "SELECT s.id, s.person, g.app, g.kind, g.scopes, s.created_at, s.seen_at, s.expires_at
        FROM sessions s JOIN app_grants g ON g.session = s.id WHERE s.token_hash = $1 AND s.kind = 'app'";
    const OF_APP = "SELECT s.id, s.person, g.app, g.kind, g.scopes, s.created_at, s.seen_at, s.expires_at
        FROM app_grants g JOIN sessions s ON s.id = g.session WHERE g.app = $1 ORDER BY s.id";
    const OF_PERSON = "SELECT s.id, s.person, g.app, g.kind, g.scopes, s.created_at, s.seen_at, s.expires_at
        FROM app_grants g JOIN sessions s ON s.id = g.session WHERE s.person = $1 ORDER BY s.id";
}

/// A token of an app, or one in the shape of Slack's that somebody made for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRecord {
    pub session: SessionId,
    /// Whose rights it has: of the bot, or of the person who let the app act for them.
    pub person: PersonId,
    pub app: Option<AppId>,
    /// "bot", "user" or "app".
    pub kind: String,
    pub scopes: Vec<String>,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
}

fn read(row: &Row) -> Result<GrantRecord> {
    Ok(GrantRecord {
        session: row.get(0)?,
        person: row.get(1)?,
        app: row.get(2)?,
        kind: row.get(3)?,
        scopes: words(&row.get::<String>(4)?)?,
        created_at: row.get(5)?,
        seen_at: row.get(6)?,
        expires_at: row.get(7)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(
    tx: &mut Tx,
    session: SessionId,
    app: Option<AppId>,
    kind: &str,
    scopes: &[String],
) -> Result<()> {
    tx.exec(INSERT, values![session, app, kind, text(scopes)])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn set_scopes(tx: &mut Tx, session: SessionId, scopes: &[String]) -> Result<()> {
    tx.exec(SCOPES, values![session, text(scopes)])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_token(conn: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<GrantRecord>> {
    conn.row(BY_TOKEN, values![token_hash])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_app(conn: &mut Conn, app: AppId) -> Result<Vec<GrantRecord>> {
    conn.rows(OF_APP, values![app])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<GrantRecord>> {
    conn.rows(OF_PERSON, values![person])?.iter().map(read).collect()
}
