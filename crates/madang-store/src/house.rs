//! The house itself: its workspaces, its epoch, and small facts about it.

use madang_model::settings::HouseSettings;
use madang_model::{FileId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const GET = "SELECT value FROM meta WHERE key = $1";
    const SET = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    const SET_ONCE = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
    const LOCK = "SELECT id FROM workspaces WHERE id = $1 {for_update}";
    const WORKSPACES = "SELECT id, name, previews FROM workspaces ORDER BY id";
    const INSERT = "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)";
    const SET_PREVIEWS = "UPDATE workspaces SET previews = $2 WHERE id = $1";
    const RENAME = "UPDATE workspaces SET name = $2 WHERE id = $1";
}

/// Set once at first start and anew by a restore; Unix milliseconds.
pub const EPOCH: &str = "epoch";
/// Set anew by every change that another process (the command line) made: the
/// time (microseconds) since when a serving process has to look again.
pub const TOUCHED: &str = "touched";

/// When the last backup was finished; Unix milliseconds. For `madang doctor`.
pub const BACKED_UP: &str = "backed_up";
/// Until when contents stay although nothing names them any more, because a backup that was begun may need them; Unix
/// milliseconds. It is moved on while the backup goes on and runs out by itself.
pub const BACKING_UP: &str = "backing_up";
/// The private key by which push services know the house (RFC 8292): sealed, base64.
pub const PUSH_KEY: &str = "push_key";
/// The key of what was found behind links: sealed, base64.
pub const PREVIEW_KEY: &str = "preview_key";
/// When old messages were last erased; microseconds.
pub const RETENTION_RAN: &str = "retention_ran";
/// What those who run the house chose for everybody, as JSON.
pub const SETTINGS: &str = "settings";
/// The file that is the workspace's picture, as a decimal number; empty for none.
pub const LOGO: &str = "logo";
/// The mail server that was named in the app: sealed, base64; empty for none.
pub const MAIL_SERVER: &str = "mail_server";
/// The key that seals it: sealed, base64.
pub const MAIL_KEY: &str = "mail_key";
/// The key of links into meetings: sealed, base64.
pub const MEETING_KEY: &str = "meeting_key";
/// The key of what the house keeps of its desks: sealed, base64.
pub const DESK_KEY: &str = "desk_key";
/// The key, wrapped, that seals what webhooks are signed with.
pub const WEBHOOK_KEY: &str = "webhook_key";
/// The key, wrapped, that seals the secrets of apps.
pub const APP_KEY: &str = "app_key";
/// When the house was set up; writing it is what two first days at once wait on.
pub const SET_UP: &str = "set_up";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRecord {
    pub id: WorkspaceId,
    pub name: String,
    /// Whether what links lead to is shown beside messages.
    pub previews: bool,
}

/// # Errors
/// What the engine said.
pub fn fact(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    conn.row(GET, values![key])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn set_fact(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    tx.exec(SET, values![key, value])?;
    Ok(())
}

/// Sets a fact unless it is set; gives what it is.
///
/// # Errors
/// What the engine said.
pub fn fact_or(tx: &mut Tx, key: &str, value: &str) -> Result<String> {
    tx.exec(SET_ONCE, values![key, value])?;
    Ok(fact(tx, key)?.unwrap_or_else(|| value.to_owned()))
}

/// Makes whoever decides about the people of a workspace do so one after the
/// other, on both engines: what is read after this stays so until the
/// transaction ends.
///
/// # Errors
/// What the engine said.
pub fn lock_people(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    tx.row(LOCK, values![workspace])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn workspaces(conn: &mut Conn) -> Result<Vec<WorkspaceRecord>> {
    let read = |row: &Row| Ok(WorkspaceRecord { id: row.get(0)?, name: row.get(1)?, previews: row.get(2)? });
    conn.rows(WORKSPACES, values![])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn insert_workspace(tx: &mut Tx, id: WorkspaceId, name: &str, now_us: i64) -> Result<()> {
    tx.exec(INSERT, values![id, name, now_us])?;
    Ok(())
}

/// What was chosen for everybody; the usual values where nothing was.
///
/// # Errors
/// What the engine said, or `Corrupt`.
pub fn settings(conn: &mut Conn) -> Result<HouseSettings> {
    let Some(text) = fact(conn, SETTINGS)? else { return Ok(HouseSettings::default()) };
    serde_json::from_str(&text)
        .map_err(|error| StoreError::Corrupt(format!("the settings of the house do not parse: {error}")))
}

/// # Errors
/// What the engine said.
pub fn set_settings(tx: &mut Tx, settings: &HouseSettings) -> Result<()> {
    let text = serde_json::to_string(settings).expect("plain values become JSON");
    set_fact(tx, SETTINGS, &text)
}

/// The workspace's picture.
///
/// # Errors
/// What the engine said.
pub fn logo(conn: &mut Conn) -> Result<Option<FileId>> {
    Ok(fact(conn, LOGO)?.and_then(|text| text.parse().ok()).map(FileId))
}

/// # Errors
/// What the engine said.
pub fn set_logo(tx: &mut Tx, file: Option<FileId>) -> Result<()> {
    set_fact(tx, LOGO, &file.map(|it| it.0.to_string()).unwrap_or_default())
}

/// # Errors
/// What the engine said.
pub fn rename_workspace(tx: &mut Tx, id: WorkspaceId, name: &str) -> Result<()> {
    tx.exec(RENAME, values![id, name])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn set_previews(tx: &mut Tx, id: WorkspaceId, on: bool) -> Result<()> {
    tx.exec(SET_PREVIEWS, values![id, on])?;
    Ok(())
}
