//! Writing down what is known of a contact.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::contact::{ContactConsent, ContactFacts};
use madang_model::refusal::Thing;
use madang_model::{ContactId, PersonId, Refusal, WorkspaceId, limits};
use madang_store::contacts::{self, ContactRecord, NewContact, NoteRecord};
use madang_store::db::{Conn, Tx};
use serde_json::json;

use super::look::ContactLook;
use super::{found, writer};
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::webhooks::Told;

impl App {
    /// Somebody outside is written down.
    ///
    /// # Errors
    /// What is wrong with the facts, `EmailTaken`, `NotAllowed`, or what the store said.
    pub async fn create_contact(
        self: &Arc<Self>,
        person: PersonId,
        facts: ContactFacts,
    ) -> Result<ContactLook> {
        let facts = facts.checked()?;
        let app = self.clone();
        let look = self
            .db
            .write(move |tx| -> Result<_> {
                let house = writer(tx, person)?;
                let record = app.insert_contact(tx, house, facts.clone())?;
                app.contact_in(tx, house, person, record)
            })
            .await?;
        self.webhooks_changed();
        Ok(look)
    }

    /// Makes a contact in this transaction. The facts are checked, and whoever may is asked before.
    pub(crate) fn insert_contact(
        &self,
        tx: &mut Tx,
        house: WorkspaceId,
        facts: ContactFacts,
    ) -> Result<ContactRecord> {
        is_free(tx, house, None, &facts)?;
        let id = ContactId(self.ids.next());
        contacts::insert(tx, &NewContact { id, workspace: house, facts }, self.clock.now_us())?;
        self.tell_outside(tx, Told::ContactCreated { contact: id })?;
        found(tx, id)
    }

    /// Other facts of a contact.
    ///
    /// # Errors
    /// As `create_contact`; `NotFound`.
    pub async fn change_contact(
        self: &Arc<Self>,
        person: PersonId,
        contact: ContactId,
        facts: ContactFacts,
    ) -> Result<ContactLook> {
        let facts = facts.checked()?;
        let (app, now_us) = (self.clone(), self.clock.now_us());
        self.with_contact(person, contact, move |tx, record| {
            is_free(tx, record.workspace, Some(record.id), &facts)?;
            if record.facts != facts {
                contacts::change(tx, record.id, &facts, now_us)?;
                app.tell_outside(tx, Told::ContactChanged { contact: record.id })?;
            }
            Ok(())
        })
        .await
    }

    /// A note about a contact.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `TooMany`, `NotFound`, `NotAllowed`, or what the store said.
    pub async fn note_contact(
        self: &Arc<Self>,
        person: PersonId,
        contact: ContactId,
        text: &str,
    ) -> Result<ContactLook> {
        let text = note_text(text)?;
        let (app, now_us) = (self.clone(), self.clock.now_us());
        self.with_contact(person, contact, move |tx, record| {
            let there = contacts::notes(tx, record.id, limits::CONTACT_NOTES)?.len() as i64;
            if there >= limits::CONTACT_NOTES {
                return Err(Refusal::TooMany { what: "notes", limit: limits::CONTACT_NOTES as usize }.into());
            }
            let note = NoteRecord {
                id: app.ids.next(),
                contact: record.id,
                author: person,
                text: text.clone(),
                created_at: now_us,
                changed_at: now_us,
            };
            contacts::add_note(tx, &note)?;
            Ok(contacts::touch(tx, record.id, now_us)?)
        })
        .await
    }

    /// Other words for a note of one's own; without words it is taken away.
    ///
    /// # Errors
    /// `NotFound`, `NotTheAuthor`, `TooLong`, `NotAllowed`, or what the store said.
    pub async fn change_note(
        self: &Arc<Self>,
        person: PersonId,
        contact: ContactId,
        note: i64,
        text: Option<&str>,
    ) -> Result<ContactLook> {
        let text = text.map(note_text).transpose()?;
        let now_us = self.clock.now_us();
        self.with_contact(person, contact, move |tx, record| {
            let there = contacts::note(tx, note)?.filter(|it| it.contact == record.id);
            let there = there.ok_or(Refusal::NotFound(Thing::Note))?;
            if there.author != person {
                return Err(Refusal::NotTheAuthor.into());
            }
            match &text {
                Some(text) => contacts::change_note(tx, note, text, now_us)?,
                None => contacts::remove_note(tx, note)?,
            }
            Ok(contacts::touch(tx, record.id, now_us)?)
        })
        .await
    }

