//! The files whose text waits to be read, one after the other.

use std::sync::Arc;
use std::time::Duration;

use madang_model::search::index_tokens;
use madang_model::{FileId, FileRef, PersonId};
use madang_store::blob::BlobName;
use madang_store::db::Tx;
use madang_store::files::{self, FileRecord};
use madang_store::search::{self, Due};

use super::apart::read_apart;
use crate::app::App;
use crate::error::Result;

/// Larger files are found by their names only.
const LARGEST: i64 = 64 << 20;
/// Characters of a text that are kept as one doc: PostgreSQL numbers some sixteen thousand words of one.
const STRETCH: usize = 12_000;
/// How long the worker waits for a hint before it looks by itself.
const REST: Duration = Duration::from_secs(20);
/// A file that could not be fetched is tried this many times.
const TRIES: i64 = 5;

/// Whether a file may hold text that we read. What is no text although it says so comes out empty.
pub(crate) fn is_read(file: &FileRef) -> bool {
    const ENDINGS: [&str; 11] =
        ["docx", "xlsx", "pptx", "odt", "ods", "odp", "hwpx", "txt", "csv", "tsv", "md"];
    let by_name = || {
        let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
    };
    let by_type = match file.media_type.as_str() {
        "application/pdf" | "text/plain" => true,
        "application/zip" | "application/octet-stream" => by_name(),
        other => {
            other.starts_with("application/vnd.openxmlformats-officedocument.")
                || other.starts_with("application/vnd.oasis.opendocument.")
        }
    };
    by_type && (1..=LARGEST).contains(&file.size)
}

impl App {
    /// Reads what waits until the process ends. Does nothing where no reader was given.
    pub async fn read_files(self: Arc<Self>) {
        if self.config.reader.is_none() {
            return;
        }
        loop {
            match self.read_next_file().await {
                Ok(true) => {}
                Ok(false) => {
                    let _ = tokio::time::timeout(REST, self.new_texts.notified()).await;
                }
                Err(error) => {
                    tracing::error!(%error, "The text of files could not be read, it is tried again");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// One file; false when none waits.
    async fn read_next_file(self: &Arc<Self>) -> Result<bool> {
        let due = self.search.read(|conn| -> Result<_> { Ok(search::due(conn)?) }).await?;
        let Some(due) = due else { return Ok(false) };
        let text = match self.text_of(&due).await {
            Ok(text) => text,
            Err(error) if due.tries + 1 < TRIES => {
                tracing::warn!(file.id = %due.file, %error, "A file could not be read, it is tried again");
                self.search
                    .write(move |tx: &mut Tx| -> Result<()> { Ok(search::not_yet(tx, &due)?) })
                    .await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
                return Ok(true);
            }
            Err(error) => {
                tracing::warn!(file.id = %due.file, %error, "A file could not be read and is found by its name only");
                String::new()
            }
        };
        let stretches =
            tokio::task::spawn_blocking(move || stretches(&text)).await.map_err(anyhow::Error::from)?;
        self.search
            .write(move |tx: &mut Tx| -> Result<()> { Ok(search::put_text(tx, &due, &stretches)?) })
            .await?;
        Ok(true)
    }

    /// The words of a file, for who may have it; none when it holds no text that we read.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn file_text(
        self: &Arc<Self>,
        person: PersonId,
        id: FileId,
    ) -> Result<(FileRecord, Option<String>)> {
        let record = self.file(person, id).await?;
        let Some(reader) = self.config.reader.clone().filter(|_| is_read(&record.file)) else {
            return Ok((record, None));
        };
        // As with pictures: few at once, because a hostile file may take what the reader is allowed.
        let _place = self.darkroom.enter().await?;
        let bytes = self.blobs.read(&BlobName::from_hash(record.hash)).await?;
        let read = tokio::task::spawn_blocking(move || read_apart(&reader, bytes)).await;
        let told = read.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
        Ok((record, told.filter(|it| !it.trim().is_empty())))
    }

    async fn text_of(self: &Arc<Self>, due: &Due) -> Result<String> {
        let id = due.file;
        let record = self.db.read(move |conn| -> Result<_> { Ok(files::by_id(conn, id)?) }).await?;
        // A file that is gone has no text.
        let Some(record) = record.filter(|it| !it.removed && is_read(&it.file)) else {
            return Ok(String::new());
        };
        let Some(reader) = self.config.reader.clone() else { return Ok(String::new()) };
        let bytes = self.blobs.read(&BlobName::from_hash(record.hash)).await?;
        let read = tokio::task::spawn_blocking(move || read_apart(&reader, bytes)).await;
        let told = read.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
        if told.is_none() {
            tracing::info!(file.id = %id, "A file's text cannot be read, it is found by its name only");
        }
        Ok(told.unwrap_or_default())
    }
}

/// The words of a text, in stretches that end where a word does.
fn stretches(text: &str) -> Vec<Vec<String>> {
    let mut stretches = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.char_indices().nth(STRETCH).map_or(rest.len(), |(at, _)| at);
        let cut = if end == rest.len() {
            end
        } else {
            rest[..end].rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(end)
        };
        let words = index_tokens(&rest[..cut]);
        if !words.is_empty() {
            stretches.push(words);
        }
        rest = &rest[cut..];
        // A stretch begins with a word, and every turn takes something away.
        rest = rest.trim_start();
    }
    stretches
}

#[cfg(test)]
mod tests {
    use madang_model::FileId;

    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words() {
        let text = "회의록 ".repeat(STRETCH / 2);
        let cut = stretches(&text);
        assert_eq!(cut.len(), 2);
        let words: usize = cut.iter().map(Vec::len).sum();
        assert_eq!(words, index_tokens(&text).len(), "no word was cut in two");
        assert_eq!(stretches(&"가".repeat(STRETCH + 1)).len(), 2, "one without a gap is cut all the same");
        assert!(stretches(" \n ").is_empty());
    }

    #[test]
    fn files_that_may_hold_text_are_read() {
        let check = |name: &str, media_type: &str, size: i64, expected: bool| {
            let file = FileRef {
                id: FileId(1),
                name: name.into(),
                media_type: media_type.into(),
                size,
                width: None,
                height: None,
                thumb: false,
            };
            assert_eq!(is_read(&file), expected, "{name}");
        };
        check("a.pdf", "application/pdf", 10, true);
        check("notes", "text/plain", 10, true);
        check("표.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 10, true);
        check("문서.HWPX", "application/zip", 10, true);
        check("옛날.csv", "application/octet-stream", 10, true);
        check("archive.zip", "application/zip", 10, false);
        check("photo.jpg", "image/jpeg", 10, false);
        check("huge.pdf", "application/pdf", LARGEST + 1, false);
        check("empty.txt", "text/plain", 0, false);
    }
}
