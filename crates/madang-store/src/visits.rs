//! Where the visitors of tickets are, and with what. Whoever keeps something here seals it first.

use madang_model::{PersonId, SpaceId};

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const GET = "SELECT at_us, said FROM visits WHERE space = $1";
    const KEEP = "INSERT INTO visits (space, visitor, at_us, said) VALUES ($1, $2, $3, $4)
        ON CONFLICT (space) DO UPDATE SET visitor = excluded.visitor, at_us = excluded.at_us, said = excluded.said";
}

/// What was said last, and when (microseconds).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRecord {
    pub at_us: i64,
    /// Sealed.
    pub said: Vec<u8>,
}

/// # Errors
/// What the engine said.
pub fn get(conn: &mut Conn, space: SpaceId) -> Result<Option<VisitRecord>> {
    let found = conn.row(GET, values![space])?;
    found.map(|row| Ok(VisitRecord { at_us: row.get(0)?, said: row.get(1)? })).transpose()
}

/// Keeps the newest, and nothing that was before it.
///
/// # Errors
/// What the engine said.
pub fn keep(tx: &mut Tx, space: SpaceId, visitor: PersonId, record: &VisitRecord) -> Result<()> {
    tx.exec(KEEP, values![space, visitor, record.at_us, record.said.clone()])?;
    Ok(())
}
