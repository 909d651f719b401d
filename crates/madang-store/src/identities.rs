//! The secrets by which sites say who is signed in there: sealed, one for each desk.

use madang_model::DeskId;

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const PUT = "INSERT INTO desk_secrets (desk, sealed, made_at) VALUES ($1, $2, $3)
        ON CONFLICT (desk) DO UPDATE SET sealed = excluded.sealed, made_at = excluded.made_at";
    const GET = "SELECT sealed, made_at FROM desk_secrets WHERE desk = $1";
    const GONE = "DELETE FROM desk_secrets WHERE desk = $1";
}

/// Keeps the secret of a desk in place of the one before.
///
/// # Errors
/// What the engine said.
pub fn put(tx: &mut Tx, desk: DeskId, sealed: &[u8], now_us: i64) -> Result<()> {
    tx.exec(PUT, values![desk, sealed.to_vec(), now_us])?;
    Ok(())
}

/// The sealed secret of a desk, and when it was made (microseconds).
///
/// # Errors
/// What the engine said.
pub fn get(conn: &mut Conn, desk: DeskId) -> Result<Option<(Vec<u8>, i64)>> {
    conn.row(GET, values![desk])?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// What sites say counts no more; false if there was no secret.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, desk: DeskId) -> Result<bool> {
    Ok(tx.exec(GONE, values![desk])? > 0)
}
