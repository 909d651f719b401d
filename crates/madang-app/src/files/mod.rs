//! Files: how they come in, what is found in them, who may have them, and how they go.
//!
//! A file is known by its id, its content by a hash; several files may share one content. `uploads` and `take_in`
//! bring bytes to the disk, `finish` makes a file of them, `gate` decides who may have it.

mod attach;
mod clean;
mod finish;
mod gate;
mod held;
mod kind;
mod name;
mod picture;
mod public;
mod small;
mod take_in;
mod tidy;
mod turns;
mod uploads;

pub(crate) use held::Held;
pub use kind::inline_type;
pub use name::harmless as harmless_name;
pub use picture::{Small, small_type};
pub(crate) use small::Darkroom;
pub(crate) use turns::Turns;
pub use uploads::UploadState;
