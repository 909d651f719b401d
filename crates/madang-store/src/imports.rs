//! What was brought from other houses, and what it is here.

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const FIND = "SELECT id FROM imports WHERE house = $1 AND kind = $2 AND key = $3";
    const ANYWHERE = "SELECT id FROM imports WHERE kind = $1 AND key = $2 ORDER BY house LIMIT 1";
    const KEEP = "INSERT INTO imports (house, kind, key, id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (house, kind, key) DO UPDATE SET id = excluded.id";
}

/// What a thing of another house has a key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Person,
    Space,
    /// A space that was brought whole; the number is the seq of its last event then.
    Done,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Space => "space",
            Kind::Done => "done",
        }
    }
}

/// # Errors
/// What the engine said.
pub fn find(conn: &mut Conn, house: &str, kind: Kind, key: &str) -> Result<Option<i64>> {
    conn.row(FIND, values![house, kind.word(), key])?.map(|row| row.get(0)).transpose()
}

/// What has this key in any house that was brought here.
///
/// # Errors
/// What the engine said.
pub fn from_anywhere(conn: &mut Conn, kind: Kind, key: &str) -> Result<Option<i64>> {
    conn.row(ANYWHERE, values![kind.word(), key])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn keep(tx: &mut Tx, house: &str, kind: Kind, key: &str, id: i64) -> Result<()> {
    tx.exec(KEEP, values![house, kind.word(), key, id])?;
    Ok(())
}
