//! The file gate: the one place that decides who may have a file, asked every time one is served.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use madang_model::refusal::Thing;
use madang_model::{FileId, PersonId, Refusal, Role, WorkspaceId};
use madang_store::StoreError;
use madang_store::blob::BlobName;
use madang_store::db::Conn;
use madang_store::files::{self, FileRecord};
use madang_store::{log, people};

use crate::app::App;
use crate::error::{Error, Result};
use crate::people::workspace;
use crate::reading::readable_with_sight;

impl App {
    /// A file, if this person may have it now: who may read the message it hangs on, its uploader before it is
    /// posted, everybody in the house when it is a picture, of which a visitor has those of who helps.
    ///
    /// # Errors
    /// `NotFound` for everybody else, or what the store said.
    pub async fn file(self: &Arc<Self>, person: PersonId, id: FileId) -> Result<FileRecord> {
        self.db.read(move |conn| gate(conn, person, id)).await
    }

    /// A part of a file's content; the gate was asked by the caller.
    ///
    /// # Errors
    /// `NotFound` when the content is gone, or what the store said.
    pub async fn content(
        &self,
        file: &FileRecord,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, StoreError>> + Send + use<>> {
        let opened = self.blobs.open_range(&BlobName::from_hash(file.hash), Some(range)).await;
        opened.map_err(|error| gone(file, error))
    }
}

/// Contents that should be there and are not are worth a line in the log, and to the person they are just gone.
pub(super) fn gone(file: &FileRecord, error: StoreError) -> Error {
    match error {
        StoreError::NoSuchBlob(_) => {
            tracing::error!(file.id = %file.file.id, "The content of a file is missing");
            Refusal::NotFound(Thing::File).into()
        }
        other => other.into(),
    }
}

pub(super) fn gate(conn: &mut Conn, person: PersonId, id: FileId) -> Result<FileRecord> {
    let hidden = || Error::from(Refusal::NotFound(Thing::File));
    let record = files::by_id(conn, id)?.filter(|it| !it.removed).ok_or_else(hidden)?;
    let house = workspace(conn)?.id;
    let role = log::standing_in_house(conn, house, person)?.ok_or_else(hidden)?;
    let allowed = match (record.used_as.as_str(), record.space) {
        ("", _) => record.uploader == person,
        ("picture", _) if role == Role::Visitor => is_of_a_helper(conn, house, person, id)?,
        // Replaced, it is gone at once; its content is cleared away later.
        ("picture", _) => files::is_shown(conn, id)?,
        ("message", Some(space)) => match readable_with_sight(conn, person, space) {
            Ok((_, outside)) => !(outside && files::in_notes(conn, space)?.contains(&id)),
            Err(Error::Refusal(_)) => false,
            Err(fault) => return Err(fault),
        },
        _ => false,
    };
    if allowed { Ok(record) } else { Err(hidden()) }
}

/// Whether it is the picture of somebody who is or was in a ticket of this visitor.
fn is_of_a_helper(conn: &mut Conn, house: WorkspaceId, visitor: PersonId, id: FileId) -> Result<bool> {
    for ticket in log::tickets_of_visitor(conn, visitor)? {
        let people = people::who_wrote_in(conn, house, ticket.space)?;
        if people.iter().any(|it| it.picture == Some(id)) {
            return Ok(true);
        }
    }
    Ok(false)
}
