//! The reader threads: each closure sees one snapshot and never waits for the writer.

use super::SqliteLink;
use crate::db::job::ReadJob;
use crate::db::queue::Queue;
use crate::db::{Conn, Link};
use crate::error::Result;

pub(super) fn run(link: SqliteLink, queue: &Queue<Box<dyn ReadJob>>) {
    let mut conn = Conn::new(Link::Sqlite(link));
    while let Some(job) = queue.pop() {
        conn.forgive();
        // A deferred transaction takes its snapshot at the first read and holds it until the end.
        if let Err(error) = control(&mut conn, "BEGIN DEFERRED") {
            job.refuse(error);
            continue;
        }
        job.run(&mut conn);
        if let Err(error) = control(&mut conn, "ROLLBACK") {
            tracing::warn!(error = %error, "a read transaction did not end cleanly");
        }
    }
}

fn control(conn: &mut Conn, text: &'static str) -> Result<()> {
    match &mut conn.link {
        Link::Sqlite(link) => link.control(text),
        Link::Postgres(_) => unreachable!("the SQLite readers were made with SQLite connections"),
    }
}
