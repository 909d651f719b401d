//! Moves packets between the network and the calls: one thread that owns them all.
//!
//! Here are the clock, the sockets and the only channel into media; whatever decides is in `call`.

mod addresses;
mod demux;
mod socket;
mod stun;
mod tape;
mod tcp;
#[cfg(test)]
mod tests;
mod worker;

pub use addresses::announced;
pub use socket::Socket;
pub use worker::{Command, WAKE, Worker};
