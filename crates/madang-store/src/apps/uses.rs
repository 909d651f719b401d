//! What AI agents did with their tokens: of each token the last thousand uses that change something.

use madang_model::{PersonId, Seq, SessionId, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const BEGIN = "INSERT INTO agent_uses (id, session, person, label, tool, space, message, at_us, outcome)
        SELECT $1, id, person, label, $3, $4, $5, $6, 'begun' FROM sessions WHERE id = $2";
    const END = "UPDATE agent_uses SET outcome = $2, message = coalesce($3, message) WHERE id = $1";
    const FORGET = "DELETE FROM agent_uses WHERE session = $1 AND id <= (SELECT id FROM agent_uses WHERE session = $1
        ORDER BY id DESC LIMIT 1 OFFSET 1000)";
    const NEWEST = "SELECT u.id, u.session, u.person, u.label, u.tool, u.space, u.message, u.at_us, u.outcome, p.name
        FROM agent_uses u LEFT JOIN people p ON p.id = u.person WHERE u.id < $1 ORDER BY u.id DESC LIMIT $2";
    const OF_TOKEN = "SELECT u.id, u.session, u.person, u.label, u.tool, u.space, u.message, u.at_us, u.outcome, p.name
        FROM agent_uses u LEFT JOIN people p ON p.id = u.person WHERE u.session = $1 AND u.id < $2
        ORDER BY u.id DESC LIMIT $3";
}

/// What a tool is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewUse {
    pub id: i64,
    pub session: SessionId,
    pub tool: &'static str,
    pub space: Option<SpaceId>,
    pub message: Option<Seq>,
    pub at_us: i64,
}

/// One use of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseRecord {
    pub id: i64,
    pub session: SessionId,
    pub person: PersonId,
    pub person_name: Option<String>,
    pub label: String,
    pub tool: String,
    pub space: Option<SpaceId>,
    pub message: Option<Seq>,
    pub at_us: i64,
    /// `begun`, `done`, or the code of a refusal.
    pub outcome: String,
}

fn read(row: &Row) -> Result<UseRecord> {
    Ok(UseRecord {
        id: row.get(0)?,
        session: row.get(1)?,
        person: row.get(2)?,
        label: row.get(3)?,
        tool: row.get(4)?,
        space: row.get(5)?,
        message: row.get(6)?,
        at_us: row.get(7)?,
        outcome: row.get(8)?,
        person_name: row.get(9)?,
    })
}

/// Writes down that something is about to be done, and forgets what is older than a thousand uses.
///
/// # Errors
/// What the engine said.
pub fn begin(tx: &mut Tx, new: &NewUse) -> Result<()> {
    tx.exec(BEGIN, values![new.id, new.session, new.tool, new.space, new.message, new.at_us])?;
    tx.exec(FORGET, values![new.session])?;
    Ok(())
}

/// How it went, and which message came of it.
///
/// # Errors
/// What the engine said.
pub fn end(tx: &mut Tx, id: i64, outcome: &str, message: Option<Seq>) -> Result<()> {
    tx.exec(END, values![id, outcome, message])?;
    Ok(())
}

/// The newest before `before`, of one token or of all.
///
/// # Errors
/// What the engine said.
pub fn before(conn: &mut Conn, token: Option<SessionId>, before: i64, limit: i64) -> Result<Vec<UseRecord>> {
    let rows = match token {
        Some(token) => conn.rows(OF_TOKEN, values![token, before, limit])?,
        None => conn.rows(NEWEST, values![before, limit])?,
    };
    rows.iter().map(read).collect()
}
