//! Tickets as agents see them, and as their visitors do.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use madang_model::desk::alarm::{self, Due};
use madang_model::desk::device::Device;
use madang_model::desk::route::{self, Board, Handled};
use madang_model::desk::ticket::{Page, State};
use madang_model::permission::{HouseRight, Right, may, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{Body, DeskId, PersonId, Refusal, SpaceId};
use madang_store::db::Conn;
use madang_store::desks;
use madang_store::log::{self, Queue, TicketRecord};
use madang_store::people::{self, PersonRecord};

use super::router::board;
use super::whereabouts::Whereabouts;
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::spaces::Last;

/// Visitors of one desk who are told of their place in the line.
const WAITING: i64 = 1_000;

/// A ticket as those see it who stand at its desk.
#[derive(Debug, Clone)]
pub struct TicketLook {
    pub record: TicketRecord,
    pub visitor: PersonRecord,
    /// Where they are now, as far as they said.
    pub page: Option<Page>,
    pub device: Option<Device>,
    /// Of this round.
    pub comment: Option<String>,
    pub last: Option<Last>,
    /// By when somebody should have answered, and closed it.
    pub due: Due,
}

/// How many tickets of a desk stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueCounts {
    pub waiting: i64,
    pub mine: i64,
    pub open: i64,
    pub snoozed: i64,
}

/// A ticket as its visitor sees it.
#[derive(Debug, Clone)]
pub struct VisitLook {
    pub record: TicketRecord,
    pub me: PersonRecord,
    /// The public key of its desk.
    pub desk_key: String,
    pub agent: Option<PersonRecord>,
    /// Everybody else who ever wrote in it or is in it, without addresses.
    pub people: Vec<PersonRecord>,
    /// In the line, from 1 on.
    pub place: Option<usize>,
    pub wait_us: Option<i64>,
}

/// An agent's own side.
#[derive(Debug, Clone)]
pub struct Agency {
    pub reachable: bool,
    /// At how many desks they stand.
    pub desks: usize,
    /// What they are asked to help with.
    pub offers: Vec<TicketLook>,
}

