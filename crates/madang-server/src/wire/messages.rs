//! Messages, history and read marks.

use std::sync::Arc;

use madang_model::row::Row;
use madang_model::{Event, FileId, FileRef, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cards::NewCard;
use super::space::Position;

/// Files as a body names them.
///
/// # Errors
/// `FileNotUsable` for what names none.
pub fn file_ids(named: &[String]) -> Result<Vec<FileId>, Refusal> {
    named.iter().map(|id| id.parse().map_err(|_| Refusal::FileNotUsable)).collect()
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PostMessage {
    /// Made once by the client for this message; a repeat answers the same.
    pub client_id: Option<String>,
    #[serde(default)]
    pub text: String,
    /// The root message to reply to.
    pub thread: Option<i64>,
    /// Let the reply stand in the space as well.
    #[serde(default)]
    pub also: bool,
    /// Ids of uploaded files.
    #[serde(default)]
    pub files: Vec<String>,
    pub forward: Option<ForwardFrom>,
    pub card: Option<NewCard>,
    /// For the agents of a ticket only.
    #[serde(default)]
    pub note: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ForwardFrom {
    pub space: String,
    pub seq: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct EditMessage {
    pub client_id: Option<String>,
    pub text: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ClientId {
    pub client_id: Option<String>,
}

/// The event that a request added; null when its wish was fulfilled already.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventAnswer {
    #[schema(value_type = Option<Object>)]
    pub event: Option<Arc<Event>>,
}

impl From<Option<Arc<Event>>> for EventAnswer {
    fn from(event: Option<Arc<Event>>) -> Self {
        EventAnswer { event }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Events {
    #[schema(value_type = Vec<Object>)]
    pub events: Vec<Event>,
    pub head: Position,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct EventsAfter {
    /// The last seq the caller has.
    #[serde(default)]
    pub after: i64,
    /// At most this many, 1 to 500.
    pub limit: Option<i64>,
}

/// The current state of 64 neighbouring seqs (docs/protocol/sync.md, "Pages").
#[derive(Debug, Serialize, ToSchema)]
pub struct Page {
    pub space: String,
    pub page: i64,
    pub version: i64,
    pub at: i64,
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OneRow {
    #[schema(value_type = Object)]
    pub row: Row,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Rows {
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Thread {
    #[schema(value_type = Object)]
    pub root: Row,
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SpaceFiles {
    pub files: Vec<SpaceFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SpaceFile {
    #[schema(value_type = Object)]
    pub file: FileRef,
    pub seq: i64,
    pub author: String,
    pub at: i64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Paged {
    pub cursor: Option<String>,
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Markers {
    /// Pairs of person id and seq.
    #[schema(value_type = Vec<Object>)]
    pub markers: Vec<(String, i64)>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Readers {
    pub read: Vec<Reader>,
    pub unread: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Reader {
    pub person: String,
    /// When their marker passed the message, as far as it is still known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Reminded {
    #[schema(value_type = Option<Object>)]
    pub event: Option<Arc<Event>>,
    /// How many people were asked.
    pub people: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityList {
    pub items: Vec<ActivityItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityItem {
    pub id: String,
    /// "mention", "everyone", "reply", "reaction", "added", "reminder" or "due" (a reminder of one's own).
    pub kind: String,
    pub space: String,
    /// The event that caused it.
    pub seq: i64,
    /// The message it is about; 0 when it is about the space.
    pub message: i64,
    pub actor: String,
    pub at: i64,
    /// The beginning of the raw text of that message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<i64>,
    /// A reply that was also sent to the space: it stands in the main line and counts there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub also: bool,
}
