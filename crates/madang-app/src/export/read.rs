//! What an export is made of, step by step, so that a house of any size passes through in small parts. The right to
//! it was asked for before.

use std::sync::Arc;

use madang_model::event::Body;
use madang_model::row::Row;
use madang_model::{FileId, PersonId, SpaceId};
use madang_store::blob::BlobName;
use madang_store::desks;
use madang_store::exports;
use madang_store::files::{self, FileRecord};
use madang_store::house;
use madang_store::log::{self, BookmarkRecord, SpaceRecord};
use madang_store::retention::{self, RetentionRule};
use madang_store::spaces::{self, MemberRecord};
use madang_store::teams::{self, TeamRecord};
use madang_store::{StoreError, db::Conn};

use super::Work;
use crate::app::App;
use crate::desks::Desk;
use crate::error::Result;
use crate::people::workspace;

/// Spaces and files that are read in one go.
const STEP: i64 = 100;
/// As for a backup: asked again every minute, it may fail to be asked for some minutes.
const CONTENTS_KEPT_MS: i64 = 600_000;

/// A space, without what is said in it.
#[derive(Debug, Clone)]
pub struct ExportedSpace {
    pub record: SpaceRecord,
    pub members: Vec<MemberRecord>,
    pub pinned: Vec<Row>,
    pub bookmarks: Vec<BookmarkRecord>,
    /// How long messages are kept, where it has a rule of its own.
    pub rule: Option<RetentionRule>,
}

impl App {
    /// The spaces after an id; none when these were all.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_spaces(
        self: &Arc<Self>,
        private: bool,
        after: SpaceId,
    ) -> Result<Vec<SpaceRecord>> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                Ok(exports::spaces(conn, house, private, after, STEP)?)
            })
            .await
    }

    /// How many events there are.
    ///
    /// # Errors
    /// What the store said.
    pub async fn measure_export(self: &Arc<Self>, private: bool) -> Result<i64> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                Ok(exports::measure(conn, house, private)?)
            })
            .await
    }

    /// Teams, and how long messages are kept.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_house(self: &Arc<Self>) -> Result<(Vec<TeamRecord>, Vec<RetentionRule>)> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                Ok((teams::all(conn, house)?, retention::rules(conn, house)?))
            })
            .await
    }

    /// The desks, also those that ended, with who stands there.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_desks(self: &Arc<Self>) -> Result<Vec<Desk>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let all = desks::of_house(conn, house)?;
                all.into_iter().map(|it| app.desk_in(conn, PersonId(0), it)).collect()
            })
            .await
    }

    /// Says in a space where not everybody reads that it leaves the house. Said again by the same export, it is said
    /// once.
    ///
    /// # Errors
    /// What the store said.
    pub async fn tell_of_export(self: &Arc<Self>, space: SpaceId, work: &Work) -> Result<()> {
        let (app, person) = (self.clone(), work.person);
        let client_id = format!("export/{}/{space}", work.id);
        self.db
            .write(move |tx| -> Result<()> {
                let Some(record) = log::space_locked(tx, space)? else { return Ok(()) };
                if log::first_answer(tx, &app.keyring, person, &client_id)?.is_none() {
                    app.append(tx, &record, person, Some(&client_id), vec![Body::SpaceExported {}])?;
                }
                Ok(())
            })
            .await
    }

    /// A space as it is now; none when it is not there any more.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_space(self: &Arc<Self>, space: SpaceId) -> Result<Option<ExportedSpace>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let found = log::space(conn, space)?.filter(|it| it.facts.deleted_until.is_none());
                let Some(record) = found else { return Ok(None) };
                let members = spaces::members(conn, space)?;
                let pinned = log::pinned(conn, &app.keyring, &record)?;
                let bookmarks = log::bookmarks(conn, &app.keyring, &record)?;
                let rules = retention::rules(conn, record.facts.workspace)?;
                let rule = rules.into_iter().find(|it| it.space == Some(space));
                Ok(Some(ExportedSpace { record, members, pinned, bookmarks, rule }))
            })
            .await
    }

    /// What stands in one page of a space.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_rows(self: &Arc<Self>, space: &SpaceRecord, page: i64) -> Result<Vec<Row>> {
        let (app, space) = (self.clone(), space.clone());
        self.db
            .read(move |conn| match log::page(conn, &app.keyring, &space, page) {
                Ok(page) => Ok(page.rows),
                // Its time was over while this was written.
                Err(StoreError::Erased) => Ok(Vec::new()),
                Err(error) => Err(error.into()),
            })
            .await
    }

    /// Files posted in a space, newest first, older than `before`.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_files(self: &Arc<Self>, space: SpaceId, before: FileId) -> Result<Vec<FileRecord>> {
        self.db.read(move |conn| Ok(files::of_space(conn, space, before, STEP)?)).await
    }

    /// Pictures of people and spaces.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_pictures(self: &Arc<Self>, ids: Vec<FileId>) -> Result<Vec<FileRecord>> {
        let read = move |conn: &mut Conn| -> Result<Vec<FileRecord>> {
            Ok(files::by_ids(conn, &ids)?.into_iter().filter(|it| !it.removed).collect())
        };
        self.db.read(read).await
    }

    /// Lets contents that are removed meanwhile lie for some minutes more.
    ///
    /// # Errors
    /// What the store said.
    pub async fn keep_contents_for_now(self: &Arc<Self>) -> Result<()> {
        let until_ms = self.clock.now_us() / 1_000 + CONTENTS_KEPT_MS;
        self.db.write(move |tx| Ok(house::set_fact(tx, house::BACKING_UP, &until_ms.to_string())?)).await
    }

    /// What somebody uploaded, oldest first, after an id.
    ///
    /// # Errors
    /// What the store said.
    pub async fn own_files(self: &Arc<Self>, person: PersonId, after: FileId) -> Result<Vec<FileRecord>> {
        self.db.read(move |conn| Ok(files::uploaded_by(conn, person, after, STEP)?)).await
    }

    /// The contents of a file, part by part; none when they were cleared away since it was listed.
    ///
    /// # Errors
    /// What the store said.
    pub async fn exported_contents(
        self: &Arc<Self>,
        file: &FileRecord,
    ) -> Result<Option<impl futures_util::Stream<Item = Result<bytes::Bytes, StoreError>> + Send + use<>>>
    {
        match self.blobs.open_range(&BlobName::from_hash(file.hash), None).await {
            Ok(parts) => Ok(Some(parts)),
            Err(StoreError::NoSuchBlob(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
