//! Clearing files away: uploads that nobody went on with, files that nobody posted, pictures that nobody has any
//! more, and the content of what was removed, once no other file shares it.

use std::sync::Arc;

use madang_model::{FileId, UploadId};
use madang_store::blob::BlobName;
use madang_store::files::{self, FileRecord};
use madang_store::house;

use super::picture::Small;
use super::uploads::{REST_US, fault};
use crate::app::App;
use crate::error::Result;

impl App {
    /// Clears away what is over.
    ///
    /// # Errors
    /// What the store said; the next round goes on with the rest.
    pub(crate) async fn tidy_files(self: &Arc<Self>) -> Result<()> {
        let now_us = self.clock.now_us();
        let expired =
            self.db.read(move |conn| -> Result<_> { Ok(files::expired_uploads(conn, now_us)?) }).await?;
        for id in expired {
            self.expire_upload(id).await?;
        }
        self.db
            .write(move |tx| -> Result<()> {
                files::drop_unused(tx, now_us - REST_US)?;
                Ok(files::drop_unused_pictures(tx)?)
            })
            .await?;
        let mut after = FileId(0);
        loop {
            let gone = self.db.read(move |conn| -> Result<_> { Ok(files::removed(conn, after)?) }).await?;
            let Some(last) = gone.last() else { break };
            after = last.file.id;
            for record in gone {
                self.clear_away(record).await?;
            }
        }
        self.sweep_spool().await
    }

    async fn expire_upload(self: &Arc<Self>, id: UploadId) -> Result<()> {
        // Somebody goes on with it this very moment: not over after all.
        let Some(_turn) = self.turns.take(id) else { return Ok(()) };
        self.db.write(move |tx| -> Result<()> { Ok(files::delete_upload(tx, id)?) }).await?;
        self.forget_spool(id).await
    }

    /// The content first and the row last, so that a crash leaves a row that is found again and never content
    /// that nobody knows of.
    async fn clear_away(self: &Arc<Self>, record: FileRecord) -> Result<()> {
        let name = BlobName::from_hash(record.hash);
        let _held = self.contents.hold(&name).await;
        let id = record.file.id;
        let now_ms = self.clock.now_us() / 1_000;
        let last = self
            .db
            .read(move |conn| -> Result<_> {
                // Looked at together: what is cleared away was removed before any backup that is under way began.
                let until = house::fact(conn, house::BACKING_UP)?.and_then(|text| text.parse().ok());
                if until.is_some_and(|until: i64| until > now_ms) {
                    return Ok(None);
                }
                Ok(files::is_last_of_content(conn, id)?)
            })
            .await?;
        if last == Some(true) {
            self.blobs.delete(&name).await?;
            self.blobs.delete_derived(&name, &Small::ALL.map(Small::word)).await?;
        }
        if last.is_some() {
            self.db.write(move |tx| -> Result<()> { Ok(files::delete(tx, id)?) }).await?;
        }
        Ok(())
    }

    /// Removes what lies among the unfinished uploads and belongs to none.
    async fn sweep_spool(self: &Arc<Self>) -> Result<()> {
        let folder = self.config.uploads.clone();
        let list = move || -> std::io::Result<Vec<UploadId>> {
            let names =
                std::fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            Ok(names.filter_map(|it| it.split('.').next()?.parse().ok()).collect())
        };
        let listed = tokio::task::spawn_blocking(list).await.map_err(anyhow::Error::from)?;
        let lying = listed.map_err(|error| fault("listing uploads", &error))?;
        for some in lying.chunks(500) {
            let asked = some.to_vec();
            let known = self
                .db
                .read(move |conn| -> Result<_> { Ok(files::uploads_under_way(conn, &asked)?) })
                .await?;
            for id in some.iter().filter(|id| !known.contains(id)) {
                // A finished one is just being removed by its own request.
                if let Some(_turn) = self.turns.take(*id) {
                    self.forget_spool(*id).await?;
                }
            }
        }
        Ok(())
    }
}
