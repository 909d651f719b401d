//! Everything as a file, for owners to take out of the house: asked for, kept for a week, taken, removed.
//!
//! Closed spaces and direct conversations are in it only if that is asked for, and then each of them says so to
//! everybody in it before a word is written: docs/decisions/0024. What stands in the file is written by the door,
//! which knows the shapes; `read` is what it is given.

mod read;
mod runs;

use std::path::PathBuf;
use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal};
use madang_store::db::{Conn, Tx};
use madang_store::exports::{self, ExportRecord};
use madang_store::{log, people};
use serde_json::json;

pub use read::ExportedSpace;
pub use runs::{Stopped, Work};
pub(crate) use runs::{Writing, private_folder};

use crate::app::App;
use crate::audit::{By, by, by_somebody};
use crate::error::Result;
use crate::import::Progress;
use crate::mail;
use crate::people::workspace;

/// Exports that are kept at once: each may be as large as the house.
const KEPT: usize = 3;

/// An export, as owners see it.
#[derive(Debug, Clone)]
pub struct Export {
    pub record: ExportRecord,
    /// While it is written: events that are in, and of how many.
    pub progress: Option<Progress>,
}

impl App {
    /// Asks for an export; all owners are told.
    ///
    /// # Errors
    /// `NotAllowed`, `ExportUnderway`, `TooMany`, or what the store said.
    pub async fn ask_for_export(self: &Arc<Self>, person: PersonId, private: bool) -> Result<Export> {
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        let export = self
            .db
            .write(move |tx| -> Result<Export> {
                may_export(tx, person)?;
                let kept = exports::list(tx)?;
                if kept.iter().any(|it| matches!(it.state.as_str(), "waiting" | "running")) {
                    return Err(Refusal::ExportUnderway.into());
                }
                if kept.len() >= KEPT {
                    return Err(Refusal::TooMany { what: "exports", limit: KEPT }.into());
                }
                let id = app.ids.next();
                exports::insert(tx, id, person, private, now_us)?;
                app.announce_export(tx, by, person, private)?;
                app.export_by_id(tx, id)
            })
            .await?;
        self.writing.wake();
        Ok(export)
    }

    /// As `ask_for_export`, by whoever runs the machine and writes the file where they like. Gives its id.
    ///
    /// # Errors
    /// What the store said.
    pub async fn export_from_outside(self: &Arc<Self>, person: PersonId, private: bool) -> Result<i64> {
        let (app, by) = (self.clone(), by_somebody());
        self.db.write(move |tx| app.announce_export(tx, by, person, private)).await?;
        Ok(self.ids.next())
    }

    /// The exports that are kept, newest first.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn exports(self: &Arc<Self>, person: PersonId) -> Result<Vec<Export>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                may_export(conn, person)?;
                Ok(exports::list(conn)?.into_iter().map(|it| app.seen_export(it)).collect())
            })
            .await
    }

    /// The file of an export that is done. `begins` when it is taken from its beginning, which is written down.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn take_export(
        self: &Arc<Self>,
        person: PersonId,
        id: i64,
        begins: bool,
    ) -> Result<(ExportRecord, PathBuf)> {
        let found = move |conn: &mut Conn| -> Result<ExportRecord> {
            may_export(conn, person)?;
            let record = exports::by_id(conn, id)?.filter(|it| it.state == "done");
            Ok(record.ok_or(Refusal::NotFound(Thing::Export))?)
        };
        let record = if begins {
            let (app, by) = (self.clone(), by(person));
            let write = self.db.write(move |tx| -> Result<ExportRecord> {
                let record = found(tx)?;
                app.write_down(tx, by, Act::HouseExportTaken, Object::Nothing, about(&record))?;
                Ok(record)
            });
            write.await?
        } else {
            self.db.read(found).await?
        };
        Ok((record, self.export_path(id)))
    }

    /// Stops an export that is being written, or removes one that is done; nothing of it stays.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, or what the store said.
    pub async fn remove_export(self: &Arc<Self>, person: PersonId, id: i64) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| -> Result<()> {
                may_export(tx, person)?;
                let record = exports::by_id(tx, id)?.ok_or(Refusal::NotFound(Thing::Export))?;
                app.forget_export(tx, by, &record)
            })
            .await?;
        self.writing.stop(id);
        self.clear_exports().await
    }

    /// What was erased is not to lie in an older export: those that are done go, one that is written begins again.
    pub(crate) fn outdate_exports(&self, tx: &mut Tx, by: By) -> Result<()> {
        for record in exports::list(tx)? {
            if record.state == "done" {
                self.forget_export(tx, by, &record)?;
            }
        }
        Ok(exports::cut_off(tx)?)
    }

    fn forget_export(&self, tx: &mut Tx, by: By, record: &ExportRecord) -> Result<()> {
        exports::forget(tx, record.id)?;
        self.write_down(tx, by, Act::HouseExportRemoved, Object::Nothing, about(record))
    }

    /// Into the audit log, and to every owner by mail: nobody takes the house along unnoticed.
    fn announce_export(&self, tx: &mut Tx, by: By, person: PersonId, private: bool) -> Result<()> {
        let house = workspace(tx)?;
        let everybody = people::changed_after(tx, house.id, -1)?;
        let who = everybody.iter().find(|it| it.id == person).map(|it| it.name.clone()).unwrap_or_default();
        for owner in &everybody {
            let is_owner = may_in_house(owner.standing(), HouseRight::Export).is_ok();
            if let Some(to) = owner.email.as_deref().filter(|_| is_owner) {
                let letter = mail::export(&owner.language, to, &who, private, &self.config.public_url);
                self.post_letter(tx, &letter)?;
            }
        }
        self.write_down(tx, by, Act::HouseExported, Object::Nothing, json!({"private": private}))
    }

    fn export_by_id(&self, conn: &mut Conn, id: i64) -> Result<Export> {
        let record = exports::by_id(conn, id)?.ok_or(Refusal::NotFound(Thing::Export))?;
        Ok(self.seen_export(record))
    }

    fn seen_export(&self, record: ExportRecord) -> Export {
        let progress = self.writing.progress(record.id);
        Export { record, progress }
    }
}

/// What the audit log says of one.
fn about(record: &ExportRecord) -> serde_json::Value {
    json!({"private": record.private, "asked_at": record.made_at})
}

fn may_export(conn: &mut Conn, person: PersonId) -> Result<()> {
    let house = workspace(conn)?.id;
    Ok(may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::Export)?)
}
