//! The socket of a device: hello, welcome, then live frames (docs/protocol/sync.md).
//!
//! One task a device reads what little the device says; what it is sent is
//! written by the hub's thread, straight to the connection (`outlet`).

mod apps;
mod block;
mod calls;
mod cobrowse;
mod counts;
mod desks;
mod frame;
mod hub;
mod outlet;
mod profiles;
mod receipts;
mod session;
mod stills;
#[cfg(test)]
mod tests;

pub use hub::Hub;
pub use session::{__path_socket, socket};
pub use stills::Of;
