//! Writing exports, one after the other. What was cut off by the end of the process begins again: half of one moment
//! and half of another would be no export of either.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use madang_model::{PersonId, Refusal};
use madang_store::StoreError;
use madang_store::exports::{self, ExportRecord};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::may_export;
use crate::app::App;
use crate::audit::by_somebody;
use crate::error::{Error, Result};
use crate::import::Progress;

/// How long an export is kept.
const KEPT_US: i64 = 7 * 86_400_000_000;

/// One export that is being written.
#[derive(Debug)]
pub struct Work {
    pub id: i64,
    /// Whoever asked for it.
    pub person: PersonId,
    /// With closed spaces and direct conversations.
    pub private: bool,
    done: AtomicI64,
    of: AtomicI64,
    stopped: AtomicBool,
}

/// It was stopped, or the house is closing.
#[derive(Debug, thiserror::Error)]
#[error("the export was stopped")]
pub struct Stopped;

impl Work {
    #[must_use]
    pub fn new(id: i64, person: PersonId, private: bool) -> Work {
        let (done, of) = (AtomicI64::new(0), AtomicI64::new(0));
        Work { id, person, private, done, of, stopped: AtomicBool::new(false) }
    }

    /// How many events there are.
    pub fn expect(&self, of: i64) {
        self.of.store(of, Ordering::Relaxed);
    }

    /// So many more events are in; asked often enough to end soon after it is stopped.
    ///
    /// # Errors
    /// `Stopped`.
    pub fn went_on(&self, events: i64) -> Result<(), Stopped> {
        self.done.fetch_add(events, Ordering::Relaxed);
        if self.stopped.load(Ordering::Relaxed) { Err(Stopped) } else { Ok(()) }
    }

    /// Events that are in, and of how many.
    pub fn progress(&self) -> Progress {
        let of = self.of.load(Ordering::Relaxed);
        // What was said meanwhile is in too.
        let done = self.done.load(Ordering::Relaxed).min(of);
        Progress { done: done as u64, of: of as u64 }
    }
}

/// The export that is being written in this process.
#[derive(Default)]
pub(crate) struct Writing {
    current: Mutex<Option<Arc<Work>>>,
    new: Notify,
    closing: AtomicBool,
}

impl Writing {
    pub(crate) fn wake(&self) {
        self.new.notify_one();
    }

    pub(crate) fn progress(&self, id: i64) -> Option<Progress> {
        self.current.lock().as_ref().filter(|it| it.id == id).map(|it| it.progress())
    }

    /// Stops this one, if it is the one that is written.
    pub(crate) fn stop(&self, id: i64) {
        if let Some(work) = self.current.lock().as_ref().filter(|it| it.id == id) {
            work.stopped.store(true, Ordering::Relaxed);
        }
    }

    /// Stops whichever is written; it begins again if it is still wanted.
    pub(crate) fn stop_any(&self) {
        if let Some(work) = self.current.lock().as_ref() {
            work.stopped.store(true, Ordering::Relaxed);
        }
        self.new.notify_one();
    }
}

impl App {
    /// Writes exports until the process ends. `write` knows the shapes: it writes one to a path, on a thread that may
    /// wait, and says how many bytes it has.
    pub async fn work_exports<W>(self: Arc<Self>, write: W)
    where
        W: Fn(&Arc<App>, &Arc<Work>, PathBuf) -> anyhow::Result<u64> + Clone + Send + Sync + 'static,
    {
        let begun = self.db.write(|tx| -> Result<()> { Ok(exports::cut_off(tx)?) }).await;
        if let Err(error) = begun {
            tracing::error!(%error, "Exports that were cut off could not be found");
        }
        if let Err(error) = self.clear_exports().await {
            tracing::error!(%error, "What is left of exports could not be cleared away");
        }
        while !self.writing.closing.load(Ordering::Relaxed) {
            match self.db.write(|tx| -> Result<_> { Ok(exports::take(tx)?) }).await {
                Ok(Some(record)) => self.write_export(record, write.clone()).await,
                Ok(None) => self.writing.new.notified().await,
                Err(error) => {
                    tracing::error!(%error, "Exports could not be looked for, it is tried again");
                    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                }
            }
        }
    }

