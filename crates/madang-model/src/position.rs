//! A place in a log.
//!
//! A restore from a backup starts a new epoch, so that numbers given twice are
//! never trusted: a device that held a later part of the old epoch starts anew.

use serde::{Deserialize, Serialize};

/// The number of an event in its space: from 1, without gaps (invariant 3).
pub type Seq = i64;

/// Rows of one folded page: page `n` covers the seqs `64 n ..= 64 n + 63`.
pub const PAGE: Seq = 64;

/// The page on which a seq lies.
pub fn page_of(seq: Seq) -> i64 {
    seq.div_euclid(PAGE)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Unix milliseconds at which the log was begun or last restored.
    pub epoch: i64,
    pub seq: Seq,
}
