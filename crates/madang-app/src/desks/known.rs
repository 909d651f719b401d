//! Visitors who are known: by what a site says of them, or by an address that they read. Whoever is known goes on in the
//! ticket that they have at the desk.

use std::sync::Arc;

use madang_model::contact::ContactFacts;
use madang_model::desk::ticket::{Page, State, TicketCommand, Via};
use madang_model::{Command, ContactId, DeskId, PersonId, Refusal};
use madang_store::contacts::{self, ContactRecord, NewContact};
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, TicketRecord};
use madang_store::{desks, people, sessions};

use super::identity::Identity;
use super::visit::{Arrived, NewVisit, offered_wish, own_ticket};
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::session::{Kind, Session};
use crate::webhooks::Told;

/// What became of a visit whose visitor turned out to be known.
#[derive(Debug, Clone)]
pub enum Known {
    /// It goes on as it is.
    Here(super::look::VisitLook),
    /// An earlier one goes on: from here on this device is its visitor's.
    Earlier(Arrived),
}

impl App {
    /// The site says who a visitor is whose visit has begun already.
    ///
    /// # Errors
    /// `IdentityWrong`, also when the visit is somebody else's; `IdentityOver`, or what the store said.
    pub async fn identify_visit(
        self: &Arc<Self>,
        visitor: PersonId,
        token: &str,
        device: &str,
    ) -> Result<Known> {
        let (app, token, device) = (self.clone(), token.to_owned(), device.to_owned());
        let known = self
            .db
            .write(move |tx| -> Result<Known> {
                let record = own_ticket(tx, visitor)?;
                let desk = super::set_up::found(tx, record.ticket.desk)?;
                let identity = app.identified(tx, desk.id, &desk.key, &token)?;
                let mine = contacts::of_person(tx, visitor)?;
                let named = mine.as_ref().and_then(|it| it.facts.external_id.as_deref());
                if named.is_some_and(|it| it != identity.id) {
                    return Err(Refusal::IdentityWrong.into());
                }
                let contact = app.contact_of(tx, &identity, mine)?;
                contacts::link(tx, contact, visitor)?;
                app.go_on(tx, visitor, &record, contact, &device)
            })
            .await?;
        self.desks_changed();
        Ok(known)
    }

    /// Whom the site names comes to the desk where they were before; nothing if they were not.
    pub(super) fn comes_back(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        desk: DeskId,
        new: &NewVisit,
        device: &str,
    ) -> Result<Option<Arrived>> {
        let Some(record) = earlier_at(tx, contact, desk, None)? else { return Ok(None) };
        let settings = desks::one(tx, desk)?.map(|it| it.settings).unwrap_or_default();
        let wants = offered_wish(&settings, new.wants, self.clock.now_us())?;
        let want = TicketCommand::Want { wants, via: new.via, page: new.page.clone() };
        self.run_in(tx, record.ticket.visitor, record.space, None, &Command::Ticket(want))?;
        let (page, with) = (new.page.clone().and_then(Page::cleaned), Some(new.device.clone()));
        self.keep_whereabouts(tx, record.ticket.visitor, record.space, page, with)?;
        Ok(Some(self.arrives(tx, &record, device)?))
    }

    /// A device is from here on one of the visitor of this ticket.
    pub(super) fn arrives(&self, tx: &mut Tx, record: &TicketRecord, device: &str) -> Result<Arrived> {
        let visitor = record.ticket.visitor;
        let (id, secret) = self.open_session(tx, visitor, Kind::Visit, device)?;
        let look = self.visit_in(tx, visitor, record.space)?;
        Ok(Arrived { session: Session::of_visit(id, visitor), secret, look })
    }

    /// A visit whose visitor is this contact goes on: in the ticket that the contact has at this desk from before, with
    /// what was said in this one; or as it is.
    pub(super) fn go_on(
        &self,
        tx: &mut Tx,
        visitor: PersonId,
        record: &TicketRecord,
        contact: ContactId,
        device: &str,
    ) -> Result<Known> {
        let Some(earlier) = earlier_at(tx, contact, record.ticket.desk, Some(visitor))? else {
            return Ok(Known::Here(self.visit_in(tx, visitor, record.space)?));
        };
        self.carry_over(tx, record, &earlier)?;
        Ok(Known::Earlier(self.arrives(tx, &earlier, device)?))
    }

