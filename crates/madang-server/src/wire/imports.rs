//! Imports in the API.

use madang_app::import::Run;
use madang_model::{FileId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::import::About;

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The ZIP that Slack's export page made.
    Slack,
    /// The text or CSV of one room.
    #[serde(rename = "kakaotalk")]
    KakaoTalk,
}

impl Source {
    pub fn word(self) -> &'static str {
        match self {
            Source::Slack => "slack",
            Source::KakaoTalk => "kakaotalk",
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewImport {
    pub source: Source,
    /// An upload of one's own that is complete and was used for nothing yet.
    #[schema(value_type = String)]
    pub file: FileId,
    #[serde(default)]
    pub about: About,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct RunImport {
    /// Only looks.
    #[serde(default)]
    pub dry_run: bool,
    /// In the place of what was said before.
    #[serde(default)]
    pub about: Option<About>,
}

/// One import. The report is that of `madang import --json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Import {
    pub id: String,
    #[schema(value_type = String)]
    pub person: PersonId,
    pub source: String,
    pub file_name: String,
    pub file_size: i64,
    pub about: Value,
    pub dry_run: bool,
    /// waiting, running, done, failed or stopped.
    pub state: String,
    /// Messages done, and of how many; while it runs for real.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Value>,
    /// Why it failed, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub made_at: i64,
}

impl From<Run> for Import {
    fn from(run: Run) -> Import {
        let record = run.record;
        let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Import {
            id: record.id.to_string(),
            person: record.person,
            source: record.source,
            file_name: run.file_name,
            file_size: run.file_size,
            about: json(&record.about),
            dry_run: record.dry,
            state: record.state,
            done: run.progress.map(|it| it.done),
            of: run.progress.map(|it| it.of),
            report: record.report.as_deref().map(json),
            error: record.error,
            made_at: record.made_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportAnswer {
    pub import: Import,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Imports {
    pub imports: Vec<Import>,
}
