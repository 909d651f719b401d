//! What people are told of a recording, and the end of a film that nobody wants.

use std::sync::Arc;

use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::{PersonId, RecordingId, Refusal};
use madang_store::log;
use madang_store::recordings::{self, RecordingRecord};

use crate::app::App;
use crate::error::Result;
use crate::import::Progress;
use crate::reading::readable;

/// A recording, as whoever reads its space sees it.
#[derive(Debug, Clone)]
pub struct Recording {
    pub record: RecordingRecord,
    /// While its film is made: milliseconds that are in it, and of how many.
    pub progress: Option<Progress>,
}

impl App {
    /// # Errors
    /// `NotFound` for whoever may not read the space, or what the store said.
    pub async fn recording(self: &Arc<Self>, person: PersonId, id: RecordingId) -> Result<Recording> {
        let record = self
            .db
            .read(move |conn| -> Result<RecordingRecord> {
                let record = recordings::by_id(conn, id)?.ok_or(Refusal::NotFound(Thing::Recording))?;
                readable(conn, person, record.space)
                    .map_err(|error| hidden(error, Refusal::NotFound(Thing::Recording)))?;
                Ok(record)
            })
            .await?;
        let progress = self.recordings.film.lock().as_ref().filter(|it| it.id == id).map(|it| it.progress());
        Ok(Recording { record, progress })
    }

    /// Gives up the film of a recording; its files stay. For whoever recorded it, and hosts of the space.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn give_up_film(self: &Arc<Self>, person: PersonId, id: RecordingId) -> Result<()> {
        self.recording(person, id).await?;
        self.db
            .write(move |tx| -> Result<()> {
                let record = recordings::by_id(tx, id)?.ok_or(Refusal::NotFound(Thing::Recording))?;
                let space = log::space(tx, record.space)?.ok_or(Refusal::NotFound(Thing::Recording))?;
                let right = if record.started_by == person { Right::Post } else { Right::Moderate };
                may(&log::standing(tx, &space.facts, person)?, right, &space.facts)?;
                recordings::film(tx, id, "given_up")?;
                Ok(())
            })
            .await?;
        if let Some(film) = self.recordings.film.lock().as_ref().filter(|it| it.id == id) {
            film.stop();
        }
        self.recordings.new_film.notify_one();
        Ok(())
    }
}

fn hidden(error: crate::Error, as_if: Refusal) -> crate::Error {
    match error {
        crate::Error::Refusal(_) => as_if.into(),
        fault => fault,
    }
}
