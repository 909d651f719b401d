//! What a closure is given: a connection to ask (`Conn`), and one to change things in a transaction (`Tx`).
//!
//! A failed statement spoils its transaction on both engines: every later statement of the closure answers
//! the same error, and nothing of it is kept. Use `ON CONFLICT` where a clash is expected.

use std::ops::{Deref, DerefMut};

use super::postgres::PgLink;
use super::sqlite::SqliteLink;
use super::{Engine, Row, Value};
use crate::bus::Announcement;
use crate::error::{Result, StoreError};

/// A connection inside a transaction that sees one snapshot (`db.read`) or the newest state (`db.write`).
pub struct Conn {
    pub(crate) link: Link,
    failed: Option<StoreError>,
    /// Statements since they were last counted.
    statements: u64,
}

/// One engine's open connection.
pub(crate) enum Link {
    Sqlite(SqliteLink),
    Postgres(Box<PgLink>),
}

impl Conn {
    pub(crate) fn new(link: Link) -> Conn {
        Conn { link, failed: None, statements: 0 }
    }

    /// Which engine answers; for modules that keep a view in an engine's own shape (search).
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// What the engine said, as `StoreError`.
    pub fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.each(sql, values, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// What the engine said, as `StoreError`.
    pub fn row(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// Hands each row to `visit` as it arrives, so that a long answer needs no memory.
    ///
    /// # Errors
    /// What the engine said, or what `visit` said.
    pub fn each(
        &mut self,
        sql: &'static str,
        values: &[Value],
        mut visit: impl FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        self.guarded(values, |link| match link {
            Link::Sqlite(link) => link.each(sql, values, &mut visit),
            Link::Postgres(link) => link.each(sql, values, &mut visit),
        })
    }

    pub(crate) fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        self.guarded(values, |link| match link {
            Link::Sqlite(link) => link.exec(sql, values),
            Link::Postgres(link) => link.exec(sql, values),
        })
    }

    /// `each` for a text made at run time (snapshots); not kept prepared.
    pub(crate) fn each_text(
        &mut self,
        text: &str,
        values: &[Value],
        mut visit: impl FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        self.guarded(values, |link| match link {
            Link::Sqlite(link) => link.each_text(text, values, &mut visit),
            Link::Postgres(link) => link.each_text(text, values, &mut visit),
        })
    }

    /// A change whose text is made at run time (snapshots).
    pub(crate) fn exec_text(&mut self, text: &str, values: &[Value]) -> Result<()> {
        self.each_text(text, values, |_| Ok(()))
    }

    /// Runs text that is not a registered statement: migrations, transaction control, snapshots.
    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        match &mut self.link {
            Link::Sqlite(link) => link.batch(text),
            Link::Postgres(link) => link.batch(text),
        }
    }

    /// Prepares without running, for the test that every statement is good on both engines.
    pub(crate) fn check(&mut self, sql: &'static str) -> Result<()> {
        match &mut self.link {
            Link::Sqlite(link) => link.check(sql),
            Link::Postgres(link) => link.check(sql),
        }
    }

    fn guarded<T>(&mut self, values: &[Value], work: impl FnOnce(&mut Link) -> Result<T>) -> Result<T> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.statements += 1;
        let result =
            if values.iter().any(Value::has_nul) { Err(StoreError::NulInText) } else { work(&mut self.link) };
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result
    }

    /// The first failed statement since `forgive`.
    pub(crate) fn failed(&self) -> Option<StoreError> {
        self.failed.clone()
    }

    /// Starts a new job on this connection.
    pub(crate) fn forgive(&mut self) {
        self.failed = None;
    }
}

/// A connection inside a writing transaction.
pub struct Tx {
    conn: Conn,
    announcements: Vec<Announcement>,
}

impl Tx {
    pub(crate) fn new(conn: Conn) -> Tx {
        Tx { conn, announcements: Vec::new() }
    }

    /// Runs a statement that returns no rows and says how many rows it touched.
    ///
    /// # Errors
    /// What the engine said, as `StoreError`.
    pub fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        self.conn.exec(sql, values)
    }

    /// Something to say once this transaction is durable, before the caller is answered. Forgotten when the
    /// closure fails.
    pub fn on_commit(&mut self, announcement: Announcement) {
        self.announcements.push(announcement);
    }

    /// How many announcements wait; with `forget_since` it undoes those of a failed job.
    pub(crate) fn announced(&self) -> usize {
        self.announcements.len()
    }

    pub(crate) fn forget_since(&mut self, mark: usize) {
        self.announcements.truncate(mark);
    }

    /// How many statements were run since this was last asked.
    pub(crate) fn take_statements(&mut self) -> u64 {
        std::mem::take(&mut self.conn.statements)
    }

    pub(crate) fn take_announcements(&mut self) -> Vec<Announcement> {
        std::mem::take(&mut self.announcements)
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
