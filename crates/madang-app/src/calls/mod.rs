//! Calls that run: who is in them, whom they ring, who may do what in them.
//!
//! A running call is a signal: it stands in memory, and whoever is connected is told of it (`News`). What is kept of it
//! goes into the log by the one path: that it began, and how it ended. Voice and video are forwarded by the media
//! server, which this module knows as a `MediaDoor` only.

mod call;
mod change;
mod door;
mod end;
mod follow;
mod host;
mod join;
mod look;
mod media;
mod news;
mod record;
mod ring;
mod running;
mod seal;
mod signal;
mod start;
mod stream;
mod visitor;
mod watch;

pub use call::{Call, Participant, Recorded, State, VisitorShows};
pub use change::Intent;
pub use door::{
    CallAnswer, CallOffer, CallRights, Measured, MediaDoor, MediaRefused, RecordedFile, Remains, Slot, Slots,
    Source, Track, Want, Wants,
};
pub use host::Hosting;
pub use join::{Join, Joined};
pub use media::MediaSaid;
pub use news::{News, RingOver, Seat};
pub(crate) use running::Calls;
pub use seal::{Epoch, GivenKey, Keys, Seal, Use};
pub use signal::Signal;
pub use start::Beginning;
pub use stream::{Program, StreamRecord};
