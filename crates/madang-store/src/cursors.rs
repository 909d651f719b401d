//! How far each follower has read each space. A cursor moves in the same
//! transaction as what the follower made of the events (invariant 4).

use std::collections::HashMap;

use madang_model::{Seq, SpaceId};

use crate::db::{Conn, Statement, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const BEHIND = "SELECT s.id FROM spaces s
        LEFT JOIN cursors c ON c.space = s.id AND c.follower = $1
        WHERE s.head > coalesce(c.seq, 0) ORDER BY s.id LIMIT $2";
    const LAG = "SELECT CAST(coalesce(sum(s.head - coalesce(c.seq, 0)), 0) AS BIGINT) FROM spaces s
        LEFT JOIN cursors c ON c.space = s.id AND c.follower = $1";
    const GET = "SELECT seq FROM cursors WHERE follower = $1 AND space = $2 {for_update}";
    const PEEK = "SELECT seq FROM cursors WHERE follower = $1 AND space = $2";
    const SET = "INSERT INTO cursors (follower, space, seq) VALUES ($1, $2, $3)
        ON CONFLICT (follower, space) DO UPDATE SET seq = excluded.seq";
    const REWIND = "DELETE FROM cursors WHERE follower = $1";
    const ALL_OF = "SELECT space, seq FROM cursors WHERE follower = $1";
    const HEADS = "SELECT id, head FROM spaces ORDER BY id";
}

/// The statements that a follower's own database is given too.
pub(crate) const OF_ANY_DATABASE: &[Statement] =
    &[("GET", GET), ("PEEK", PEEK), ("SET", SET), ("REWIND", REWIND), ("ALL_OF", ALL_OF)];

/// How far the follower has read each space it has read at all.
///
/// # Errors
/// What the engine said.
pub fn all_of(conn: &mut Conn, follower: &str) -> Result<HashMap<SpaceId, Seq>> {
    conn.rows(ALL_OF, values![follower])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The head of every space, for a follower that keeps its cursors elsewhere.
///
/// # Errors
/// What the engine said.
pub fn heads(conn: &mut Conn) -> Result<Vec<(SpaceId, Seq)>> {
    conn.rows(HEADS, values![])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Spaces in which the follower has something to read.
///
/// # Errors
/// What the engine said.
pub fn behind(conn: &mut Conn, follower: &str, limit: i64) -> Result<Vec<SpaceId>> {
    conn.rows(BEHIND, values![follower, limit])?.iter().map(|row| row.get(0)).collect()
}

/// How many events the follower has still to read, in all spaces together.
///
/// # Errors
/// What the engine said.
pub fn lag(conn: &mut Conn, follower: &str) -> Result<i64> {
    conn.row(LAG, values![follower])?.map_or(Ok(0), |row| row.get(0))
}

/// Where the follower is, as of the connection's snapshot.
///
/// # Errors
/// What the engine said.
pub fn peek(conn: &mut Conn, follower: &str, space: SpaceId) -> Result<Seq> {
    conn.row(PEEK, values![follower, space])?.map_or(Ok(0), |row| row.get(0))
}

/// Where the follower is; nobody moves it until this transaction ends.
///
/// # Errors
/// What the engine said.
pub fn get(tx: &mut Tx, follower: &str, space: SpaceId) -> Result<Seq> {
    tx.row(GET, values![follower, space])?.map_or(Ok(0), |row| row.get(0))
}

/// # Errors
/// What the engine said.
pub fn set(tx: &mut Tx, follower: &str, space: SpaceId, seq: Seq) -> Result<()> {
    tx.exec(SET, values![follower, space, seq])?;
    Ok(())
}

/// Sends the follower back to the beginning of every log.
///
/// # Errors
/// What the engine said.
pub fn rewind(tx: &mut Tx, follower: &str) -> Result<()> {
    tx.exec(REWIND, values![follower])?;
    Ok(())
}
