//! A shared page, on the wire (docs/protocol/desks.md).

use madang_model::SpaceId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a visitor's page is now, or what has changed on it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ShowPage {
    /// Counted by the recorder; 0 is about the page and not of it.
    pub n: i64,
    /// All of the page, and not what changed.
    pub full: bool,
    /// Which recorder it is from: of two tabs the one that showed all of its page last counts.
    pub source: String,
    /// As rrweb 2 makes them.
    #[schema(value_type = Vec<Object>)]
    pub events: Vec<Value>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PageShown {
    /// Somebody looks. Else nothing needs to be sent until a frame says `watched`.
    pub watching: bool,
    /// All of the page is needed.
    pub full: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "cobrowse")]
pub struct PageFrame<'a> {
    pub space: SpaceId,
    pub n: i64,
    pub full: bool,
    pub events: &'a [Value],
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "watched")]
pub struct WatchedFrame {
    pub space: SpaceId,
    pub full: bool,
}

/// A picture that stands still before an agent and a visitor.
#[derive(Debug, Serialize, ToSchema)]
pub struct StillShown {
    pub id: String,
    /// "camera", "screen" or "picture".
    pub of: &'static str,
    /// Who holds it.
    pub by: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StillAnswer {
    pub still: StillShown,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct HoldStill {
    /// "camera", "screen" or "picture"; "picture" without it.
    pub of: Option<String>,
}

/// One stands still, or none any more.
#[derive(Serialize)]
#[serde(tag = "type", rename = "still")]
pub struct StillFrame<'a> {
    pub space: SpaceId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub still: Option<&'a StillShown>,
}

/// What is shown on a page, or became of it: passed on as it is.
#[derive(Serialize)]
#[serde(tag = "type", rename = "point")]
pub struct PointFrame<'a> {
    pub space: SpaceId,
    #[serde(flatten)]
    pub word: &'a Map<String, Value>,
}
