//! How the engine itself is: its version, whether its file is whole, and its clock. For `madang doctor`.

use super::{Conn, Db, Engine};
use crate::error::Result;
use crate::values;

/// What the engine says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// `SQLite 3.51.3`, `PostgreSQL 15.9`.
    pub version: String,
    /// What is wrong with the stored pages, up to five lines; empty when nothing is. PostgreSQL is not asked.
    pub damage: Vec<String>,
    /// The server's clock, microseconds since 1970 UTC; `None` where it is ours anyway.
    pub now_us: Option<i64>,
}

const SQLITE_VERSION: &str = "SELECT sqlite_version()";
/// The pages and their order, without the comparison of every index with its table, which would take minutes.
const QUICK_CHECK: &str = "PRAGMA quick_check";
const POSTGRES_VERSION: &str = "SELECT current_setting('server_version')";
const POSTGRES_NOW: &str = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";

impl Db {
    /// Asks the engine. Reads the whole SQLite file once.
    ///
    /// # Errors
    /// What the engine said.
    pub fn health(&self) -> Result<Health> {
        self.read_blocking(|conn| match conn.engine() {
            Engine::Sqlite => {
                let found = texts(conn, QUICK_CHECK)?;
                let damage = found.into_iter().filter(|line| line != "ok").take(5).collect();
                Ok(Health {
                    version: format!("SQLite {}", texts(conn, SQLITE_VERSION)?.concat()),
                    damage,
                    now_us: None,
                })
            }
            Engine::Postgres => {
                let version = texts(conn, POSTGRES_VERSION)?.concat();
                let now_us = conn.row(POSTGRES_NOW, values![])?.map(|row| row.get(0)).transpose()?;
                Ok(Health { version: format!("PostgreSQL {version}"), damage: Vec::new(), now_us })
            }
        })
    }
}

fn texts(conn: &mut Conn, sql: &'static str) -> Result<Vec<String>> {
    conn.rows(sql, values![])?.iter().map(|row| row.get(0)).collect()
}
