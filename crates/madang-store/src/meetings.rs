//! What of a meeting stands in no log: whom it invites from outside, their join link, and the addresses at which
//! calendars read.

use madang_model::{PersonId, Seq, SpaceId};

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const GUESTS = "SELECT email FROM meeting_guests WHERE space = $1 AND meeting = $2 ORDER BY email";
    const GUESTS_GONE = "DELETE FROM meeting_guests WHERE space = $1 AND meeting = $2";
    const PUT_GUEST = "INSERT INTO meeting_guests (space, meeting, email) VALUES ($1, $2, $3)
        ON CONFLICT (space, meeting, email) DO NOTHING";
    const LINK = "SELECT link, sealed FROM meeting_links WHERE space = $1 AND meeting = $2";
    const PUT_LINK = "INSERT INTO meeting_links (space, meeting, link, sealed) VALUES ($1, $2, $3, $4)
        ON CONFLICT (space, meeting) DO UPDATE SET link = excluded.link, sealed = excluded.sealed";
    const LINK_GONE = "DELETE FROM meeting_links WHERE space = $1 AND meeting = $2";
    const GUESTS_OVER = "DELETE FROM meeting_guests WHERE EXISTS (SELECT 1 FROM meetings m
        WHERE m.space = meeting_guests.space AND m.seq = meeting_guests.meeting
        AND (m.cancelled OR m.ends_at < $1))";
    const LINKS_OVER = "DELETE FROM meeting_links WHERE EXISTS (SELECT 1 FROM meetings m
        WHERE m.space = meeting_links.space AND m.seq = meeting_links.meeting
        AND (m.cancelled OR m.ends_at < $1))";
    const PUT_FEED = "INSERT INTO calendar_feeds (person, token_hash, made_at) VALUES ($1, $2, $3)
        ON CONFLICT (person) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at";
    const FEED_GONE = "DELETE FROM calendar_feeds WHERE person = $1";
    const FEED_MADE = "SELECT made_at FROM calendar_feeds WHERE person = $1";
    const WHOSE_FEED = "SELECT person FROM calendar_feeds WHERE token_hash = $1";
}

/// A meeting: its space, and the event that planned it.
pub type Place = (SpaceId, Seq);

/// The addresses that a meeting invites from outside.
///
/// # Errors
/// What the engine said.
pub fn guests(conn: &mut Conn, (space, meeting): Place) -> Result<Vec<String>> {
    conn.rows(GUESTS, values![space, meeting])?.iter().map(|row| row.get(0)).collect()
}

/// Invites these from outside, and nobody else.
///
/// # Errors
/// What the engine said.
pub fn put_guests(tx: &mut Tx, (space, meeting): Place, guests: &[String]) -> Result<()> {
    tx.exec(GUESTS_GONE, values![space, meeting])?;
    for email in guests {
        tx.exec(PUT_GUEST, values![space, meeting, email])?;
    }
    Ok(())
}

/// The join link of the guests, and its sealed address.
///
/// # Errors
/// What the engine said.
pub fn link(conn: &mut Conn, (space, meeting): Place) -> Result<Option<(i64, String)>> {
    conn.row(LINK, values![space, meeting])?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// # Errors
/// What the engine said.
pub fn put_link(tx: &mut Tx, (space, meeting): Place, link: i64, sealed: &str) -> Result<()> {
    tx.exec(PUT_LINK, values![space, meeting, link, sealed])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget_link(tx: &mut Tx, (space, meeting): Place) -> Result<()> {
    tx.exec(LINK_GONE, values![space, meeting])?;
    Ok(())
}

/// Forgets who was invited from outside to what was cancelled, or was over before a moment.
///
/// # Errors
/// What the engine said.
pub fn forget_over(tx: &mut Tx, before_us: i64) -> Result<()> {
    tx.exec(GUESTS_OVER, values![before_us])?;
    tx.exec(LINKS_OVER, values![before_us])?;
    Ok(())
}

/// The person's calendar reads at a new address, and at none before.
///
/// # Errors
/// What the engine said.
pub fn put_feed(tx: &mut Tx, person: PersonId, hash: &[u8; 32], now_us: i64) -> Result<()> {
    tx.exec(PUT_FEED, values![person, hash, now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget_feed(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.exec(FEED_GONE, values![person])?;
    Ok(())
}

/// When the person's address was made; none if there is none.
///
/// # Errors
/// What the engine said.
pub fn feed_made(conn: &mut Conn, person: PersonId) -> Result<Option<i64>> {
    conn.row(FEED_MADE, values![person])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn whose_feed(conn: &mut Conn, hash: &[u8; 32]) -> Result<Option<PersonId>> {
    conn.row(WHOSE_FEED, values![hash])?.map(|row| row.get(0)).transpose()
}
