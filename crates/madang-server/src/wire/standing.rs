//! Where a space stands.

use madang_model::row::Row;
use serde::Serialize;
use utoipa::ToSchema;

use super::messages::SpaceFile;

/// Messages by their seq, the newest first; `rows` holds them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    /// The newest pins.
    pub pinned: Vec<i64>,
    /// Questions that nobody answered, replied to or reacted to.
    pub questions: Vec<i64>,
    /// Who was called by a message and has neither written nor answered it since.
    pub awaited: Vec<Awaited>,
    /// Messages that somebody marked with ✅, ✔️ or ☑️.
    pub decisions: Vec<i64>,
    /// Polls that go on, and checklists with something left to do.
    pub open: Vec<i64>,
    pub files: Vec<SpaceFile>,
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Awaited {
    pub person: String,
    pub message: i64,
}
