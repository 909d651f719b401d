//! Tokens for programs that send to calls or show them.

use madang_app::calls::StreamRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateStream {
    /// What the program is called, as people in the call see it.
    #[serde(default)]
    pub name: String,
    /// It shows the call (WHEP), else it sends to it (WHIP).
    #[serde(default)]
    pub shows: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StreamCreated {
    pub id: String,
    /// Where the program connects to.
    pub url: String,
    /// Its bearer token; shown this once.
    pub token: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Streams {
    pub streams: Vec<Stream>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Stream {
    pub id: String,
    pub name: String,
    pub shows: bool,
    /// When it was made, in microseconds since 1970.
    pub created_at: i64,
}

impl From<StreamRecord> for Stream {
    fn from(it: StreamRecord) -> Stream {
        Stream { id: it.id.to_string(), name: it.label, shows: it.shows, created_at: it.created_at }
    }
}
