//! Apps that are installed, what their tokens may, and what they are to be told.

pub mod calls;
pub mod deliveries;
pub mod grants;
pub mod hooks;
pub mod oauth;
pub mod remote_files;
pub mod uses;
pub mod views;

use madang_model::{AppId, PersonId, WorkspaceId};

use crate::db::{Conn, Row, Statement, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO apps (id, workspace, name, description, manifest, events, bot, client_secret,
        signing_secret, verification, created_by, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)";
    const CHANGE = "UPDATE apps SET name = $2, description = $3, manifest = $4, events = $5, bot = $6,
        signing_secret = $7, changed_at = $8 WHERE id = $1";
    const SUSPEND = "UPDATE apps SET suspended_at = $2 WHERE id = $1";
    const REMOVE = "DELETE FROM apps WHERE id = $1";
    const FORGET_TOLD = "DELETE FROM app_told WHERE app = $1";
    const FORGET_DELIVERIES = "DELETE FROM app_deliveries WHERE app = $1";
    const FORGET_HOOKS = "DELETE FROM app_hooks WHERE app = $1";
    const FORGET_REMOTE_FILES = "DELETE FROM remote_files WHERE app = $1";
    const FORGET_VIEWS = "DELETE FROM app_views WHERE app = $1";
    const ONE = "SELECT id, name, description, manifest, events, bot, client_secret, signing_secret, verification,
        created_by, created_at, changed_at, suspended_at FROM apps WHERE id = $1";
    const OF_HOUSE = "SELECT id, name, description, manifest, events, bot, client_secret, signing_secret, verification,
        created_by, created_at, changed_at, suspended_at FROM apps WHERE workspace = $1 ORDER BY id";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRecord {
    pub id: AppId,
    pub name: String,
    pub description: String,
    /// JSON, as it was installed.
    pub manifest: String,
    /// What it wishes to be told, by the names of its manifest.
    pub events: Vec<String>,
    pub bot: Option<PersonId>,
    /// Sealed.
    pub client_secret: String,
    /// Sealed.
    pub signing_secret: String,
    pub verification: String,
    pub created_by: Option<PersonId>,
    pub created_at: i64,
    pub changed_at: i64,
    pub suspended_at: Option<i64>,
}

pub(crate) fn words(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Corrupt(format!("a list of an app does not parse: {error}")))
}

pub(crate) fn text(words: &[String]) -> String {
    serde_json::to_string(words).expect("words become JSON")
}

fn read(row: &Row) -> Result<AppRecord> {
    Ok(AppRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        manifest: row.get(3)?,
        events: words(&row.get::<String>(4)?)?,
        bot: row.get(5)?,
        client_secret: row.get(6)?,
        signing_secret: row.get(7)?,
        verification: row.get(8)?,
        created_by: row.get(9)?,
        created_at: row.get(10)?,
        changed_at: row.get(11)?,
        suspended_at: row.get(12)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, workspace: WorkspaceId, app: &AppRecord) -> Result<()> {
    tx.exec(
        INSERT,
        values![
            app.id,
            workspace,
            &app.name,
            &app.description,
            &app.manifest,
            text(&app.events),
            app.bot,
            &app.client_secret,
            &app.signing_secret,
            &app.verification,
            app.created_by,
            app.created_at
        ],
    )?;
    Ok(())
}

/// Its names, its manifest, its bot and what it signs with.
///
/// # Errors
/// What the engine said.
pub fn change(tx: &mut Tx, app: &AppRecord) -> Result<()> {
    let events = text(&app.events);
    tx.exec(
        CHANGE,
        values![
            app.id,
            &app.name,
            &app.description,
            &app.manifest,
            events,
            app.bot,
            &app.signing_secret,
            app.changed_at
        ],
    )?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn suspend(tx: &mut Tx, app: AppId, since: Option<i64>) -> Result<()> {
    tx.exec(SUSPEND, values![app, since])?;
    Ok(())
}

/// Takes it away with all that was kept for it. Its tokens are ended before.
///
/// # Errors
/// What the engine said.
pub fn remove(tx: &mut Tx, app: AppId) -> Result<()> {
    oauth::forget_app(tx, app)?;
    calls::forget_app(tx, app)?;
    for statement in [FORGET_TOLD, FORGET_DELIVERIES, FORGET_HOOKS, FORGET_VIEWS, FORGET_REMOTE_FILES, REMOVE]
    {
        tx.exec(statement, values![app])?;
    }
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, app: AppId) -> Result<Option<AppRecord>> {
    conn.row(ONE, values![app])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_house(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<AppRecord>> {
    conn.rows(OF_HOUSE, values![workspace])?.iter().map(read).collect()
}

/// Every statement of this module.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        ALL,
        calls::ALL,
        deliveries::ALL,
        grants::ALL,
        hooks::ALL,
        oauth::ALL,
        remote_files::ALL,
        uses::ALL,
        views::ALL,
    ]
    .concat()
}
