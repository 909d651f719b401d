//! The view of cards: what people answered to polls, checklists and messages to be confirmed; and the ballots of
//! anonymous polls, which are in no log.

use std::collections::HashMap;

use madang_model::card::Card;
use madang_model::{Event, PersonId, Seq, SpaceId};

use crate::db::{Conn, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const BEGIN = "INSERT INTO cards (space, message, state) VALUES ($1, $2, $3)";
    const STATE = "SELECT state FROM cards WHERE space = $1 AND message = $2";
    const SET = "UPDATE cards SET state = $3 WHERE space = $1 AND message = $2";
    const FORGET = "DELETE FROM cards WHERE space = $1 AND message = $2";
    const RANGE = "SELECT message, state FROM cards WHERE space = $1 AND message >= $2 AND message <= $3";
    const BALLOT = "SELECT options FROM ballots WHERE space = $1 AND message = $2 AND person = $3";
    const CAST = "INSERT INTO ballots (space, message, person, options) VALUES ($1, $2, $3, $4)
        ON CONFLICT (space, message, person) DO UPDATE SET options = excluded.options";
    const BURN = "DELETE FROM ballots WHERE space = $1 AND message = $2";
}

pub(super) fn begin(tx: &mut Tx, space: SpaceId, message: Seq, card: &Card) -> Result<()> {
    tx.exec(BEGIN, values![space, message, written(card)])?;
    Ok(())
}

/// Folds an answer into the card of a message, if it has one.
pub(super) fn fold(tx: &mut Tx, event: &Event, message: Seq) -> Result<()> {
    let Some(mut card) = of(tx, event.space, message)? else { return Ok(()) };
    if card.fold(event) {
        tx.exec(SET, values![event.space, message, written(&card)])?;
    }
    Ok(())
}

pub(super) fn forget(tx: &mut Tx, space: SpaceId, message: Seq) -> Result<()> {
    tx.exec(FORGET, values![space, message])?;
    burn(tx, space, message)
}

/// The card of a message, without words.
pub(super) fn of(conn: &mut Conn, space: SpaceId, message: Seq) -> Result<Option<Card>> {
    conn.row(STATE, values![space, message])?.map(|row| read(&row.get::<String>(0)?)).transpose()
}

/// The cards among some rows, without words.
pub(super) fn range(conn: &mut Conn, space: SpaceId, low: Seq, high: Seq) -> Result<HashMap<Seq, Card>> {
    let rows = conn.rows(RANGE, values![space, low, high])?;
    rows.iter().map(|row| Ok((row.get(0)?, read(&row.get::<String>(1)?)?))).collect()
}

/// What somebody chose in an anonymous poll.
pub(super) fn ballot(conn: &mut Conn, space: SpaceId, message: Seq, person: PersonId) -> Result<Vec<u16>> {
    let Some(row) = conn.row(BALLOT, values![space, message, person])? else { return Ok(Vec::new()) };
    Ok(row.get::<String>(0)?.split(',').filter_map(|it| it.parse().ok()).collect())
}

/// Keeps what somebody chose in an anonymous poll. Nothing but the next vote of the same person reads it.
///
/// # Errors
/// What the engine said.
pub fn cast(tx: &mut Tx, space: SpaceId, message: Seq, person: PersonId, options: &[u16]) -> Result<()> {
    let options: Vec<String> = options.iter().map(u16::to_string).collect();
    tx.exec(CAST, values![space, message, person, options.join(",")])?;
    Ok(())
}

/// The poll is over: nobody needs the ballots.
pub(super) fn burn(tx: &mut Tx, space: SpaceId, message: Seq) -> Result<()> {
    tx.exec(BURN, values![space, message])?;
    Ok(())
}

fn written(card: &Card) -> String {
    serde_json::to_string(&card.bare()).expect("a card has only text keys")
}

fn read(text: &str) -> Result<Card> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("a card does not parse: {error}")))
}
