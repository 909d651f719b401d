//! Files: what is known of an upload besides its content, and uploads under way.

use madang_model::{FileId, FileRef, PersonId, Seq, SpaceId, UploadId};

use crate::db::{Conn, Row, Tx, Value};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO files (id, hash, name, media_type, size, width, height, thumb, uploader, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    const RESERVE = "INSERT INTO files (id, hash, name, media_type, size, width, height, thumb, uploader, created_at,
        removed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE)";
    const OPEN_UP = "UPDATE files SET removed = FALSE WHERE id = $1 AND used_as = ''";
    const BY_IDS_LOCKED = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space,
        message, used_as, removed FROM files WHERE id IN {ids:$1} {for_update}";
    const BY_IDS = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE id IN {ids:$1}";
    const IN_NOTES = "SELECT f.id FROM files f JOIN messages m ON m.space = f.space AND m.seq = f.message
        WHERE f.space = $1 AND m.note = TRUE";
    const OF_SPACE = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE space = $1 AND removed = FALSE AND id < $2 ORDER BY id DESC LIMIT $3";
    const SHARED = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE space IN {ids:$1} AND used_as = 'message' AND removed = FALSE
        AND (uploader = $2 OR $2 = 0) AND created_at >= $3 AND created_at <= $4 ORDER BY id DESC LIMIT $5";
    const UPLOADED_BY = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space,
        message, used_as, removed FROM files WHERE uploader = $1 AND removed = FALSE AND id > $2 ORDER BY id LIMIT $3";
    const USED_AS = "UPDATE files SET used_as = $2 WHERE id = $1";
    const GIVEN_UP = "UPDATE files SET removed = TRUE WHERE id = $1 AND used_as = ''
        AND NOT EXISTS (SELECT 1 FROM scheduled_files s WHERE s.file = files.id)";
    const DROP_UNUSED = "UPDATE files SET removed = TRUE WHERE used_as = '' AND removed = FALSE AND created_at < $1
        AND NOT EXISTS (SELECT 1 FROM scheduled_files s WHERE s.file = files.id)";
    const DROP_PICTURES = "UPDATE files SET removed = TRUE WHERE used_as = 'picture' AND removed = FALSE
        AND NOT EXISTS (SELECT 1 FROM people p WHERE p.picture = files.id)
        AND NOT EXISTS (SELECT 1 FROM spaces s WHERE s.picture = files.id)
        AND NOT EXISTS (SELECT 1 FROM meta m WHERE m.key = 'logo' AND m.value = CAST(files.id AS TEXT))";
    const GONE = "SELECT id, hash, name, media_type, size, width, height, thumb, uploader, created_at, space, message,
        used_as, removed FROM files WHERE removed = TRUE AND id > $1 ORDER BY id LIMIT 100";
    const LAST = "SELECT count(o.id) FROM files f LEFT JOIN files o ON o.hash = f.hash AND o.removed = FALSE
        WHERE f.id = $1 AND f.removed = TRUE GROUP BY f.id";
    const IS_SHOWN = "SELECT 1 FROM people WHERE picture = $1 UNION ALL SELECT 1 FROM spaces WHERE picture = $1
        UNION ALL SELECT 1 FROM meta WHERE key = 'logo' AND value = CAST(CAST($1 AS BIGINT) AS TEXT) LIMIT 1";
    const DELETE = "DELETE FROM files WHERE id = $1 AND removed = TRUE";
    const UPLOAD = "INSERT INTO uploads (id, person, name, media_type, length, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const UPLOAD_BY_ID = "SELECT id, person, name, media_type, length, file, created_at, expires_at FROM uploads
        WHERE id = $1 AND person = $2";
    const UNFINISHED = "SELECT count(*), CAST(coalesce(sum(length), 0) AS BIGINT) FROM uploads
        WHERE person = $1 AND file IS NULL";
    const SENDER_LOCKED = "SELECT id FROM people WHERE id = $1 {for_update}";
    const UPLOAD_LIVES = "UPDATE uploads SET expires_at = $2 WHERE id = $1";
    const UPLOADS_KNOWN = "SELECT id FROM uploads WHERE id IN {ids:$1} AND file IS NULL";
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

/// As `insert`, for contents that are not kept yet: the file is of no use to anybody until `open_up`, and is cleared
/// away as a removed one when that never comes.
///
/// # Errors
/// What the engine said.
pub fn reserve(tx: &mut Tx, file: &FileRef, hash: &[u8; 32], uploader: PersonId, now_us: i64) -> Result<()> {
    let f = file;
    tx.exec(
        RESERVE,
        values![f.id, hash, &f.name, &f.media_type, f.size, f.width, f.height, f.thumb, uploader, now_us],
    )?;
    Ok(())
}

/// The contents of a reserved file are kept. False when it was cleared away meanwhile.
///
/// # Errors
/// What the engine said.
pub fn open_up(tx: &mut Tx, id: FileId) -> Result<bool> {
    Ok(tx.exec(OPEN_UP, values![id])? == 1)
}

/// As `by_ids`, and nobody else changes them until the transaction ends.
///
/// # Errors
/// What the engine said.
pub fn by_ids_locked(tx: &mut Tx, ids: &[FileId]) -> Result<Vec<FileRecord>> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut files: Vec<FileRecord> =
        tx.rows(BY_IDS_LOCKED, values![Value::ids(&numbers)])?.iter().map(read).collect::<Result<_>>()?;
    files.sort_by_key(|file| ids.iter().position(|id| *id == file.file.id));
    Ok(files)
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

