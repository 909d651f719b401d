//! Texts of files: which are still to be read, and what was read of them.

use madang_model::{FileId, Seq, SpaceId};

use super::keep::{Doc, put, remove};
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const AWAIT = "INSERT INTO due (space, seq, file, tries) VALUES ($1, $2, $3, 0)
        ON CONFLICT (space, seq, file) DO NOTHING";
    const NEXT = "SELECT space, seq, file, tries FROM due ORDER BY tries, file DESC LIMIT 1";
    const NOT_YET = "UPDATE due SET tries = tries + 1 WHERE space = $1 AND seq = $2 AND file = $3";
    const READ = "DELETE FROM due WHERE space = $1 AND seq = $2 AND file = $3";
    const FORGET = "DELETE FROM due WHERE space = $1 AND seq = $2";
    const FORGET_SPACE = "DELETE FROM due WHERE space = $1";
    const CLEAR = "DELETE FROM due";
    const NAMED = "SELECT author, at_us, has FROM docs WHERE space = $1 AND seq = $2 AND file = $3 AND part = 0
        {for_update}";
    const PARTS = "SELECT id FROM docs WHERE space = $1 AND seq = $2 AND file = $3 AND part > 0";
}

/// A file of a message whose text is still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub space: SpaceId,
    pub seq: Seq,
    pub file: FileId,
    /// How often that went wrong.
    pub tries: i64,
}

/// Remembers that the text of a file is to be read.
///
/// # Errors
/// What the engine said.
pub fn await_text(tx: &mut Tx, space: SpaceId, seq: Seq, file: FileId) -> Result<()> {
    tx.exec(AWAIT, values![space, seq, file])?;
    Ok(())
}

/// The next file to be read: what went wrong before comes last, and of the others the newest first.
///
/// # Errors
/// What the engine said.
pub fn due(conn: &mut Conn) -> Result<Option<Due>> {
    let Some(row) = conn.row(NEXT, values![])? else { return Ok(None) };
    let file: i64 = row.get(2)?;
    Ok(Some(Due { space: row.get(0)?, seq: row.get(1)?, file: FileId(file), tries: row.get(3)? }))
}

/// It went wrong, and is to be tried once more.
///
/// # Errors
/// What the engine said.
pub fn not_yet(tx: &mut Tx, due: &Due) -> Result<()> {
    tx.exec(NOT_YET, values![due.space, due.seq, due.file])?;
    Ok(())
}

/// Keeps the words of a file, in stretches. Does nothing for a file that has gone meanwhile.
///
/// # Errors
/// What the engine said.
pub fn put_text(tx: &mut Tx, due: &Due, stretches: &[Vec<String>]) -> Result<()> {
    let named = tx.row(NAMED, values![due.space, due.seq, due.file])?;
    for row in tx.rows(PARTS, values![due.space, due.seq, due.file])? {
        remove(tx, row.get(0)?)?;
    }
    tx.exec(READ, values![due.space, due.seq, due.file])?;
    let Some(named) = named else { return Ok(()) };
    for (words, part) in stretches.iter().zip(1..) {
        let doc = Doc {
            space: due.space,
            seq: due.seq,
            file: Some(due.file),
            part,
            author: named.get(0)?,
            at_us: named.get(1)?,
            has: named.get(2)?,
            words: words.clone(),
        };
        put(tx, &doc)?;
    }
    Ok(())
}

/// Nothing of a message is to be read any more.
pub(super) fn forget(tx: &mut Tx, space: SpaceId, seq: Seq) -> Result<()> {
    tx.exec(FORGET, values![space, seq])?;
    Ok(())
}

/// Nothing of a space is to be read any more.
pub(super) fn forget_space(tx: &mut Tx, space: SpaceId) -> Result<()> {
    tx.exec(FORGET_SPACE, values![space])?;
    Ok(())
}

/// Nothing is to be read any more.
pub(super) fn clear(tx: &mut Tx) -> Result<()> {
    tx.exec(CLEAR, values![])?;
    Ok(())
}
