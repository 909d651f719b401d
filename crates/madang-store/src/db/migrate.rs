//! Brings a database to this program's schema: forward only, each step in a transaction, each step's text
//! remembered by its SHA-256 so that a changed history is noticed.

use sha2::{Digest, Sha256};

use super::{Conn, Engine, dialect};
use crate::error::{Result, StoreError};
use crate::{sql, values};

/// One step. Numbers start at 1 and have no gaps.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// File name: `0001_first.sql`.
    pub name: &'static str,
    /// The text in the portable dialect; lines that open with `--sqlite ` or `--postgres ` belong to one engine.
    pub text: &'static str,
}

/// The steps named by their files: `migrations!["../migrations/" "0001_first.sql"]`.
#[macro_export]
macro_rules! migrations {
    ($folder:literal; $($file:literal),* $(,)?) => {
        &[$($crate::db::Migration { name: $file, text: include_str!(concat!($folder, $file)) }),*]
    };
}

/// The schema of a workspace's content.
pub const CONTENT: &[Migration] = migrations!["../../migrations/";
    "0001_house.sql",
    "0002_files.sql",
    "0003_newcomers.sql",
    "0004_activity.sql",
    "0005_push.sql",
    "0006_audit.sql",
    "0007_imports.sql",
    "0008_guests.sql",
    "0009_deactivated.sql",
    "0010_retention.sql",
    "0011_previews.sql",
    "0012_later.sql",
    "0013_cards.sql",
    "0014_digests.sql",
    "0015_import_runs.sql",
    "0017_exports.sql",
    "0018_scheduled_files.sql",
    "0019_calls.sql",
    "0020_meetings.sql",
    "0021_recordings.sql",
    "0022_streams.sql",
    "0023_desks.sql",
    "0024_contacts.sql",
    "0025_bookings.sql",
    "0026_ways.sql",
    "0027_rounds.sql",
    "0028_visits.sql",
    "0029_contact_people.sql",
    "0030_apps.sql",
    "0032_oauth.sql",
    "0033_bookmarks.sql",
    "0034_reactions_of_person.sql",
    "0035_app_calls.sql",
    "0036_webhooks.sql",
    "0037_remote_files.sql",
    "0038_file_links.sql",
    "0039_agents.sql"
];
/// The schema of the keyring, which lives in its own database.
pub const KEYS: &[Migration] = migrations!["../../migrations/keys/"; "0001_keys.sql", "0002_people.sql"];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL)";

sql! {
    const DONE = "SELECT number, name, checksum FROM migrations ORDER BY number";
    const REMEMBER = "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)";
}

/// Runs what is missing.
///
/// # Errors
/// `Migration` when the database is newer than the program or its history differs; what the engine said otherwise.
pub(crate) fn run(conn: &mut Conn, engine: Engine, steps: &[Migration]) -> Result<()> {
    conn.batch(TABLE)?;
    let done = conn.rows(DONE, values![])?;
    if done.len() > steps.len() {
        return Err(StoreError::Migration(format!(
            "the database is at schema {} and this program knows only {}: start a newer Madang, or restore the \
             backup that was made before the upgrade",
            done.len(),
            steps.len()
        )));
    }
    for (step, row) in steps.iter().zip(&done) {
        if row.get::<Vec<u8>>(2)? != checksum(step) {
            return Err(StoreError::Migration(format!(
                "schema step {} in the database is not the one in this program: start the Madang build that made \
                 this database",
                step.name
            )));
        }
    }
    for (index, step) in steps.iter().enumerate().skip(done.len()) {
        conn.batch("BEGIN")?;
        let result = apply(conn, engine, index, step);
        conn.batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        result?;
        tracing::info!(migration.name = step.name, "the schema took a step");
    }
    Ok(())
}

/// How many steps this database has taken.
///
/// # Errors
/// What the engine said.
pub(crate) fn taken(conn: &mut Conn) -> Result<usize> {
    Ok(conn.rows(DONE, values![])?.len())
}

fn apply(conn: &mut Conn, engine: Engine, index: usize, step: &Migration) -> Result<()> {
    conn.batch(&dialect::script(engine, step.text)).map_err(|error| match error {
        StoreError::Statement(text) => StoreError::Migration(format!("schema step {}: {text}", step.name)),
        other => other,
    })?;
    let number = index as i64 + 1;
    conn.exec(REMEMBER, values![number, step.name, checksum(step)])?;
    Ok(())
}

fn checksum(step: &Migration) -> Vec<u8> {
    Sha256::digest(step.text.as_bytes()).to_vec()
}
