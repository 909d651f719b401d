//! Where the database is and how many threads it gets.

use std::path::PathBuf;
use std::time::Duration;

use super::migrate::{self, Migration};
use crate::error::{Result, StoreError};

/// Everything `Db::open` needs. Start from `DbConfig::sqlite`, `DbConfig::postgres` or `DbConfig::from_url`.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// The file or the server.
    pub place: Place,
    /// Threads that read, each with its own connection.
    pub readers: usize,
    /// PostgreSQL only: threads that write, each with its own connection. SQLite has one.
    pub writers: usize,
    /// SQLite only: the most jobs that share one commit.
    pub group: usize,
    /// The most jobs that may wait; more are refused with `Overloaded`.
    pub queue: usize,
    /// SQLite only: bytes that must stay free on the disk; below it writes are refused with `DiskFull` early,
    /// while there is still room to delete, checkpoint and log.
    pub disk_reserve: u64,
    /// SQLite only: overwrite with zeros what was deleted or replaced. Always on: everywhere here deleting may be erasing.
    pub secure_delete: bool,
    /// PostgreSQL only: how long a job waits for a server that cannot be reached.
    pub patience: Duration,
    /// The schema to bring the database to.
    pub migrations: &'static [Migration],
}

/// Where the rows are.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file; its directory must exist or be creatable.
    Sqlite(PathBuf),
    /// A server.
    Postgres {
        /// `postgres://user:password@host/database?sslmode=require&sslrootcert=/path/ca.pem`
        url: String,
        /// All our tables live in this schema; it is created when missing. Letters, digits and `_`.
        schema: String,
    },
}

impl DbConfig {
    /// SQLite in `file`.
    #[must_use]
    pub fn sqlite(file: impl Into<PathBuf>) -> DbConfig {
        DbConfig::at(Place::Sqlite(file.into()))
    }

    /// PostgreSQL at `url`, in `schema`.
    #[must_use]
    pub fn postgres(url: impl Into<String>, schema: impl Into<String>) -> DbConfig {
        DbConfig::at(Place::Postgres { url: url.into(), schema: schema.into() })
    }

    /// The same place's keyring: few threads, secure deletion, and the keyring's schema. On PostgreSQL it lives in
    /// `{schema}_keys` beside the content; on SQLite in `file`.
    #[must_use]
    pub fn keys(&self, file: impl Into<PathBuf>) -> DbConfig {
        let place = match &self.place {
            Place::Sqlite(_) => Place::Sqlite(file.into()),
            Place::Postgres { url, schema } => {
                Place::Postgres { url: url.clone(), schema: format!("{schema}_keys") }
            }
        };
        let few = DbConfig {
            readers: 2,
            writers: 2,
            secure_delete: true,
            migrations: migrate::KEYS,
            ..self.clone()
        };
        DbConfig { place, ..few }
    }

    /// The same place's search index: in no backup, and what is removed from it is overwritten. On PostgreSQL it
    /// lives in `{schema}_search`; on SQLite in `file`.
    #[must_use]
    pub fn search(&self, file: impl Into<PathBuf>) -> DbConfig {
        let place = match &self.place {
            Place::Sqlite(_) => Place::Sqlite(file.into()),
            Place::Postgres { url, schema } => {
                Place::Postgres { url: url.clone(), schema: format!("{schema}_search") }
            }
        };
        let few = DbConfig {
            readers: 2,
            writers: 2,
            secure_delete: true,
            migrations: crate::search::SCHEMA,
            ..self.clone()
        };
        DbConfig { place, ..few }
    }

    /// `postgres://…` or `sqlite:FILE`, as in `--database-url`.
    ///
    /// # Errors
    /// `Config` for any other scheme.
    pub fn from_url(url: &str) -> Result<DbConfig> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(DbConfig::postgres(url, "madang"));
        }
        match url.strip_prefix("sqlite:") {
            Some(file) if !file.is_empty() => Ok(DbConfig::sqlite(file)),
            _ => Err(StoreError::Config(
                "the database URL must start with postgres:// or sqlite: followed by a file name".into(),
            )),
        }
    }

    fn at(place: Place) -> DbConfig {
        DbConfig {
            place,
            readers: 4,
            writers: 8,
            group: 256,
            queue: 16_384,
            disk_reserve: 64 << 20,
            secure_delete: true,
            patience: Duration::from_secs(10),
            migrations: migrate::CONTENT,
        }
    }
}
