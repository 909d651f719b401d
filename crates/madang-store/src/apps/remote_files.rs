//! Files that lie elsewhere, as an app knows them: a name and an address, and nothing of what is in them.

use madang_model::{AppId, FileId, PersonId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const PUT = "INSERT INTO remote_files (app, external_id, id, title, url, filetype, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (app, external_id) DO UPDATE SET title = excluded.title,
        url = excluded.url, filetype = excluded.filetype";
    const BY_EXTERNAL = "SELECT id, app, external_id, title, url, filetype, created_by, created_at FROM remote_files
        WHERE app = $1 AND external_id = $2";
    const BY_ID = "SELECT id, app, external_id, title, url, filetype, created_by, created_at FROM remote_files
        WHERE app = $1 AND id = $2";
    const OF_APP = "SELECT id, app, external_id, title, url, filetype, created_by, created_at FROM remote_files
        WHERE app = $1 AND id < $2 AND created_at >= $3 AND created_at <= $4 ORDER BY id DESC LIMIT $5";
    const COUNT = "SELECT count(*) FROM remote_files WHERE app = $1";
    const REMOVE = "DELETE FROM remote_files WHERE app = $1 AND id = $2";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFileRecord {
    pub id: FileId,
    pub app: AppId,
    /// What the app calls it.
    pub external_id: String,
    pub title: String,
    pub url: String,
    pub filetype: String,
    pub created_by: PersonId,
    pub created_at: i64,
}

fn read(row: &Row) -> Result<RemoteFileRecord> {
    Ok(RemoteFileRecord {
        id: row.get(0)?,
        app: row.get(1)?,
        external_id: row.get(2)?,
        title: row.get(3)?,
        url: row.get(4)?,
        filetype: row.get(5)?,
        created_by: row.get(6)?,
        created_at: row.get(7)?,
    })
}

/// Keeps one; one of the same app and name is what this says from here on, with the id that it had.
///
/// # Errors
/// What the engine said.
pub fn put(tx: &mut Tx, file: &RemoteFileRecord) -> Result<()> {
    let f = file;
    tx.exec(
        PUT,
        values![f.app, &f.external_id, f.id, &f.title, &f.url, &f.filetype, f.created_by, f.created_at],
    )?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_external(conn: &mut Conn, app: AppId, external_id: &str) -> Result<Option<RemoteFileRecord>> {
    conn.row(BY_EXTERNAL, values![app, external_id])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn by_id(conn: &mut Conn, app: AppId, id: FileId) -> Result<Option<RemoteFileRecord>> {
    conn.row(BY_ID, values![app, id])?.map(|row| read(&row)).transpose()
}

/// Those of an app, newest first, older than `before`, made between two moments.
///
/// # Errors
/// What the engine said.
pub fn of_app(
    conn: &mut Conn,
    app: AppId,
    before: FileId,
    (since_us, until_us): (i64, i64),
    limit: i64,
) -> Result<Vec<RemoteFileRecord>> {
    conn.rows(OF_APP, values![app, before, since_us, until_us, limit])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn count(conn: &mut Conn, app: AppId) -> Result<i64> {
    conn.row(COUNT, values![app])?.map_or(Ok(0), |row| row.get(0))
}

/// Whether there was one.
///
/// # Errors
/// What the engine said.
pub fn remove(tx: &mut Tx, app: AppId, id: FileId) -> Result<bool> {
    Ok(tx.exec(REMOVE, values![app, id])? > 0)
}
