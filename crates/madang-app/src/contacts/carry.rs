//! Carrying contacts out of the house, as a file.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{ContactId, PersonId};
use madang_store::contacts::{self, ContactRecord};
use madang_store::log;
use serde_json::json;

use super::found;
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

/// Contacts that are read in one go.
const STEP: i64 = 500;

impl App {
    /// Writes down that contacts are carried out, and gives the names of all their attributes.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn carry_contacts(self: &Arc<Self>, person: PersonId) -> Result<Vec<String>> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::MoveContacts)?;
                let about = json!({"contacts": contacts::count(tx, house)?});
                app.write_down(tx, by, Act::ContactsExported, Object::Nothing, about)?;
                Ok(contacts::attributes(tx, house)?)
            })
            .await
    }

    /// The next of them, after a contact.
    ///
    /// # Errors
    /// As `carry_contacts`.
    pub async fn contacts_to_carry(
        self: &Arc<Self>,
        person: PersonId,
        after: Option<ContactId>,
    ) -> Result<Vec<ContactRecord>> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::MoveContacts)?;
                let after = after.map(|it| found(conn, it)).transpose()?;
                let after = after.map_or((String::new(), ContactId(0)), |it| (it.name_folded, it.id));
                Ok(contacts::found(conn, house, "", None, &after, STEP)?)
            })
            .await
    }
}
