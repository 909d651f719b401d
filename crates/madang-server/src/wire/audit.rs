//! The audit log, as those who run the house read it.

use madang_app::AuditLine;
use madang_app::records::UseRecord;
use madang_model::{ContactId, DeskId, PersonId, SessionId, SpaceId, TeamId, WebhookId};
use madang_store::audit::{Check, Verdict, hex};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListAudit {
    /// Acts of this person, and acts upon them.
    pub person: Option<String>,
    /// An act such as "person.removed", or what stands before its dot.
    pub kind: Option<String>,
    /// Microseconds; acts from here on.
    pub from: Option<i64>,
    /// Microseconds; acts before.
    pub until: Option<i64>,
    pub cursor: Option<String>,
    pub limit: Option<i64>,
    /// Of an export: "csv" or "jsonl".
    pub format: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Audit {
    pub entries: Vec<AuditEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    pub seq: i64,
    pub at: i64,
    /// Such as "person.removed".
    pub act: String,
    /// Missing for the house itself, and where nobody knows who it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Known>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectOfAct>,
    /// "web", "command_line" or "house"; missing once it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    /// The address that the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What else is to be known, by the act.
    #[schema(value_type = Object)]
    pub details: serde_json::Map<String, serde_json::Value>,
    /// Binds this entry to the one before it (docs/decisions/0013).
    pub hash: String,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListAgentUses {
    /// The id of a token: what was done with it alone.
    #[param(value_type = Option<String>)]
    pub token: Option<SessionId>,
    pub cursor: Option<String>,
    /// At most this many, 1 to 200.
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AgentUses {
    pub uses: Vec<AgentUse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A tool that an AI agent used to change something.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgentUse {
    pub at: i64,
    pub person: Known,
    /// The token, which may be over, and what it was called.
    pub token: String,
    pub label: String,
    pub tool: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<i64>,
    /// `done`, the code of a refusal, or `begun` where nobody knows how it went.
    pub outcome: String,
}

impl From<UseRecord> for AgentUse {
    fn from(record: UseRecord) -> Self {
        AgentUse {
            at: record.at_us,
            person: Known { id: record.person.to_string(), name: record.person_name },
            token: record.session.to_string(),
            label: record.label,
            tool: record.tool,
            space: record.space.map(|it| it.to_string()),
            message: record.message,
            outcome: record.outcome,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Known {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectOfAct {
    /// "person", "space", "team", "session", "invitation" or "link".
    pub kind: String,
    pub id: String,
    /// Missing where it is gone, or not to be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditCheck {
    /// No entry was changed, none is missing.
    pub whole: bool,
    pub entries: i64,
    /// The first entry that is not what was written, or the last before those that are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<i64>,
    /// To be kept elsewhere: `madang audit verify --head`.
    pub head: String,
}

impl From<AuditLine> for AuditEntry {
    fn from(line: AuditLine) -> Self {
        let (record, mut said) = (line.record, line.said);
        let mut take = |key: &str| said.remove(key).and_then(|it| it.as_str().map(str::to_owned));
        let (way, from) = (take("way"), take("from"));
        let object = record.object.map(|id| ObjectOfAct {
            id: id_of(&record.object_kind, id),
            kind: record.object_kind,
            name: line.object_name,
        });
        AuditEntry {
            seq: record.seq,
            at: record.at_us,
            act: record.act,
            actor: record.actor.map(|id| Known { id: id.to_string(), name: line.actor_name }),
            object,
            way,
            from,
            details: said,
            hash: hex(&record.hash),
        }
    }
}

/// As the id is written elsewhere in the API.
fn id_of(kind: &str, id: i64) -> String {
    match kind {
        "person" => PersonId(id).to_string(),
        "space" => SpaceId(id).to_string(),
        "team" => TeamId(id).to_string(),
        "session" => SessionId(id).to_string(),
        "desk" => DeskId(id).to_string(),
        "contact" => ContactId(id).to_string(),
        "webhook" => WebhookId(id).to_string(),
        _ => id.to_string(),
    }
}

impl From<Check> for AuditCheck {
    fn from(check: Check) -> Self {
        let broken_at = match check.verdict {
            Verdict::Whole => None,
            Verdict::Broken { seq } | Verdict::CutOff { seq, .. } => Some(seq),
        };
        AuditCheck {
            whole: broken_at.is_none(),
            entries: check.rows,
            broken_at,
            head: format!("{}:{}", check.head.seq, hex(&check.head.hash)),
        }
    }
}

/// The first line of the export as CSV. The mark before it tells spreadsheets that the text is UTF-8.
pub const CSV_HEAD: &str =
    "\u{feff}seq,at,act,actor,actor_name,object_kind,object,object_name,way,from,details,hash\r\n";

impl AuditEntry {
    /// A line of JSON.
    pub fn json_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// A line of CSV (RFC 4180).
    pub fn csv_line(&self) -> String {
        let at = jiff::Timestamp::from_microsecond(self.at).map(|at| at.to_string()).unwrap_or_default();
        let (actor, object) = (self.actor.as_ref(), self.object.as_ref());
        let text = |it: Option<&String>| it.cloned().unwrap_or_default();
        let details =
            if self.details.is_empty() { String::new() } else { serde_json::json!(self.details).to_string() };
        let cells = [
            self.seq.to_string(),
            at,
            self.act.clone(),
            text(actor.map(|it| &it.id)),
            text(actor.and_then(|it| it.name.as_ref())),
            text(object.map(|it| &it.kind)),
            text(object.map(|it| &it.id)),
            text(object.and_then(|it| it.name.as_ref())),
            text(self.way.as_ref()),
            text(self.from.as_ref()),
            details,
            self.hash.clone(),
        ];
        cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(",") + "\r\n"
    }
}

/// A cell that a spreadsheet shows and never computes: names are what people choose, and one that begins like a
/// formula would be run by whoever opens the file (OWASP, "CSV Injection").
pub(crate) fn csv_cell(text: &str) -> String {
    let runs =
        text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%', '＝', '＋', '－', '＠']);
    let guard = if runs || text.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_like_a_formula_is_only_text() {
        assert_eq!(csv_cell("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        for name in ["+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r\n=1", "＝1"] {
            assert!(csv_cell(name).starts_with("\"'"), "{name:?}");
        }
        assert_eq!(csv_cell("나리, \"마당\""), "\"나리, \"\"마당\"\"\"");
    }
}
