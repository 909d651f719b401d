//! Moves pages from the write-ahead log into the database file, off the writer's path: inside a commit this
//! costs 11 to 16 ms at the 99.9th percentile.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::SqliteLink;
use super::fault::fault;
use crate::error::Result;

/// The log is folded in once it holds this many pages (4 KiB each). A page that was written again and again
/// meanwhile is folded once, so a longer log is cheaper; this one is read in a tenth of a second after a crash.
const PAGES: i32 = 4_000;
/// PASSIVE never waits, so under unbroken load the log is never restarted and grows; from here on the writer
/// is made to wait once.
const TOO_MANY: i32 = 4 * PAGES;

/// Tells the thread how long the log is. Dropping the last one ends the thread.
#[derive(Clone)]
pub(super) struct Checkpointer(SyncSender<Wish>);

enum Wish {
    /// The log is this many pages long.
    Long(i32),
    /// Leave nothing in the log.
    Fold,
}

impl Checkpointer {
    /// After each commit; never waits.
    pub(super) fn log_is(&self, pages: i32) {
        if pages >= PAGES {
            // A full channel means that a checkpoint is under way already.
            let _ = self.0.try_send(Wish::Long(pages));
        }
    }

    /// Waits for a checkpoint that is under way, not for its own.
    pub(super) fn fold(&self) {
        // The thread is gone only when the database closes, which folds the log too.
        let _ = self.0.send(Wish::Fold);
    }
}

pub(super) fn start(file: &Path) -> Result<(Checkpointer, JoinHandle<()>)> {
    let link = SqliteLink::checkpointer(file)?;
    let (sender, receiver) = sync_channel(1);
    let thread = super::spawn("store-checkpoint", move || run(&link, &receiver))?;
    Ok((Checkpointer(sender), thread))
}

fn run(link: &SqliteLink, wishes: &Receiver<Wish>) {
    while let Ok(wish) = wishes.recv() {
        let mode = match wish {
            Wish::Fold => "TRUNCATE",
            Wish::Long(pages) if pages >= TOO_MANY => "RESTART",
            Wish::Long(_) => "PASSIVE",
        };
        checkpoint(link, mode);
    }
    checkpoint(link, "TRUNCATE");
}

/// A checkpoint that cannot be made loses nothing: the log is the record until it is folded in.
fn checkpoint(link: &SqliteLink, mode: &str) {
    let result = link.raw().query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    });
    match result.map_err(fault) {
        Ok((busy, log, folded)) => {
            tracing::debug!(wal.busy = busy, wal.pages = log, wal.folded = folded, mode, "checkpoint");
        }
        Err(error) => {
            // An fsync error here is as final as one in a commit: the pages may be gone from the cache.
            super::fault::stop_if_disk_failed(&error);
            tracing::warn!(error = %error, "checkpoint failed; the log stays and grows");
        }
    }
}
