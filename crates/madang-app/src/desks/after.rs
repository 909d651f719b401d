//! After a visit: what was said goes out by mail, and whoever was helped is asked again.

use std::sync::Arc;

use madang_model::desk::ticket::{State, TicketCommand};
use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::space::brought;
use madang_model::{Command, Draft, PersonId, Refusal, SpaceId, limits};
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, TicketRecord};
use madang_store::visit_letters::{self, FollowUp};
use madang_store::{contacts, saved};

use super::letters;
use super::talk::{Talk, Which};
use super::visit::own_ticket;
use crate::app::App;
use crate::attempts::{LETTER, TRANSCRIPT};
use crate::error::{Error, Result};

/// Follow-ups of one transaction.
const BATCH: i64 = 32;

impl App {
    /// Mails what was said to the address that the visitor has shown to be theirs; gives the address.
    ///
    /// # Errors
    /// `AddressNeeded` where they have shown none; `NoMail`, `TooFast`, or what the store said.
    pub async fn mail_my_transcript(self: &Arc<Self>, visitor: PersonId) -> Result<String> {
        let app = self.clone();
        self.mail_transcript(move |tx| {
            let record = own_ticket(tx, visitor)?;
            let contact = contacts::of_person(tx, visitor)?.filter(|it| it.email_proven_at.is_some());
            let email = contact.and_then(|it| it.facts.email).ok_or(Refusal::AddressNeeded)?;
            app.attempts.count(TRANSCRIPT, &visitor.to_string(), app.clock.now_us())?;
            Ok((record, email))
        })
        .await
    }

    /// The same by an agent, to the address that is known of the visitor.
    ///
    /// # Errors
    /// As `mail_my_transcript`; a refusal of the ticket.
    pub async fn mail_ticket_transcript(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
    ) -> Result<String> {
        self.mail_transcript(move |tx| {
            let record = served(tx, person, space)?;
            let email = address_of(tx, &record)?.ok_or(Refusal::AddressNeeded)?;
            Ok((record, email))
        })
        .await
    }

    async fn mail_transcript(
        self: &Arc<Self>,
        whose: impl Fn(&mut Tx) -> Result<(TicketRecord, String)> + Clone + Send + 'static,
    ) -> Result<String> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<String> {
                let (record, email) = whose(tx)?;
                if !app.mailer.is_configured() {
                    return Err(Refusal::NoMail.into());
                }
                app.attempts.count(LETTER, &email, app.clock.now_us())?;
                let desk = super::set_up::found(tx, record.ticket.desk)?;
                let said = app.said_in(tx, record.space, &desk.settings.hours.zone, Which::All)?;
                let talk = Talk { said, ..Talk::default() };
                let language = record.ticket.language.as_str();
                let page = app.page_of(&desk.key);
                app.post_letter(
                    tx,
                    &letters::transcript(language, &email, &desk.settings.name, &page, talk),
                )?;
                Ok(email)
            })
            .await
    }

    /// Says when, and with which words, a visitor is asked again; without words nobody is.
    ///
    /// # Errors
    /// `Invalid`, `TooLong`, a refusal of the ticket, or what the store said.
    pub async fn set_follow_up(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        wish: Option<(i64, String)>,
    ) -> Result<Option<FollowUp>> {
        let now_us = self.clock.now_us();
        let follow = self
            .db
            .write(move |tx| -> Result<Option<FollowUp>> {
                served(tx, person, space)?;
                let Some((due_at, text)) = wish.clone() else {
                    visit_letters::ask_no_more(tx, space)?;
                    return Ok(None);
                };
                if due_at <= now_us || due_at > now_us + limits::AHEAD_US {
                    let why = "give a time to come, within 400 days".into();
                    return Err(Refusal::Invalid { what: "at", why }.into());
                }
                brought(&Draft { text: text.clone(), ..Draft::default() })?;
                let follow = FollowUp { space, agent: person, due_at, text };
                visit_letters::ask_again(tx, &follow)?;
                Ok(Some(follow))
            })
            .await?;
        self.new_due.notify_one();
        Ok(follow)
    }

    /// When, and with which words, a visitor is asked again.
    ///
    /// # Errors
    /// A refusal of the ticket, or what the store said.
    pub async fn follow_up(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<Option<FollowUp>> {
        self.db
            .read(move |conn| {
                served(conn, person, space)?;
                Ok(visit_letters::follow_up(conn, space)?)
            })
            .await
    }

    /// Asks those visitors again whose time has come, in the name of the agent who wanted it: the ticket is theirs again,
    /// and they are reminded of it.
    pub(crate) async fn ask_again(self: &Arc<Self>, now_us: i64) -> Result<()> {
        let due = self
            .db
            .read(move |conn| -> Result<_> { Ok(visit_letters::follow_ups_due(conn, now_us, BATCH)?) })
            .await?;
        // Each in a transaction of its own: what is refused holds up nobody else's.
        for follow in due {
            let (app, space) = (self.clone(), follow.space);
            match self.db.write(move |tx| app.ask_again_in(tx, &follow, now_us)).await {
                Ok(()) => self.desks_changed(),
                Err(Error::Refusal(refusal)) => {
                    tracing::warn!(%space, %refusal, "A visitor could not be asked again");
                    self.db
                        .write(move |tx| -> Result<bool> { Ok(visit_letters::ask_no_more(tx, space)?) })
                        .await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn ask_again_in(&self, tx: &mut Tx, follow: &FollowUp, now_us: i64) -> Result<()> {
        let (agent, space) = (follow.agent, follow.space);
        if !visit_letters::ask_no_more(tx, space)? {
            return Ok(());
        }
        let ticket = log::ticket(tx, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?.ticket;
        if matches!(ticket.state, State::Closed | State::Waiting) {
            self.run_in(tx, agent, space, None, &Command::Ticket(TicketCommand::Reopen))?;
        }
        let draft = Draft { text: follow.text.clone(), ..Draft::default() };
        let events = self.run_in(tx, agent, space, None, &Command::PostMessage(draft))?;
        if let Some(event) = events.first() {
            saved::put(tx, (agent, space, event.seq), now_us, Some(now_us))?;
        }
        Ok(())
    }
}

/// The ticket, for who stands at its desk.
pub(super) fn served(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<TicketRecord> {
    let facts = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?.facts;
    may(&log::standing(conn, &facts, person)?, Right::Serve, &facts)?;
    Ok(log::ticket(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?)
}

/// Where mail to the visitor of a ticket goes: where they wrote from, else what is known of them.
pub(super) fn address_of(conn: &mut Conn, record: &TicketRecord) -> Result<Option<String>> {
    if let Some(email) = visit_letters::address(conn, record.space)? {
        return Ok(Some(email));
    }
    Ok(contacts::of_person(conn, record.ticket.visitor)?.and_then(|it| it.facts.email))
}
