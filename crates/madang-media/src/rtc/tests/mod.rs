//! The other side of a peer, for the call bench.

pub mod client;
