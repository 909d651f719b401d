//! Erasing a person, as the law asks for: they are out, their name, address,
//! picture and settings go at once, and with them what the audit log says of
//! them in words. Their messages stay without a name, or are erased too, by a
//! job that goes on wherever it was stopped.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::{HouseRight, may_change_role, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{ContactId, PersonId, Refusal, SpaceId};
use madang_store::db::Tx;
use madang_store::seal::Erasure;
use madang_store::{StoreError, audit, contacts, house, jobs, log, people, retention, sessions};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::clock::{Clock, IdMaker};
use crate::error::{Error, Result};
use crate::people::{forget_ways_in, workspace};

/// Messages that are erased in one transaction.
const STEP: i64 = 100;

/// What the job is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EraseMessages {
    of: i64,
    by: i64,
}

/// What is to be done once more.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EraseAgain {
    of: i64,
    by: i64,
    messages: bool,
}

/// Erases once more what was erased, in the transaction that brought an older copy of the house back: spaces with all
/// that is in them, and of people what is known of them. What needs the keys (their places in spaces, their messages)
/// is a job, which is done as soon as the house is served.
///
/// # Errors
/// What the store said.
pub fn erase_again(tx: &mut Tx, ids: &IdMaker, erased: &[Erasure]) -> Result<(), StoreError> {
    let now_us = Clock.now_us();
    for erasure in erased {
        if let Some(space) = erasure.whole_space() {
            log::erase(tx, SpaceId(space))?;
        }
        let Erasure::Person { person, messages, by, .. } = *erasure else { continue };
        let Some(found) = house::workspaces(tx)?.first().map(|it| it.id) else { continue };
        let id = PersonId(person);
        // Ids are of one kind each: it is a contact or a person.
        contacts::erase(tx, ContactId(person))?;
        contacts::unlink(tx, id)?;
        // Somebody who came after the backup is not there to be erased.
        let Some(record) = people::by_id(tx, found, id)? else { continue };
        sessions::end_all(tx, id)?;
        forget_ways_in(tx, &record, now_us)?;
        people::forget(tx, id, nobody(&record.language), now_us)?;
        audit::forget_said_of(tx, found, id)?;
        let job = serde_json::json!({"of": person, "by": by, "messages": messages}).to_string();
        jobs::insert(tx, ids.next(), "erase_again", &job, now_us)?;
    }
    Ok(())
}

/// The name of somebody who is not known any more.
fn nobody(language: &str) -> &'static str {
    if language == "ko" { "삭제된 사람" } else { "Deleted person" }
}

impl App {
    /// Erases a person of the house, also one who was removed before.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `LastOwner`, or what the store said.
    pub async fn erase_person(
        self: &Arc<Self>,
        actor: PersonId,
        person: PersonId,
        messages_too: bool,
    ) -> Result<()> {
        let (app, by, now_us) = (self.clone(), by(actor), self.clock.now_us());
        self.db
            .write(move |tx| -> Result<()> {
                let found = workspace(tx)?.id;
                house::lock_people(tx, found)?;
                let mine = log::standing_in_house(tx, found, actor)?;
                may_in_house(mine, HouseRight::ErasePeople)?;
                let record = people::by_id(tx, found, person)?.filter(|it| it.role.is_some());
                let record = record.ok_or(Refusal::NotFound(Thing::Person))?;
                may_change_role(mine.ok_or(Refusal::NotSignedIn)?, record.kept_role(), None)?;
                if record.kept_role().is_some() {
                    app.remove_person_in(tx, found, actor, &record)?;
                }
                people::forget(tx, person, nobody(&record.language), now_us)?;
                let contact = app.forget_contact_of(tx, actor, person)?;
                audit::forget_said_of(tx, found, person)?;
                if messages_too {
                    let job = EraseMessages { of: person.0, by: actor.0 };
                    let payload = serde_json::to_string(&job).map_err(anyhow::Error::from)?;
                    jobs::insert(tx, app.ids.next(), "erase_messages", &payload, now_us)?;
                }
                app.outdate_exports(tx, by)?;
                app.write_down(tx, by, Act::PersonErased, person, json!({"messages": messages_too}))?;
                // Last, when nothing refuses any more: an older backup must not bring them back.
                let erasure =
                    Erasure::Person { person: person.0, messages: messages_too, by: actor.0, at_us: now_us };
                let erased: Vec<Erasure> = contact.into_iter().chain([erasure]).collect();
                Ok(app.keyring.erase(&erased)?)
            })
            .await?;
        self.writing.stop_any();
        self.clear_exports().await?;
        self.forget_sessions_of(person);
        self.new_jobs.notify_one();
        Ok(())
    }

    /// What an older backup brought back of somebody who was erased: their places, and their messages if those were
    /// erased too.
    pub(crate) async fn erase_person_again(self: &Arc<Self>, again: EraseAgain) -> Result<()> {
        let (app, person) = (self.clone(), PersonId(again.of));
        let by = self
            .db
            .write(move |tx| -> Result<PersonId> {
                let found = workspace(tx)?.id;
                house::lock_people(tx, found)?;
                // Whoever erased them may have come after that backup.
                let by = people::by_id(tx, found, PersonId(again.by))?.map_or(person, |it| it.id);
                let record = people::by_id(tx, found, person)?;
                if let Some(record) = record.filter(|it| it.kept_role().is_some()) {
                    match app.remove_person_in(tx, found, by, &record) {
                        Err(Error::Refusal(Refusal::LastOwner)) => tracing::warn!(
                            person.id = %person,
                            "Whoever was erased was the only owner at the time of the backup: make somebody an owner \
                             with madang person add"
                        ),
                        removed => removed?,
                    }
                }
                Ok(by)
            })
            .await?;
        self.forget_sessions_of(person);
        match again.messages {
            true => self.erase_messages_of(EraseMessages { of: again.of, by: by.0 }).await,
            false => Ok(()),
        }
    }

    /// Erases every message of somebody. Done again, it finds what is left.
    pub(crate) async fn erase_messages_of(self: &Arc<Self>, job: EraseMessages) -> Result<()> {
        loop {
            let app = self.clone();
            let (of, by) = (PersonId(job.of), PersonId(job.by));
            let step = self.db.write(move |tx| -> Result<usize> {
                let due = retention::written_by(tx, of, STEP)?;
                for (space, message) in &due {
                    app.erase_messages(tx, by, *space, std::slice::from_ref(message))?;
                }
                Ok(due.len())
            });
            if step.await? == 0 {
                return Ok(());
            }
        }
    }
}
