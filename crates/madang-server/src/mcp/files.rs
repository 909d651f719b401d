//! Tools about files: listing, reading their words, handing in small ones.

use std::convert::Infallible;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use madang_app::NewMessage;
use madang_model::refusal::Thing;
use madang_model::{FileId, PersonId, Refusal, Seq};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolResult;
use rmcp::{schemars, tool, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Tools;
use super::outcome::answered;
use super::said::{self, put};
use super::spaces::{cursor, space_id};
use super::who::Who;
use crate::error::Result;

/// Files of one answer.
const PAGE: i64 = 50;
/// Characters of a file's text in one answer.
const TEXT: usize = 20_000;
/// Bytes of a file that an agent hands in; larger ones go by the upload of the API.
const LARGEST: usize = 1 << 20;

#[derive(Deserialize, schemars::JsonSchema)]
struct ListFiles {
    /// The id of the space.
    space: String,
    /// From `next_cursor` of the answer before.
    cursor: Option<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct ReadFile {
    /// The id of the file.
    file: String,
    /// Where to go on, from `next_offset` of the answer before.
    offset: Option<usize>,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Upload {
    /// The id of the space.
    space: String,
    /// Its name, such as "report.csv".
    name: String,
    /// Its content as text; or `base64`.
    text: Option<String>,
    /// Its content in base64, at most 1 MiB.
    base64: Option<String>,
    /// What is said with it.
    comment: Option<String>,
    /// The seq of the message to which it replies.
    thread: Option<Seq>,
}

#[tool_router(router = file_tools, vis = "pub(super)")]
impl Tools {
    /// Lists the files posted in a space, newest first.
    #[tool(annotations(title = "List files", read_only_hint = true, open_world_hint = false))]
    async fn list_files(&self, who: Who, Parameters(asked): Parameters<ListFiles>) -> CallToolResult {
        let listing = async {
            let before = asked.cursor.as_deref().map(cursor).transpose()?;
            let found = self.app.space_files(who.person, space_id(&asked.space)?, before, PAGE).await?;
            let next = (found.len() as i64 == PAGE).then(|| found.last().map(|it| it.file.id.to_string()));
            let files = found.iter().map(|it| {
                let mut said = said::file(&it.file);
                said["at"] = said::time(it.created_at).into();
                put(&mut said, "seq", it.message);
                said
            });
            Ok(json!({"files": files.collect::<Vec<_>>(), "next_cursor": next.flatten()}))
        };
        answered(&who, "list_files", listing).await
    }

    /// Reads the words of a file: PDF, Word, Excel, PowerPoint, OpenDocument, HWPX, text or CSV. Of a long one, 20,000
    /// characters at a time.
    #[tool(annotations(title = "Read a file", read_only_hint = true, open_world_hint = false))]
    async fn read_file_text(&self, who: Who, Parameters(asked): Parameters<ReadFile>) -> CallToolResult {
        let reading = async {
            let id: FileId = asked.file.parse().map_err(|_| Refusal::NotFound(Thing::File))?;
            let (record, text) = self.app.file_text(who.person, id).await?;
            Ok(stretch(said::file(&record.file), text.as_deref(), asked.offset.unwrap_or(0)))
        };
        answered(&who, "read_file_text", reading).await
    }

    /// Posts a small file (at most 1 MiB) into a space.
    #[tool(annotations(title = "Post a file", destructive_hint = false, open_world_hint = false))]
    async fn upload_file(&self, who: Who, Parameters(asked): Parameters<Upload>) -> CallToolResult {
        answered(&who, "upload_file", self.handed_in(who.person, asked)).await
    }
}

impl Tools {
    async fn handed_in(&self, person: PersonId, asked: Upload) -> Result<Value> {
        let space = space_id(&asked.space)?;
        let content: Bytes = match (asked.text, asked.base64) {
            (Some(text), None) => text.into(),
            (None, Some(base64)) => {
                let read = STANDARD.decode(base64.trim());
                let why = |_| Refusal::Invalid { what: "base64", why: "it is not base64".into() };
                read.map_err(why)?.into()
            }
            _ => {
                let why = "give its text or its base64".into();
                return Err(Refusal::Invalid { what: "content", why }.into());
            }
        };
        if content.len() > LARGEST {
            return Err(Refusal::TooLarge { limit: LARGEST as i64 }.into());
        }
        let length = content.len() as i64;
        let begun = self.app.begin_upload(person, &asked.name, "", length).await?;
        let parts = futures_util::stream::iter([Ok::<_, Infallible>(content)]);
        self.app.take_in(person, begun.upload.id, 0, Some(length), parts).await?;
        let file = self.app.uploaded_file(person, begun.upload.id).await?;
        let new = NewMessage {
            text: asked.comment.unwrap_or_default(),
            thread: asked.thread,
            files: vec![file.id],
            ..NewMessage::default()
        };
        let event = self.app.post(person, space, new).await?;
        Ok(
            json!({"space": event.space, "seq": event.seq, "at": said::time(event.at_us), "file": said::file(&file)}),
        )
    }
}

/// A stretch of a file's text, and where the next one begins.
fn stretch(mut said: Value, text: Option<&str>, offset: usize) -> Value {
    let Some(text) = text else {
        said["text"] = Value::Null;
        said["why"] = "There is no text in it that can be read.".into();
        return said;
    };
    let piece: String = text.chars().skip(offset).take(TEXT).collect();
    let end = offset + piece.chars().count();
    put(&mut said, "next_offset", (text.chars().nth(end).is_some()).then_some(end));
    said["text"] = piece.into();
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_read_stretch_by_stretch() {
        let text = "마".repeat(TEXT + 5);
        let first = stretch(json!({}), Some(&text), 0);
        assert_eq!(first["next_offset"], TEXT);
        let last = stretch(json!({}), Some(&text), TEXT);
        assert_eq!(last, json!({"text": "마".repeat(5)}));
        assert_eq!(stretch(json!({}), Some(&text), 2 * TEXT), json!({"text": ""}));
        assert_eq!(stretch(json!({}), None, 0)["text"], Value::Null);
    }
}
