//! Who the visitor of a ticket is.

use std::sync::Arc;

use madang_model::contact::ContactFacts;
use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::{ContactId, PersonId, Refusal, SpaceId, WorkspaceId};
use madang_store::contacts::{self, ContactRecord};
use madang_store::db::Conn;
use madang_store::people::{self, PersonRecord};
use madang_store::{house, log};

use super::found;
use super::look::RoundLook;
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::webhooks::Told;

/// Contacts that the visitor may be, by their name.
const SUGGESTED: i64 = 5;

/// What is said of the visitor of a ticket.
#[derive(Debug, Clone)]
pub enum WhoIsIt {
    /// Somebody who is known.
    Known(ContactId),
    /// Somebody new, or whoever has this address or external id already.
    New(ContactFacts),
    Nobody,
}

/// The visitor of a ticket, as far as they are known.
#[derive(Debug, Clone)]
pub struct ContactOfTicket {
    pub contact: Option<ContactRecord>,
    /// Who is called so, while nobody said who it is.
    pub suggested: Vec<ContactRecord>,
    /// Rounds of their other tickets, and earlier ones of this, newest first.
    pub earlier: Vec<RoundLook>,
    /// Those who helped then, without addresses.
    pub people: Vec<PersonRecord>,
}

impl App {
    /// Who the visitor of a ticket is, for those who stand at its desk.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn contact_of_ticket(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
    ) -> Result<ContactOfTicket> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let (house, visitor) = served(conn, person, space)?;
                app.who_it_is(conn, house, person, space, visitor)
            })
            .await
    }

    fn who_it_is(
        &self,
        conn: &mut Conn,
        house: WorkspaceId,
        person: PersonId,
        space: SpaceId,
        visitor: PersonId,
    ) -> Result<ContactOfTicket> {
        let contact = contacts::of_person(conn, visitor)?;
        let visitors = match &contact {
            Some(contact) => contacts::people_of(conn, contact.id)?,
            None => vec![visitor],
        };
        let suggested = match (&contact, people::by_id(conn, house, visitor)?) {
            (None, Some(record)) => contacts::named(conn, house, &record.name, SUGGESTED)?,
            _ => Vec::new(),
        };
        let current = log::ticket(conn, space)?.map(|it| it.ticket.round);
        let mut earlier = self.rounds_of(conn, house, person, &visitors)?;
        earlier.retain(|it| it.space != space || Some(it.round.round) != current);
        let named: Vec<PersonId> = earlier.iter().filter_map(|it| it.round.agent).collect();
        let mut people = people::by_ids(conn, house, &named)?;
        people.iter_mut().for_each(|it| it.email = None);
        Ok(ContactOfTicket { contact, suggested, earlier, people })
    }

    /// Says who the visitor of a ticket is.
    ///
    /// # Errors
    /// What is wrong with the facts, `NotFound`, `NotAllowed`, or what the store said.
    pub async fn say_who_it_is(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        who: WhoIsIt,
    ) -> Result<ContactOfTicket> {
        let who = match who {
            WhoIsIt::New(facts) => WhoIsIt::New(facts.checked()?),
            other => other,
        };
        let (app, now_us) = (self.clone(), self.clock.now_us());
        let look = self
            .db
            .write(move |tx| -> Result<_> {
                let (house, visitor) = served(tx, person, space)?;
                house::lock_people(tx, house)?;
                let contact = match &who {
                    WhoIsIt::Known(contact) => Some(found(tx, *contact)?),
                    WhoIsIt::New(facts) => Some(match known_by(tx, house, facts)? {
                        Some(known) => {
                            let facts = known.facts.clone().joined_with(facts.clone());
                            contacts::change(tx, known.id, &facts, now_us)?;
                            known
                        }
                        None => app.insert_contact(tx, house, facts.clone())?,
                    }),
                    WhoIsIt::Nobody => None,
                };
                match contact {
                    Some(contact) => {
                        contacts::link_by(tx, contact.id, visitor, person)?;
                        contacts::touch(tx, contact.id, now_us)?;
                        app.tell_outside(tx, Told::ContactChanged { contact: contact.id })?;
                    }
                    None => contacts::unlink(tx, visitor)?,
                }
                app.who_it_is(tx, house, person, space, visitor)
            })
            .await?;
        self.webhooks_changed();
        Ok(look)
    }
}

/// The house and the visitor of a ticket, for who serves there.
fn served(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<(WorkspaceId, PersonId)> {
    let house = workspace(conn)?.id;
    let facts = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?.facts;
    may(&log::standing(conn, &facts, person)?, Right::Serve, &facts)?;
    let visitor = log::visitor_of(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
    Ok((house, visitor))
}

fn known_by(conn: &mut Conn, house: WorkspaceId, facts: &ContactFacts) -> Result<Option<ContactRecord>> {
    let by_email = match &facts.email {
        Some(email) => contacts::by_email(conn, house, email)?,
        None => None,
    };
    match (by_email, &facts.external_id) {
        (None, Some(id)) => Ok(contacts::by_external_id(conn, house, id)?),
        (known, _) => Ok(known),
    }
}
