//! What leaves the house as a ZIP: everything, for owners, and what is kept of somebody, for themselves. Here stand
//! the shapes; what goes in is asked of the app part by part, so that no house is too large.

mod archive;
mod house;
mod own;
mod readme;
mod room;

pub use house::write;
pub use own::{about, message_line, send};
