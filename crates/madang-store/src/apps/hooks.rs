//! Incoming webhooks: addresses at which anybody who knows one posts into one space.

use madang_model::{AppId, PersonId, SpaceId, WebhookId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO app_hooks (id, app, space, token_hash, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    const BY_TOKEN = "SELECT id, app, space, created_by, created_at, used_at FROM app_hooks WHERE token_hash = $1";
    const OF_APP = "SELECT id, app, space, created_by, created_at, used_at FROM app_hooks WHERE app = $1 ORDER BY id";
    const USED = "UPDATE app_hooks SET used_at = $2 WHERE id = $1";
    const REMOVE = "DELETE FROM app_hooks WHERE app = $1 AND id = $2";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookRecord {
    pub id: WebhookId,
    pub app: AppId,
    pub space: SpaceId,
    pub created_by: Option<PersonId>,
    pub created_at: i64,
    pub used_at: Option<i64>,
}

fn read(row: &Row) -> Result<HookRecord> {
    Ok(HookRecord {
        id: row.get(0)?,
        app: row.get(1)?,
        space: row.get(2)?,
        created_by: row.get(3)?,
        created_at: row.get(4)?,
        used_at: row.get(5)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, hook: &HookRecord, token_hash: &[u8; 32]) -> Result<()> {
    tx.exec(INSERT, values![hook.id, hook.app, hook.space, token_hash, hook.created_by, hook.created_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_token(conn: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<HookRecord>> {
    conn.row(BY_TOKEN, values![token_hash])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_app(conn: &mut Conn, app: AppId) -> Result<Vec<HookRecord>> {
    conn.rows(OF_APP, values![app])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn used(tx: &mut Tx, hook: WebhookId, now_us: i64) -> Result<()> {
    tx.exec(USED, values![hook, now_us])?;
    Ok(())
}

/// Whether there was one.
///
/// # Errors
/// What the engine said.
pub fn remove(tx: &mut Tx, app: AppId, hook: WebhookId) -> Result<bool> {
    Ok(tx.exec(REMOVE, values![app, hook])? > 0)
}
