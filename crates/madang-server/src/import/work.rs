//! An import that was asked for in the app: the reader of its format, and the report as JSON.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use madang_app::App;
use madang_app::import::{Export, Report};
use madang_store::import_runs::RunRecord;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{KakaoTalk, Slack, kakaotalk};

/// What whoever asks for an import says about it. All of it is for KakaoTalk.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct About {
    /// The name of the space [default: that of the room].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    /// E-mail addresses of people here, by the names they have in the room. Others keep only their name.
    pub people: HashMap<String, String>,
    /// The time zone of the phone that made the export [default: Asia/Seoul].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// Runs an import; `file` is a copy of the export.
///
/// # Errors
/// What is wrong with the export, in words; what the store said.
pub async fn work(app: Arc<App>, run: RunRecord, file: PathBuf) -> Result<Value> {
    match run.source.as_str() {
        "slack" => {
            let export = tokio::task::spawn_blocking(move || Slack::open(&file)).await??;
            bring(app, run, export).await
        }
        "kakaotalk" => {
            let about: About = serde_json::from_str(&run.about)?;
            let zone = about.time_zone.as_deref().unwrap_or("Asia/Seoul");
            let zone = TimeZone::get(zone).with_context(|| format!("there is no time zone \"{zone}\""))?;
            let me = app.person(run.person).await?.email.unwrap_or_default();
            let about = kakaotalk::About { space: about.space, people: about.people, me, zone };
            let export = tokio::task::spawn_blocking(move || KakaoTalk::open(&file, about)).await??;
            bring(app, run, export).await
        }
        other => bail!("nobody knows how to read {other}"),
    }
}

async fn bring<E: Export>(app: Arc<App>, run: RunRecord, export: E) -> Result<Value> {
    let watch = app.clone();
    let report = app.import(export, run.person, run.dry, |at| watch.import_is_at(run.id, at)).await?;
    Ok(as_json(&report, run.dry))
}

/// The report for programs.
pub fn as_json(report: &Report, dry: bool) -> Value {
    let losses: Map<String, Value> = report
        .losses
        .iter()
        .map(|(loss, lost)| (loss.word().to_owned(), json!({"count": lost.count, "examples": lost.examples})))
        .collect();
    let mut text = json!({
        "dry_run": dry,
        "people": {"all": report.people, "known": report.known_people, "new": report.new_people},
        "spaces": {"all": report.spaces, "new": report.new_spaces},
        "messages": {"all": report.messages, "new": report.new_messages, "replies": report.replies},
        "reactions": {"new": report.new_reactions},
        "files": {"named": report.files_named, "new": report.new_files},
        "not_carried_over": losses,
    });
    if dry {
        text["strangers"] = json!(report.strangers);
    }
    text
}
