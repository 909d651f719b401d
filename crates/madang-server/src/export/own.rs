//! What is kept of somebody, for themselves: lines, or a ZIP of those lines and of what they uploaded.

use std::io::{Error, ErrorKind, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result as Fallible;
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use madang_app::{App, OwnMessage};
use madang_model::register::Key;
use madang_model::{FileId, PersonId, SpaceId};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Sender};
use zip::ZipWriter;

use super::archive::Archive;
use super::readme;
use crate::auth::Caller;
use crate::error::Result;
use crate::wire::person::Person;

/// Bytes that are sent in one go.
const PART: usize = 128 << 10;
/// Whoever takes nothing for so long gets no more: a thread waits for them.
const PATIENCE: Duration = Duration::from_secs(60);

/// All but messages: the person, devices, tokens, settings, spaces, uploads, and what is kept for later.
///
/// # Errors
/// What the store said.
pub async fn about(app: &Arc<App>, caller: Caller) -> Result<String> {
    let record = app.person(caller.person).await?;
    let settings = app.register(caller.person, Key::Settings).await?.map_or(Value::Null, |it| it.value);
    let mut text = line(&json!({
        "type": "person", "person": Person::from(&record), "language": record.language, "settings": settings,
    }));
    for (kind, found) in
        [("device", app.my_sessions(caller.person).await?), ("token", app.my_tokens(caller.person).await?)]
    {
        for it in found {
            text += &line(&json!({
                "type": kind, "label": it.label, "created_at": it.created_at, "seen_at": it.seen_at,
            }));
        }
    }
    text += &spaces(app, caller.person).await?;
    text += &for_later(app, caller.person).await?;
    text += &uploads(app, caller.person).await?;
    Ok(text)
}

async fn spaces(app: &Arc<App>, person: PersonId) -> Result<String> {
    let (mut text, mut after) = (String::new(), None);
    loop {
        let spaces = app.my_spaces(person, after, 200).await?;
        for it in &spaces {
            let (facts, role) = (&it.space.facts, it.me.map(|me| me.role));
            text += &line(&json!({
                "type": "space", "space": facts.id, "name": facts.name, "kind": facts.kind, "role": role,
            }));
        }
        match spaces.last() {
            Some(last) => after = Some(last.space.facts.id),
            None => return Ok(text),
        }
    }
}

/// Registers: drafts, saved messages with their reminders, scheduled ones, votes, read marks, how much one wants to
/// hear. The first word of a key is the type of its line.
async fn for_later(app: &Arc<App>, person: PersonId) -> Result<String> {
    let mut text = String::new();
    for it in app.registers(person, 0).await?.1 {
        let kind = it.key.split('/').next().unwrap_or_default();
        // Settings stand with the person; what is null was taken away.
        if kind != "settings" && !it.value.is_null() {
            text += &line(&json!({"type": kind, "key": it.key, "value": it.value}));
        }
    }
    Ok(text)
}

async fn uploads(app: &Arc<App>, person: PersonId) -> Result<String> {
    let (mut text, mut after) = (String::new(), FileId(0));
    loop {
        let files = app.own_files(person, after).await?;
        let Some(last) = files.last() else { return Ok(text) };
        after = last.file.id;
        for it in &files {
            let (space, message) = (it.space, it.message);
            text += &line(&json!({
                "type": "file", "file": it.file, "created_at": it.created_at, "space": space, "message": message,
            }));
        }
    }
}

/// A message as a line.
pub fn message_line(it: &OwnMessage) -> String {
    line(&json!({"type": "message", "space": it.space, "space_name": it.space_name, "row": it.row}))
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// A ZIP with all of it, which is sent as it is written; `head` is what `about` gave.
pub fn send(app: Arc<App>, person: PersonId, head: String) -> Body {
    let (to, from) = mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        let pipe = Pipe { to: to.clone(), run: Handle::current(), part: Vec::with_capacity(PART) };
        if let Err(error) = write(&app, person, &head, pipe) {
            tracing::debug!(person.id = %person, "Own data ended early: {error:#}");
            // The body ends unfinished, so that half of it is not taken for all.
            let _ = to.blocking_send(Err(Error::other(error)));
        }
    });
    // Fused: what compresses a body asks once more after its end.
    Body::from_stream(stream::unfold(from, |mut from| async move { Some((from.recv().await?, from)) }).fuse())
}

fn write(app: &Arc<App>, person: PersonId, head: &str, pipe: Pipe) -> Fallible<()> {
    let now_us = app.clock.now_us();
    let mut zip = Archive::new(ZipWriter::new_stream(pipe));
    zip.begin("README.txt", now_us, false)?;
    zip.words(readme::OWN)?;
    zip.begin("data.jsonl", now_us, true)?;
    zip.words(head)?;
    let mut after = Some((SpaceId(0), 0));
    while let Some(place) = after {
        let (messages, next) = zip.wait(app.own_messages(person, place))?;
        for it in &messages {
            zip.words(&message_line(it))?;
        }
        after = next;
    }
    let mut after = FileId(0);
    loop {
        let files = zip.wait(app.own_files(person, after))?;
        let Some(last) = files.last() else { break };
        after = last.file.id;
        for file in &files {
            zip.file(app, file, || Ok(()))?;
        }
    }
    Ok(zip.finish()?.into_inner().flush()?)
}

/// From the thread that writes to the connection that reads.
struct Pipe {
    to: Sender<std::io::Result<Bytes>>,
    run: Handle,
    part: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.part.is_empty() {
            return Ok(());
        }
        let part = Bytes::from(std::mem::replace(&mut self.part, Vec::with_capacity(PART)));
        match self.run.block_on(tokio::time::timeout(PATIENCE, self.to.send(Ok(part)))) {
            Ok(Ok(())) => Ok(()),
            _ => Err(Error::from(ErrorKind::BrokenPipe)),
        }
    }
}