/// Which of the files that were shared.
#[derive(Debug, Clone, Copy)]
pub struct Shared {
    pub by: Option<PersonId>,
    /// Microseconds since 1970, both included.
    pub since_us: i64,
    pub until_us: i64,
    pub limit: i64,
}

/// Files that were posted in these spaces, newest first.
///
/// # Errors
/// What the engine said.
pub fn shared(conn: &mut Conn, spaces: &[SpaceId], which: Shared) -> Result<Vec<FileRecord>> {
    let spaces: Vec<i64> = spaces.iter().map(|it| it.0).collect();
    let Shared { by, since_us, until_us, limit } = which;
    let by = by.map_or(0, |it| it.0);
    let rows = conn.rows(SHARED, values![Value::ids(&spaces), by, since_us, until_us, limit])?;
    rows.iter().map(read).collect()
}

/// The files that hang on notes of a ticket.
///
/// # Errors
/// What the engine said.
pub fn in_notes(conn: &mut Conn, space: SpaceId) -> Result<Vec<FileId>> {
    conn.rows(IN_NOTES, values![space])?.iter().map(|row| row.get(0)).collect()
}

/// What somebody uploaded and did not remove, oldest first, after an id.
///
/// # Errors
/// What the engine said.
pub fn uploaded_by(conn: &mut Conn, person: PersonId, after: FileId, limit: i64) -> Result<Vec<FileRecord>> {
    conn.rows(UPLOADED_BY, values![person, after, limit])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn set_used_as(tx: &mut Tx, id: FileId, used_as: &str) -> Result<()> {
    tx.exec(USED_AS, values![id, used_as])?;
    Ok(())
}

/// Its uploader does not want this file any more; one that is in use, or waits to be, stays.
///
/// # Errors
/// What the engine said.
pub fn give_up(tx: &mut Tx, id: FileId) -> Result<()> {
    tx.exec(GIVEN_UP, values![id])?;
    Ok(())
}

/// Files that were uploaded before a time, were never used and do not wait to be, are of no use any more.
///
/// # Errors
/// What the engine said.
pub fn drop_unused(tx: &mut Tx, before_us: i64) -> Result<()> {
    tx.exec(DROP_UNUSED, values![before_us])?;
    Ok(())
}

/// Nor are pictures that no person and no space has.
///
/// # Errors
/// What the engine said.
pub fn drop_unused_pictures(tx: &mut Tx) -> Result<()> {
    tx.exec(DROP_PICTURES, values![])?;
    Ok(())
}

/// Whether a person or a space has this picture now.
///
/// # Errors
/// What the engine said.
pub fn is_shown(conn: &mut Conn, id: FileId) -> Result<bool> {
    Ok(conn.row(IS_SHOWN, values![id])?.is_some())
}

/// Removed files with an id after `after`, 100 at a time.
///
/// # Errors
/// What the engine said.
pub fn removed(conn: &mut Conn, after: FileId) -> Result<Vec<FileRecord>> {
    conn.rows(GONE, values![after])?.iter().map(read).collect()
}

/// Whether no file that is not removed has the content of this one; none when it is not removed itself.
///
/// # Errors
/// What the engine said.
pub fn is_last_of_content(conn: &mut Conn, id: FileId) -> Result<Option<bool>> {
    let Some(row) = conn.row(LAST, values![id])? else { return Ok(None) };
    Ok(Some(row.get::<i64>(0)? == 0))
}

/// Forgets a removed file.
///
/// # Errors
/// What the engine said.
pub fn delete(tx: &mut Tx, id: FileId) -> Result<()> {
    crate::file_links::remove(tx, id)?;
    tx.exec(DELETE, values![id])?;
    Ok(())
}

/// A resumable upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRecord {
    pub id: UploadId,
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
pub fn upload(conn: &mut Conn, id: UploadId, person: PersonId) -> Result<Option<UploadRecord>> {
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

/// How many uploads of this person are not finished, and how many bytes they will be together. Whoever begins another
/// at the same moment waits until the transaction ends, so that both are counted.
///
/// # Errors
/// What the engine said.
pub fn unfinished_uploads(tx: &mut Tx, person: PersonId) -> Result<(i64, i64)> {
    tx.row(SENDER_LOCKED, values![person])?;
    tx.row(UNFINISHED, values![person])?.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Those of `ids` that are uploads under way.
///
/// # Errors
/// What the engine said.
pub fn uploads_under_way(conn: &mut Conn, ids: &[UploadId]) -> Result<Vec<UploadId>> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    conn.rows(UPLOADS_KNOWN, values![Value::ids(&numbers)])?.iter().map(|row| row.get(0)).collect()
}

/// # Errors
/// What the engine said.
pub fn keep_upload_until(tx: &mut Tx, id: UploadId, expires_at: i64) -> Result<()> {
    tx.exec(UPLOAD_LIVES, values![id, expires_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn finish_upload(tx: &mut Tx, id: UploadId, file: FileId) -> Result<()> {
    tx.exec(UPLOAD_DONE, values![id, file])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn delete_upload(tx: &mut Tx, id: UploadId) -> Result<()> {
    tx.exec(UPLOAD_DELETE, values![id])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn expired_uploads(conn: &mut Conn, now_us: i64) -> Result<Vec<UploadId>> {
    conn.rows(UPLOADS_EXPIRED, values![now_us])?.iter().map(|row| row.get(0)).collect()
}
