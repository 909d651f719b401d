//! A message as it is posted, and what hangs on it.

use serde::{Deserialize, Serialize};

use crate::app_part::AppPart;
use crate::card::Card;
use crate::id::{FileId, PersonId, SpaceId};
use crate::position::Seq;

/// A new message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub text: String,
    /// The root message this one replies to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub thread: Option<Seq>,
    /// A reply that stands in the space as well.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub also: bool,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<FileRef>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub forward: Option<Forward>,
    /// What it asks of people: a poll, a checklist, or to be confirmed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub card: Option<Box<Card>>,
    /// What an app gave it besides the text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub app: Option<Box<AppPart>>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mentions: Vec<PersonId>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub everyone: bool,
    /// For the agents of a ticket only.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub note: bool,
    /// Set only in what is served of a message that was removed later, or what is left of one that was erased: its
    /// content is blank, its place in the log stays.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub removed: bool,
}

/// The picture of a space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub file: Option<FileId>,
}

/// A file as a message shows it, so that a row needs no second look-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    pub id: FileId,
    pub name: String,
    /// The media type found in the content, not the one the sender claimed.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Pixels, after the orientation has been applied.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub height: Option<i64>,
    /// Whether the server has a safe picture of it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub thumb: bool,
}

/// A message brought here from another place, as it read at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    pub space: SpaceId,
    pub seq: Seq,
    pub author: PersonId,
    pub at: i64,
    pub text: String,
}
