//! A mail to the address of a desk opens a ticket. Who sent it was not shown, so it opens nothing that was there: each
//! such mail has a visitor of its own, who goes on in the ticket by the secret address of what is answered.

use std::sync::Arc;

use madang_model::contact::ContactFacts;
use madang_model::desk::ticket::{Opening, Via, Wants};
use madang_model::{Body, ContactId, PersonId, Refusal, SpaceId, limits, name};
use madang_store::contacts::{self, NewContact};
use madang_store::db::Tx;
use madang_store::{log, visit_letters};

use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

const HOUR_US: i64 = 3_600 * 1_000_000;
/// Tickets that one address opens in an hour.
const IN_AN_HOUR: i64 = 10;

/// A mail to a desk, as far as a ticket begins with it.
#[derive(Debug, Clone)]
pub(crate) struct DeskMail {
    pub key: String,
    pub from: String,
    pub name: String,
    pub subject: String,
    pub text: String,
    /// What the mail is called, to know it when it is brought again.
    pub id: String,
    pub message_id: Option<String>,
}

impl App {
    /// The ticket that a mail opens, and its visitor; the same ones when the mail is brought again.
    pub(crate) async fn open_by_mail(self: &Arc<Self>, mail: DeskMail) -> Result<(SpaceId, PersonId)> {
        let app = self.clone();
        let opened = self.db.write(move |tx| app.open_by_mail_in(tx, &mail)).await?;
        self.desks_changed();
        Ok(opened)
    }

    fn open_by_mail_in(&self, tx: &mut Tx, mail: &DeskMail) -> Result<(SpaceId, PersonId)> {
        let message_id = mail.message_id.clone().unwrap_or_else(|| mail.id.clone());
        if let Some(there) = visit_letters::brought(tx, &mail.from, &message_id)? {
            return Ok(there);
        }
        let now_us = self.clock.now_us();
        let front = self.front_in(tx, &mail.key)?;
        let (house, desk) = (front.record.workspace, front.record.id);
        self.let_in_address(tx, house, &mail.from)?;
        if visit_letters::lately(tx, &mail.from, now_us - HOUR_US)? >= IN_AN_HOUR {
            return Err(Refusal::TooFast { seconds: 3_600 }.into());
        }
        if front.waiting >= i64::from(front.record.settings.waiting_most) {
            return Err(Refusal::DeskFull.into());
        }
        let language = language(&mail.text, &mail.subject, &front.record.settings.languages);
        let visitor = self.new_visitor(tx, &called(mail), &language)?;
        let contact = self.contact_who_writes(tx, mail)?;
        contacts::link(tx, contact, visitor)?;
        let opening =
            Opening { desk, round: 1, via: Via::Mail, wants: Wants::Chat, language, skill: None, page: None };
        let space = self.open_ticket_in(tx, visitor, opening)?;
        let subject: String = one_line(&mail.subject).chars().take(limits::TICKET_SUBJECT_CHARS).collect();
        if !subject.is_empty() {
            let record = log::space_locked(tx, space)?.expect("it was made in this transaction");
            self.append(tx, &record, visitor, None, vec![Body::TicketRenamed { subject }])?;
        }
        visit_letters::came(tx, space, &mail.from, Some(&message_id), now_us)?;
        Ok((space, visitor))
    }

    /// The contact with the address of the mail. That it is in the mail proves nothing.
    fn contact_who_writes(&self, tx: &mut Tx, mail: &DeskMail) -> Result<ContactId> {
        let house = workspace(tx)?.id;
        if let Some(there) = contacts::by_email(tx, house, &mail.from)? {
            return Ok(there.id);
        }
        let name = name::checked(&mail.name).unwrap_or_default();
        let facts = ContactFacts { name, email: Some(mail.from.clone()), ..ContactFacts::default() };
        let new = NewContact { id: ContactId(self.ids.next()), workspace: house, facts };
        contacts::insert(tx, &new, self.clock.now_us())?;
        Ok(new.id)
    }
}

/// The name of the sender, or what stands before the @.
fn called(mail: &DeskMail) -> String {
    let local = mail.from.split('@').next().unwrap_or_default();
    name::checked(&mail.name).unwrap_or_else(|_| local.to_owned())
}

/// Korean where something is written in it; else the other language of the desk.
fn language(text: &str, subject: &str, spoken: &[String]) -> String {
    let korean = text.chars().chain(subject.chars()).any(|c| ('가'..='힣').contains(&c));
    let wanted = if korean { "ko" } else { "en" };
    let found = spoken.iter().find(|it| *it == wanted).or_else(|| spoken.first());
    found.cloned().unwrap_or_else(|| wanted.to_owned())
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_answered_in_its_language_where_the_desk_speaks_it() {
        let both = ["en".to_owned(), "ko".to_owned()];
        assert_eq!(language("환불해 주세요", "", &both), "ko");
        assert_eq!(language("A refund, please", "", &both), "en");
        assert_eq!(language("A refund, please", "", &both[1..]), "ko", "what it speaks");
    }
}
