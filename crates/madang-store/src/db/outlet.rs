//! What leaves the store after a commit: announcements to the sink, and counts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::RwLock;

use crate::bus::Announcement;

/// Is given the announcements of a whole commit in order, on the store's thread, before the answers. Must be quick.
pub type CommitSink = Box<dyn Fn(Vec<Announcement>) + Send + Sync>;

/// How much was written since the database was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Transactions made durable.
    pub commits: u64,
    /// Jobs that shared them.
    pub jobs: u64,
    /// Statements that the jobs ran.
    pub statements: u64,
}

#[derive(Default)]
pub(crate) struct Outlet {
    sink: RwLock<Option<CommitSink>>,
    commits: AtomicU64,
    jobs: AtomicU64,
    statements: AtomicU64,
}

impl Outlet {
    pub(crate) fn set(&self, sink: CommitSink) {
        *self.sink.write() = Some(sink);
    }

    /// The commit stands whatever the sink does: an announcement is a hint.
    pub(crate) fn announce(&self, announcements: Vec<Announcement>) {
        if announcements.is_empty() {
            return;
        }
        if let Some(sink) = &*self.sink.read()
            && catch_unwind(AssertUnwindSafe(|| sink(announcements))).is_err()
        {
            tracing::error!("the commit sink panicked; readers catch up from the log");
        }
    }

    pub(crate) fn count_commit(&self, jobs: usize, statements: u64) {
        self.statements.fetch_add(statements, Ordering::Relaxed);
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.jobs.fetch_add(jobs as u64, Ordering::Relaxed);
    }

    pub(crate) fn stats(&self) -> Stats {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Stats { commits: read(&self.commits), jobs: read(&self.jobs), statements: read(&self.statements) }
    }
}
