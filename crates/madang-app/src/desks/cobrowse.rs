//! A visitor's page, shared with who helps: whether it may be shown, and who may look. What is shown is kept nowhere.

use std::sync::Arc;

use madang_model::desk::ticket::{Consent, State, Ticket};
use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, SpaceId};
use madang_store::log;

use super::visit::own_ticket;
use crate::app::App;
use crate::error::Result;

impl App {
    /// The ticket of a visitor whose page may be shown.
    ///
    /// # Errors
    /// `NoConsent`, `TicketClosed`, `NotFound`, or what the store said.
    pub async fn shown_page(self: &Arc<Self>, visitor: PersonId) -> Result<SpaceId> {
        self.db
            .read(move |conn| {
                let record = own_ticket(conn, visitor)?;
                allowed(&record.ticket, Consent::Page)?;
                Ok(record.space)
            })
            .await
    }

    /// Whose page it is, for who stands at the desk of the ticket or helps in it. With a consent, only if it is given.
    ///
    /// # Errors
    /// `NotFound`, `NoConsent`, `TicketClosed`, or what the store said.
    pub async fn looks_at_page(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        consent: Option<Consent>,
    ) -> Result<PersonId> {
        self.db
            .read(move |conn| {
                let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
                let actor = log::standing(conn, &record.facts, person)?;
                may(&actor, Right::Read, &record.facts).map_err(|_| Refusal::NotFound(Thing::Ticket))?;
                let ticket = log::ticket(conn, space)?.filter(|_| !actor.is_outside(&record.facts));
                let ticket = ticket.ok_or(Refusal::NotFound(Thing::Ticket))?.ticket;
                consent.map_or(Ok(()), |it| allowed(&ticket, it))?;
                Ok(ticket.visitor)
            })
            .await
    }

    /// Whose picture it would be, for who stands at the desk of the ticket. With a consent, only if it is given.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, `NoConsent`, `TicketClosed`, or what the store said.
    pub async fn holds_still(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        consent: Option<Consent>,
    ) -> Result<PersonId> {
        self.db
            .read(move |conn| {
                let facts = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?.facts;
                may(&log::standing(conn, &facts, person)?, Right::Serve, &facts)?;
                let ticket = log::ticket(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?.ticket;
                match consent {
                    Some(consent) => allowed(&ticket, consent)?,
                    None if ticket.state == State::Closed => return Err(Refusal::TicketClosed.into()),
                    None => {}
                }
                Ok(ticket.visitor)
            })
            .await
    }
}

fn allowed(ticket: &Ticket, consent: Consent) -> Result<(), Refusal> {
    match ticket.state {
        State::Closed => Err(Refusal::TicketClosed),
        _ if ticket.allows(consent) => Ok(()),
        _ => Err(Refusal::NoConsent),
    }
}
