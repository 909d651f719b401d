//! A visitor leaves an address, and shows by a code that they read it: what was said is theirs wherever they come from
//! then. Nobody learns by it whether an address is known here.

use std::net::IpAddr;
use std::sync::Arc;

use madang_model::{DeskId, PersonId, Refusal, name};
use madang_store::{claims, contacts};
use sha2::{Digest, Sha256};

use super::known::{Known, earlier_at};
use super::letters;
use super::visit::{Arrived, own_ticket, six_digits};
use crate::app::App;
use crate::attempts::{CLAIM, CLAIM_FROM, LETTER, about};
use crate::error::Result;
use crate::people::workspace;

/// Long enough for a mail that comes late.
const CODE_US: i64 = 15 * 60 * 1_000_000;

impl App {
    /// Mails a code to an address that the visitor gives as theirs.
    ///
    /// # Errors
    /// `NoMail`, `TooFast`, what is wrong with the address, or what the store said.
    pub async fn claim_visit(
        self: &Arc<Self>,
        visitor: PersonId,
        email: &str,
        from: Option<IpAddr>,
    ) -> Result<()> {
        // Who is no visitor learns nothing else.
        self.db.read(move |conn| own_ticket(conn, visitor)).await?;
        let email = self.may_be_mailed(email, &visitor.to_string(), from)?;
        let (app, code, until) = (self.clone(), six_digits()?, self.clock.now_us() + CODE_US);
        self.db
            .write(move |tx| -> Result<()> {
                let record = own_ticket(tx, visitor)?;
                let house = workspace(tx)?.id;
                app.let_in_address(tx, house, &email)?;
                let place = place_of_visit(visitor);
                claims::put(tx, &place, &email, &code_hash(&place, &code), until)?;
                let desk = super::set_up::found(tx, record.ticket.desk)?;
                let language = record.ticket.language.as_str();
                app.post_letter(
                    tx,
                    &letters::code(language, &email, &desk.settings.name, &code, &app.page_of(&desk.key)),
                )
            })
            .await
    }

    /// The code came: the address is the visitor's. An earlier visit of whoever reads it goes on with what was said in
    /// this one.
    ///
    /// # Errors
    /// `CodeWrong`, or what the store said.
    pub async fn claimed_visit(
        self: &Arc<Self>,
        visitor: PersonId,
        code: &str,
        device: &str,
    ) -> Result<Known> {
        let (app, code, device, now_us) =
            (self.clone(), digits(code), device.to_owned(), self.clock.now_us());
        let known = self
            .db
            .write(move |tx| -> Result<Option<Known>> {
                let record = own_ticket(tx, visitor)?;
                let place = place_of_visit(visitor);
                // A wrong guess is kept, so it is no error here.
                let Some(email) = claims::guess(tx, &place, &code_hash(&place, &code), now_us)? else {
                    return Ok(None);
                };
                let house = workspace(tx)?.id;
                let before = contacts::by_email(tx, house, &email)?;
                let was_proven = before.is_some_and(|it| it.email_proven_at.is_some());
                let contact = app.contact_at(tx, visitor, &email)?;
                if !was_proven {
                    return Ok(Some(Known::Here(app.visit_in(tx, visitor, record.space)?)));
                }
                Ok(Some(app.go_on(tx, visitor, &record, contact, &device)?))
            })
            .await?
            .ok_or(Refusal::CodeWrong)?;
        self.desks_changed();
        Ok(known)
    }

    /// Mails a code to who says that they were at this desk before, if they were.
    ///
    /// # Errors
    /// `NoMail`, `TooFast`, `NotFound`, what is wrong with the address, or what the store said.
    pub async fn ask_to_return(
        self: &Arc<Self>,
        key: &str,
        email: &str,
        language: &str,
        from: Option<IpAddr>,
    ) -> Result<()> {
        let email = self.may_be_mailed(email, key, from)?;
        let (app, code, until) = (self.clone(), six_digits()?, self.clock.now_us() + CODE_US);
        let (key, language) = (key.to_owned(), if language.starts_with("ko") { "ko" } else { "en" });
        self.db
            .write(move |tx| -> Result<()> {
                let desk = app.front_in(tx, &key)?.record;
                let place = place_at_door(desk.id, &email);
                // The same work is done for everybody.
                claims::put(tx, &place, &email, &code_hash(&place, &code), until)?;
                let contact = contacts::by_email(tx, desk.workspace, &email)?;
                let proven = contact.filter(|it| it.email_proven_at.is_some());
                let Some(contact) = proven else { return Ok(()) };
                if earlier_at(tx, contact.id, desk.id, None)?.is_none() {
                    return Ok(());
                }
                app.post_letter(
                    tx,
                    &letters::code(language, &email, &desk.settings.name, &code, &app.page_of(&desk.key)),
                )
            })
            .await
    }

    /// Whoever was at this desk before goes on, by the code that was mailed.
    ///
    /// # Errors
    /// `CodeWrong`, `NotFound`, `DeskEnded`, or what the store said.
    pub async fn return_to_visit(
        self: &Arc<Self>,
        key: &str,
        email: &str,
        code: &str,
        device: &str,
        from: Option<IpAddr>,
    ) -> Result<Arrived> {
        let (email, code) = (name::email(email)?, digits(code));
        let (app, key, device, now_us) =
            (self.clone(), key.to_owned(), device.to_owned(), self.clock.now_us());
        let arrived = self
            .db
            .write(move |tx| -> Result<Option<Arrived>> {
                let desk = app.front_in(tx, &key)?.record;
                let place = place_at_door(desk.id, &email);
                let Some(email) = claims::guess(tx, &place, &code_hash(&place, &code), now_us)? else {
                    return Ok(None);
                };
                let contact = contacts::by_email(tx, desk.workspace, &email)?;
                let proven = contact.filter(|it| it.email_proven_at.is_some());
                let Some(contact) = proven else { return Ok(None) };
                let Some(record) = earlier_at(tx, contact.id, desk.id, None)? else { return Ok(None) };
                app.let_in_network(tx, desk.workspace, from)?;
                app.let_in_address(tx, desk.workspace, &email)?;
                Ok(Some(app.arrives(tx, &record, &device)?))
            })
            .await?;
        Ok(arrived.ok_or(Refusal::CodeWrong)?)
    }

    /// The page of a desk.
    pub(crate) fn page_of(&self, key: &str) -> String {
        format!("{}/h/{key}", self.config.public_url)
    }

    /// The address, if a letter may go to it now.
    fn may_be_mailed(&self, email: &str, who: &str, from: Option<IpAddr>) -> Result<String> {
        let email = name::email(email)?;
        if !self.mailer.is_configured() {
            return Err(Refusal::NoMail.into());
        }
        let now_us = self.clock.now_us();
        self.attempts.count(CLAIM, &about(who, from), now_us)?;
        self.attempts.count(CLAIM_FROM, &about("", from), now_us)?;
        self.attempts.count(LETTER, &email, now_us)?;
        Ok(email)
    }
}

fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).take(12).collect()
}

fn place_of_visit(visitor: PersonId) -> [u8; 32] {
    Sha256::digest(format!("visit|{visitor}").as_bytes()).into()
}

fn place_at_door(desk: DeskId, email: &str) -> [u8; 32] {
    Sha256::digest(format!("door|{}|{email}", desk.0).as_bytes()).into()
}

fn code_hash(place: &[u8; 32], code: &str) -> [u8; 32] {
    Sha256::new().chain_update(place).chain_update(code.as_bytes()).finalize().into()
}
