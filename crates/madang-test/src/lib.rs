//! The real binary `madang`, started, killed, asked over HTTP and measured. Development only.

pub mod bench;
mod house;
pub mod netsim;
pub mod simulation;
pub mod tus;

pub use house::{Database, House};
