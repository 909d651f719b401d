//! Asks agents to help whoever waits: the board is read from the store, `madang_model::desk::route` decides, and each
//! decision is an event in the log of its ticket. A process that begins finds all it needs to know in the store.

use std::sync::Arc;
use std::time::Duration;

use madang_model::desk::route::{self, Agent, Board, Decision, Rules, Stand, Waiting};
use madang_model::desk::ticket::{Offer, PassWhy, State};
use madang_model::hours::Open;
use madang_model::space::{Routed, routed};
use madang_model::{PersonId, SpaceId};
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, TicketRecord};
use madang_store::{bus, desks, house};

use super::set_up::open_at;
use crate::app::App;
use crate::error::Result;

/// How long it sleeps at most: desks open and close, and another process may have changed something.
const REST: Duration = Duration::from_secs(10);

impl App {
    /// Asks agents until the process ends.
    pub async fn route_tickets(self: Arc<Self>) {
        let mut hints = self.bus.subscribe();
        loop {
            let rest = match self.route_once().await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::error!(%error, "Agents could not be asked, it is tried again");
                    REST
                }
            };
            if tokio::time::timeout(rest, self.something_new(&mut hints)).await == Ok(None) {
                return;
            }
        }
    }

    /// Waits until somebody else may be to be asked; none once the process ends.
    async fn something_new(&self, hints: &mut bus::Subscription) -> Option<()> {
        loop {
            tokio::select! {
                () = self.new_tickets.notified() => return Some(()),
                heard = hints.next() => if concerns(&heard?) { return Some(()) },
            }
        }
    }

    /// Carries out what is to be done now; gives how long nothing will be.
    async fn route_once(self: &Arc<Self>) -> Result<Duration> {
        let now_us = self.clock.now_us();
        for record in self.db.read(move |conn| -> Result<_> { Ok(log::due_tickets(conn, now_us)?) }).await? {
            self.carry_out(record.space, record.ticket.agent, Routed::Wake).await?;
        }
        let mut now = self.db.read(move |conn| board(conn, now_us)).await?;
        let decisions = route::route(&now, now_us);
        for decision in &decisions {
            let (space, agent, routed) = match *decision {
                Decision::Passed { space, agent, why } => (space, agent, Routed::Passed { agent, why }),
                Decision::Offered { space, agent, reason, until_us } => {
                    (space, agent, Routed::Offer(Offer { agent, until: until_us, reason }))
                }
            };
            self.carry_out(space, Some(agent), routed).await?;
        }
        if !decisions.is_empty() {
            now = self.db.read(move |conn| board(conn, now_us)).await?;
        }
        let minded_us = self.mind_tickets(now_us).await?;
        let next_us = route::again(&now, now_us).into_iter().chain(minded_us).min();
        let next_us = next_us.map(|at| (at - self.clock.now_us()).max(0).unsigned_abs());
        Ok(next_us.map_or(REST, Duration::from_micros).min(REST))
    }

    /// One decision, in a transaction of its own; nothing if the ticket has gone on meanwhile.
    pub(super) async fn carry_out(
        self: &Arc<Self>,
        space: SpaceId,
        agent: Option<PersonId>,
        what: Routed,
    ) -> Result<()> {
        let app = self.clone();
        let done = self
            .db
            .write(move |tx: &mut Tx| -> Result<bool> {
                let Some(record) = log::space_locked(tx, space)? else { return Ok(false) };
                let Some(TicketRecord { ticket, .. }) = log::ticket(tx, space)? else { return Ok(false) };
                let author = agent.unwrap_or(ticket.visitor);
                let Some(body) = routed(&ticket, what) else { return Ok(false) };
                app.append(tx, &record, author, None, vec![body])?;
                if let Routed::Passed { agent, why: PassWhy::TimeOut } = what {
                    app.missed_in(tx, agent)?;
                }
                Ok(true)
            })
            .await?;
        match what {
            Routed::Offer(offer) if done => self.push_offer(offer.agent, space),
            Routed::Overdue { target, .. } if done => self.push_overdue(space, target),
            _ => {}
        }
        Ok(())
    }
}

/// Whether something was said that may change who is asked.
fn concerns(heard: &bus::Heard) -> bool {
    let bus::Heard::Batch(batch) = heard else { return true };
    batch.iter().any(|it| match it {
        bus::Announcement::Event(event) => {
            let kind = event.body.kind();
            kind.starts_with("ticket.")
                && !matches!(kind, "ticket.offered" | "ticket.passed" | "ticket.tagged")
        }
        bus::Announcement::RoleChanged(_) | bus::Announcement::Outside => true,
        _ => false,
    })
}

/// All who wait and all who may help, at this moment.
pub(super) fn board(conn: &mut Conn, now_us: i64) -> Result<Board> {
    let mut board = Board::default();
    let records = log::route_board(conn)?;
    for workspace in house::workspaces(conn)? {
        for desk in desks::of_house(conn, workspace.id)? {
            let settings = &desk.settings;
            board.desks.push(Rules {
                desk: desk.id,
                open: desk.ended_at.is_none() && matches!(open_at(settings, now_us), Open::Until(_)),
                ring_us: i64::from(settings.ring_seconds) * 1_000_000,
                per_agent: settings.per_agent,
                same_agent: settings.same_agent,
            });
            for there in desks::standing(conn, desk.id)? {
                let stand = Stand {
                    desk: desk.id,
                    skills: there.agent.skills.clone(),
                    languages: there.agent.languages.clone(),
                };
                match board.agents.iter_mut().find(|it| it.person == there.agent.person) {
                    Some(known) => known.at.push(stand),
                    None => board.agents.push(Agent {
                        person: there.agent.person,
                        reachable: there.reachable,
                        open: open_with(&records, there.agent.person),
                        last_assigned_us: Some(there.last_assigned_at).filter(|it| *it > 0),
                        at: vec![stand],
                    }),
                }
            }
        }
    }
    board.tickets = records.iter().filter(|it| it.ticket.state == State::Waiting).map(waiting).collect();
    Ok(board)
}

fn open_with(records: &[TicketRecord], agent: PersonId) -> u32 {
    let open = records.iter().filter(|it| it.ticket.state == State::Open && it.ticket.agent == Some(agent));
    u32::try_from(open.count()).unwrap_or(u32::MAX)
}

fn waiting(record: &TicketRecord) -> Waiting {
    let ticket = &record.ticket;
    Waiting {
        space: record.space,
        desk: ticket.desk,
        number: record.number,
        waiting_since_us: ticket.waiting_since,
        priority: ticket.priority,
        language: ticket.language.clone(),
        skill: ticket.skill.clone(),
        last_agent: ticket.last_agent,
        passed: ticket
            .passes
            .iter()
            .map(|it| route::Pass { agent: it.agent, at_us: it.at, why: it.why })
            .collect(),
        offered: ticket.offered.map(|it| route::Offer { agent: it.agent, until_us: it.until }),
    }
}
