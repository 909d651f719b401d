//! The search index: which words stand in which message or file.
//!
//! Kept in a database of its own by a follower, made anew from the log at any
//! time. It holds words and no texts; what was found is read from the log, with
//! the asker's rights, by the caller. SQLite keeps it as FTS5, PostgreSQL as a
//! tsvector: the only module with a statement of its own for each engine.

mod find;
mod keep;
mod phrase;
mod texts;

pub use find::{Hit, WEIGHED, Wanted, find};
pub use keep::{Doc, clear, forget, forget_space, made_from, mark, put, put_message, set_made_from, spaces};
pub use texts::{Due, await_text, due, not_yet, put_text};

use crate::db::{Engine, Migration, Statement};
use crate::migrations;

/// The schema of the index.
pub const SCHEMA: &[Migration] =
    migrations!["../../migrations/search/"; "0001_search.sql", "0002_texts.sql", "0003_order.sql"];

/// Every statement of the index that `engine` is given.
#[must_use]
pub fn statements(engine: Engine) -> Vec<Statement> {
    let own = |(name, _): &&Statement| match engine {
        Engine::Sqlite => !name.ends_with("_PG"),
        Engine::Postgres => !name.ends_with("_FTS"),
    };
    [keep::ALL, find::ALL, texts::ALL, crate::cursors::OF_ANY_DATABASE]
        .concat()
        .iter()
        .filter(own)
        .copied()
        .collect()
}
