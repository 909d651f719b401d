//! What is kept: database, sealed payloads, file contents and the hint bus.
//!
//! Knows nothing of HTTP, of rules ("may she?") or of other people's protocols.

pub mod bus;
#[cfg(test)]
mod conformance;
pub mod db;
mod disk;
pub mod error;
pub mod seal;

pub use error::StoreError;

/// Every registered statement of the content database, for the test that prepares each on both engines.
#[must_use]
pub fn statements() -> Vec<db::Statement> {
    Vec::new()
}
