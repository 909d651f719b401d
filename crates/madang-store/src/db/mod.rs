//! One small `Db` over SQLite and PostgreSQL: plain closures on the store's own threads, one SQL text for both.
//!
//! - `db.write(|tx| …)` is answered after the change is durable (fsync); many callers share one commit.
//! - `db.read(|conn| …)` sees one snapshot and never waits for the writer.
//! - A closure may be run again (after a collision on PostgreSQL), so it changes nothing but the database.
//! - Dropping the future does not take a write back: once asked for, it runs.

mod config;
mod conn;
pub mod dialect;
mod health;
mod job;
mod migrate;
mod outlet;
mod postgres;
mod queue;
mod row;
pub mod snapshot;
mod sqlite;
mod statements;
mod value;

use std::future::Future;
use std::sync::Arc;
use std::thread::JoinHandle;

pub use config::{DbConfig, Place};
pub use conn::{Conn, Tx};
pub use dialect::Engine;
pub use health::Health;
pub use migrate::{CONTENT, KEYS, Migration};
pub use outlet::{CommitSink, Stats};
pub use row::{FromRow, FromValue, Row};
pub use statements::Statement;
pub use value::Value;

pub(crate) use conn::Link;

use crate::error::{Result, StoreError};
use job::{Read, ReadJob, Write, WriteJob};
use outlet::Outlet;
use queue::Queue;

/// An open database. Clones share it; the last one to go writes what waits and closes.
#[derive(Clone)]
pub struct Db {
    back: Arc<Back>,
    outlet: Arc<Outlet>,
}

enum Back {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens (and creates) the database and brings its schema up to date. Blocks; call it before serving.
    ///
    /// # Errors
    /// `Config` or `Migration` with a sentence that says what to do; `Unreachable` when the server is away.
    pub fn open(config: &DbConfig) -> Result<Db> {
        let outlet = Arc::<Outlet>::default();
        let back = match &config.place {
            Place::Sqlite(file) => Back::Sqlite(sqlite::Sqlite::open(file, config, outlet.clone())?),
            Place::Postgres { url, schema } => {
                Back::Postgres(postgres::Postgres::open(url, schema, config, &outlet)?)
            }
        };
        Ok(Db { back: Arc::new(back), outlet })
    }

    /// Which engine is underneath.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &*self.back {
            Back::Sqlite(_) => Engine::Sqlite,
            Back::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs `work` in a writing transaction. Success is answered only after the change is durable. An `Err` or a
    /// panic in `work` undoes its changes and is the answer.
    pub fn write<T, E, F>(&self, work: F) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        // The caller may have gone away; the write stands all the same.
        self.push_write(Box::new(Write::new(work, move |result| drop(reply.send(result)))));
        async move { answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into())) }
    }

    /// `write` for threads that may wait. Never call it on an async task, nor inside another closure of this `Db`.
    ///
    /// # Errors
    /// What `work` answered, or what hindered the commit.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = std::sync::mpsc::sync_channel(1);
        self.push_write(Box::new(Write::new(work, move |result| drop(reply.send(result)))));
        answer.recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs `work` on a read-only connection that sees one snapshot.
    pub fn read<T, E, F>(&self, work: F) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.push_read(Box::new(Read::new(work, move |result| drop(reply.send(result)))));
        async move { answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into())) }
    }

    /// `read` for threads that may wait.
    ///
    /// # Errors
    /// What `work` answered, or what hindered the read.
    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = std::sync::mpsc::sync_channel(1);
        self.push_read(Box::new(Read::new(work, move |result| drop(reply.send(result)))));
        answer.recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Who is given the announcements of each commit, in order, after the commit and before the answers.
    ///
    /// On PostgreSQL two commits may be announced out of order: an announcement is a hint, the log is the record.
    pub fn set_commit_sink(&self, sink: CommitSink) {
        self.outlet.set(sink);
    }

    /// Commits and jobs since the database was opened.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.outlet.stats()
    }

    /// SQLite: folds the write-ahead log into the file soon, so that what was deleted is gone from the disk too.
    /// (Deleted rows are overwritten when `DbConfig::secure_delete` is on.) PostgreSQL: does nothing.
    pub fn fold_log(&self) {
        if let Back::Sqlite(sqlite) = &*self.back {
            sqlite.fold_log();
        }
    }

    /// Prepares every statement without running it.
    ///
    /// # Errors
    /// The first statement that the engine does not take, by name.
    pub fn check_statements(&self, statements: Vec<Statement>) -> Result<()> {
        self.read_blocking(move |conn| {
            for (name, sql) in statements {
                conn.check(sql).map_err(|error| StoreError::Statement(format!("{name}: {error}")))?;
            }
            Ok(())
        })
    }

    fn push_write(&self, job: Box<dyn WriteJob>) {
        let queue: &Queue<_> = match &*self.back {
            Back::Sqlite(sqlite) => &sqlite.writes,
            Back::Postgres(postgres) => &postgres.writes,
        };
        if let Err((job, error)) = queue.push(job) {
            job.answer(Err(error));
        }
    }

    fn push_read(&self, job: Box<dyn ReadJob>) {
        let queue: &Queue<_> = match &*self.back {
            Back::Sqlite(sqlite) => &sqlite.reads,
            Back::Postgres(postgres) => &postgres.reads,
        };
        if let Err((job, error)) = queue.push(job) {
            job.refuse(error);
        }
    }
}

/// Waits for the threads, unless one of them is waiting for itself (the last clone died inside a closure).
fn join(threads: &mut Vec<JoinHandle<()>>) {
    let here = std::thread::current().id();
    for thread in threads.drain(..) {
        if thread.thread().id() != here {
            let _ = thread.join();
        }
    }
}
