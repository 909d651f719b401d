//! What agents do with tickets.

use std::sync::Arc;

use madang_model::desk::ticket::{State, TicketCommand};
use madang_model::permission::{HouseRight, Right, may, may_in_house};
use madang_model::refusal::Thing;
use madang_model::register::Key;
use madang_model::{Command, Draft, PersonId, Refusal, SpaceId, limits};
use madang_store::db::Tx;
use madang_store::{desks, log, registers};
use serde_json::json;

use super::look::{Agency, TicketLook};
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

impl App {
    /// Does something with a ticket, for those who stand at its desk.
    ///
    /// # Errors
    /// `TicketTaken`, `TicketClosed`, `OfferOver`, another refusal of the ticket, or what the store said.
    pub async fn serve(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        command: TicketCommand,
    ) -> Result<TicketLook> {
        let (app, closes) = (self.clone(), matches!(command, TicketCommand::Close));
        let look = self
            .db
            .write(move |tx| {
                app.run_in(tx, person, space, None, &Command::Ticket(command.clone()))?;
                if matches!(command, TicketCommand::Take | TicketCommand::Pass) {
                    desks::answered(tx, person)?;
                }
                let record = log::ticket(tx, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
                app.ticket_in(tx, record)
            })
            .await?;
        if closes {
            self.end_call_of(space);
        }
        self.desks_changed();
        Ok(look)
    }

    /// Gives a ticket on, to a colleague or to another desk, with a note for whoever has it then.
    ///
    /// # Errors
    /// `NotFound` for who does not stand at its desk or a desk that takes nobody; else as `serve`.
    pub async fn transfer(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        to: TicketCommand,
        note: Option<String>,
    ) -> Result<TicketLook> {
        let app = self.clone();
        let look = self
            .db
            .write(move |tx| {
                if let TicketCommand::MoveTo { desk } = to {
                    let there = desks::one(tx, desk)?.filter(|it| it.ended_at.is_none());
                    there.ok_or(Refusal::NotFound(Thing::Desk))?;
                }
                // Before it is given on: who gives it is not in it afterwards.
                if let Some(text) = note.clone().filter(|it| !it.trim().is_empty()) {
                    let draft = Draft { text, note: true, ..Draft::default() };
                    app.run_in(tx, person, space, None, &Command::PostMessage(draft))?;
                }
                app.run_in(tx, person, space, None, &Command::Ticket(to.clone()))?;
                let record = log::ticket(tx, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
                app.ticket_in(tx, record)
            })
            .await?;
        self.desks_changed();
        Ok(look)
    }

    /// Somebody who stands at the desk comes into the space of a ticket; everybody in it is told.
    ///
    /// # Errors
    /// `TicketClosed`, a refusal of the ticket, or what the store said.
    pub async fn join_ticket(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<TicketLook> {
        let app = self.clone();
        self.db
            .write(move |tx| {
                let facts = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?.facts;
                may(&log::standing(tx, &facts, person)?, Right::Serve, &facts)?;
                let record = log::ticket(tx, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
                if record.ticket.state == State::Closed {
                    return Err(Refusal::TicketClosed.into());
                }
                app.run_in(tx, person, space, None, &Command::JoinSpace)?;
                let record = log::ticket(tx, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
                app.ticket_in(tx, record)
            })
            .await
    }

    /// Turns an agent's own switch.
    ///
    /// # Errors
    /// `NotAllowed` for guests, or what the store said.
    pub async fn be_reachable(self: &Arc<Self>, person: PersonId, reachable: bool) -> Result<Agency> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<()> {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::BeAgent)?;
                app.switch_in(tx, person, reachable, "self")
            })
            .await?;
        self.desks_changed();
        self.agency(person).await
    }

    /// Turns the switch of an agent, and tells all their devices.
    fn switch_in(&self, tx: &mut Tx, person: PersonId, reachable: bool, why: &str) -> Result<()> {
        desks::switch(tx, person, reachable, self.clock.now_us())?;
        let said = json!({"reachable": reachable, "why": why});
        registers::put(tx, person, &Key::Agent, &said)?;
        Ok(())
    }

    /// An offer ran out. An agent who lets several run out in a row has walked away, and visitors ring in vain.
    pub(super) fn missed_in(&self, tx: &mut Tx, agent: PersonId) -> Result<()> {
        if desks::missed(tx, agent)?.is_some_and(|it| it >= limits::MISSED_OFFERS) {
            self.switch_in(tx, agent, false, "missed")?;
            self.desks_changed();
        }
        Ok(())
    }
}