    /// A contact agreed to something, or agrees no more.
    ///
    /// # Errors
    /// What is wrong with the words, `TooMany`, `NotFound`, `NotAllowed`, or what the store said.
    pub async fn contact_consents(
        self: &Arc<Self>,
        person: PersonId,
        contact: ContactId,
        to: String,
        given: bool,
        words: String,
    ) -> Result<ContactLook> {
        let now_us = self.clock.now_us();
        let consent = ContactConsent { to, given, at: now_us, words, by: person }.checked()?;
        let app = self.clone();
        self.with_contact(person, contact, move |tx, record| {
            let mut consents = record.consents.clone();
            if consents.len() >= limits::CONTACT_CONSENTS {
                let limit = limits::CONTACT_CONSENTS;
                return Err(Refusal::TooMany { what: "consents", limit }.into());
            }
            consents.push(consent.clone());
            contacts::set_consents(tx, record.id, &consents, now_us)?;
            app.tell_outside(tx, Told::ContactChanged { contact: record.id })
        })
        .await
    }

    /// Two contacts were one person: `goes` is known as `contact` from here on.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` for one with themselves, `NotAllowed`, or what the store said.
    pub async fn merge_contacts(
        self: &Arc<Self>,
        person: PersonId,
        contact: ContactId,
        goes: ContactId,
    ) -> Result<ContactLook> {
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        self.with_contact(person, contact, move |tx, stays| {
            let goes = found(tx, goes)?;
            if goes.id == stays.id {
                let why = "it is the same one".into();
                return Err(Refusal::Invalid { what: "contact", why }.into());
            }
            contacts::merge(tx, stays, &goes, person, now_us)?;
            app.tell_outside(tx, Told::ContactMerged { contact: goes.id, into: stays.id })?;
            let about = json!({"gone": goes.id.to_string()});
            app.write_down(tx, by, Act::ContactsMerged, Object::Contact(stays.id), about)
        })
        .await
    }

    /// Does something with a contact, and shows them afterwards.
    pub(super) async fn with_contact(
        self: &Arc<Self>,
        person: PersonId,
        contact: ContactId,
        mut work: impl FnMut(&mut Tx, &ContactRecord) -> Result<()> + Send + 'static,
    ) -> Result<ContactLook> {
        let app = self.clone();
        let look = self
            .db
            .write(move |tx| -> Result<_> {
                let house = writer(tx, person)?;
                let record = found(tx, contact)?;
                work(tx, &record)?;
                let record = found(tx, record.id)?;
                app.contact_in(tx, house, person, record)
            })
            .await?;
        self.webhooks_changed();
        Ok(look)
    }
}

fn note_text(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().count() > limits::CONTACT_NOTE_CHARS {
        return Err(Refusal::TooLong { what: "the note", limit: limits::CONTACT_NOTE_CHARS });
    }
    Ok(text.to_owned())
}

/// An address and an external id are of one contact alone.
pub(super) fn is_free(
    conn: &mut Conn,
    house: WorkspaceId,
    own: Option<ContactId>,
    facts: &ContactFacts,
) -> Result<()> {
    if let Some(email) = &facts.email
        && contacts::by_email(conn, house, email)?.is_some_and(|it| Some(it.id) != own)
    {
        return Err(Refusal::EmailTaken.into());
    }
    if let Some(id) = &facts.external_id
        && contacts::by_external_id(conn, house, id)?.is_some_and(|it| Some(it.id) != own)
    {
        let why = "another contact has it".into();
        return Err(Refusal::Invalid { what: "external id", why }.into());
    }
    Ok(())
}
