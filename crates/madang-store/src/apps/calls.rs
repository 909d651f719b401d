//! Calls that apps hold elsewhere, and the messages that show them.

use madang_model::{AppId, Seq, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO app_calls (id, app, unique_id, content) VALUES ($1, $2, $3, $4)
        ON CONFLICT (app, unique_id) DO NOTHING";
    const ONE = "SELECT id, app, unique_id, content FROM app_calls WHERE id = $1";
    const CHANGE = "UPDATE app_calls SET content = $2 WHERE id = $1";
    const STANDS = "INSERT INTO app_call_messages (app_call, space, seq) VALUES ($1, $2, $3)
        ON CONFLICT (app_call, space, seq) DO NOTHING";
    const MESSAGES = "SELECT space, seq FROM app_call_messages WHERE app_call = $1 ORDER BY space, seq";
    const FORGET_MESSAGES = "DELETE FROM app_call_messages WHERE app_call IN (SELECT id FROM app_calls WHERE app = $1)";
    const FORGET = "DELETE FROM app_calls WHERE app = $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    pub id: i64,
    pub app: AppId,
    pub unique_id: String,
    /// JSON.
    pub content: String,
}

fn read(row: &Row) -> Result<CallRecord> {
    Ok(CallRecord { id: row.get(0)?, app: row.get(1)?, unique_id: row.get(2)?, content: row.get(3)? })
}

/// False when the app has one of this name.
///
/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, call: &CallRecord) -> Result<bool> {
    Ok(tx.exec(INSERT, values![call.id, call.app, &call.unique_id, &call.content])? > 0)
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, id: i64) -> Result<Option<CallRecord>> {
    conn.row(ONE, values![id])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn change(tx: &mut Tx, id: i64, content: &str) -> Result<()> {
    tx.exec(CHANGE, values![id, content])?;
    Ok(())
}

/// It is shown by this message.
///
/// # Errors
/// What the engine said.
pub fn stands(tx: &mut Tx, id: i64, space: SpaceId, seq: Seq) -> Result<()> {
    tx.exec(STANDS, values![id, space, seq])?;
    Ok(())
}

/// The messages that show it.
///
/// # Errors
/// What the engine said.
pub fn messages(conn: &mut Conn, id: i64) -> Result<Vec<(SpaceId, Seq)>> {
    conn.rows(MESSAGES, values![id])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Forgets those of an app. What its messages say stays.
///
/// # Errors
/// What the engine said.
pub fn forget_app(tx: &mut Tx, app: AppId) -> Result<()> {
    tx.exec(FORGET_MESSAGES, values![app])?;
    tx.exec(FORGET, values![app])?;
    Ok(())
}
