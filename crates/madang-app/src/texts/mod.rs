//! What is written inside files, so that it can be found.
//!
//! A file from outside is read in a process of its own, which may use so much memory and time and no more, and which
//! may break without anybody noticing but the log. `inside` is what that process does, `apart` starts and ends it,
//! `work` goes through the files that wait.

mod apart;
mod inside;
mod office;
mod pdf;
mod plain;
mod work;

pub use inside::read_text;
pub(crate) use work::is_read;
