//! Contacts from a file: all of them in one transaction, or none.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::contact::ContactFacts;
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::{PersonId, Refusal, WorkspaceId};
use madang_store::contacts;
use madang_store::db::Tx;
use madang_store::{StoreError, house, log};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::{Error, Result};
use crate::people::workspace;
use crate::webhooks::Told;

/// A line of the file, as it was read.
#[derive(Debug, Clone)]
pub struct ContactRow {
    pub line: u64,
    pub facts: Result<ContactFacts, Refusal>,
}

/// What came of a file.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// Whether it was written down.
    pub done: bool,
    pub created: usize,
    pub changed: usize,
    /// Known as they are.
    pub same: usize,
    /// Lines that are no contact, and why.
    pub bad: Vec<(u64, Refusal)>,
}

/// Why a transaction kept nothing.
enum Undone {
    Only(Imported),
    Failed(Error),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Undone::Failed(error.into())
    }
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Undone::Failed(error)
    }
}

impl App {
    /// Brings contacts in: who is known by an external id or an address is changed by what the file says, everybody
    /// else is new. A dry run does the same and keeps nothing. With bad lines nothing is kept, unless they are to be
    /// left out.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn import_contacts(
        self: &Arc<Self>,
        person: PersonId,
        rows: Vec<ContactRow>,
        dry_run: bool,
        leave_out: bool,
    ) -> Result<Imported> {
        let (app, by, rows) = (self.clone(), by(person), Arc::new(rows));
        let answer = self
            .db
            .write(move |tx| {
                let imported = app.import_in(tx, person, &rows)?;
                if dry_run || (!leave_out && !imported.bad.is_empty()) {
                    return Err(Undone::Only(imported));
                }
                let about = json!({"created": imported.created, "changed": imported.changed});
                app.write_down(tx, by, Act::ContactsImported, Object::Nothing, about)?;
                Ok(Imported { done: true, ..imported })
            })
            .await;
        self.webhooks_changed();
        match answer {
            Ok(imported) | Err(Undone::Only(imported)) => Ok(imported),
            Err(Undone::Failed(error)) => Err(error),
        }
    }

    fn import_in(&self, tx: &mut Tx, person: PersonId, rows: &[ContactRow]) -> Result<Imported> {
        let house = workspace(tx)?.id;
        may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::MoveContacts)?;
        house::lock_people(tx, house)?;
        let mut imported = Imported::default();
        for row in rows {
            match row.facts.clone().and_then(ContactFacts::checked) {
                Ok(facts) => match self.import_one(tx, house, facts) {
                    Ok(what) => what.count(&mut imported),
                    Err(Error::Refusal(refusal)) => imported.bad.push((row.line, refusal)),
                    Err(error) => return Err(error),
                },
                Err(refusal) => imported.bad.push((row.line, refusal)),
            }
        }
        Ok(imported)
    }

    fn import_one(&self, tx: &mut Tx, house: WorkspaceId, facts: ContactFacts) -> Result<What> {
        let mut known = None;
        if let Some(id) = &facts.external_id {
            known = contacts::by_external_id(tx, house, id)?;
        }
        if let (None, Some(email)) = (&known, &facts.email) {
            known = contacts::by_email(tx, house, email)?;
        }
        let Some(known) = known else {
            self.insert_contact(tx, house, facts)?;
            return Ok(What::Created);
        };
        // The file is right where it says something.
        let joined = facts.joined_with(known.facts.clone()).in_order_of(&known.facts);
        if joined == known.facts {
            return Ok(What::Same);
        }
        super::change::is_free(tx, house, Some(known.id), &joined)?;
        contacts::change(tx, known.id, &joined, self.clock.now_us())?;
        self.tell_outside(tx, Told::ContactChanged { contact: known.id })?;
        Ok(What::Changed)
    }
}

enum What {
    Created,
    Changed,
    Same,
}

impl What {
    fn count(self, imported: &mut Imported) {
        match self {
            What::Created => imported.created += 1,
            What::Changed => imported.changed += 1,
            What::Same => imported.same += 1,
        }
    }
}
