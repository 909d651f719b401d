//! Addresses of files that open for everybody who knows them.

use madang_model::{FileId, PersonId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO file_links (file, secret_hash, made_by, made_at) VALUES ($1, $2, $3, $4)";
    const BY_SECRET = "SELECT file, made_by, made_at FROM file_links WHERE secret_hash = $1";
    const OF_FILE = "SELECT file, made_by, made_at FROM file_links WHERE file = $1";
    const REMOVE = "DELETE FROM file_links WHERE file = $1";
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLinkRecord {
    pub file: FileId,
    pub made_by: PersonId,
    pub made_at: i64,
}

fn read(row: &Row) -> Result<FileLinkRecord> {
    Ok(FileLinkRecord { file: row.get(0)?, made_by: row.get(1)?, made_at: row.get(2)? })
}

/// # Errors
/// `Unique` when the file has one, or what the engine said.
pub fn insert(tx: &mut Tx, link: FileLinkRecord, secret_hash: &[u8; 32]) -> Result<()> {
    tx.exec(INSERT, values![link.file, secret_hash, link.made_by, link.made_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_secret(conn: &mut Conn, secret_hash: &[u8; 32]) -> Result<Option<FileLinkRecord>> {
    conn.row(BY_SECRET, values![secret_hash])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn of_file(conn: &mut Conn, file: FileId) -> Result<Option<FileLinkRecord>> {
    conn.row(OF_FILE, values![file])?.map(|row| read(&row)).transpose()
}

/// Whether there was one.
///
/// # Errors
/// What the engine said.
pub fn remove(tx: &mut Tx, file: FileId) -> Result<bool> {
    Ok(tx.exec(REMOVE, values![file])? > 0)
}
