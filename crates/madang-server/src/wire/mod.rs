//! The shapes of outer JSON (invariant 8). Fields may be added, none renamed.
//!
//! Events and rows go out in the versioned shape in which the model keeps them
//! (docs/protocol/sync.md); everything else is shaped here.

pub mod apps;
pub mod audit;
pub mod bookings;
pub mod bookmarks;
pub mod call_keys;
pub mod call_numbers;
pub mod call_signals;
pub mod calls;
pub mod cards;
pub mod cobrowse;
pub mod contact_files;
pub mod contacts;
pub mod desks;
pub mod exports;
pub mod files;
pub mod frames;
pub mod house;
pub mod imports;
pub mod later;
pub mod mail;
pub mod meetings;
pub mod messages;
pub mod overview;
pub mod person;
pub mod previews;
pub mod push;
pub mod recordings;
pub mod register;
pub mod reports;
pub mod retention;
pub mod search;
pub mod settings;
pub mod space;
pub mod standing;
pub mod storage;
pub mod streams;
pub mod translation;
pub mod visits;
pub mod webhooks;
