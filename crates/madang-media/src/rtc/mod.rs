//! The one place that knows the WebRTC library: a peer is one peer connection.
//!
//! No socket, no clock, no thread: time and datagrams come in, datagrams and what was heard go
//! out. The library is pinned; what its next version changes is changed here.

mod frame;
mod gate;
mod ground;
mod lines;
mod packet;
mod peer;
mod picture;
mod roam;
#[cfg(test)]
pub mod tests;

pub use frame::{Coded, unpacked};
pub use ground::{FIRST_ESTIMATE, Ground};
pub use lines::lines;
pub use packet::{Format, Numbered, Packet};
pub use peer::{Datagram, Ended, Heard, Peer, Polled, Transmit, Way};
/// How the receiver of a slot knows a format.
pub use str0m::format::PayloadParams as Known;
pub use str0m::media::Mid;