impl App {
    /// Tickets of a desk, after another one.
    ///
    /// # Errors
    /// `NotFound` for who does not stand there, or what the store said.
    pub async fn tickets(
        self: &Arc<Self>,
        person: PersonId,
        desk: DeskId,
        queue: Queue,
        after: Option<SpaceId>,
        limit: i64,
    ) -> Result<(Vec<TicketLook>, QueueCounts)> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                if !desks::standing(conn, desk)?.iter().any(|it| it.agent.person == person) {
                    return Err(Refusal::NotFound(Thing::Desk).into());
                }
                let after = after.map(|space| log::ticket(conn, space)).transpose()?.flatten();
                let records = log::tickets(conn, desk, queue, after.as_ref(), limit.clamp(1, 100))?;
                let looks = records.into_iter().map(|it| app.ticket_in(conn, it)).collect::<Result<_>>()?;
                Ok((looks, counts(conn, desk, person)?))
            })
            .await
    }

    /// One ticket, for those who stand at its desk and whoever else is in it.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn ticket(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<TicketLook> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
                let actor = log::standing(conn, &record.facts, person)?;
                may(&actor, Right::Read, &record.facts).map_err(|_| Refusal::NotFound(Thing::Ticket))?;
                let ticket = log::ticket(conn, space)?.filter(|_| !actor.is_outside(&record.facts));
                app.ticket_in(conn, ticket.ok_or(Refusal::NotFound(Thing::Ticket))?)
            })
            .await
    }

    /// As `ticket`, whoever asks: for those whom the house tells.
    pub(crate) fn ticket_in(&self, conn: &mut Conn, record: TicketRecord) -> Result<TicketLook> {
        let house = workspace(conn)?.id;
        let ticket = &record.ticket;
        let visitor = people::by_id(conn, house, ticket.visitor)?.ok_or(Refusal::NotFound(Thing::Person))?;
        let said = |conn: &mut Conn, seq: Option<i64>| -> Result<Option<Body>> {
            let Some(seq) = seq else { return Ok(None) };
            Ok(log::event(conn, &self.keyring, house, record.space, seq)?.map(|it| it.body))
        };
        let Whereabouts { page: now_at, device } = self.whereabouts(conn, record.space)?;
        let came_from = match said(conn, ticket.page_seq.filter(|_| now_at.is_none()))? {
            Some(Body::TicketOpened(opening)) => opening.page,
            Some(Body::TicketWanted { page, .. }) => page,
            _ => None,
        };
        let page = now_at.or(came_from);
        let comment = match said(conn, ticket.rated_seq.filter(|_| ticket.stars.is_some()))? {
            Some(Body::TicketRated { comment, .. }) => Some(comment),
            _ => None,
        };
        let space = log::space(conn, record.space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
        let last = self.last(conn, &space)?;
        let due = due(conn, &record)?;
        Ok(TicketLook { visitor, page, device, comment, last, due, record })
    }

    pub(super) fn visit_in(&self, conn: &mut Conn, visitor: PersonId, space: SpaceId) -> Result<VisitLook> {
        self.visit_on(conn, visitor, space, &mut Line::default())
    }

    /// As `visit_in`, with what was read of the line before.
    fn visit_on(
        &self,
        conn: &mut Conn,
        visitor: PersonId,
        space: SpaceId,
        line: &mut Line,
    ) -> Result<VisitLook> {
        let record = log::ticket(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
        let house = workspace(conn)?.id;
        let me = people::by_id(conn, house, visitor)?.ok_or(Refusal::NotSignedIn)?;
        let mut people = people::who_wrote_in(conn, house, space)?;
        people.retain(|it| it.id != visitor);
        people.iter_mut().for_each(|it| it.email = None);
        let agent = people.iter().find(|it| Some(it.id) == record.ticket.agent).cloned();
        let (place, wait_us) = match record.ticket.state {
            State::Waiting => {
                let (board, lately) = line.read(conn, record.ticket.desk, self.clock.now_us())?;
                let place = route::place(board, space);
                let wait = |place| route::expected_wait(board, record.ticket.desk, place, lately);
                (place, place.and_then(wait))
            }
            _ => (None, None),
        };
        let desk = desks::one(conn, record.ticket.desk)?.ok_or(Refusal::NotFound(Thing::Desk))?;
        Ok(VisitLook { me, desk_key: desk.key, agent, people, place, wait_us, record })
    }

    /// An agent's own side: their switch, and what they are asked.
    ///
    /// # Errors
    /// What the store said.
    pub async fn agency(self: &Arc<Self>, person: PersonId) -> Result<Agency> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let role = log::standing_in_house(conn, house, person)?;
                if may_in_house(role, HouseRight::BeAgent).is_err() {
                    return Ok(Agency { reachable: false, desks: 0, offers: Vec::new() });
                }
                let offered = log::offered_to(conn, person)?;
                let offers = offered.into_iter().map(|it| app.ticket_in(conn, it)).collect::<Result<_>>()?;
                let desks = desks::of_agent(conn, person)?.len();
                Ok(Agency { reachable: desks::reachable(conn, person)?, desks, offers })
            })
            .await
    }

    /// Who stands at a desk, for the fan-out.
    ///
    /// # Errors
    /// What the store said.
    pub async fn agents_of(self: &Arc<Self>, desk: DeskId) -> Result<Vec<PersonId>> {
        let standing = self.db.read(move |conn| -> Result<_> { Ok(desks::standing(conn, desk)?) }).await?;
        Ok(standing.into_iter().map(|it| it.agent.person).collect())
    }

    /// A ticket as the fan-out tells of it: whoever may not know of it is not asked.
    ///
    /// # Errors
    /// What the store said.
    pub async fn ticket_for_telling(self: &Arc<Self>, space: SpaceId) -> Result<Option<TicketLook>> {
        let app = self.clone();
        self.db
            .read(move |conn| log::ticket(conn, space)?.map(|record| app.ticket_in(conn, record)).transpose())
            .await
    }

    /// As its visitor sees it, for the fan-out.
    ///
    /// # Errors
    /// What the store said.
    pub async fn visit_for_telling(self: &Arc<Self>, space: SpaceId) -> Result<Option<VisitLook>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let Some(record) = log::ticket(conn, space)? else { return Ok(None) };
                app.visit_in(conn, record.ticket.visitor, space).map(Some)
            })
            .await
    }

    /// Whose matter a ticket's space is, for the fan-out's own thread.
    ///
    /// # Errors
    /// What the store said.
    pub fn visitor_now(&self, space: SpaceId) -> Result<Option<PersonId>> {
        self.db.read_blocking(move |conn| Ok(log::visitor_of(conn, space)?))
    }

    /// The tickets of the house that are not closed, with their desks.
    ///
    /// # Errors
    /// What the store said.
    pub async fn open_tickets(self: &Arc<Self>) -> Result<HashMap<SpaceId, DeskId>> {
        self.db.read(|conn| Ok(log::open_tickets(conn)?.into_iter().collect())).await
    }

    /// Those of these visitors who wait at a desk, as each of them sees it.
    ///
    /// # Errors
    /// What the store said.
    pub async fn waiting_visitors(
        self: &Arc<Self>,
        desk: DeskId,
        among: HashSet<PersonId>,
    ) -> Result<Vec<VisitLook>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let mut line = Line::default();
                let waiting = log::tickets(conn, desk, Queue::Waiting, None, WAITING)?;
                let told = waiting.into_iter().filter(|it| among.contains(&it.ticket.visitor));
                told.map(|it| app.visit_on(conn, it.ticket.visitor, it.space, &mut line)).collect()
            })
            .await
    }
}

