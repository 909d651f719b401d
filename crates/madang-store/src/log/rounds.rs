//! The view of rounds: each opening of each ticket, for reports. Kept by the append with the ticket itself.

use madang_model::desk::report::Round;
use madang_model::desk::ticket::Ticket;
use madang_model::{DeskId, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const KEEP = "INSERT INTO ticket_rounds (space, round, desk, opened_at, line) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (space, round) DO UPDATE SET desk = excluded.desk, line = excluded.line";
    const OF_DESK = "SELECT r.space, t.number, r.line FROM ticket_rounds r JOIN tickets t ON t.space = r.space
        WHERE r.desk = $1 AND r.opened_at >= $2 AND r.opened_at < $3 AND (r.opened_at, r.space) > ($4, $5)
        ORDER BY r.opened_at, r.space LIMIT $6";
}

/// A round, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundRecord {
    pub space: SpaceId,
    /// Of its ticket.
    pub number: i64,
    pub round: Round,
}

/// Keeps the round in which a ticket is, if what a report says of it changed.
pub(super) fn keep(tx: &mut Tx, space: SpaceId, before: Option<&Ticket>, now: &Ticket) -> Result<()> {
    let round = Round::of(now);
    if before.map(Round::of).as_ref() == Some(&round) {
        return Ok(());
    }
    let line = serde_json::to_string(&round).expect("a round has only text keys");
    tx.exec(KEEP, values![space, i64::from(round.round), round.desk, round.opened_at, line])?;
    Ok(())
}

fn read(row: &Row) -> Result<RoundRecord> {
    let line: String = row.get(2)?;
    let round = serde_json::from_str(&line)
        .map_err(|error| StoreError::Corrupt(format!("a round does not parse: {error}")))?;
    Ok(RoundRecord { space: row.get(0)?, number: row.get(1)?, round })
}

/// Rounds of a desk that were opened from a moment on and before another, after one of them, oldest first.
///
/// # Errors
/// What the engine said.
pub fn rounds(
    conn: &mut Conn,
    desk: DeskId,
    (from_us, until_us): (i64, i64),
    after: Option<&RoundRecord>,
    limit: i64,
) -> Result<Vec<RoundRecord>> {
    let (opened_at, space) = after.map_or((i64::MIN, SpaceId(0)), |it| (it.round.opened_at, it.space));
    conn.rows(OF_DESK, values![desk, from_us, until_us, opened_at, space, limit])?.iter().map(read).collect()
}
