//! What is kept: database, sealed payloads, file contents and the hint bus.
//!
//! Knows nothing of HTTP, of rules ("may she?") or of other people's protocols.

pub mod activity;
pub mod apps;
pub mod audit;
pub mod blob;
pub mod blocks;
pub mod bookings;
pub mod bus;
pub mod claims;
mod columns;
#[cfg(test)]
mod conformance;
pub mod contacts;
pub mod cursors;
pub mod db;
pub mod desks;
pub mod digests;
mod disk;
pub mod error;
pub mod exports;
pub mod file_links;
pub mod files;
pub mod house;
pub mod identities;
pub mod import_runs;
pub mod imports;
pub mod jobs;
pub mod links;
pub mod log;
pub mod markers;
pub mod meetings;
pub mod outer_calendars;
pub mod overview;
pub mod people;
pub mod previews;
pub mod push;
pub mod recordings;
pub mod registers;
pub mod retention;
pub mod saved;
pub mod scheduled;
pub mod seal;
pub mod search;
pub mod secrets;
pub mod sessions;
pub mod spaces;
pub mod storage;
pub mod streams;
pub mod teams;
pub mod visit_codes;
pub mod visit_letters;
pub mod visits;
pub mod webhooks;

pub use disk::free as free_bytes;
pub use error::StoreError;

/// Every registered statement of the content database, for the test that prepares each on both engines.
#[must_use]
pub fn statements() -> Vec<db::Statement> {
    [
        activity::ALL,
        &apps::statements(),
        &audit::statements(),
        blocks::ALL,
        claims::ALL,
        &contacts::statements(),
        cursors::ALL,
        desks::ALL,
        digests::ALL,
        exports::ALL,
        file_links::ALL,
        files::ALL,
        house::ALL,
        identities::ALL,
        import_runs::ALL,
        imports::ALL,
        jobs::ALL,
        links::ALL,
        markers::ALL,
        meetings::ALL,
        overview::ALL,
        people::ALL,
        previews::ALL,
        registers::ALL,
        saved::ALL,
        scheduled::ALL,
        retention::ALL,
        secrets::ALL,
        sessions::ALL,
        spaces::ALL,
        storage::ALL,
        teams::ALL,
        visit_codes::ALL,
        visit_letters::ALL,
        visits::ALL,
        webhooks::ALL,
        &log::statements(),
        &push::statements(),
    ]
    .concat()
}
