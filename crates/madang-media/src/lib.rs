//! Voice and video of calls: forwards what participants send to each other.
//!
//! Knows neither people nor spaces, neither store nor app: a call is an id, a participant is an id
//! with rights. [`Media`] is the whole door. Inside, `call` decides (driven by time and input, no
//! clock, no socket, no lock), `rtc` is the one place that knows the WebRTC library, and `driver`
//! moves packets between the network and the calls.

mod call;
mod config;
mod driver;
mod event;
mod media;
mod numbers;
mod offer;
mod quality;
mod record;
mod rights;
mod rtc;
mod slot;
mod track;

pub use config::{Config, Limits};
pub use event::Event;
pub use media::Media;
pub use numbers::Numbers;
pub use offer::{Answer, Offer, Refused};
pub use quality::{Did, Quality, State};
pub use record::{Rest, RestFile, Stopped, finish as finish_recording};
pub use rights::Rights;
pub use slot::{Bound, Slots, Want, Wants, Why};
pub use track::{Kind, Layer, NoSuchWord, Source, TrackName};
