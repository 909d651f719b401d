//! What an app gives a message besides its words: Block Kit as it came, and under which name it speaks.
//!
//! The shapes are Slack's and are kept as they were sent: what we do not know today is there tomorrow. They were checked
//! at the door; here only their size is. The text of a message always says it in words too, for whoever reads no blocks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::AppId;
use crate::limits;
use crate::refusal::Refusal;

/// What a message shows of the links in it, as an app says: an attachment by its link.
pub type Unfurls = BTreeMap<String, Value>;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppPart {
    /// The app whose token was used; none for a person's own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<AppId>,
    /// The name it speaks under, in the place of its bot's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// `:emoji:`, or an address with https.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub icon: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub blocks: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attachments: Vec<Value>,
    /// The text as it was sent, where it is not the same as the message's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    /// For other apps and never shown: `{event_type, event_payload}`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub metadata: Option<Value>,
    /// Said of oneself, as `/me` does.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub me: bool,
}

impl AppPart {
    /// Whether there is something to see without any text.
    #[must_use]
    pub fn shows(&self) -> bool {
        !self.blocks.is_empty() || !self.attachments.is_empty()
    }

    /// # Errors
    /// `TooLong` when it is larger than a message may be.
    pub fn checked(&self) -> Result<(), Refusal> {
        within(serde_json::to_vec(self).map_or(0, |it| it.len()))
    }
}

pub(crate) fn within(bytes: usize) -> Result<(), Refusal> {
    if bytes > limits::APP_PART_BYTES {
        return Err(Refusal::TooLong {
            what: "what the app adds to the message",
            limit: limits::APP_PART_BYTES,
        });
    }
    Ok(())
}
