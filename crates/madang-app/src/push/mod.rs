//! Web Push: people are told on their devices while Madang is closed there.
//!
//! The follower `push` notes what concerns whom. A few seconds later, when it is due, it is decided whether to tell:
//! what was read meanwhile, is not wanted or comes in quiet hours is not told. What is told leaves for each device
//! that is not in use, one notification a space, encrypted so that only the device reads it.

mod cipher;
mod decide;
mod device;
mod house;
mod notification;
mod offer;
mod quiet;
mod ring;
mod send;
mod sight;
mod vapid;
mod words;

pub(crate) use decide::{is_wanted, settings};
pub use device::{Device, Outcome};
pub use house::{PushHealth, PushTry};
pub(crate) use notification::excerpt;
pub(crate) use quiet::{is_quiet, quiet_ends};
pub use quiet::{next_hours, quiet_until, zone_of};
pub(crate) use sight::Sights;
pub(crate) use vapid::Vapid;
pub(crate) use words::{Words, line};

/// What was read on another device within this time is not told: 3 seconds in microseconds.
pub(crate) const DELAY_US: i64 = 3_000_000;
/// What is older when it is decided about, or could not be delivered for so long, is not told any more: a day.
const STALE_US: i64 = 24 * 3_600 * 1_000_000;
/// How long a push service keeps what is told, in seconds.
const TTL_S: i64 = STALE_US / 1_000_000;
