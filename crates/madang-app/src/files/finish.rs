//! An upload becomes a file: its content is looked at, kept under its hash, and known by an id.
//!
//! The file is noted first as one that nobody may have, then its content is kept, then it is opened up. Whatever a
//! crash leaves in between is either finished by whoever asks next or cleared away as a removed file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::ImageFormat;

use madang_model::{FileId, FileRef, PersonId, UploadId};
use madang_store::blob::{BlobName, Blobs};
use madang_store::files::{self, UploadRecord};

use super::clean::{self, Cleaned};
use super::kind;
use super::turns::Turn;
use super::uploads::fault;
use crate::app::App;
use crate::error::Result;

impl App {
    /// Makes a file of a complete upload.
    ///
    /// # Errors
    /// What the store said; the upload stays complete and can be finished later.
    pub(super) async fn finish(
        self: &Arc<Self>,
        turn: Turn,
        person: PersonId,
        id: UploadId,
    ) -> Result<FileRef> {
        let app = self.clone();
        // To its end even when whoever asked has gone.
        let work = async move {
            let _turn = turn;
            let upload = app.my_upload(person, id).await?;
            if let Some(file) = upload.file {
                return app.made_file(file).await;
            }
            let file = app.make_file(&upload).await?;
            app.forget_spool(id).await?;
            Ok(file)
        };
        tokio::spawn(work).await.map_err(anyhow::Error::from)?
    }

    async fn make_file(self: &Arc<Self>, upload: &UploadRecord) -> Result<FileRef> {
        let looked = look(self.spool(upload.id)).await?;
        let developed = match looked.format {
            Some(format) => self.developed(looked.path.clone(), format).await?,
            None => None,
        };
        let (name, size) = Blobs::name_of(&looked.path).await?;
        let file = FileRef {
            id: self.file_id_of(upload.id).await?,
            name: upload.name.clone(),
            media_type: looked.media_type.to_owned(),
            size: size as i64,
            width: developed.as_ref().map(|it| i64::from(it.size.0)),
            height: developed.as_ref().map(|it| i64::from(it.size.1)),
            thumb: developed.is_some(),
        };
        // Nobody clears these contents away between the look whether they are there and the file that holds them.
        let _held = self.contents.hold(&name).await;
        self.reserve(upload.person, &file, name).await?;
        self.blobs.keep(&looked.path, name).await?;
        for (shape, made) in developed.into_iter().flat_map(|it| it.small) {
            self.blobs.put_derived(&name, shape.word(), made).await?;
        }
        self.open_up(upload.id, file.id).await?;
        Ok(file)
    }

    /// The number of its upload, so that whoever hands a file over knows it from the beginning; another one, when a try
    /// that a crash ended left a file of this number behind.
    async fn file_id_of(&self, upload: UploadId) -> Result<FileId> {
        let wished = FileId(upload.0);
        let taken = self.db.read(move |conn| -> Result<_> { Ok(files::by_id(conn, wished)?) }).await?;
        Ok(if taken.is_some() { FileId(self.ids.next()) } else { wished })
    }

    async fn reserve(&self, person: PersonId, file: &FileRef, name: BlobName) -> Result<()> {
        let (file, now_us) = (file.clone(), self.clock.now_us());
        self.db
            .write(move |tx| -> Result<()> { Ok(files::reserve(tx, &file, name.hash(), person, now_us)?) })
            .await
    }

    async fn open_up(&self, upload: UploadId, file: FileId) -> Result<()> {
        self.db
            .write(move |tx| -> Result<()> {
                if !files::open_up(tx, file)? {
                    return Err(anyhow::anyhow!("a file was cleared away while it was made").into());
                }
                Ok(files::finish_upload(tx, upload, file)?)
            })
            .await
    }
}

/// What an upload turned out to be.
struct Looked {
    media_type: &'static str,
    /// For what may be shown as a picture.
    format: Option<ImageFormat>,
    /// Where the content is that others get.
    path: PathBuf,
}

async fn look(path: PathBuf) -> Result<Looked> {
    let work = move || look_at(path);
    let looked = tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?;
    looked.map_err(|error| fault("looking at an upload", &error))
}

fn look_at(path: PathBuf) -> std::io::Result<Looked> {
    // An upload of no bytes has no file on the disk yet.
    std::fs::OpenOptions::new().append(true).create(true).open(&path)?;
    let media_type = kind::of_file(&path)?;
    if kind::is_film(media_type) {
        clean::clean_film(&path)?;
    } else if matches!(media_type, "image/heif" | "image/avif") {
        clean::clean_heif(&path)?;
    }
    let Some(format) = kind::picture(media_type) else {
        return Ok(Looked { media_type, format: None, path });
    };
    let copy = cleaned(&path);
    // A copy of an earlier try may be kept under its hash already: it is never written again.
    remove(&copy)?;
    match clean::clean(&path, &copy, format)? {
        Cleaned::Copy => Ok(Looked { media_type, format: Some(format), path: copy }),
        Cleaned::Nothing => {
            remove(&copy)?;
            Ok(Looked { media_type, format: Some(format), path })
        }
        Cleaned::NoPicture => {
            remove(&copy)?;
            Ok(Looked { media_type: kind::UNKNOWN, format: None, path })
        }
    }
}

/// Where the copy of a picture lies that holds nothing but the picture.
pub(super) fn cleaned(spool: &Path) -> PathBuf {
    spool.with_extension("clean")
}

pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
