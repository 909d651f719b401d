//! What was found, as it is told.

use madang_app::{Answer, FoundFile, FoundMessage};
use madang_model::search::Part;
use madang_model::{FileRef, row::Row};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::person::Person;
use super::space::Space;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Search {
    /// Words, "phrases", -words and filters.
    pub q: String,
    /// all, messages, files or names (people and spaces) [default: all].
    pub kind: Option<String>,
    /// newest or best [default: newest].
    pub order: Option<String>,
    /// From an earlier answer's `next_cursor`.
    pub cursor: Option<String>,
    /// At most this many messages and as many files, 1 to 100 [default: 20].
    pub limit: Option<i64>,
    /// Where days begin and end, such as Asia/Seoul [default: UTC].
    pub tz: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    pub messages: Vec<MessageFound>,
    pub files: Vec<FileFound>,
    pub people: Vec<Person>,
    pub spaces: Vec<Space>,
    /// What may have been meant, when nothing was found and the keyboard may
    /// have been set to the other language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// Filters that say nothing, as typed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unclear: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageFound {
    pub space: String,
    /// The message as in a page.
    #[schema(value_type = Object)]
    pub row: Row,
    /// The place in its text, in pieces; `hit` is what was asked for.
    #[schema(value_type = Vec<Object>)]
    pub excerpt: Vec<Part>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FileFound {
    pub space: String,
    /// The message it hangs on.
    pub seq: i64,
    pub at: i64,
    pub author: String,
    #[schema(value_type = Object)]
    pub file: FileRef,
    /// Its name in pieces; `hit` is what was asked for.
    #[schema(value_type = Vec<Object>)]
    pub name: Vec<Part>,
    /// Found by what is written in it, and not by its name.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inside: bool,
}

impl Found {
    pub fn new(answer: Answer, epoch: i64) -> Self {
        Found {
            messages: answer.messages.into_iter().map(MessageFound::from).collect(),
            files: answer.files.into_iter().map(FileFound::from).collect(),
            people: answer.people.iter().map(Person::from).collect(),
            spaces: answer.spaces.iter().map(|it| Space::new(it, epoch)).collect(),
            suggestion: answer.suggestion,
            unclear: answer.unclear,
            next_cursor: answer.next.map(|it| it.to_string()),
        }
    }
}

impl From<FoundMessage> for MessageFound {
    fn from(found: FoundMessage) -> Self {
        MessageFound { space: found.space.to_string(), row: found.row, excerpt: found.excerpt }
    }
}

impl From<FoundFile> for FileFound {
    fn from(found: FoundFile) -> Self {
        FileFound {
            space: found.space.to_string(),
            seq: found.seq,
            at: found.at,
            author: found.author.to_string(),
            file: found.file,
            name: found.name,
            inside: found.inside,
        }
    }
}
