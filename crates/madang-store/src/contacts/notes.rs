//! Notes about contacts, for whoever may see them.

use madang_model::{ContactId, PersonId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const ADD = "INSERT INTO contact_notes (id, contact, author, text, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $5)";
    const CHANGE = "UPDATE contact_notes SET text = $2, changed_at = $3 WHERE id = $1";
    const REMOVE = "DELETE FROM contact_notes WHERE id = $1";
    const ONE = "SELECT id, contact, author, text, created_at, changed_at FROM contact_notes WHERE id = $1";
    const OF_CONTACT = "SELECT id, contact, author, text, created_at, changed_at FROM contact_notes
        WHERE contact = $1 ORDER BY id DESC LIMIT $2";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRecord {
    pub id: i64,
    pub contact: ContactId,
    pub author: PersonId,
    pub text: String,
    pub created_at: i64,
    pub changed_at: i64,
}

fn read(row: &Row) -> Result<NoteRecord> {
    Ok(NoteRecord {
        id: row.get(0)?,
        contact: row.get(1)?,
        author: row.get(2)?,
        text: row.get(3)?,
        created_at: row.get(4)?,
        changed_at: row.get(5)?,
    })
}

/// # Errors
/// What the engine said.
pub fn add_note(tx: &mut Tx, note: &NoteRecord) -> Result<()> {
    tx.exec(ADD, values![note.id, note.contact, note.author, &note.text, note.created_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn change_note(tx: &mut Tx, note: i64, text: &str, now_us: i64) -> Result<()> {
    tx.exec(CHANGE, values![note, text, now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn remove_note(tx: &mut Tx, note: i64) -> Result<()> {
    tx.exec(REMOVE, values![note])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn note(conn: &mut Conn, note: i64) -> Result<Option<NoteRecord>> {
    conn.row(ONE, values![note])?.map(|row| read(&row)).transpose()
}

/// Of a contact, newest first.
///
/// # Errors
/// What the engine said.
pub fn notes(conn: &mut Conn, contact: ContactId, limit: i64) -> Result<Vec<NoteRecord>> {
    conn.rows(OF_CONTACT, values![contact, limit])?.iter().map(read).collect()
}
