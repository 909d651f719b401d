//! Uploads: files on their way in, resumable for a day after their last part.
//!
//! What was taken in lies in a file named by the upload's id; its length is the only record of how far it is, so
//! a crash at any moment leaves the truth.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use madang_model::refusal::Thing;
use madang_model::{FileId, FileRef, PersonId, Refusal, UploadId, limits};
use madang_store::StoreError;
use madang_store::files::{self, UploadRecord};

use super::finish::{cleaned, remove};
use super::name;
use crate::app::App;
use crate::error::{Error, Result};

/// How long an upload waits for its next part: a day, in microseconds.
pub(super) const REST_US: i64 = 24 * 3600 * 1_000_000;
/// Bytes that stay free on the disk for the log, whatever is uploaded: twice what the database keeps for itself,
/// so that uploads are refused while messages still go through.
pub(super) const ROOM: u64 = 128 << 20;

/// An upload and how far it is.
#[derive(Debug, Clone)]
pub struct UploadState {
    pub upload: UploadRecord,
    /// Bytes that are on the disk.
    pub offset: i64,
}

impl App {
    /// Begins an upload of `length` bytes.
    ///
    /// # Errors
    /// `TooLarge`, `TooMany`, `TooMuchUnfinished`, or what the store said.
    pub async fn begin_upload(
        self: &Arc<Self>,
        person: PersonId,
        given_name: &str,
        media_type: &str,
        length: i64,
    ) -> Result<UploadState> {
        if length > self.config.upload_limit {
            return Err(Refusal::TooLarge { limit: self.config.upload_limit }.into());
        }
        self.fits_on_disk(length)?;
        let now_us = self.clock.now_us();
        let upload = UploadRecord {
            id: UploadId(self.ids.next()),
            person,
            name: name::harmless(given_name),
            media_type: media_type.chars().filter(|it| !it.is_control()).take(100).collect(),
            length,
            file: None,
            created_at: now_us,
            expires_at: now_us + REST_US,
        };
        let record = upload.clone();
        let (most, server) = (self.config.unfinished_limit, self.config.upload_limit);
        self.db
            .write(move |tx| -> Result<()> {
                crate::settings::fits(tx, length, server)?;
                let (count, bytes) = files::unfinished_uploads(tx, person)?;
                if count >= limits::UPLOADS as i64 {
                    let limit = limits::UPLOADS;
                    return Err(Refusal::TooMany { what: "unfinished uploads", limit }.into());
                }
                if bytes.saturating_add(length) > most {
                    return Err(Refusal::TooMuchUnfinished { limit: most }.into());
                }
                Ok(files::begin_upload(tx, &record)?)
            })
            .await?;
        Ok(UploadState { upload, offset: 0 })
    }

    /// Where an upload stands. A request that is still writing it is asked to end first.
    ///
    /// # Errors
    /// `NotFound`, `UploadBusy`, or what the store said.
    pub async fn upload_state(self: &Arc<Self>, person: PersonId, id: UploadId) -> Result<UploadState> {
        let upload = self.my_upload(person, id).await?;
        if upload.file.is_some() {
            return Ok(UploadState { offset: upload.length, upload });
        }
        let _turn = self.turns.take_over(id).await.ok_or(Refusal::UploadBusy)?;
        let upload = self.my_upload(person, id).await?;
        let offset = if upload.file.is_some() { upload.length } else { self.offset_on_disk(id).await? };
        Ok(UploadState { upload, offset })
    }

    /// Makes a file of `person` of one that lies on this machine, as an upload that came whole.
    ///
    /// # Errors
    /// As `begin_upload`; what the disk or the store said.
    pub(crate) async fn take_in_whole(
        self: &Arc<Self>,
        person: PersonId,
        name: &str,
        media_type: &str,
        path: &std::path::Path,
    ) -> Result<FileRef> {
        let length = tokio::fs::metadata(path).await.map_err(anyhow::Error::from)?.len();
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let upload = self.begin_upload(person, name, media_type, length).await?.upload;
        let spool = self.config.uploads.join(upload.id.to_string());
        tokio::fs::rename(path, spool).await.map_err(anyhow::Error::from)?;
        self.uploaded_file(person, upload.id).await
    }

