//! Short codes by which a visitor goes on on another device. Only a hash of each is kept.

use madang_model::{DeskId, PersonId};

use crate::db::Tx;
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO visit_codes (hash, visitor, desk, expires_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (hash) DO NOTHING";
    const TAKE = "DELETE FROM visit_codes WHERE hash = $1 RETURNING visitor, expires_at";
    const FORGET = "DELETE FROM visit_codes WHERE visitor = $1";
    const EXPIRED = "DELETE FROM visit_codes WHERE expires_at < $1";
}

/// Keeps a code; false if another visitor has the same, and one is to be made anew.
///
/// # Errors
/// What the engine said.
pub fn insert(
    tx: &mut Tx,
    hash: &[u8; 32],
    visitor: PersonId,
    desk: DeskId,
    expires_at: i64,
) -> Result<bool> {
    Ok(tx.exec(INSERT, values![hash, visitor, desk, expires_at])? > 0)
}

/// Whose code it is; it is used up.
///
/// # Errors
/// What the engine said.
pub fn take(tx: &mut Tx, hash: &[u8; 32], now_us: i64) -> Result<Option<PersonId>> {
    let Some(row) = tx.row(TAKE, values![hash])? else { return Ok(None) };
    let (visitor, expires_at): (PersonId, i64) = (row.get(0)?, row.get(1)?);
    Ok(Some(visitor).filter(|_| expires_at > now_us))
}

/// Takes back what a visitor was given.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, visitor: PersonId) -> Result<()> {
    tx.exec(FORGET, values![visitor])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget_expired(tx: &mut Tx, now_us: i64) -> Result<()> {
    tx.exec(EXPIRED, values![now_us])?;
    Ok(())
}
