//! Addresses of files that open for everybody who knows them. They hold as long as the workspace allows them, and as
//! long as whoever made one may have the file.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::Role;
use madang_model::refusal::Thing;
use madang_model::{FileId, PersonId, Refusal, SpaceId};
use madang_store::db::Conn;
use madang_store::file_links::{self, FileLinkRecord};
use madang_store::files::FileRecord;
use madang_store::{house, log};
use serde_json::json;

use super::gate::gate;
use crate::app::App;
use crate::apps::fresh_word;
use crate::audit::by;
use crate::error::{Error, Result};
use crate::people::workspace;
use crate::session::hash_of;

/// Letters of five bits: more than anybody guesses.
const LETTERS: usize = 52;

impl App {
    /// Gives a file an address; its secret is shown this once. None when it has one.
    ///
    /// # Errors
    /// `NotFound` for who may not have the file, `NotAllowed`, or what the store said.
    pub async fn share_file(self: &Arc<Self>, person: PersonId, id: FileId) -> Result<Option<String>> {
        let app = self.clone();
        self.db
            .write(move |tx| {
                let (_, space) = posted(tx, person, id)?;
                let house_id = workspace(tx)?.id;
                let role = log::standing_in_house(tx, house_id, person)?;
                if role.is_none_or(|it| it < Role::Member) {
                    return Err(Refusal::NotAllowed("member").into());
                }
                if !house::settings(tx)?.public_files {
                    return Err(Refusal::NotOffered.into());
                }
                if file_links::of_file(tx, id)?.is_some() {
                    return Ok(None);
                }
                let secret = fresh_word(LETTERS)?;
                let link = FileLinkRecord { file: id, made_by: person, made_at: app.clock.now_us() };
                file_links::insert(tx, link, &hash_of(&secret))?;
                app.write_down(
                    tx,
                    by(person),
                    Act::FileLinkMade,
                    Object::Space(space.0),
                    json!({"file": id}),
                )?;
                Ok(Some(secret))
            })
            .await
    }

    /// Ends the address of a file: by who made it, whose file it is, or who runs the house. Whether there was one.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn unshare_file(self: &Arc<Self>, person: PersonId, id: FileId) -> Result<bool> {
        let app = self.clone();
        self.db
            .write(move |tx| {
                let (record, space) = posted(tx, person, id)?;
                let Some(link) = file_links::of_file(tx, id)? else { return Ok(false) };
                let house_id = workspace(tx)?.id;
                let role = log::standing_in_house(tx, house_id, person)?;
                let runs = role.is_some_and(|it| it >= Role::Admin);
                if !runs && link.made_by != person && record.uploader != person {
                    return Err(Refusal::NotAllowed("admin").into());
                }
                file_links::remove(tx, id)?;
                app.write_down(
                    tx,
                    by(person),
                    Act::FileLinkEnded,
                    Object::Space(space.0),
                    json!({"file": id}),
                )?;
                Ok(true)
            })
            .await
    }

    /// Whether a file has an address that opens.
    ///
    /// # Errors
    /// What the store said.
    pub async fn is_file_shared(self: &Arc<Self>, id: FileId) -> Result<bool> {
        self.db
            .read(move |conn| {
                Ok(house::settings(conn)?.public_files && file_links::of_file(conn, id)?.is_some())
            })
            .await
    }

    /// The file behind a secret, for anybody.
    ///
    /// # Errors
    /// `NotFound` for what is none, or none any more; or what the store said.
    pub async fn shared_file(self: &Arc<Self>, secret: &str) -> Result<FileRecord> {
        let hash = hash_of(secret);
        self.db
            .read(move |conn| {
                let hidden = || Error::from(Refusal::NotFound(Thing::File));
                let link = file_links::by_secret(conn, &hash)?.ok_or_else(hidden)?;
                if !house::settings(conn)?.public_files {
                    return Err(hidden());
                }
                gate(conn, link.made_by, link.file)
            })
            .await
    }
}

/// A file that hangs on a message which the person may read, and where it stands.
fn posted(conn: &mut Conn, person: PersonId, id: FileId) -> Result<(FileRecord, SpaceId)> {
    let record = gate(conn, person, id)?;
    let space = record.space.filter(|_| record.used_as == "message").ok_or(Refusal::FileNotUsable)?;
    Ok((record, space))
}
