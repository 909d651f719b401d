//! SQLite: one writer thread with group commit, reader threads with read-only connections, and a checkpoint
//! thread. See `docs/decisions` and `writer.rs` for the promise about durability.

mod checkpoint;
mod fault;
mod link;
mod readers;
mod space;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

pub(crate) use link::SqliteLink;

use super::config::DbConfig;
use super::job::{ReadJob, WriteJob};
use super::outlet::Outlet;
use super::queue::{OnlyReader, Queue};
use super::{Conn, Engine, Link, Tx, migrate};
use crate::error::{Result, StoreError};

/// The oldest SQLite without the WAL-reset corruption (design.md §6).
const OLDEST: i32 = 3_051_003;

pub(crate) struct Sqlite {
    pub(crate) writes: Arc<Queue<Box<dyn WriteJob>>>,
    pub(crate) reads: Arc<Queue<Box<dyn ReadJob>>>,
    checkpointer: Option<checkpoint::Checkpointer>,
    threads: Vec<JoinHandle<()>>,
}

impl Sqlite {
    pub(crate) fn open(file: &Path, config: &DbConfig, outlet: Arc<Outlet>) -> Result<Sqlite> {
        assert_version()?;
        make_directory(file)?;
        let mut conn = Conn::new(Link::Sqlite(SqliteLink::writer(file, config.secure_delete)?));
        migrate::run(&mut conn, Engine::Sqlite, config.migrations)?;

        let writes = Arc::new(Queue::new(config.queue));
        let reads = Arc::new(Queue::new(config.queue));
        let mut threads = Vec::new();
        let (checkpointer, checkpoints) = checkpoint::start(file)?;
        let writer = writer::Writer {
            tx: Tx::new(conn),
            queue: writes.clone(),
            group: config.group.max(1),
            space: space::Watermark::new(file, config.disk_reserve),
            outlet,
            checkpointer: checkpointer.clone(),
            checkpoints: Some(checkpoints),
        };
        let only_reader = OnlyReader(writes.clone());
        threads.push(spawn("store-writer", move || {
            writer.run();
            drop(only_reader);
        })?);
        for _ in 0..config.readers.max(1) {
            let link = SqliteLink::reader(file)?;
            let reads = reads.clone();
            threads.push(spawn("store-reader", move || readers::run(link, &reads))?);
        }
        Ok(Sqlite { writes, reads, checkpointer: Some(checkpointer), threads })
    }

    pub(crate) fn fold_log(&self) {
        if let Some(checkpointer) = &self.checkpointer {
            checkpointer.fold();
        }
    }
}

impl Drop for Sqlite {
    /// What waits is still written; then the log is folded into the file.
    fn drop(&mut self) {
        self.checkpointer = None;
        self.reads.close();
        self.writes.close();
        super::join(&mut self.threads);
    }
}

pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| StoreError::Config(format!("cannot start a thread for the database: {error}")))
}

fn assert_version() -> Result<()> {
    if rusqlite::version_number() >= OLDEST {
        return Ok(());
    }
    let version = rusqlite::version();
    Err(StoreError::Config(format!(
        "SQLite {version} can corrupt its log: build Madang with the bundled SQLite (3.51.3 or newer)"
    )))
}

/// Creates the file's directory, and makes the directory's own entry durable.
fn make_directory(file: &Path) -> Result<()> {
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    crate::disk::make_directory(&directory).map_err(|error| {
        StoreError::Config(format!("cannot use {} for the database: {error}", directory.display()))
    })
}
