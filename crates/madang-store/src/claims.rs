//! Codes that were mailed to visitors: whoever knows one reads the address. Only hashes are kept of places and codes.

use crate::db::Tx;
use crate::error::Result;
use crate::{sql, values};

/// Guesses at one code.
const TRIES: i64 = 5;

sql! {
    const PUT = "INSERT INTO visit_claims (place, email, code, tries, expires_at) VALUES ($1, $2, $3, 0, $4)
        ON CONFLICT (place) DO UPDATE SET email = excluded.email, code = excluded.code, tries = 0,
            expires_at = excluded.expires_at";
    const TRY = "UPDATE visit_claims SET tries = tries + 1 WHERE place = $1 AND tries < $2 AND expires_at > $3
        RETURNING email, code";
    const GONE = "DELETE FROM visit_claims WHERE place = $1";
    const EXPIRED = "DELETE FROM visit_claims WHERE expires_at < $1";
}

/// Keeps a code in place of an earlier one.
///
/// # Errors
/// What the engine said.
pub fn put(tx: &mut Tx, place: &[u8; 32], email: &str, code: &[u8; 32], expires_at: i64) -> Result<()> {
    tx.exec(PUT, values![place, email, code, expires_at])?;
    Ok(())
}

/// The address that a code was mailed to, if it is this one; it is used up then, and five guesses use it up too.
/// A guess counts only when this transaction is kept.
///
/// # Errors
/// What the engine said.
pub fn guess(tx: &mut Tx, place: &[u8; 32], code: &[u8; 32], now_us: i64) -> Result<Option<String>> {
    let Some(row) = tx.row(TRY, values![place, TRIES, now_us])? else { return Ok(None) };
    if row.get::<Vec<u8>>(1)? != code {
        return Ok(None);
    }
    let email = row.get(0)?;
    tx.exec(GONE, values![place])?;
    Ok(Some(email))
}

/// # Errors
/// What the engine said.
pub fn forget_expired(tx: &mut Tx, now_us: i64) -> Result<()> {
    tx.exec(EXPIRED, values![now_us])?;
    Ok(())
}
