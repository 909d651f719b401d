//! What was made of contents and can be made again, such as small pictures: kept beside them under their name and a
//! word of ours, gone with them, and in no backup.

use bytes::Bytes;
use opendal::ErrorKind;

use super::adopt::blocking;
use super::{BlobName, BlobPlace, Blobs, fault};
use crate::disk;
use crate::error::Result;

impl Blobs {
    /// What was made of `name` under `word`, if it is there.
    ///
    /// # Errors
    /// `Io` or `Unreachable`.
    pub async fn derived(&self, name: &BlobName, word: &str) -> Result<Option<Bytes>> {
        match self.operator.read(&path(name, word)).await {
            Ok(buffer) => Ok(Some(buffer.to_bytes())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault(name, &error)),
        }
    }

    /// Keeps what was made of `name`: all of it or nothing is there afterwards, whatever happens.
    ///
    /// # Errors
    /// `Io`, `DiskFull` or `Unreachable`.
    pub async fn put_derived(&self, name: &BlobName, word: &str, made: Bytes) -> Result<()> {
        let BlobPlace::Folder(folder) = &self.place else {
            return match self.operator.write(&path(name, word), made).await {
                Ok(_) => Ok(()),
                Err(error) => Err(fault(name, &error)),
            };
        };
        let target = folder.join(path(name, word));
        // One is made at a time (the caller sees to that), so the name can be a fixed one.
        let temporary = self.place.spool().join(format!("{name}-{word}"));
        blocking("keeping a small picture", move || {
            use std::io::Write;
            let mut file = std::fs::File::create(&temporary)?;
            file.write_all(&made)?;
            file.sync_all()?;
            disk::make_directory(target.parent().expect("it has folders"))?;
            std::fs::rename(&temporary, &target)
        })
        .await
    }

    /// Removes what was made of `name` under any of `words`.
    ///
    /// # Errors
    /// `Io` or `Unreachable`.
    pub async fn delete_derived(&self, name: &BlobName, words: &[&str]) -> Result<()> {
        for word in words {
            self.operator.delete(&path(name, word)).await.map_err(|error| fault(name, &error))?;
        }
        Ok(())
    }
}

fn path(name: &BlobName, word: &str) -> String {
    format!("made/{}-{word}", name.path())
}
