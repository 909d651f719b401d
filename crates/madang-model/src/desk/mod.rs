//! Desks: counters at which visitors are helped, when they are open, and what they offer.
//!
//! `settings` is what an administrator says of a desk, `ticket` the words for what becomes of a visitor's matter,
//! `route` decides who is asked to help whom, `alarm` what is late, `report` how it went, `page` what agents may see of a page,
//! `device` with what a visitor comes, `place` where they are. What may be done with a ticket is in `space/tickets.rs`.

pub mod alarm;
pub mod device;
pub mod page;
mod place;
pub mod report;
pub mod round;
pub mod route;
mod settings;
pub mod ticket;

pub use settings::{Canned, DeskSettings, Offers, Proof, Targets, Video, Words};
