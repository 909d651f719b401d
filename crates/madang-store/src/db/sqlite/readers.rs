//! The reader threads: each closure sees one snapshot and never waits for the writer.

use super::SqliteLink;
use crate::db::job::ReadJob;
use crate::db::queue::Queue;
use crate::db::{Conn, Link};

pub(super) fn run(link: SqliteLink, queue: &Queue<Box<dyn ReadJob>>) {
    let mut conn = Conn::new(Link::Sqlite(link));
    while let Some(job) = queue.pop() {
        conn.forgive();
        // A deferred transaction takes its snapshot at the first read and holds it until the end.
        if let Err(error) = conn.batch("BEGIN DEFERRED") {
            job.refuse(error);
            continue;
        }
        job.run(&mut conn);
        if let Err(error) = conn.batch("ROLLBACK") {
            tracing::warn!(error = %error, "a read transaction did not end cleanly");
        }
    }
}
