//! Exports in the API.

use madang_app::export::Export as Found;
use madang_model::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewExport {
    /// Closed spaces and direct conversations too. Everybody in them is told there.
    #[serde(default)]
    pub private: bool,
}

/// One export of the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    pub id: String,
    #[schema(value_type = String)]
    pub person: PersonId,
    pub private: bool,
    /// waiting, running, done or failed.
    pub state: String,
    /// Events that are in, and of how many; while it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// Why it failed: disk_full, not_allowed or broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Bytes, once it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    pub made_at: i64,
    /// The file is removed then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

impl From<Found> for Export {
    fn from(found: Found) -> Export {
        let record = found.record;
        Export {
            id: record.id.to_string(),
            person: record.person,
            private: record.private,
            state: record.state,
            done: found.progress.map(|it| it.done),
            of: found.progress.map(|it| it.of),
            error: record.error,
            size: record.size,
            made_at: record.made_at,
            until: record.until,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportAnswer {
    pub export: Export,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Exports {
    /// Newest first.
    pub exports: Vec<Export>,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct OwnData {
    /// 1: with the contents of one's uploads, as a ZIP.
    pub files: Option<u8>,
}
