//! Meetings: calls of a space that are planned, changed and cancelled (`plan`), what one may know of them (`look`), whom
//! they invite by mail (`guests`, `letter`), the calendar files of them (`ics`, `zones`, `feed`), and telling people
//! when one is near (`due`). When a meeting is, is decided in the model.

mod due;
mod feed;
mod guests;
pub(crate) mod ics;
pub(crate) mod letter;
mod look;
mod plan;
pub(crate) mod words;
mod zones;

pub use look::Planned;
pub use plan::MeetingWish;

/// What the addresses of guests' links are sealed as.
const PLACE: &[u8] = b"guest link of a meeting";