    async fn write_export<W>(self: &Arc<Self>, record: ExportRecord, write: W)
    where
        W: Fn(&Arc<App>, &Arc<Work>, PathBuf) -> anyhow::Result<u64> + Send + Sync + 'static,
    {
        let id = record.id;
        let work = Arc::new(Work::new(id, record.person, record.private));
        *self.writing.current.lock() = Some(work.clone());
        let (app, task, part) = (self.clone(), work.clone(), self.export_path(id).with_extension("part"));
        let written = match self.begin_export(&record).await {
            Err(error) => Err(error.into()),
            Ok(()) => match tokio::task::spawn_blocking(move || write(&app, &task, part)).await {
                Ok(written) => written,
                Err(_) => Err(anyhow::anyhow!("it broke; the log says where")),
            },
        };
        let stopped = work.stopped.load(Ordering::Relaxed);
        let ended = match written {
            Ok(size) if !stopped => self.keep_export(id, size).await,
            Ok(_) => Ok(()),
            // Whoever stopped it has written down what comes of it.
            Err(_) if stopped => Ok(()),
            Err(error) => {
                let word = word_for(&error);
                tracing::error!(export = id, "An export could not be written: {error:#}");
                self.db.write(move |tx| -> Result<()> { Ok(exports::failed(tx, id, word)?) }).await
            }
        };
        if let Err(error) = ended {
            tracing::error!(%error, export = id, "What became of an export could not be written down");
        }
        *self.writing.current.lock() = None;
        if let Err(error) = self.clear_exports().await {
            tracing::error!(%error, "What is left of an export could not be cleared away");
        }
    }

    /// Whoever asked may have lost the right since, and the folder may not be there yet.
    async fn begin_export(self: &Arc<Self>, record: &ExportRecord) -> Result<()> {
        let person = record.person;
        self.db.read(move |conn| may_export(conn, person)).await?;
        let folder = self.config.exports.clone();
        let made = tokio::task::spawn_blocking(move || private_folder(&folder)).await;
        made.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
        Ok(())
    }

    async fn keep_export(self: &Arc<Self>, id: i64, size: u64) -> Result<()> {
        let path = self.export_path(id);
        tokio::fs::rename(path.with_extension("part"), &path).await.map_err(anyhow::Error::from)?;
        let until_us = self.clock.now_us() + KEPT_US;
        // Removed in this very moment, it is cleared away like anything that nobody knows.
        self.db
            .write(move |tx| -> Result<()> { Ok(exports::done(tx, id, size as i64, until_us).map(drop)?) })
            .await
    }

    /// Removes what is over, what nobody knows in the folder, and what is known and not there.
    pub(crate) async fn clear_exports(self: &Arc<Self>) -> Result<()> {
        let (app, by, now_us) = (self.clone(), by_somebody(), self.clock.now_us());
        let folder = self.config.exports.clone();
        let there = tokio::task::spawn_blocking(move || names(&folder)).await.map_err(anyhow::Error::from)?;
        let files: HashSet<PathBuf> = there.into_iter().collect();
        let current = self.writing.current.lock().as_ref().map(|it| self.export_path(it.id));
        let kept = self
            .db
            .write(move |tx| -> Result<HashSet<PathBuf>> {
                let mut kept = HashSet::new();
                if let Some(path) = &current {
                    kept.extend([path.with_extension("part"), path.clone()]);
                }
                for record in exports::list(tx)?.into_iter().filter(|it| it.state == "done") {
                    let path = app.export_path(record.id);
                    if record.until.is_some_and(|until| until <= now_us) || !path.exists() {
                        app.forget_export(tx, by, &record)?;
                    } else {
                        kept.insert(path);
                    }
                }
                Ok(kept)
            })
            .await?;
        for file in files.difference(&kept) {
            if let Err(error) = tokio::fs::remove_file(file).await {
                tracing::warn!(file = %file.display(), %error, "What is left of an export cannot be removed");
            }
        }
        Ok(())
    }

    /// Lets what is being written end, before the house is closed. The next start begins it again.
    pub fn interrupt_exports(&self) {
        self.writing.closing.store(true, Ordering::Relaxed);
        self.writing.stop_any();
    }

    pub(crate) fn export_path(&self, id: i64) -> PathBuf {
        self.config.exports.join(format!("{id}.zip"))
    }
}

/// A word by which owners are told why it failed.
fn word_for(error: &anyhow::Error) -> &'static str {
    let full = error.chain().any(|it| {
        matches!(it.downcast_ref(), Some(StoreError::DiskFull))
            || matches!(it.downcast_ref(), Some(Error::Store(StoreError::DiskFull)))
            || it.downcast_ref().is_some_and(|it: &std::io::Error| {
                matches!(it.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
            })
    });
    let not_owner = matches!(error.downcast_ref(), Some(Error::Refusal(Refusal::NotAllowed(_))));
    match (full, not_owner) {
        (true, _) => "disk_full",
        (_, true) => "not_allowed",
        _ => "broke",
    }
}

/// A folder that nobody else on the machine looks into.
pub(crate) fn private_folder(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn names(folder: &std::path::Path) -> Vec<PathBuf> {
    // It is made with the first export.
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).collect()
}
