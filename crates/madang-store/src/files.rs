//! Files: what is known of an upload besides its content, and uploads under way.

use madang_model::{FileId, FileRef, PersonId, Seq, SpaceId};

use crate::db::{Conn, Row, Tx, Value};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO files (id, hash, name, media_type, size, width, height, thumb, uploader, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    const BY_IDS = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE id IN {ids:$1}";
    const OF_SPACE = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE space = $1 AND removed = FALSE AND id < $2 ORDER BY id DESC LIMIT $3";
    const USED_AS = "UPDATE files SET used_as = $2 WHERE id = $1";
    const UNUSED = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE used_as = '' AND created_at < $1 LIMIT 100";
    const GONE = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE removed = TRUE LIMIT 100";
    const DELETE = "DELETE FROM files WHERE id = $1";
    const SHARED = "SELECT count(*) FROM files WHERE hash = $1";
    const UPLOAD = "INSERT INTO uploads (id, person, name, media_type, length, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const UPLOAD_BY_ID = "SELECT id, person, name, media_type, length, file, created_at, expires_at FROM uploads
        WHERE id = $1 AND person = $2";
    const UPLOAD_DONE = "UPDATE uploads SET file = $2 WHERE id = $1";
    const UPLOAD_DELETE = "DELETE FROM uploads WHERE id = $1";
    const UPLOADS_EXPIRED = "SELECT id FROM uploads WHERE expires_at < $1 LIMIT 100";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    pub file: FileRef,
    /// SHA-256 of the content.
    pub hash: [u8; 32],
    pub uploader: PersonId,
    pub created_at: i64,
    pub space: Option<SpaceId>,
    pub message: Option<Seq>,
    /// "", "message" or "picture".
    pub used_as: String,
    pub removed: bool,
}

fn read(row: &Row) -> Result<FileRecord> {
    Ok(FileRecord {
        file: FileRef {
            id: row.get(0)?,
            name: row.get(2)?,
            media_type: row.get(3)?,
            size: row.get(4)?,
            width: row.get(5)?,
            height: row.get(6)?,
            thumb: row.get(7)?,
        },
        hash: row.get(1)?,
        uploader: row.get(8)?,
        created_at: row.get(9)?,
        space: row.get(10)?,
        message: row.get(11)?,
        used_as: row.get(12)?,
        removed: row.get(13)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, file: &FileRef, hash: &[u8; 32], uploader: PersonId, now_us: i64) -> Result<()> {
    let f = file;
    tx.exec(
        INSERT,
        values![f.id, hash, &f.name, &f.media_type, f.size, f.width, f.height, f.thumb, uploader, now_us],
    )?;
    Ok(())
}

/// Files by id, in the order asked; missing ones are left out.
///
/// # Errors
/// What the engine said.
pub fn by_ids(conn: &mut Conn, ids: &[FileId]) -> Result<Vec<FileRecord>> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut files: Vec<FileRecord> =
        conn.rows(BY_IDS, values![Value::ids(&numbers)])?.iter().map(read).collect::<Result<_>>()?;
    files.sort_by_key(|file| ids.iter().position(|id| *id == file.file.id));
    Ok(files)
}

/// # Errors
/// What the engine said.
pub fn by_id(conn: &mut Conn, id: FileId) -> Result<Option<FileRecord>> {
    Ok(by_ids(conn, &[id])?.pop())
}

/// Files posted in a space, newest first, older than `before`.
///
/// # Errors
/// What the engine said.
pub fn of_space(conn: &mut Conn, space: SpaceId, before: FileId, limit: i64) -> Result<Vec<FileRecord>> {
    conn.rows(OF_SPACE, values![space, before, limit])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn set_used_as(tx: &mut Tx, id: FileId, used_as: &str) -> Result<()> {
    tx.exec(USED_AS, values![id, used_as])?;
    Ok(())
}

/// Uploads that were never posted, older than a time.
///
/// # Errors
/// What the engine said.
pub fn unused(conn: &mut Conn, before_us: i64) -> Result<Vec<FileRecord>> {
    conn.rows(UNUSED, values![before_us])?.iter().map(read).collect()
}

/// Files of removed messages.
///
/// # Errors
/// What the engine said.
pub fn removed(conn: &mut Conn) -> Result<Vec<FileRecord>> {
    conn.rows(GONE, values![])?.iter().map(read).collect()
}

/// Forgets a file; true when no other file has the same content.
///
/// # Errors
/// What the engine said.
pub fn delete(tx: &mut Tx, file: &FileRecord) -> Result<bool> {
    tx.exec(DELETE, values![file.file.id])?;
    let others: i64 = tx.row(SHARED, values![&file.hash])?.map_or(Ok(0), |row| row.get(0))?;
    Ok(others == 0)
}

/// A resumable upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRecord {
    pub id: i64,
    pub person: PersonId,
    pub name: String,
    /// What the sender says it is.
    pub media_type: String,
    /// Bytes in all.
    pub length: i64,
    /// The file it became.
    pub file: Option<FileId>,
    pub created_at: i64,
    pub expires_at: i64,
}

/// # Errors
/// What the engine said.
pub fn begin_upload(tx: &mut Tx, upload: &UploadRecord) -> Result<()> {
    let u = upload;
    tx.exec(UPLOAD, values![u.id, u.person, &u.name, &u.media_type, u.length, u.created_at, u.expires_at])?;
    Ok(())
}

/// An upload of this person.
///
/// # Errors
/// What the engine said.
pub fn upload(conn: &mut Conn, id: i64, person: PersonId) -> Result<Option<UploadRecord>> {
    let Some(row) = conn.row(UPLOAD_BY_ID, values![id, person])? else { return Ok(None) };
    Ok(Some(UploadRecord {
        id: row.get(0)?,
        person: row.get(1)?,
        name: row.get(2)?,
        media_type: row.get(3)?,
        length: row.get(4)?,
        file: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
    }))
}

/// # Errors
/// What the engine said.
pub fn finish_upload(tx: &mut Tx, id: i64, file: FileId) -> Result<()> {
    tx.exec(UPLOAD_DONE, values![id, file])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn delete_upload(tx: &mut Tx, id: i64) -> Result<()> {
    tx.exec(UPLOAD_DELETE, values![id])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn expired_uploads(conn: &mut Conn, now_us: i64) -> Result<Vec<i64>> {
    conn.rows(UPLOADS_EXPIRED, values![now_us])?.iter().map(|row| row.get(0)).collect()
}
