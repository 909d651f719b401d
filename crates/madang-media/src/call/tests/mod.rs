//! The call bench: clients and calls in virtual time, over links that lose, delay and reorder by
//! seeded dice.

mod bench;
mod forwarding;
mod fuzz;
mod hostile;
#[path = "../../../../madang-test/src/netsim/link.rs"]
mod link;
mod network;
mod recording;
