//! File contents, kept under the SHA-256 of what they are: the same contents are kept once, and nobody but us
//! chooses a name. A local folder by default, S3-compatible storage by URL.
//!
//! An event names contents only after they are durable here. What no event names is swept later by the caller.

mod adopt;
mod derived;
mod name;
mod place;
#[cfg(test)]
mod tests;
mod upload;

use std::ops::Range;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use opendal::{EntryMode, ErrorKind, Operator};
use sha2::{Digest, Sha256};

pub use name::BlobName;
pub use place::BlobPlace;
pub use upload::Upload;

use crate::error::{Result, StoreError};

/// Bytes asked for at once when contents are copied to or from far storage.
const CHUNK: usize = 4 << 20;

/// The store of file contents. Clones share it.
#[derive(Clone)]
pub struct Blobs {
    operator: Operator,
    place: BlobPlace,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Distinct contents.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Blobs {
    /// Opens the place; a local folder is created when missing.
    ///
    /// # Errors
    /// `Config` with a sentence about what to change.
    pub fn open(place: &BlobPlace) -> Result<Blobs> {
        Ok(Blobs { operator: place.operator()?, place: place.clone() })
    }

    /// Removes what was being taken in when the process that serves ended. Only
    /// that process may call it, at its start: others share the folder with it.
    pub fn forget_unfinished(&self) {
        place::empty(&self.place.spool());
    }

    /// Starts taking in contents of unknown length.
    ///
    /// # Errors
    /// `Io` or `DiskFull`.
    pub async fn begin(&self) -> Result<Upload> {
        Upload::begin(self.clone()).await
    }

    /// Keeps `contents`; durable when this returns.
    ///
    /// # Errors
    /// `Io`, `DiskFull` or `Unreachable`.
    pub async fn put(&self, contents: &[u8]) -> Result<BlobName> {
        let mut upload = self.begin().await?;
        upload.append(contents).await?;
        Ok(upload.finish().await?.0)
    }

    /// A part of the contents as a stream; `None` is all of it.
    ///
    /// # Errors
    /// `NoSuchBlob`, or as `put`; the stream itself too.
    pub async fn open_range(
        &self,
        name: &BlobName,
        range: Option<Range<u64>>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let named = *name;
        // Asked first, so that a missing file is an answer and not a broken stream.
        let size = self.size(name).await?;
        let range = range.unwrap_or(0..size);
        let range = range.start.min(size)..range.end.min(size);
        let reader = self.operator.reader(&name.path()).await.map_err(|error| fault(&named, &error))?;
        let stream = reader.into_bytes_stream(range).await.map_err(|error| fault(&named, &error))?;
        Ok(stream.map(move |part| {
            part.map_err(|error| StoreError::Io(format!("reading the contents {named}: {error}")))
        }))
    }

    /// All of the contents at once, for what is known to be small.
    ///
    /// # Errors
    /// As `open_range`.
    pub async fn read(&self, name: &BlobName) -> Result<Bytes> {
        let buffer = self.operator.read(&name.path()).await.map_err(|error| fault(name, &error))?;
        Ok(buffer.to_bytes())
    }

    /// Length in bytes.
    ///
    /// # Errors
    /// As `open_range`.
    pub async fn size(&self, name: &BlobName) -> Result<u64> {
        let meta = self.operator.stat(&name.path()).await.map_err(|error| fault(name, &error))?;
        Ok(meta.content_length())
    }

    /// Whether these contents are kept.
    ///
    /// # Errors
    /// As `put`.
    pub async fn exists(&self, name: &BlobName) -> Result<bool> {
        match self.size(name).await {
            Ok(_) => Ok(true),
            Err(StoreError::NoSuchBlob(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes contents; that they are gone already is fine.
    ///
    /// # Errors
    /// As `put`.
    pub async fn delete(&self, name: &BlobName) -> Result<()> {
        self.operator.delete(&name.path()).await.map_err(|error| fault(name, &error))
    }

    /// Reads everything and compares it with its name.
    ///
    /// # Errors
    /// `Corrupt` when it is not what was put; as `open_range` otherwise.
    pub async fn verify(&self, name: &BlobName) -> Result<()> {
        let mut hash = Sha256::new();
        let mut parts = Box::pin(self.open_range(name, None).await?);
        while let Some(part) = parts.next().await {
            hash.update(&part?);
        }
        if BlobName::from_hash(hash.finalize().into()) == *name {
            return Ok(());
        }
        Err(StoreError::Corrupt(format!("the contents {name} are not what was stored")))
    }

    /// Every name, in no order.
    ///
    /// # Errors
    /// As `put`.
    pub async fn names(&self) -> Result<Vec<(BlobName, u64)>> {
        let failed = |error: opendal::Error| away("listing file contents", &error);
        let mut found = Vec::new();
        let mut entries = self.operator.lister_with("/").recursive(true).await.map_err(failed)?;
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(failed)?;
            if entry.metadata().mode() == EntryMode::DIR {
                continue;
            }
            if let Some(name) = BlobName::from_path(entry.path()) {
                // Some services list names without lengths.
                let size = match entry.metadata().content_length() {
                    0 => self.size(&name).await?,
                    size => size,
                };
                found.push((name, size));
            }
        }
        Ok(found)
    }

    /// How much is kept.
    ///
    /// # Errors
    /// As `put`.
    pub async fn total(&self) -> Result<Total> {
        let names = self.names().await?;
        let add = |total: Total, (_, size): &(BlobName, u64)| Total {
            count: total.count + 1,
            bytes: total.bytes + size,
        };
        Ok(names.iter().fold(Total::default(), add))
    }
}

fn fault(name: &BlobName, error: &opendal::Error) -> StoreError {
    match error.kind() {
        ErrorKind::NotFound => StoreError::NoSuchBlob(name.to_string()),
        _ => away(&format!("file contents {name}"), error),
    }
}

fn away(what: &str, error: &opendal::Error) -> StoreError {
    let text = format!("{what}: {error}");
    if error.is_temporary() { StoreError::Unreachable(text) } else { StoreError::Io(text) }
}

/// A local I/O error in our words.
fn io_fault(what: &str, error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::DiskFull,
        _ => StoreError::Io(format!("{what}: {error}")),
    }
}
