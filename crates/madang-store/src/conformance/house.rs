//! A database of its own for one test, gone at the end.

use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use crate::db::{Db, DbConfig, Migration, Place};
use crate::error::Result;
use crate::{sql, values};

pub(crate) const SCHEMA: &[Migration] =
    &[Migration { name: "0001_test.sql", text: include_str!("schema.sql") }];

sql! {
    pub(crate) const OPEN_SPACE = "INSERT INTO spaces (id, head) VALUES ($1, 0)";
    pub(crate) const NEXT = "UPDATE spaces SET head = head + 1 WHERE id = $1 RETURNING head";
    pub(crate) const KEEP = "INSERT INTO notes (space, seq, text) VALUES ($1, $2, $3)";
    pub(crate) const COUNT = "SELECT count(*) FROM notes WHERE space = $1";
    pub(crate) const HEAD = "SELECT head FROM spaces WHERE id = $1";
}

pub(crate) struct House {
    pub(crate) config: DbConfig,
    directory: TempDir,
}

impl House {
    pub(crate) fn sqlite() -> House {
        let directory = tempfile::tempdir().unwrap();
        let mut config = DbConfig::sqlite(directory.path().join("deep/er/test.db"));
        config.migrations = SCHEMA;
        config.readers = 2;
        House { config, directory }
    }

    /// `None`, with a word about it, when no server is at hand.
    pub(crate) fn postgres() -> Option<House> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let Ok(url) = std::env::var("MADANG_TEST_PG") else {
            eprintln!("MADANG_TEST_PG is not set: this test ran on SQLite only");
            return None;
        };
        let schema = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut config = DbConfig::postgres(url, schema);
        config.migrations = SCHEMA;
        config.readers = 2;
        config.writers = 4;
        Some(House { config, directory: tempfile::tempdir().unwrap() })
    }

    /// Another empty database of the same engine.
    pub(crate) fn sibling(&self) -> House {
        match self.config.place {
            Place::Sqlite(_) => House::sqlite(),
            Place::Postgres { .. } => House::postgres().expect("a server is at hand"),
        }
    }

    pub(crate) fn open(&self) -> Db {
        Db::open(&self.config).unwrap()
    }

    /// A folder of this test's own.
    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub(crate) fn open_with_schema(&self, migrations: &'static [Migration]) -> Db {
        Db::open(&DbConfig { migrations, ..self.config.clone() }).unwrap()
    }

    /// An open database with space 1 in it.
    pub(crate) fn open_with_space(&self) -> Db {
        let db = self.open();
        db.write_blocking(|tx| tx.exec(OPEN_SPACE, values![1])).unwrap();
        db
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Place::Postgres { url, schema } = &self.config.place
            && let Ok(mut client) = postgres::Client::connect(url, postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("DROP SCHEMA IF EXISTS \"{schema}\" CASCADE"));
        }
    }
}

/// Appends a note to space 1 and answers its seq.
pub(crate) fn append(tx: &mut crate::db::Tx, text: &str) -> Result<i64> {
    let row = tx.row(NEXT, values![1])?.expect("space 1 exists");
    let seq: i64 = row.get(0)?;
    tx.exec(KEEP, values![1, seq, text])?;
    Ok(seq)
}

pub(crate) fn count(db: &Db) -> i64 {
    db.read_blocking(|conn| conn.row(COUNT, values![1])?.expect("a count").get(0)).unwrap()
}
