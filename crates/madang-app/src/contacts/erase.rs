//! Erasing a contact: what is known of them, and who they were as visitors with all that they wrote.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{ContactId, PersonId, Refusal};
use madang_store::contacts;
use madang_store::db::Tx;
use madang_store::log;
use madang_store::seal::Erasure;
use serde_json::json;

use super::found;
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;
use crate::webhooks::Told;

impl App {
    /// Erases a contact. Stopped in the middle it may be asked for again.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn erase_contact(self: &Arc<Self>, actor: PersonId, contact: ContactId) -> Result<()> {
        self.asks_house(actor, HouseRight::ErasePeople).await?;
        let (contact, visitors) = self
            .db
            .read(move |conn| -> Result<_> {
                let record = found(conn, contact)?;
                Ok((record.id, contacts::people_of(conn, record.id)?))
            })
            .await?;
        let count = visitors.len();
        // Visitors first: with the last of them the contact is gone, and whoever is stopped before asks again.
        for visitor in visitors {
            match self.erase_person(actor, visitor, true).await {
                Err(crate::error::Error::Refusal(Refusal::NotFound(Thing::Person))) => {}
                erased => erased?,
            }
        }
        let (app, by) = (self.clone(), by(actor));
        self.db
            .write(move |tx| -> Result<()> {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, actor)?, HouseRight::ErasePeople)?;
                let about = json!({"visitors": count});
                app.write_down(tx, by, Act::ContactErased, Object::Contact(contact), about)?;
                app.outdate_exports(tx, by)?;
                if contacts::one(tx, contact)?.is_none() {
                    return Ok(());
                }
                let erasure = app.forget_contact(tx, actor, contact)?;
                Ok(app.keyring.erase(&[erasure])?)
            })
            .await?;
        self.webhooks_changed();
        self.writing.stop_any();
        self.clear_exports().await
    }

    /// A visitor is nobody's contact from here on, and the contact goes with the last visitor they were.
    pub(crate) fn forget_contact_of(
        &self,
        tx: &mut Tx,
        actor: PersonId,
        visitor: PersonId,
    ) -> Result<Option<Erasure>> {
        let Some(contact) = contacts::of_person(tx, visitor)? else { return Ok(None) };
        contacts::unlink(tx, visitor)?;
        match contacts::people_of(tx, contact.id)?.is_empty() {
            true => self.forget_contact(tx, actor, contact.id).map(Some),
            false => Ok(None),
        }
    }

    /// Nothing is known of the contact from here on; gives what the journal is to remember, as the last thing of the
    /// transaction.
    pub(crate) fn forget_contact(&self, tx: &mut Tx, actor: PersonId, contact: ContactId) -> Result<Erasure> {
        contacts::erase(tx, contact)?;
        self.tell_outside(tx, Told::ContactErased { contact })?;
        let at_us = self.clock.now_us();
        // Ids are of one kind each, so that the journal of people may hold contacts too.
        Ok(Erasure::Person { person: contact.0, messages: false, by: actor.0, at_us })
    }
}
