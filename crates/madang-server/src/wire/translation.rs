//! Translations, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
pub struct Translate {
    /// The language to read it in: a tag such as `ko` (RFC 5646).
    pub to: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Translation {
    /// Without marks, with names in place of mentions.
    pub text: String,
    /// The language it was found to be in, if the service says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

impl From<madang_app::Translation> for Translation {
    fn from(found: madang_app::Translation) -> Self {
        Translation { text: found.text, from: found.from }
    }
}
