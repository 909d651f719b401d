//! What devices hear of desks: agents that a queue changed and what they are asked, visitors how their ticket stands.
//!
//! All of it is read anew from the store when something happened; queues and places in a line at most once a second.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use madang_app::Error;
use madang_model::desk::ticket::{Consent, Page};
use madang_model::{Body, DeskId, Event, PersonId, SpaceId};
use madang_store::bus::{Announcement, Heard};

use super::frame;
use super::hub::Hub;
use crate::wire::desks::{DeskFrame, OfferFrame, OfferOverFrame, VisitorAtFrame};
use crate::wire::visits::{VisitFrame, VisitorTicket};

/// How often a queue is told of at most.
const PACE: Duration = Duration::from_secs(1);

/// What is known of desks while the process runs.
#[derive(Default)]
struct Known {
    /// Tickets that are not closed, with their desks.
    open: HashMap<SpaceId, DeskId>,
    /// Whose devices ring for which.
    ringing: HashMap<SpaceId, PersonId>,
    /// Whose queue changed.
    changed: BTreeSet<DeskId>,
}

impl Hub {
    /// Tells devices of desks until the process ends.
    pub(super) fn tell_of_desks(self: Arc<Self>) {
        tokio::spawn(async move {
            let mut hints = self.app.bus.subscribe();
            let mut known = Known::default();
            self.learn(&mut known).await;
            let mut tick = tokio::time::interval(PACE);
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    heard = hints.next() => match heard {
                        None => return,
                        Some(Heard::Missed(_)) => self.learn(&mut known).await,
                        Some(Heard::Batch(batch)) => {
                            for announcement in batch.iter() {
                                if let Announcement::Event(event) = announcement {
                                    self.hear_of_ticket(event, &mut known).await;
                                }
                            }
                        }
                    },
                    _ = tick.tick(), if !known.changed.is_empty() => self.tell_queues(&mut known).await,
                }
            }
        });
    }

    /// Begins anew with what the store says.
    async fn learn(&self, known: &mut Known) {
        match self.app.open_tickets().await {
            Ok(open) => {
                known.changed.extend(open.values());
                known.open = open;
            }
            Err(error) => tracing::warn!(%error, "The tickets of the desks could not be read"),
        }
    }

    async fn hear_of_ticket(&self, event: &Event, known: &mut Known) {
        let space = event.space;
        let about_it = event.body.kind().starts_with("ticket.") || event.body.kind().starts_with("consent.");
        if let Body::TicketOpened(opening) = &event.body {
            known.open.insert(space, opening.desk);
        }
        let desk = match (known.open.get(&space), &event.body) {
            (Some(desk), _) => *desk,
            // How it was is said when the ticket is closed.
            (None, Body::TicketRated { .. }) => match self.app.ticket_for_telling(space).await {
                Ok(Some(look)) => look.record.ticket.desk,
                _ => return,
            },
            _ => return,
        };
        if !about_it && !matches!(event.body, Body::MessagePosted(_) | Body::MemberLeft { .. }) {
            return;
        }
        known.changed.insert(desk);
        if matches!(event.body, Body::ConsentWithdrawn { to: Consent::Page } | Body::TicketClosed { .. }) {
            self.page_over(space);
        }
        self.still_after(space, &event.body);
        match &event.body {
            Body::TicketMoved { desk: to } => {
                known.open.insert(space, *to);
                known.changed.insert(*to);
            }
            Body::TicketClosed { .. } => {
                known.open.remove(&space);
            }
            _ => {}
        }
        let told = match &event.body {
            Body::TicketOffered(offer) => self.tell_offer(space, offer.agent, known).await,
            Body::MessagePosted(_) => Ok(()),
            _ => {
                self.hush_offer(space, known).await;
                self.tell_visitor(space).await
            }
        };
        if let Err(error) = told {
            tracing::warn!(%error, space.id = %space, "A ticket could not be told of");
        }
    }

    async fn tell_offer(&self, space: SpaceId, agent: PersonId, known: &mut Known) -> Result<(), Error> {
        known.ringing.insert(space, agent);
        let devices = self.devices_of(agent);
        if devices.is_empty() {
            return Ok(());
        }
        let Some(look) = self.app.ticket_for_telling(space).await? else { return Ok(()) };
        // Answered meanwhile.
        if look.record.ticket.offered.is_none_or(|it| it.agent != agent) {
            return Ok(());
        }
        let block = frame::text(&OfferFrame { ticket: look.into() });
        devices.iter().for_each(|device| device.outlet.send(&block));
        Ok(())
    }

    /// An offer that is over rings no more. What the store says counts, and not the event: after a change from outside
    /// older ones are announced again.
    async fn hush_offer(&self, space: SpaceId, known: &mut Known) {
        let Some(agent) = known.ringing.get(&space).copied() else { return };
        let rings = match self.app.ticket_for_telling(space).await {
            Ok(look) => look.is_some_and(|it| it.record.ticket.offered.is_some_and(|it| it.agent == agent)),
            Err(_) => false,
        };
        if !rings {
            known.ringing.remove(&space);
            let block = frame::text(&OfferOverFrame { space: space.to_string() });
            self.devices_of(agent).iter().for_each(|device| device.outlet.send(&block));
        }
    }

    async fn tell_visitor(&self, space: SpaceId) -> Result<(), Error> {
        let app = self.app.clone();
        let visitor = tokio::task::spawn_blocking(move || app.visitor_now(space)).await;
        let visitor = visitor.map_err(|error| anyhow::anyhow!("a look at a ticket broke: {error}"))??;
        let devices = visitor.map(|it| self.devices_of(it)).unwrap_or_default();
        if devices.is_empty() {
            return Ok(());
        }
        let Some(look) = self.app.visit_for_telling(space).await? else { return Ok(()) };
        let block = frame::text(&VisitFrame { ticket: VisitorTicket::new(&look) });
        devices.iter().for_each(|device| device.outlet.send(&block));
        Ok(())
    }

    /// The visitor of a ticket has gone to another page: told to who stands at its desk.
    ///
    /// # Errors
    /// What the store said.
    pub async fn tell_visitor_at(&self, space: SpaceId, desk: DeskId, page: &Page) -> Result<(), Error> {
        let block = frame::text(&VisitorAtFrame { space, page });
        for agent in self.app.agents_of(desk).await? {
            self.devices_of(agent).iter().for_each(|device| device.outlet.send(&block));
        }
        Ok(())
    }

    /// Tells the agents of each desk whose queue changed, and whoever waits there which place they have.
    async fn tell_queues(&self, known: &mut Known) {
        for desk in std::mem::take(&mut known.changed) {
            if let Err(error) = self.tell_queue(desk).await {
                tracing::warn!(%error, desk.id = %desk, "A queue could not be told of");
            }
        }
    }

    async fn tell_queue(&self, desk: DeskId) -> Result<(), Error> {
        let block = frame::text(&DeskFrame { desk: desk.to_string() });
        for agent in self.app.agents_of(desk).await? {
            self.devices_of(agent).iter().for_each(|device| device.outlet.send(&block));
        }
        let connected = self.everybody().iter().filter(|it| it.is_guest()).map(|it| it.person).collect();
        for look in self.app.waiting_visitors(desk, connected).await? {
            let block = frame::text(&VisitFrame { ticket: VisitorTicket::new(&look) });
            self.devices_of(look.me.id).iter().for_each(|device| device.outlet.send(&block));
        }
        Ok(())
    }
}
