//! The view of bookmarks: which stand above a conversation, and the event that says how each is.

use madang_model::{Body, Bookmark, BookmarkId, Event, PersonId, Seq, SpaceId};

use super::read;
use super::scene::SpaceRecord;
use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::seal::Keyring;
use crate::{sql, values};

sql! {
    const ADD = "INSERT INTO bookmarks (space, id, seq, said) VALUES ($1, $2, $3, $3)";
    const CHANGE = "UPDATE bookmarks SET said = $3 WHERE space = $1 AND id = $2";
    const REMOVE = "DELETE FROM bookmarks WHERE space = $1 AND id = $2";
    const OF_SPACE = "SELECT a.author, a.at_us, e.author, e.seq, e.at_us, e.payload FROM bookmarks b
        JOIN events a ON a.space = b.space AND a.seq = b.seq
        JOIN events e ON e.space = b.space AND e.seq = b.said
        WHERE b.space = $1 ORDER BY b.seq";
}

/// A bookmark as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookmarkRecord {
    pub bookmark: Bookmark,
    /// Who added it, and when, in microseconds.
    pub by: PersonId,
    pub at_us: i64,
    /// Who said last how it is, and when.
    pub changed_by: PersonId,
    pub changed_at: i64,
}

pub(super) fn add(tx: &mut Tx, event: &Event, id: BookmarkId) -> Result<()> {
    tx.exec(ADD, values![event.space, id, event.seq])?;
    Ok(())
}

pub(super) fn change(tx: &mut Tx, event: &Event, id: BookmarkId) -> Result<()> {
    tx.exec(CHANGE, values![event.space, id, event.seq])?;
    Ok(())
}

pub(super) fn remove(tx: &mut Tx, space: SpaceId, id: BookmarkId) -> Result<()> {
    tx.exec(REMOVE, values![space, id])?;
    Ok(())
}

fn record(keyring: &Keyring, space: &SpaceRecord, row: &Row) -> Result<Option<BookmarkRecord>> {
    let (said, changed_at): (Seq, i64) = (row.get(3)?, row.get(4)?);
    let payload: Vec<u8> = row.get(5)?;
    let body = read::body(keyring, space.facts.workspace, space.facts.id, said, changed_at, &payload)?;
    let (Body::BookmarkAdded(bookmark) | Body::BookmarkChanged(bookmark)) = body else { return Ok(None) };
    let (by, at_us, changed_by) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Some(BookmarkRecord { bookmark, by, at_us, changed_by, changed_at }))
}

/// The bookmarks of a space in the order in which they were added; `space` comes from the same snapshot.
///
/// # Errors
/// What the engine said, or `Seal` when a payload is not what was written.
pub fn bookmarks(conn: &mut Conn, keyring: &Keyring, space: &SpaceRecord) -> Result<Vec<BookmarkRecord>> {
    let rows = conn.rows(OF_SPACE, values![space.facts.id])?;
    rows.iter().filter_map(|row| record(keyring, space, row).transpose()).collect()
}

/// One of them.
///
/// # Errors
/// As `bookmarks`.
pub fn bookmark(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    id: BookmarkId,
) -> Result<Option<BookmarkRecord>> {
    Ok(bookmarks(conn, keyring, space)?.into_iter().find(|it| it.bookmark.id == id))
}
