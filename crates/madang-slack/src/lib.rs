//! Speaks Slack: what its clients ask becomes our commands, and what happened here becomes its events.
//!
//! It translates at the two ends of the one path and nowhere else. No rule and no SQL.

pub mod blocks;
pub mod id;
pub mod manifest;
pub mod scopes;
pub mod text;
