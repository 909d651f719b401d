//! The one writer: takes what waits, runs each job in its own savepoint, commits once, and only then answers.
//!
//! An answer of success means that the commit's fsync returned. A job's `Err` or panic undoes that job alone; a
//! failed commit is the answer to every job of its group.

use std::sync::Arc;
use std::thread::JoinHandle;

use super::SqliteLink;
use super::checkpoint::Checkpointer;
use super::fault::stop_if_disk_failed;
use super::space::Watermark;
use crate::db::job::WriteJob;
use crate::db::outlet::Outlet;
use crate::db::queue::Queue;
use crate::db::{Link, Tx};
use crate::error::Result;

pub(super) struct Writer {
    pub(super) tx: Tx,
    pub(super) queue: Arc<Queue<Box<dyn WriteJob>>>,
    pub(super) group: usize,
    pub(super) space: Watermark,
    pub(super) outlet: Arc<Outlet>,
    pub(super) checkpointer: Checkpointer,
    pub(super) checkpoints: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn run(mut self) {
        let mut group = Vec::with_capacity(self.group);
        while self.queue.pop_group(self.group, &mut group) {
            let committed = self.space.check().and_then(|()| self.commit(&mut group));
            if committed.is_ok() {
                self.outlet.announce(self.tx.take_announcements());
            } else {
                self.tx.forget_since(0);
            }
            for job in group.drain(..) {
                job.answer(committed.clone());
            }
            let pages = self.link().wal_pages();
            self.checkpointer.log_is(pages);
        }
        self.close();
    }

    /// Our own connection closes first, so that the last checkpoint meets nobody.
    fn close(self) {
        drop(self.tx);
        drop(self.checkpointer);
        if let Some(thread) = self.checkpoints {
            let _ = thread.join();
        }
    }

    fn commit(&mut self, group: &mut [Box<dyn WriteJob>]) -> Result<()> {
        // IMMEDIATE: a deferred transaction that turns into a write fails at once with BUSY_SNAPSHOT.
        self.control("BEGIN IMMEDIATE")?;
        let result = self.run_jobs(group).and_then(|()| self.control("COMMIT"));
        if let Err(error) = &result {
            tracing::warn!(error = %error, group.jobs = group.len(), "a group of writes was not kept");
            if !self.link().is_idle() {
                self.control("ROLLBACK")?;
            }
        } else {
            self.outlet.count_commit(group.len());
        }
        result
    }

    fn run_jobs(&mut self, group: &mut [Box<dyn WriteJob>]) -> Result<()> {
        for job in group {
            self.control("SAVEPOINT job")?;
            self.tx.forgive();
            let mark = self.tx.announced();
            let keep = job.run(&mut self.tx);
            if let Some(error) = self.tx.failed() {
                stop_if_disk_failed(&error);
                // SQLite rolls the whole transaction back by itself when the disk is full: nobody has anything.
                if self.link().is_idle() {
                    return Err(error);
                }
            }
            if keep {
                self.control("RELEASE job")?;
            } else {
                self.tx.forget_since(mark);
                self.control("ROLLBACK TO job")?;
                self.control("RELEASE job")?;
            }
        }
        Ok(())
    }

    fn control(&mut self, text: &'static str) -> Result<()> {
        let result = self.link().control(text);
        if let Err(error) = &result {
            stop_if_disk_failed(error);
        }
        result
    }

    fn link(&mut self) -> &mut SqliteLink {
        match &mut self.tx.link {
            Link::Sqlite(link) => link,
            Link::Postgres(_) => unreachable!("the SQLite writer was made with a SQLite connection"),
        }
    }
}
