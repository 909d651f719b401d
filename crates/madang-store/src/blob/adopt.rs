//! Taking over a file that lies on our disk already: its hash is counted by reading it once, and it gets its name
//! without another copy where the file system can do that.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{BlobName, BlobPlace, Blobs, CHUNK, io_fault};
use crate::disk;
use crate::error::{Result, StoreError};

impl Blobs {
    /// The name that the contents of `file` have, and their length. Reads all of it.
    ///
    /// # Errors
    /// `Io`.
    pub async fn name_of(file: &Path) -> Result<(BlobName, u64)> {
        let file = file.to_path_buf();
        blocking("reading a file", move || {
            let mut source = File::open(&file)?;
            let (mut hash, mut size) = (Sha256::new(), 0);
            let mut part = vec![0; 256 << 10];
            loop {
                let read = match source.read(&mut part) {
                    Ok(0) => break,
                    Ok(read) => read,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error),
                };
                hash.update(&part[..read]);
                size += read as u64;
            }
            Ok((BlobName::from_hash(hash.finalize().into()), size))
        })
        .await
    }

    /// Keeps the contents of `file` under `name`, which must be theirs; durable when this returns. The file stays
    /// where it is, so that a crash before the caller has noted the name loses nothing.
    ///
    /// # Errors
    /// `Io`, `DiskFull` or `Unreachable`.
    pub async fn keep(&self, file: &Path, name: BlobName) -> Result<()> {
        if let BlobPlace::Folder(folder) = &self.place {
            let (from, target) = (file.to_path_buf(), folder.join(name.path()));
            if blocking("keeping a file", move || link(&from, &target)).await? {
                return Ok(());
            }
        }
        if self.exists(&name).await? {
            return Ok(());
        }
        self.copy_in(file, name).await
    }

    async fn copy_in(&self, file: &Path, name: BlobName) -> Result<()> {
        use tokio::io::AsyncReadExt;
        let failed = |error| io_fault("reading a file again", &error);
        let mut source = tokio::fs::File::open(file).await.map_err(failed)?;
        let mut upload = self.begin().await?;
        let mut part = vec![0; CHUNK];
        loop {
            match source.read(&mut part).await.map_err(failed)? {
                0 => break,
                read => upload.append(&part[..read]).await?,
            }
        }
        match upload.finish().await? {
            (kept, _) if kept == name => Ok(()),
            _ => Err(StoreError::Corrupt("a file changed while it was taken over".into())),
        }
    }
}

/// Gives `from` a second name. False when this file system knows no second names, or not across these folders.
fn link(from: &Path, target: &Path) -> std::io::Result<bool> {
    let directory = target.parent().expect("a blob's path has two folders");
    disk::make_directory(directory)?;
    File::open(from)?.sync_all()?;
    match std::fs::hard_link(from, target) {
        Ok(()) => {}
        // The same contents are there.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == ErrorKind::StorageFull => return Err(error),
        Err(_) => return Ok(false),
    }
    disk::sync_directory(directory)?;
    Ok(true)
}

pub(super) async fn blocking<T, F>(what: &'static str, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> std::io::Result<T> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| io_fault(what, &error)),
        Err(error) => Err(StoreError::Io(format!("{what}: {error}"))),
    }
}
