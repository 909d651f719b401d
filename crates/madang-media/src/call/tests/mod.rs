//! The call bench: clients and calls in virtual time, over links that lose, delay and reorder by
//! seeded dice.

mod bench;
mod forwarding;
mod hostile;
mod link;
mod network;
mod recording;
