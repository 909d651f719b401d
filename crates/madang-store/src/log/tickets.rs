//! The view of tickets: what the logs of their spaces add up to, kept by the append itself.

use madang_model::desk::ticket::{State, Ticket};
use madang_model::space::SpaceKind;
use madang_model::{Body, DeskId, Event, PersonId, SpaceId};

use super::rounds;
use super::scene::SpaceRecord;
use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{desks, sql, values};

sql! {
    const ONE = "SELECT space, number, changed_at, ticket FROM tickets WHERE space = $1";
    const NUMBER = "UPDATE desks SET tickets = tickets + 1 WHERE id = $1 RETURNING tickets";
    const INSERT = "INSERT INTO tickets (space, desk, visitor, number, state, agent, offered, priority, waiting_since,
        snoozed_until, changed_at, ticket) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    const UPDATE = "UPDATE tickets SET desk = $2, visitor = $3, number = $4, state = $5, agent = $6, offered = $7,
        priority = $8, waiting_since = $9, snoozed_until = $10, changed_at = $11, ticket = $12 WHERE space = $1";
    const IS_NOTE = "SELECT note FROM messages WHERE space = $1 AND seq = $2";
    const VISITOR = "SELECT visitor FROM tickets WHERE space = $1";
    const OF_VISITOR = "SELECT space, number, changed_at, ticket FROM tickets WHERE visitor = $1 ORDER BY space";
    /// In the order in which they are served.
    const WAITING = "SELECT space, number, changed_at, ticket FROM tickets WHERE desk = $1 AND state = 'waiting'
        AND (-priority, waiting_since, number) > ($2, $3, $4)
        ORDER BY -priority, waiting_since, number LIMIT $5";
    const MINE = "SELECT space, number, changed_at, ticket FROM tickets WHERE agent = $1 AND desk = $2
        AND state IN ('open', 'snoozed') AND (changed_at, number) < ($3, $4)
        ORDER BY changed_at DESC, number DESC LIMIT $5";
    const BY_STATE = "SELECT space, number, changed_at, ticket FROM tickets WHERE desk = $1 AND state = $2
        AND (changed_at, number) < ($3, $4) ORDER BY changed_at DESC, number DESC LIMIT $5";
    const ALL_OF_DESK = "SELECT space, number, changed_at, ticket FROM tickets WHERE desk = $1
        AND (changed_at, number) < ($2, $3) ORDER BY changed_at DESC, number DESC LIMIT $4";
    const COUNTS = "SELECT state, count(*), sum(CASE WHEN agent = $2 THEN 1 ELSE 0 END) FROM tickets
        WHERE desk = $1 AND state <> 'closed' GROUP BY state";
    const WAITING_AT = "SELECT count(*) FROM tickets WHERE desk = $1 AND state = 'waiting'";
    const BOARD = "SELECT space, number, changed_at, ticket FROM tickets WHERE state IN ('waiting', 'open')
        ORDER BY number, space";
    const OFFERED = "SELECT space, number, changed_at, ticket FROM tickets WHERE offered = $1 AND state = 'waiting'
        ORDER BY space";
    const HELPED_BY = "SELECT t.space, t.visitor FROM memberships m JOIN tickets t ON t.space = m.space
        WHERE m.person = $1 AND t.visitor <> $1";
    /// Those with a target that may still be missed, or whose visitor may have left.
    const UNFINISHED = "SELECT space, number, changed_at, ticket FROM tickets WHERE state <> 'closed' ORDER BY space";
    const NOT_CLOSED = "SELECT space, desk FROM tickets WHERE state <> 'closed'";
    const DUE = "SELECT space, number, changed_at, ticket FROM tickets WHERE state = 'snoozed' AND snoozed_until <= $1
        ORDER BY snoozed_until LIMIT 100";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRecord {
    pub space: SpaceId,
    /// Counted from 1 at the desk where it was opened first.
    pub number: i64,
    /// Microseconds; of the newest event about it, or message in it.
    pub changed_at: i64,
    pub ticket: Ticket,
}

/// Which tickets of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    Waiting,
    Mine(PersonId),
    Open,
    Snoozed,
    Closed,
    All,
}

fn read(row: &Row) -> Result<TicketRecord> {
    let ticket: String = row.get(3)?;
    let ticket = serde_json::from_str(&ticket)
        .map_err(|error| StoreError::Corrupt(format!("a ticket does not parse: {error}")))?;
    Ok(TicketRecord { space: row.get(0)?, number: row.get(1)?, changed_at: row.get(2)?, ticket })
}

fn all(rows: &[Row]) -> Result<Vec<TicketRecord>> {
    rows.iter().map(read).collect()
}

/// Whether an event is for agents only: by what it is, or because it is about a note.
pub(super) fn is_staff(tx: &mut Tx, space: &SpaceRecord, body: &Body) -> Result<bool> {
    if space.facts.kind != SpaceKind::Ticket {
        return Ok(false);
    }
    match body.message() {
        Some(message) => {
            tx.row(IS_NOTE, values![space.facts.id, message])?.map_or(Ok(false), |row| row.get(0))
        }
        None => Ok(body.is_staff()),
    }
}

