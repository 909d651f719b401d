//! Taking in a part of an upload: bytes go to the disk as they come, and are synced before anybody is told.

use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use madang_model::{PersonId, Refusal, UploadId};
use madang_store::files::{self, UploadRecord};
use tokio::io::{AsyncWriteExt, BufWriter};

use super::turns::Turn;
use super::uploads::{REST_US, UploadState, fault};
use crate::app::App;
use crate::error::Result;

/// A sender that is silent for this long has lost its connection.
const SILENCE: Duration = Duration::from_secs(60);
/// Written to the disk at once.
const BUFFER: usize = 512 << 10;
/// The room on the disk is looked at again after so many bytes.
const LOOK: i64 = 8 << 20;

impl App {
    /// Takes in `parts`, which begin at `offset`. With its last byte an upload becomes a file.
    ///
    /// A broken connection is no error here: the answer says how far the upload is.
    ///
    /// # Errors
    /// `UploadMoved`, `UploadBusy`, `TooLarge`, or what the store said; what was written before stays.
    pub async fn take_in<S, E>(
        self: &Arc<Self>,
        person: PersonId,
        id: UploadId,
        offset: i64,
        announced: Option<i64>,
        parts: S,
    ) -> Result<UploadState>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin + 'static,
        E: Display + Send + 'static,
    {
        self.my_upload(person, id).await?;
        let turn = self.turns.take(id).ok_or(Refusal::UploadBusy)?;
        let upload = self.my_upload(person, id).await?;
        let app = self.clone();
        // A task of its own, so that it ends in order also when the connection is gone: nobody else writes
        // before the last byte of this request is on the disk.
        let work = async move {
            let at = if upload.file.is_some() { upload.length } else { app.offset_on_disk(id).await? };
            if offset != at {
                return Err(Refusal::UploadMoved { offset: at }.into());
            }
            if announced.is_some_and(|it| it > upload.length - at) {
                return Err(Refusal::TooLarge { limit: upload.length }.into());
            }
            let written = app.write_parts(&turn, &upload, at, parts).await;
            app.after_parts(turn, upload, written).await
        };
        tokio::spawn(work).await.map_err(anyhow::Error::from)?
    }

    async fn write_parts<S, E>(
        &self,
        turn: &Turn,
        upload: &UploadRecord,
        mut at: i64,
        mut parts: S,
    ) -> Result<()>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: Display,
    {
        if at == upload.length {
            return Ok(());
        }
        let failed = |error: std::io::Error| fault("taking in an upload", &error);
        let mut asked = turn.asked_back();
        let file = open(&self.spool(upload.id)).await.map_err(failed)?;
        let mut writer = BufWriter::with_capacity(BUFFER, file);
        let mut next_look = at;
        let outcome = loop {
            if at >= next_look {
                next_look = at + LOOK;
                if let Err(full) = self.fits_on_disk(0) {
                    break Err(full);
                }
            }
            let next = tokio::select! {
                biased;
                _ = asked.changed() => break Err(Refusal::UploadBusy.into()),
                next = tokio::time::timeout(SILENCE, parts.next()) => next,
            };
            let part = match next {
                Ok(Some(Ok(part))) => part,
                Ok(Some(Err(error))) => {
                    tracing::debug!(upload.id = %upload.id, %error, "An upload was interrupted");
                    break Ok(());
                }
                Ok(None) | Err(_) => break Ok(()),
            };
            let room = usize::try_from(upload.length - at).unwrap_or(0);
            let taken = &part[..part.len().min(room)];
            if let Err(error) = writer.write_all(taken).await {
                break Err(failed(error));
            }
            at += taken.len() as i64;
            if taken.len() < part.len() {
                break Err(Refusal::TooLarge { limit: upload.length }.into());
            }
        };
        let kept = match writer.flush().await {
            Ok(()) => writer.get_ref().sync_data().await,
            Err(error) => Err(error),
        };
        outcome.and(kept.map_err(failed))
    }

    async fn after_parts(
        self: &Arc<Self>,
        turn: Turn,
        upload: UploadRecord,
        written: Result<()>,
    ) -> Result<UploadState> {
        let id = upload.id;
        if upload.file.is_some() {
            return Ok(UploadState { offset: upload.length, upload });
        }
        written?;
        let offset = self.offset_on_disk(id).await?;
        if offset == upload.length {
            self.finish(turn, upload.person, id).await?;
            return Ok(UploadState { offset, upload });
        }
        let expires_at = self.clock.now_us() + REST_US;
        self.db.write(move |tx| -> Result<()> { Ok(files::keep_upload_until(tx, id, expires_at)?) }).await?;
        Ok(UploadState { offset, upload: UploadRecord { expires_at, ..upload } })
    }
}

/// Opens what was taken in for more; its name survives a power cut.
async fn open(path: &Path) -> std::io::Result<tokio::fs::File> {
    let new = !tokio::fs::try_exists(path).await?;
    let file = tokio::fs::OpenOptions::new().append(true).create(true).open(path).await?;
    if new && let Some(folder) = path.parent() {
        tokio::fs::File::open(folder).await?.sync_all().await?;
    }
    Ok(file)
}