    /// The contact whom a site names: known by it, or `mine` from here on, or new.
    pub(super) fn contact_of(
        &self,
        tx: &mut Tx,
        identity: &Identity,
        mine: Option<ContactRecord>,
    ) -> Result<ContactId> {
        let (house, now_us) = (workspace(tx)?.id, self.clock.now_us());
        if let Some(known) = contacts::by_external_id(tx, house, &identity.id)? {
            return Ok(known.id);
        }
        // The site's word for an address is kept where nobody else has it; it proves nothing.
        let email = match &identity.email {
            Some(it) if contacts::by_email(tx, house, it)?.is_none() => Some(it.clone()),
            _ => None,
        };
        if let Some(mine) = mine {
            let facts = ContactFacts {
                external_id: Some(identity.id.clone()),
                email: mine.facts.email.clone().or(email),
                ..mine.facts
            };
            contacts::change(tx, mine.id, &facts, now_us)?;
            self.tell_outside(tx, Told::ContactChanged { contact: mine.id })?;
            return Ok(mine.id);
        }
        let name = identity.name.clone().unwrap_or_default();
        let facts =
            ContactFacts { name, email, external_id: Some(identity.id.clone()), ..ContactFacts::default() };
        let new = NewContact { id: ContactId(self.ids.next()), workspace: house, facts };
        contacts::insert(tx, &new, now_us)?;
        self.tell_outside(tx, Told::ContactCreated { contact: new.id })?;
        Ok(new.id)
    }

    /// The contact that reads this address, as its visitor has just shown.
    pub(super) fn contact_at(&self, tx: &mut Tx, visitor: PersonId, email: &str) -> Result<ContactId> {
        let (house, now_us) = (workspace(tx)?.id, self.clock.now_us());
        let mine = contacts::of_person(tx, visitor)?;
        let is_mine = |it: &ContactRecord| mine.as_ref().is_some_and(|mine| mine.id == it.id);
        let there = contacts::by_email(tx, house, email)?;
        if let Some(other) = there.filter(|it| it.email_proven_at.is_none() && !is_mine(it))
            && is_held(tx, &other, now_us)?
        {
            // Somebody left an address that is not theirs: they keep their visits, and the address goes to who reads it.
            // Together in one contact, each would come into the other's.
            let facts = ContactFacts { email: None, ..other.facts };
            contacts::change(tx, other.id, &facts, now_us)?;
        }
        if let Some(there) = contacts::by_email(tx, house, email)? {
            contacts::prove_email(tx, there.id, email, now_us)?;
            self.tell_outside(tx, Told::ContactChanged { contact: there.id })?;
            // Whom a site names stays that one, though they read an address that somebody else left.
            if mine.is_none_or(|it| it.facts.external_id.is_none()) {
                contacts::link(tx, there.id, visitor)?;
            }
            return Ok(there.id);
        }
        if let Some(mine) = mine {
            contacts::prove_email(tx, mine.id, email, now_us)?;
            self.tell_outside(tx, Told::ContactChanged { contact: mine.id })?;
            return Ok(mine.id);
        }
        let name = people::by_id(tx, house, visitor)?.map(|it| it.name).unwrap_or_default();
        let facts = ContactFacts { name, email: Some(email.to_owned()), ..ContactFacts::default() };
        let new = NewContact { id: ContactId(self.ids.next()), workspace: house, facts };
        contacts::insert(tx, &new, now_us)?;
        contacts::prove_email(tx, new.id, email, now_us)?;
        self.tell_outside(tx, Told::ContactCreated { contact: new.id })?;
        contacts::link(tx, new.id, visitor)?;
        Ok(new.id)
    }
}

/// Whether somebody comes back as this contact: by what a site says, or on a device of theirs.
fn is_held(conn: &mut Conn, contact: &ContactRecord, now_us: i64) -> Result<bool> {
    if contact.facts.external_id.is_some() {
        return Ok(true);
    }
    for person in contacts::people_of(conn, contact.id)? {
        if !sessions::of_person(conn, person, "visit", now_us)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The ticket that a contact has at a desk from before, by another visit than `but`: the one that went on last. One that
/// came by mail alone is none: who sent a mail was never shown.
pub(super) fn earlier_at(
    conn: &mut Conn,
    contact: ContactId,
    desk: DeskId,
    but: Option<PersonId>,
) -> Result<Option<TicketRecord>> {
    let mut all = Vec::new();
    // An agent may have been told a name that is not theirs: only who showed it is led to.
    for person in contacts::people_who_showed(conn, contact)?.into_iter().filter(|it| Some(*it) != but) {
        all.extend(log::tickets_of_visitor(conn, person)?);
    }
    all.retain(|it| it.ticket.desk == desk && it.ticket.via != Via::Mail);
    // One that goes on, before one that is over.
    Ok(all.into_iter().max_by_key(|it| (it.ticket.state != State::Closed, it.changed_at)))
}
