//! PostgreSQL: threads with one connection each, for writes and for reads apart, so that a write waiting for a
//! row lock never keeps a reader waiting.
//!
//! Writes are READ COMMITTED: the row lock on the space gives the order (`UPDATE spaces … RETURNING` first).
//! Reads are REPEATABLE READ, so each closure sees one snapshot, as on SQLite.

mod connect;
mod fault;
mod link;
mod threads;
mod value;

use std::sync::Arc;
use std::thread::JoinHandle;

pub(crate) use link::PgLink;

use super::config::DbConfig;
use super::job::{ReadJob, WriteJob};
use super::outlet::Outlet;
use super::queue::Queue;
use super::{Conn, Engine, Link, migrate};
use crate::error::Result;

pub(crate) struct Postgres {
    pub(crate) writes: Arc<Queue<Box<dyn WriteJob>>>,
    pub(crate) reads: Arc<Queue<Box<dyn ReadJob>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Postgres {
    pub(crate) fn open(url: &str, schema: &str, config: &DbConfig, outlet: &Arc<Outlet>) -> Result<Postgres> {
        let server = Arc::new(connect::Server::new(url, schema)?);
        prepare_schema(&server, config)?;
        let writes = Arc::new(Queue::new(config.queue));
        let reads = Arc::new(Queue::new(config.queue));
        let mut threads = Vec::new();
        for _ in 0..config.writers.max(1) {
            let worker = threads::Worker::new(server.clone(), config.patience);
            let (queue, outlet) = (writes.clone(), outlet.clone());
            threads
                .push(super::sqlite::spawn("store-writer", move || threads::write(worker, &queue, &outlet))?);
        }
        for _ in 0..config.readers.max(1) {
            let worker = threads::Worker::new(server.clone(), config.patience);
            let queue = reads.clone();
            threads.push(super::sqlite::spawn("store-reader", move || threads::read(worker, &queue))?);
        }
        Ok(Postgres { writes, reads, threads })
    }
}

/// One node at a time creates the schema and brings it up to date; the others wait for the lock.
fn prepare_schema(server: &connect::Server, config: &DbConfig) -> Result<()> {
    // The synchronous client drives its own runtime, which must not be nested in the caller's.
    std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let mut link = server.connect()?;
            link.batch(&format!("SELECT pg_advisory_lock({})", connect::SCHEMA_LOCK))?;
            server.create_schema(&mut link)?;
            let mut conn = Conn::new(Link::Postgres(Box::new(link)));
            // The session ends with the connection, and the lock with it.
            migrate::run(&mut conn, Engine::Postgres, config.migrations)
        });
        work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.reads.close();
        self.writes.close();
        super::join(&mut self.threads);
    }
}
