//! What apps show somebody: dialogs and homes.

use madang_model::{AppId, PersonId, ViewId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const PUT = "INSERT INTO app_views (id, app, person, kind, view, hash, external_id, root, previous, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET view = excluded.view, hash = excluded.hash, external_id = excluded.external_id,
            changed_at = excluded.changed_at";
    const ONE = "SELECT id, app, person, kind, view, hash, external_id, root, previous, changed_at FROM app_views
        WHERE id = $1";
    const EXTERNAL = "SELECT id, app, person, kind, view, hash, external_id, root, previous, changed_at FROM app_views
        WHERE app = $1 AND external_id = $2 ORDER BY id DESC LIMIT 1";
    const HOME = "SELECT id, app, person, kind, view, hash, external_id, root, previous, changed_at FROM app_views
        WHERE app = $1 AND person = $2 AND kind = 'home'";
    const STACK = "SELECT id, app, person, kind, view, hash, external_id, root, previous, changed_at FROM app_views
        WHERE root = $1 ORDER BY id";
    const CLOSE = "DELETE FROM app_views WHERE id = $1";
    const OLD = "DELETE FROM app_views WHERE kind = 'modal' AND changed_at < $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRecord {
    pub id: ViewId,
    pub app: AppId,
    /// Who sees it.
    pub person: PersonId,
    /// "modal" or "home".
    pub kind: String,
    /// JSON.
    pub view: String,
    pub hash: String,
    pub external_id: Option<String>,
    /// The lowest dialog of its stack.
    pub root: ViewId,
    pub previous: Option<ViewId>,
    pub changed_at: i64,
}

fn read(row: &Row) -> Result<ViewRecord> {
    Ok(ViewRecord {
        id: row.get(0)?,
        app: row.get(1)?,
        person: row.get(2)?,
        kind: row.get(3)?,
        view: row.get(4)?,
        hash: row.get(5)?,
        external_id: row.get(6)?,
        root: row.get(7)?,
        previous: row.get(8)?,
        changed_at: row.get(9)?,
    })
}

/// A new one, or another content of one that is there.
///
/// # Errors
/// What the engine said.
pub fn put(tx: &mut Tx, view: &ViewRecord) -> Result<()> {
    tx.exec(
        PUT,
        values![
            view.id,
            view.app,
            view.person,
            &view.kind,
            &view.view,
            &view.hash,
            view.external_id.clone(),
            view.root,
            view.previous,
            view.changed_at
        ],
    )?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, view: ViewId) -> Result<Option<ViewRecord>> {
    conn.row(ONE, values![view])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn external(conn: &mut Conn, app: AppId, name: &str) -> Result<Option<ViewRecord>> {
    conn.row(EXTERNAL, values![app, name])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn home(conn: &mut Conn, app: AppId, person: PersonId) -> Result<Option<ViewRecord>> {
    conn.row(HOME, values![app, person])?.map(|row| read(&row)).transpose()
}

/// The dialogs of a stack, the lowest first.
///
/// # Errors
/// What the engine said.
pub fn stack(conn: &mut Conn, root: ViewId) -> Result<Vec<ViewRecord>> {
    conn.rows(STACK, values![root])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn close(tx: &mut Tx, view: ViewId) -> Result<()> {
    tx.exec(CLOSE, values![view])?;
    Ok(())
}

/// Forgets dialogs that nobody touched since.
///
/// # Errors
/// What the engine said.
pub fn forget_old(tx: &mut Tx, before: i64) -> Result<()> {
    tx.exec(OLD, values![before])?;
    Ok(())
}
