//! How long messages are kept.

use madang_app::NamedRule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Retention {
    pub rules: Vec<RetentionRule>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRule {
    /// Missing for the whole workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    /// Missing where the reader may not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space_name: Option<String>,
    /// 0: for ever.
    pub days: i64,
    pub keep_pinned: bool,
    pub set_by: String,
    pub set_at: i64,
}

impl From<NamedRule> for RetentionRule {
    fn from((rule, space_name): NamedRule) -> Self {
        RetentionRule {
            space: rule.space.map(|id| id.to_string()),
            space_name,
            days: rule.days,
            keep_pinned: rule.keep_pinned,
            set_by: rule.set_by.to_string(),
            set_at: rule.set_at,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetRetention {
    /// Without it, the whole workspace.
    pub space: Option<String>,
    /// Null takes the rule away; 0 is for ever.
    pub days: Option<i64>,
    #[serde(default)]
    pub keep_pinned: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionPreview {
    /// Messages that would be erased today.
    pub messages: i64,
}
