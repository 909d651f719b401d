//! Booking pages: somebody from outside chooses a time at which one of several people meets them in a call.
//!
//! `settings` is what whoever made a page says of it, `free` works out the times that can be booked and by whom they are
//! taken. A booking is a meeting in a space of its own; what it costs may be said here later, and changes no time.

mod free;
#[cfg(test)]
mod laws;
mod settings;
#[cfg(test)]
mod tests;

pub use free::{Busy, Free, Load, Taker, Time, merged, turn};
pub use settings::{BookingSettings, Purpose};
