//! Erasing a person, as the law asks for: they are out, their name, address,
//! picture and settings go at once, and with them what the audit log says of
//! them in words. Their messages stay without a name, or are erased too, by a
//! job that goes on wherever it was stopped.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::{HouseRight, may_change_role, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal};
use madang_store::{audit, house, jobs, log, people, retention};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::people::workspace;

/// Messages that are erased in one transaction.
const STEP: i64 = 100;

/// What the job is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EraseMessages {
    of: i64,
    by: i64,
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
                let nobody = if record.language == "ko" { "삭제된 사람" } else { "Deleted person" };
                people::forget(tx, person, nobody, now_us)?;
                audit::forget_said_of(tx, found, person)?;
                if messages_too {
                    let job = EraseMessages { of: person.0, by: actor.0 };
                    let payload = serde_json::to_string(&job).map_err(anyhow::Error::from)?;
                    jobs::insert(tx, app.ids.next(), "erase_messages", &payload, now_us)?;
                }
                app.outdate_exports(tx, by)?;
                app.write_down(tx, by, Act::PersonErased, person, json!({"messages": messages_too}))
            })
            .await?;
        self.writing.stop_any();
        self.clear_exports().await?;
        self.forget_sessions_of(person);
        self.new_jobs.notify_one();
        Ok(())
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
