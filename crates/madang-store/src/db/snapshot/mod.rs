//! A copy of all rows in files that both engines write and read alike, taken from one snapshot while others write.
//!
//! `manifest.json` names the tables, `TABLE.rows` holds their rows in key order: the same rows give the same bytes
//! on either engine, so a backup of one is restored into the other, and two backups can be compared.

mod catalogue;
mod format;
mod load;
mod save;

use std::fs;
use std::future::Future;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Conn, Db, Engine, Tx};
use crate::error::{Result, StoreError};

/// What a snapshot holds; `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the format, 1.
    pub format: u32,
    /// Schema steps that the database had taken. Restore with `migrations: &CONTENT[..schema]`, then open again
    /// with all of them.
    pub schema: usize,
    /// The tables by name.
    pub tables: Vec<Table>,
}

/// One table of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the rows' values.
    pub columns: Vec<Column>,
    /// How many rows the file holds.
    pub rows: u64,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// The types of the portable dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// BOOLEAN.
    Bool,
    /// BIGINT.
    I64,
    /// DOUBLE PRECISION.
    F64,
    /// TEXT.
    Text,
    /// BLOB.
    Blob,
}

const MANIFEST: &str = "manifest.json";

impl Manifest {
    /// Reads the manifest of a snapshot.
    ///
    /// # Errors
    /// `Snapshot` when there is none or it is of another format.
    pub fn read(directory: &Path) -> Result<Manifest> {
        let file = directory.join(MANIFEST);
        let unusable = |error: &dyn std::fmt::Display| {
            StoreError::Snapshot(format!(
                "{} is not a backup that this version reads: {error}",
                file.display()
            ))
        };
        let text = fs::read(&file).map_err(|error| unusable(&error))?;
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| unusable(&error))?;
        if manifest.format != 1 {
            return Err(unusable(&format!("format {}", manifest.format)));
        }
        Ok(manifest)
    }
}

impl Db {
    /// Writes all rows as they are at one moment into `directory`, which must be empty or new. Writers go on
    /// meanwhile; durable when this returns. Tables in `except` (those that followers rebuild) are left out.
    pub fn snapshot_to(
        &self,
        directory: &Path,
        except: &'static [&'static str],
    ) -> impl Future<Output = Result<Manifest>> + Send + use<> {
        let directory = directory.to_path_buf();
        self.read(move |conn| save::save(conn, &directory, except))
    }

    /// Brings the rows of a snapshot into this database, whose tables must be empty and at the same schema step.
    /// All or nothing.
    pub fn load_from(&self, directory: &Path) -> impl Future<Output = Result<Manifest>> + Send + use<> {
        let loaded = self.load_and(directory, |_| Ok(()));
        async move { loaded.await.map(|(manifest, ())| manifest) }
    }

    /// `load_from`, and `then` in the same transaction: there is never a moment at which the rows are there and what
    /// must be done to them is not.
    pub fn load_and<T, F>(
        &self,
        directory: &Path,
        mut then: F,
    ) -> impl Future<Output = Result<(Manifest, T)>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let directory = directory.to_path_buf();
        self.write(move |tx| {
            let manifest = load::load(tx, &directory)?;
            Ok((manifest, then(tx)?))
        })
    }
}

/// A name from the catalogue or a manifest, fit to stand in a statement.
fn quoted(name: &str) -> Result<String> {
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(format!("\"{name}\""));
    }
    Err(StoreError::Snapshot(format!("`{name}` is not a name of ours")))
}
