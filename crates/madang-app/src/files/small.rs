//! Small pictures as they are served: made with the upload, kept beside the content, and made again when they are
//! missing (after a restore, say), once however many ask.

use std::io::{BufReader, Cursor};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use image::ImageFormat;
use madang_model::Refusal;
use madang_model::refusal::Thing;
use madang_store::blob::BlobName;
use madang_store::files::FileRecord;
use tokio::sync::Semaphore;

use super::gate::gone;
use super::kind;
use super::picture::{PICTURE_BYTES, Picture, Small, Unreadable, made_format};
use crate::app::App;
use crate::error::Result;

/// Pictures that are decoded at once; each may take a few hundred megabytes at worst.
const AT_ONCE: usize = 2;

/// How many pictures may be decoded at once.
pub(crate) struct Darkroom(Semaphore);

impl Default for Darkroom {
    fn default() -> Self {
        Darkroom(Semaphore::new(AT_ONCE))
    }
}

impl Darkroom {
    /// A place among those who do hungry work.
    pub(crate) async fn enter(&self) -> Result<tokio::sync::SemaphorePermit<'_>> {
        Ok(self.0.acquire().await.map_err(anyhow::Error::from)?)
    }
}

/// What was found in a picture that came in.
pub(super) struct Developed {
    pub size: (u32, u32),
    pub small: Vec<(Small, Bytes)>,
}

impl App {
    /// A small picture of a file; the gate was asked by the caller.
    ///
    /// # Errors
    /// `NotFound` for what is no picture, or what the store said.
    pub async fn small(self: &Arc<Self>, record: &FileRecord, shape: Small) -> Result<Bytes> {
        let none = || Refusal::NotFound(Thing::File);
        let format = kind::picture(&record.file.media_type).filter(|_| record.file.thumb).ok_or_else(none)?;
        let name = BlobName::from_hash(record.hash);
        if let Some(made) = self.blobs.derived(&name, shape.word()).await? {
            return Ok(made);
        }
        let _held = self.contents.hold(&name).await;
        // Somebody else made it while we waited.
        if let Some(made) = self.blobs.derived(&name, shape.word()).await? {
            return Ok(made);
        }
        let content = self.blobs.read(&name).await.map_err(|error| gone(record, error))?;
        let work = move || -> anyhow::Result<Bytes> {
            Ok(Picture::read(Cursor::new(content), format)?.small(shape)?)
        };
        let made = self.develop(work).await?.ok_or_else(none)??;
        self.blobs.put_derived(&name, shape.word(), made.clone()).await?;
        Ok(made)
    }

    /// Decodes a picture that came in; none when our decoders do not read it within their limits.
    pub(super) async fn developed(&self, path: PathBuf, format: ImageFormat) -> Result<Option<Developed>> {
        let work = move || -> std::io::Result<Option<Developed>> {
            let file = std::fs::File::open(&path)?;
            if file.metadata()?.len() > PICTURE_BYTES {
                return Ok(None);
            }
            let made = Picture::read(BufReader::new(file), format).and_then(|picture| {
                let one = |shape| -> Result<_, Unreadable> { Ok((shape, picture.small(shape)?)) };
                let small = Small::FIRST.into_iter().map(one).collect::<Result<Vec<_>, _>>()?;
                Ok(Developed { size: picture.size(), small })
            });
            Ok(made.inspect_err(|error| tracing::debug!(%error, "A picture is not shown")).ok())
        };
        let looked = self.develop(work).await?.unwrap_or(Ok(None));
        looked.map_err(|error| super::uploads::fault("looking at a picture", &error))
    }

    /// A small copy of a picture that came from outside, and its size; none when our decoders do not read it within
    /// their limits. What it is, its content tells.
    pub(crate) async fn small_of(&self, content: Bytes, shape: Small) -> Result<Option<(Bytes, (u32, u32))>> {
        let Some(format) = kind::picture(kind::of_head(&content)) else { return Ok(None) };
        let work = move || -> Result<_, Unreadable> {
            let small = Picture::read(Cursor::new(content), format)?.small(shape)?;
            let size = Picture::read(Cursor::new(small.clone()), made_format(&small))?.size();
            Ok((small, size))
        };
        Ok(self.develop(work).await?.and_then(Result::ok))
    }

    /// Runs hungry work aside; none when a decoder panicked over what it was given.
    async fn develop<T, F>(&self, work: F) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let _place = self.darkroom.enter().await?;
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => Ok(Some(done)),
            Err(error) if error.is_panic() => {
                tracing::warn!("A decoder broke on a picture; it is kept as a file and not shown");
                Ok(None)
            }
            Err(error) => Err(anyhow::Error::from(error).into()),
        }
    }
}
