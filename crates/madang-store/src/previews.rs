//! What was found behind links: a store that may be emptied at any time. Whoever keeps something here seals it first.

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const GET = "SELECT page, again_at FROM previews WHERE link = $1";
    const PICTURE = "SELECT picture FROM previews WHERE link = $1";
    const KEEP = "INSERT INTO previews (link, page, picture, asked_at, again_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (link) DO UPDATE SET page = excluded.page, picture = excluded.picture,
        asked_at = excluded.asked_at, again_at = excluded.again_at";
    const FORGET = "DELETE FROM previews WHERE asked_at < $1";
}

/// What is known of one link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRecord {
    /// Sealed; none when the link has nothing to show.
    pub page: Option<Vec<u8>>,
    /// From when on it may be asked again, in microseconds.
    pub again_at: i64,
}

/// # Errors
/// What the engine said.
pub fn get(conn: &mut Conn, link: &[u8; 32]) -> Result<Option<PreviewRecord>> {
    let found = conn.row(GET, values![link.to_vec()])?;
    found.map(|row| Ok(PreviewRecord { page: row.get(0)?, again_at: row.get(1)? })).transpose()
}

/// The sealed picture of a link.
///
/// # Errors
/// What the engine said.
pub fn picture(conn: &mut Conn, link: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    Ok(conn.row(PICTURE, values![link.to_vec()])?.map(|row| row.get(0)).transpose()?.flatten())
}

/// Keeps what was found at `asked_at`.
///
/// # Errors
/// What the engine said.
pub fn keep(
    tx: &mut Tx,
    link: &[u8; 32],
    record: &PreviewRecord,
    picture: Option<&[u8]>,
    asked_at: i64,
) -> Result<()> {
    let picture = picture.map(<[u8]>::to_vec);
    tx.exec(KEEP, values![link.to_vec(), record.page.clone(), picture, asked_at, record.again_at])?;
    Ok(())
}

/// Forgets what was asked before this time.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, before: i64) -> Result<()> {
    tx.exec(FORGET, values![before])?;
    Ok(())
}
