//! Taking contents in: collected in a temporary file while their hash is counted, then durable under their name.

use std::fs::File;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{BlobName, BlobPlace, Blobs, CHUNK, away, io_fault};
use crate::disk;
use crate::error::{Result, StoreError};

/// Contents on their way in. Dropped unfinished, it leaves nothing.
pub struct Upload {
    blobs: Blobs,
    file: tokio::fs::File,
    temporary: Temporary,
    hash: Sha256,
    size: u64,
}

/// Removes its file, whatever happens.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // Gone already when it got its name.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Upload {
    pub(super) async fn begin(blobs: Blobs) -> Result<Upload> {
        let mut random = [0u8; 16];
        getrandom::fill(&mut random)
            .map_err(|error| StoreError::Io(format!("the system gives no random bytes: {error}")))?;
        let path = blobs.place.spool().join(format!("{:032x}", u128::from_le_bytes(random)));
        let file =
            tokio::fs::File::create_new(&path).await.map_err(|error| io_fault("a new file", &error))?;
        Ok(Upload { blobs, file, temporary: Temporary(path), hash: Sha256::new(), size: 0 })
    }

    /// Takes the next part.
    ///
    /// # Errors
    /// `Io` or `DiskFull`; the upload is of no more use then.
    pub async fn append(&mut self, part: &[u8]) -> Result<()> {
        self.hash.update(part);
        self.size += part.len() as u64;
        self.file.write_all(part).await.map_err(|error| io_fault("taking in a file", &error))
    }

    /// Bytes so far; the caller stops an upload that is too long.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What was taken in so far, for looking at its type. It is not durable yet.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.temporary.0
    }

    /// Makes the contents durable under their name and answers it with the size.
    ///
    /// # Errors
    /// `Io`, `DiskFull` or `Unreachable`; nothing is kept then.
    pub async fn finish(mut self) -> Result<(BlobName, u64)> {
        self.file.flush().await.map_err(|error| io_fault("taking in a file", &error))?;
        let name = BlobName::from_hash(self.hash.clone().finalize().into());
        match self.blobs.place.clone() {
            BlobPlace::Folder(folder) => self.name_locally(folder, name).await?,
            BlobPlace::S3 { .. } => self.send(name).await?,
        }
        Ok((name, self.size))
    }

    async fn name_locally(&self, folder: PathBuf, name: BlobName) -> Result<()> {
        let temporary = self.temporary.0.clone();
        let work = move || -> std::io::Result<()> {
            let target = folder.join(name.path());
            let directory = target.parent().unwrap_or(&folder);
            disk::make_directory(directory)?;
            File::open(&temporary)?.sync_all()?;
            // The same contents may be there already: the same bytes take their place.
            std::fs::rename(&temporary, &target)?;
            disk::sync_directory(directory)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| io_fault("keeping a file", &error)),
            Err(error) => Err(StoreError::Io(format!("keeping a file: {error}"))),
        }
    }

    async fn send(&self, name: BlobName) -> Result<()> {
        if self.blobs.exists(&name).await? {
            return Ok(());
        }
        let failed = |error: opendal::Error| away("sending file contents", &error);
        let mut source = tokio::fs::File::open(&self.temporary.0)
            .await
            .map_err(|error| io_fault("reading a file again", &error))?;
        let mut writer =
            self.blobs.operator.writer_with(&name.path()).chunk(2 * CHUNK).await.map_err(failed)?;
        loop {
            let mut part = Vec::with_capacity(CHUNK);
            let read = (&mut source).take(CHUNK as u64).read_to_end(&mut part).await;
            if read.map_err(|error| io_fault("reading a file again", &error))? == 0 {
                break;
            }
            writer.write(part).await.map_err(failed)?;
        }
        writer.close().await.map_err(failed).map(drop)
    }
}
