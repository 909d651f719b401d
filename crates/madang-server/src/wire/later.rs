//! What a person keeps for later: saved messages, and messages that wait for their time.

use madang_model::row::Row;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
pub struct Save {
    /// When to be reminded of it, in microseconds since 1970; never when it is left out.
    pub remind_at: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Saved {
    /// What was saved last comes first.
    pub items: Vec<SavedItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SavedItem {
    pub space: String,
    pub saved_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<i64>,
    /// When one was reminded of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_at: Option<i64>,
    #[schema(value_type = Object)]
    pub row: Row,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Schedule {
    pub space: String,
    pub text: String,
    /// The root message to reply to.
    pub thread: Option<i64>,
    /// Let the reply stand in the space as well.
    #[serde(default)]
    pub also: bool,
    /// Ids of complete uploads of one's own that go with it.
    #[serde(default)]
    pub files: Vec<String>,
    /// When to send it, in microseconds since 1970.
    pub at: i64,
}