/// What is known of the line of a desk: read once for all who wait there.
#[derive(Default)]
struct Line(Option<(Board, Vec<Handled>)>);

impl Line {
    fn read(&mut self, conn: &mut Conn, desk: DeskId, now_us: i64) -> Result<(&Board, &[Handled])> {
        if self.0.is_none() {
            self.0 = Some((board(conn, now_us)?, lately(conn, desk)?));
        }
        let (board, lately) = self.0.as_ref().expect("it was read");
        Ok((board, lately))
    }
}

fn counts(conn: &mut Conn, desk: DeskId, person: PersonId) -> Result<QueueCounts> {
    let mut all = QueueCounts::default();
    for (state, count, mine) in log::counts(conn, desk, person)? {
        match state {
            State::Waiting => all.waiting = count,
            State::Open => all.open = count,
            State::Snoozed => all.snoozed = count,
            State::Closed => {}
        }
        if matches!(state, State::Open | State::Snoozed) {
            all.mine += mine;
        }
    }
    Ok(all)
}

/// How it went with the last tickets of a desk.
fn lately(conn: &mut Conn, desk: DeskId) -> Result<Vec<Handled>> {
    let closed = log::tickets(conn, desk, Queue::Closed, None, 50)?;
    let handled = closed.into_iter().filter_map(|it| {
        let (assigned, closed) = (it.ticket.assigned_at?, it.ticket.closed_at?);
        Some(Handled { rang_us: assigned - it.ticket.opened_at, open_us: closed - assigned })
    });
    Ok(handled.collect())
}

/// By when somebody should answer and close it, in the hours of its desk.
fn due(conn: &mut Conn, record: &TicketRecord) -> Result<Due> {
    let Some(desk) = desks::one(conn, record.ticket.desk)? else { return Ok(Due::default()) };
    let Ok(hours) = desk.settings.hours.read() else { return Ok(Due::default()) };
    Ok(alarm::due(&record.ticket, desk.settings.targets, &hours))
}
