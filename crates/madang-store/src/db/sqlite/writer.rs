//! The one writer: takes what waits, runs each job, commits once, and only then answers.
//!
//! An answer of success means that the commit's fsync returned. A job's `Err` or panic undoes that job alone; a
//! failed commit is the answer to every job of its group.
//!
//! A savepoint per job costs a copy of every page that the job touches, a sixth of the writer's time, and nearly
//! no job is ever undone: those that are refused have changed nothing yet. So a group runs without savepoints
//! first. When a job has to be undone after it changed something, the whole group is rolled back and run again,
//! each job in a savepoint of its own.

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

/// How the jobs of a group share its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Jobs {
    Together,
    /// Each in a savepoint.
    Apart,
}

/// How a group went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Committed,
    /// A job had to be undone, and all others with it.
    Undone,
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
        match self.attempt(group, Jobs::Together)? {
            Attempt::Committed => Ok(()),
            // A job alone was undone with its transaction.
            Attempt::Undone if group.len() == 1 => Ok(()),
            Attempt::Undone => self.attempt(group, Jobs::Apart).map(drop),
        }
    }

    fn attempt(&mut self, group: &mut [Box<dyn WriteJob>], jobs: Jobs) -> Result<Attempt> {
        // IMMEDIATE: a deferred transaction that turns into a write fails at once with BUSY_SNAPSHOT.
        self.control("BEGIN IMMEDIATE")?;
        let result = self.run_jobs(group, jobs).and_then(|run| {
            self.control(if run == Attempt::Committed { "COMMIT" } else { "ROLLBACK" })?;
            Ok(run)
        });
        match &result {
            Ok(Attempt::Committed) => self.outlet.count_commit(group.len(), self.tx.take_statements()),
            Ok(Attempt::Undone) => self.tx.forget_since(0),
            Err(error) => {
                tracing::warn!(error = %error, group.jobs = group.len(), "a group of writes was not kept");
                if !self.link().is_idle() {
                    self.control("ROLLBACK")?;
                }
            }
        }
        result
    }

    /// Runs each job once. `Undone` at the first one that has to be undone, unless it can be undone alone.
    fn run_jobs(&mut self, group: &mut [Box<dyn WriteJob>], jobs: Jobs) -> Result<Attempt> {
        for job in group {
            if jobs == Jobs::Apart {
                self.control("SAVEPOINT job")?;
            }
            self.tx.forgive();
            let (announced, changing) = (self.tx.announced(), self.link().changing());
            let keep = job.run(&mut self.tx);
            if let Some(error) = self.tx.failed() {
                stop_if_disk_failed(&error);
                // SQLite rolls the whole transaction back by itself when the disk is full: nobody has anything.
                if self.link().is_idle() {
                    return Err(error);
                }
            }
            if !keep {
                self.tx.forget_since(announced);
                match jobs {
                    Jobs::Apart => self.control("ROLLBACK TO job")?,
                    Jobs::Together if self.link().changing() == changing => {}
                    Jobs::Together => return Ok(Attempt::Undone),
                }
            }
            if jobs == Jobs::Apart {
                self.control("RELEASE job")?;
            }
        }
        Ok(Attempt::Committed)
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
