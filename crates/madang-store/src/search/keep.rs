//! Writing the index. Everything may be done twice.

use madang_model::{FileId, PersonId, Seq, SpaceId};

use super::phrase::{scope_word, tsvector};
use super::texts;
use crate::db::{Conn, Engine, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const META = "SELECT value FROM meta WHERE key = $1";
    const SET_META = "INSERT INTO meta (key, value) VALUES ($1, $2)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    const AT = "SELECT id FROM docs WHERE space = $1 AND seq = $2 AND file = $3 AND part = $4";
    const OF_MESSAGE = "SELECT id FROM docs WHERE space = $1 AND seq = $2";
    const KNOWN = "SELECT id, file, part FROM docs WHERE space = $1 AND seq = $2";
    const SOME_OF_SPACE = "SELECT id FROM docs WHERE space = $1 LIMIT 500";
    const SPACES = "SELECT DISTINCT space FROM cursors";
    const TAKEN = "SELECT count(*) FROM docs WHERE id = $1";
    const INSERT_FTS = "INSERT INTO docs (id, space, seq, file, part, author, at_us, has, length)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const WORDS_FTS = "INSERT INTO words (rowid, text, scope) VALUES ($1, $2, $3)";
    const FORGET_FTS = "DELETE FROM words WHERE rowid = $1";
    const CLEAR_FTS = "INSERT INTO words (words) VALUES ('delete-all')";
    const INSERT_PG = "INSERT INTO docs (id, space, seq, file, part, author, at_us, has, length, words)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CAST(CAST($10 AS TEXT) AS tsvector))";
    const FORGET = "DELETE FROM docs WHERE id = $1";
    const CLEAR = "DELETE FROM docs";
    const FORGET_CURSORS = "DELETE FROM cursors WHERE space = $1";
    const CLEAR_CURSORS = "DELETE FROM cursors";
    const MARK = "UPDATE docs SET has = (has - (has & $3)) | $4 WHERE space = $1 AND seq = $2 AND file = 0";
}

/// What can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doc {
    pub space: SpaceId,
    /// The message.
    pub seq: Seq,
    /// The file of the message whose name or text it is; none for the message.
    pub file: Option<FileId>,
    /// Which stretch of a long file.
    pub part: i64,
    pub author: PersonId,
    pub at_us: i64,
    /// Bits of `Has`.
    pub has: i64,
    /// Words of the index (`madang_model::search::index_tokens`).
    pub words: Vec<String>,
}

/// The house and epoch that the index was made from, as its follower noted them.
///
/// # Errors
/// What the engine said.
pub fn made_from(conn: &mut Conn) -> Result<Option<String>> {
    conn.row(META, values!["made_from"])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn set_made_from(tx: &mut Tx, house: &str) -> Result<()> {
    tx.exec(SET_META, values!["made_from", house])?;
    Ok(())
}

/// Keeps a doc in place of the one that was there.
///
/// # Errors
/// What the engine said.
pub fn put(tx: &mut Tx, doc: &Doc) -> Result<()> {
    let file = doc.file.map_or(0, |id| id.0);
    if let Some(row) = tx.row(AT, values![doc.space, doc.seq, file, doc.part])? {
        remove(tx, row.get(0)?)?;
    }
    let id = free_id(tx, doc)?;
    let d = doc;
    let length = d.words.len() as i64;
    match tx.engine() {
        Engine::Sqlite => {
            tx.exec(INSERT_FTS, values![id, d.space, d.seq, file, d.part, d.author, d.at_us, d.has, length])?;
            tx.exec(WORDS_FTS, values![id, d.words.join(" "), scope_word(d.space)])?;
        }
        Engine::Postgres => {
            let words = tsvector(&d.words, d.space);
            tx.exec(
                INSERT_PG,
                values![id, d.space, d.seq, file, d.part, d.author, d.at_us, d.has, length, words],
            )?;
        }
    }
    Ok(())
}

/// The doc's time with a few bits of its own, and the next free one after a clash.
fn free_id(tx: &mut Tx, doc: &Doc) -> Result<i64> {
    let own = doc.space.0 ^ doc.file.map_or(0, |id| id.0) ^ doc.part;
    let mut id = (doc.at_us << 10) | (own & 0x3ff);
    while tx.row(TAKEN, values![id])?.map_or(Ok(0), |row| row.get::<i64>(0))? > 0 {
        id += 1;
    }
    Ok(id)
}

pub(super) fn remove(tx: &mut Tx, id: i64) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        tx.exec(FORGET_FTS, values![id])?;
    }
    tx.exec(FORGET, values![id])?;
    Ok(())
}

/// Keeps what is known of a message in place of what was. The texts of files that still hang on it stay. Gives the
/// files that were not known before.
///
/// # Errors
/// What the engine said.
pub fn put_message(tx: &mut Tx, space: SpaceId, seq: Seq, docs: &[Doc]) -> Result<Vec<FileId>> {
    let file_of = |doc: &Doc| doc.file.map_or(0, |id| id.0);
    let mut known = Vec::new();
    for row in tx.rows(KNOWN, values![space, seq])? {
        let (id, file, part): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        known.push(file);
        if part == 0 || !docs.iter().any(|doc| file_of(doc) == file) {
            remove(tx, id)?;
        }
    }
    docs.iter().try_for_each(|doc| put(tx, doc))?;
    Ok(docs.iter().filter(|doc| !known.contains(&file_of(doc))).filter_map(|doc| doc.file).collect())
}

/// Forgets a message and its files.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, space: SpaceId, seq: Seq) -> Result<()> {
    for row in tx.rows(OF_MESSAGE, values![space, seq])? {
        remove(tx, row.get(0)?)?;
    }
    texts::forget(tx, space, seq)
}

/// Sets those bits of `Has` that `mask` names to what `has` says.
///
/// # Errors
/// What the engine said.
pub fn mark(tx: &mut Tx, space: SpaceId, seq: Seq, mask: i64, has: i64) -> Result<()> {
    tx.exec(MARK, values![space, seq, mask, has])?;
    Ok(())
}

/// Forgets some hundreds of docs of a space, and in the end how far it was read;
/// false when nothing is left.
///
/// # Errors
/// What the engine said.
pub fn forget_space(tx: &mut Tx, space: SpaceId) -> Result<bool> {
    let some = tx.rows(SOME_OF_SPACE, values![space])?;
    for row in &some {
        remove(tx, row.get(0)?)?;
    }
    if some.is_empty() {
        texts::forget_space(tx, space)?;
        tx.exec(FORGET_CURSORS, values![space])?;
    }
    Ok(!some.is_empty())
}

/// The spaces of which the index knows anything.
///
/// # Errors
/// What the engine said.
pub fn spaces(conn: &mut Conn) -> Result<Vec<SpaceId>> {
    conn.rows(SPACES, values![])?.iter().map(|row| row.get(0)).collect()
}

/// Forgets everything.
///
/// # Errors
/// What the engine said.
pub fn clear(tx: &mut Tx) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        tx.exec(CLEAR_FTS, values![])?;
    }
    tx.exec(CLEAR, values![])?;
    texts::clear(tx)?;
    tx.exec(CLEAR_CURSORS, values![])?;
    Ok(())
}
