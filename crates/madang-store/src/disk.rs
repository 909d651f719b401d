//! The disk: making files and directories durable (a name survives a power cut only when its directory was synced
//! too), and how much room is left.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Creates `directory` and its parents and syncs every directory that got a new entry.
pub(crate) fn make_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    match directory.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => {
            make_directory(parent)?;
            create_one(directory)?;
            sync_directory(parent)
        }
        _ => create_one(directory).and_then(|()| sync_directory(Path::new("."))),
    }
}

fn create_one(directory: &Path) -> io::Result<()> {
    match fs::create_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// fsync of a directory: its entries (new names, renames, removals) are durable afterwards.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Free bytes for us where `directory` is; `None` when the file system does not say.
#[must_use]
pub fn free(directory: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(directory).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}