/// Brings the ticket of the space to the state after `event`.
pub(super) fn apply(tx: &mut Tx, event: &Event) -> Result<()> {
    let before = ticket(tx, event.space)?;
    let (statement, number, ticket) = match (&before, &event.body) {
        (Some(known), _) => {
            let mut ticket = known.ticket.clone();
            ticket.apply(event);
            (UPDATE, known.number, ticket)
        }
        (None, Body::TicketOpened(opening)) => {
            let row = tx.row(NUMBER, values![opening.desk])?;
            let number = row.map_or(Ok(0), |row| row.get(0))?;
            (INSERT, number, Ticket::begun(event, opening))
        }
        // The space before its ticket.
        (None, _) => return Ok(()),
    };
    if let Body::TicketAssigned { agent, .. } = event.body {
        desks::got_one(tx, agent, event.at_us)?;
    }
    let kept = serde_json::to_string(&ticket).expect("a ticket has only text keys");
    tx.exec(
        statement,
        values![
            event.space,
            ticket.desk,
            ticket.visitor,
            number,
            ticket.state,
            ticket.agent,
            ticket.offered.map(|it| it.agent),
            i64::from(ticket.priority),
            ticket.waiting_since,
            ticket.snoozed_until,
            event.at_us,
            kept
        ],
    )?;
    rounds::keep(tx, event.space, before.as_ref().map(|it| &it.ticket), &ticket)
}

/// The ticket of a space.
///
/// # Errors
/// What the engine said.
pub fn ticket(conn: &mut Conn, space: SpaceId) -> Result<Option<TicketRecord>> {
    conn.row(ONE, values![space])?.map(|row| read(&row)).transpose()
}

/// Whose matter it is.
///
/// # Errors
/// What the engine said.
pub fn visitor_of(conn: &mut Conn, space: SpaceId) -> Result<Option<PersonId>> {
    conn.row(VISITOR, values![space])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn tickets_of_visitor(conn: &mut Conn, visitor: PersonId) -> Result<Vec<TicketRecord>> {
    all(&conn.rows(OF_VISITOR, values![visitor])?)
}

/// Tickets of a desk after another: those that wait in the order in which they are served, others newest first.
///
/// # Errors
/// What the engine said.
pub fn tickets(
    conn: &mut Conn,
    desk: DeskId,
    queue: Queue,
    after: Option<&TicketRecord>,
    limit: i64,
) -> Result<Vec<TicketRecord>> {
    let (changed, number) = after.map_or((i64::MAX, i64::MAX), |it| (it.changed_at, it.number));
    let rows = match queue {
        Queue::Waiting => {
            let (priority, since, number) = after.map_or((i64::MIN, i64::MIN, i64::MIN), |it| {
                (-i64::from(it.ticket.priority), it.ticket.waiting_since, it.number)
            });
            conn.rows(WAITING, values![desk, priority, since, number, limit])?
        }
        Queue::Mine(person) => conn.rows(MINE, values![person, desk, changed, number, limit])?,
        Queue::Open => conn.rows(BY_STATE, values![desk, State::Open, changed, number, limit])?,
        Queue::Snoozed => conn.rows(BY_STATE, values![desk, State::Snoozed, changed, number, limit])?,
        Queue::Closed => conn.rows(BY_STATE, values![desk, State::Closed, changed, number, limit])?,
        Queue::All => conn.rows(ALL_OF_DESK, values![desk, changed, number, limit])?,
    };
    all(&rows)
}

/// How many tickets of a desk stand how, but for the closed ones, and how many of them are this person's.
///
/// # Errors
/// What the engine said.
pub fn counts(conn: &mut Conn, desk: DeskId, person: PersonId) -> Result<Vec<(State, i64, i64)>> {
    let rows = conn.rows(COUNTS, values![desk, person])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get::<Option<i64>>(2)?.unwrap_or(0)))).collect()
}

/// How many wait at a desk.
///
/// # Errors
/// What the engine said.
pub fn waiting_at(conn: &mut Conn, desk: DeskId) -> Result<i64> {
    conn.row(WAITING_AT, values![desk])?.map_or(Ok(0), |row| row.get(0))
}

/// All tickets of the house that wait or are being helped with.
///
/// # Errors
/// What the engine said.
pub fn route_board(conn: &mut Conn) -> Result<Vec<TicketRecord>> {
    all(&conn.rows(BOARD, values![])?)
}

/// What an agent is asked to help with.
///
/// # Errors
/// What the engine said.
pub fn offered_to(conn: &mut Conn, agent: PersonId) -> Result<Vec<TicketRecord>> {
    all(&conn.rows(OFFERED, values![agent])?)
}

/// The tickets in whose spaces somebody is who helps, with their visitors.
///
/// # Errors
/// What the engine said.
pub fn helped_by(conn: &mut Conn, agent: PersonId) -> Result<Vec<(SpaceId, PersonId)>> {
    conn.rows(HELPED_BY, values![agent])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The tickets of the house that are not closed.
///
/// # Errors
/// What the engine said.
pub fn unfinished(conn: &mut Conn) -> Result<Vec<TicketRecord>> {
    all(&conn.rows(UNFINISHED, values![])?)
}

/// The tickets that are not closed, with their desks.
///
/// # Errors
/// What the engine said.
pub fn open_tickets(conn: &mut Conn) -> Result<Vec<(SpaceId, DeskId)>> {
    conn.rows(NOT_CLOSED, values![])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Snoozed ones whose time has come.
///
/// # Errors
/// What the engine said.
pub fn due_tickets(conn: &mut Conn, now_us: i64) -> Result<Vec<TicketRecord>> {
    all(&conn.rows(DUE, values![now_us])?)
}
