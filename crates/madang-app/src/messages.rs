//! Posting: looks up the files and the forwarded message with the author's own
//! rights, then takes the one path.

use std::sync::Arc;

use madang_model::app_part::AppPart;
use madang_model::card::Card;
use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::{Command, Draft, Event, FileId, FileRef, Forward, PersonId, Refusal, Seq, SpaceId};
use madang_store::db::Tx;
use madang_store::log;

use crate::app::App;
use crate::error::Result;

/// A message as somebody asks for it.
#[derive(Debug, Clone, Default)]
pub struct NewMessage {
    pub client_id: Option<String>,
    pub text: String,
    pub thread: Option<Seq>,
    pub also: bool,
    pub files: Vec<FileId>,
    pub forward: Option<(SpaceId, Seq)>,
    pub card: Option<Card>,
    /// What an app gives it besides the text.
    pub app: Option<Box<AppPart>>,
    /// For the agents of a ticket only.
    pub note: bool,
}

impl App {
    /// Posts a message.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn post(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        new: NewMessage,
    ) -> Result<Arc<Event>> {
        let app = self.clone();
        self.write_once(move |tx| {
            if let Some(event) = app.answered_before(tx, person, space, new.client_id.as_deref())? {
                return Ok(event);
            }
            let draft = app.draft(tx, person, &new)?;
            let events =
                app.run_in(tx, person, space, new.client_id.as_deref(), &Command::PostMessage(draft))?;
            Ok(events.into_iter().next().expect("posting adds one event"))
        })
        .await
    }

    fn draft(&self, tx: &mut Tx, person: PersonId, new: &NewMessage) -> Result<Draft> {
        let mut files =
            if new.files.is_empty() { Vec::new() } else { self.files_to_attach(tx, person, &new.files)? };
        let forward = match new.forward {
            Some((space, seq)) => {
                let (forward, theirs) = self.forwarded(tx, person, space, seq)?;
                files.extend(self.copy_files_for_forward(tx, person, &theirs)?);
                Some(forward)
            }
            None => None,
        };
        Ok(Draft {
            text: new.text.clone(),
            thread: new.thread,
            also: new.also,
            files,
            forward,
            card: new.card.clone().map(Box::new),
            app: new.app.clone(),
            note: new.note,
        })
    }

    /// The message to forward, as this person may read it.
    fn forwarded(
        &self,
        tx: &mut Tx,
        person: PersonId,
        space: SpaceId,
        seq: Seq,
    ) -> Result<(Forward, Vec<FileRef>)> {
        let record = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Message))?;
        let actor = log::standing(tx, &record.facts, person)?;
        may(&actor, Right::Read, &record.facts).map_err(|_| Refusal::NotFound(Thing::Message))?;
        let row = log::row(tx, &self.keyring, &record, seq)?
            .filter(|it| !it.staff || !actor.is_outside(&record.facts));
        let row = row.ok_or(Refusal::NotFound(Thing::Message))?;
        let message = row.message().ok_or(Refusal::NotFound(Thing::Message))?;
        if message.removed {
            return Err(Refusal::MessageRemoved.into());
        }
        // A forward of a forward keeps the first author.
        let forward = message.forward.clone().unwrap_or(Forward {
            space,
            seq,
            author: row.author,
            at: row.at,
            text: message.text.clone(),
        });
        Ok((forward, message.files.clone()))
    }
}
