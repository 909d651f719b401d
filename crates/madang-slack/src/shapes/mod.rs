//! What is here in Slack's shapes: one function a thing, used by methods and by events alike.
//!
//! What a house does not know is left out or empty; nothing is made up to fill a field.

mod around;
mod file;
mod group;
mod message;
mod names;
mod person;
mod space;
#[cfg(test)]
mod tests;

pub use around::Around;
pub use file::{file, file_link, in_address};
pub use group::user_group;
pub use message::{Occasion, message, rich_text_of, text_of};
pub use names::*;
pub use person::{bot, profile, user};
pub use space::{channel, kind_of};
