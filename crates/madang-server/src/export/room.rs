//! A file that leaves room on the disk: an export must not be what makes the house refuse messages.

use std::fs::File;
use std::io::{Error, ErrorKind, Result, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes that stay free: more than uploads leave, and far more than the log wants.
const ROOM: u64 = 256 << 20;
/// It is looked after so many bytes.
const LOOK: u64 = 8 << 20;

pub struct Roomy {
    file: File,
    folder: PathBuf,
    since: u64,
}

impl Roomy {
    /// Begins a file that only we read. One that is there is overwritten.
    pub fn create(path: &Path) -> Result<Roomy> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        look(&folder)?;
        Ok(Roomy { file: options.open(path)?, folder, since: 0 })
    }

    /// Durable when this returns; gives the length.
    pub fn keep(self) -> Result<u64> {
        self.file.sync_all()?;
        Ok(self.file.metadata()?.len())
    }
}

fn look(folder: &Path) -> Result<()> {
    match madang_store::free_bytes(folder) {
        Some(free) if free < ROOM => Err(Error::from(ErrorKind::StorageFull)),
        _ => Ok(()),
    }
}

impl Write for Roomy {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let written = self.file.write(bytes)?;
        self.since += written as u64;
        if self.since >= LOOK {
            self.since = 0;
            look(&self.folder)?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}

impl Seek for Roomy {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.file.seek(to)
    }
}
