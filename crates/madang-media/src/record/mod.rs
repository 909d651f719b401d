//! Recording: what comes in is written down as it came, one file for each track, and a journal beside them.
//!
//! `recorder` is fed by the call, driven by time and input like all of it, and gives `Note`s. The driver's writer puts
//! them on the disk. `finish` makes files that can be played and sought of what lies there, after the end or after a
//! crash alike.

mod clock;
mod ebml;
mod finish;
mod h264;
mod journal;
mod note;
mod order;
mod recorder;
mod reel;
mod scan;
mod webm;

#[cfg(test)]
mod tests;

pub use finish::finish;
pub use journal::{Journal, NAME as JOURNAL};
#[cfg(test)]
pub use note::Began;
pub use note::{Note, Rest, RestFile, Stopped};
pub use recorder::Recorder;
pub use webm::Film;