    /// The file that an upload has become.
    ///
    /// # Errors
    /// `UploadMoved` while it is not complete; otherwise as `upload_state`.
    pub async fn uploaded_file(self: &Arc<Self>, person: PersonId, id: UploadId) -> Result<FileRef> {
        let upload = self.my_upload(person, id).await?;
        if let Some(file) = upload.file {
            return self.made_file(file).await;
        }
        let turn = self.turns.take(id).ok_or(Refusal::UploadBusy)?;
        let upload = self.my_upload(person, id).await?;
        let offset = if upload.file.is_some() { upload.length } else { self.offset_on_disk(id).await? };
        if offset != upload.length {
            return Err(Refusal::UploadMoved { offset }.into());
        }
        // The server ended between the last part and the file, or there were no parts at all.
        self.finish(turn, person, id).await
    }

    /// What an upload became.
    pub(super) async fn made_file(self: &Arc<Self>, file: FileId) -> Result<FileRef> {
        let found = self.db.read(move |conn| -> Result<_> { Ok(files::by_id(conn, file)?) }).await?;
        let there = found.filter(|it| !it.removed);
        Ok(there.ok_or(Refusal::NotFound(Thing::File))?.file)
    }

    /// Gives an upload up; what became of it goes too, unless it is used.
    ///
    /// # Errors
    /// As `upload_state`.
    pub async fn cancel_upload(self: &Arc<Self>, person: PersonId, id: UploadId) -> Result<()> {
        self.my_upload(person, id).await?;
        let _turn = self.turns.take_over(id).await.ok_or(Refusal::UploadBusy)?;
        self.db
            .write(move |tx| -> Result<()> {
                let upload = files::upload(tx, id, person)?;
                if let Some(file) = upload.and_then(|it| it.file) {
                    files::give_up(tx, file)?;
                }
                Ok(files::delete_upload(tx, id)?)
            })
            .await?;
        self.forget_spool(id).await
    }

    /// Ends the requests that are taking in parts: what came is kept, and their senders go on later.
    pub fn interrupt_uploads(&self) {
        self.turns.ask_all();
    }

    /// An upload of this person that is not over.
    pub(super) async fn my_upload(self: &Arc<Self>, person: PersonId, id: UploadId) -> Result<UploadRecord> {
        let now_us = self.clock.now_us();
        let found = self.db.read(move |conn| -> Result<_> { Ok(files::upload(conn, id, person)?) }).await?;
        let lives = found.filter(|it| it.expires_at > now_us);
        Ok(lives.ok_or(Refusal::NotFound(Thing::Upload))?)
    }

    /// Where what was taken in of an upload lies.
    pub(super) fn spool(&self, id: UploadId) -> PathBuf {
        self.config.uploads.join(id.to_string())
    }

    /// How much of an upload is on the disk, and stays there.
    pub(super) async fn offset_on_disk(&self, id: UploadId) -> Result<i64> {
        let failed = |error: std::io::Error| fault("reading an upload", &error);
        match tokio::fs::File::open(self.spool(id)).await {
            Ok(file) => {
                file.sync_all().await.map_err(failed)?;
                Ok(file.metadata().await.map_err(failed)?.len() as i64)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes what lies on the disk of an upload; contents that were kept have a name of their own.
    pub(super) async fn forget_spool(&self, id: UploadId) -> Result<()> {
        let path = self.spool(id);
        let work = move || remove(&cleaned(&path)).and_then(|()| remove(&path));
        let removed = tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?;
        removed.map_err(|error| fault("removing what was uploaded", &error))
    }

    /// # Errors
    /// `DiskFull` when `more` bytes would leave too little for the log.
    pub(crate) fn fits_on_disk(&self, more: i64) -> Result<()> {
        let wanted = ROOM.saturating_add(more.max(0) as u64);
        match madang_store::free_bytes(&self.config.uploads) {
            Some(free) if free < wanted => Err(StoreError::DiskFull.into()),
            _ => Ok(()),
        }
    }
}

/// A local I/O error in the store's words, so that a full disk is told as such.
pub(super) fn fault(what: &str, error: &std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::DiskFull.into(),
        _ => StoreError::Io(format!("{what}: {error}")).into(),
    }
}
