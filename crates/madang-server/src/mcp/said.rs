//! What agents read: short, with names beside ids and times as people write them.

use std::collections::HashMap;
use std::sync::Arc;

use madang_app::{App, Summary};
use madang_model::row::{MessageRow, Row, RowContent};
use madang_model::{FileRef, PersonId};
use madang_store::people::PersonRecord;
use serde_json::{Map, Value, json};

use crate::error::Result;

/// A moment in UTC, to the second.
pub(super) fn time(us: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(us).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Names of people, as far as the reader may know them.
pub(super) struct Names(HashMap<PersonId, String>);

impl Names {
    pub(super) async fn of(app: &Arc<App>, reader: PersonId, mut ids: Vec<PersonId>) -> Result<Names> {
        ids.sort();
        ids.dedup();
        let people = app.people_by_ids(reader, ids).await?;
        Ok(Names(people.into_iter().map(|it| (it.id, it.name)).collect()))
    }

    pub(super) async fn in_rows(app: &Arc<App>, reader: PersonId, rows: &[Row]) -> Result<Names> {
        Names::of(app, reader, rows.iter().map(|it| it.author).collect()).await
    }

    fn person(&self, id: PersonId) -> Value {
        match self.0.get(&id) {
            Some(name) => json!({"id": id, "name": name}),
            None => json!({"id": id}),
        }
    }
}

pub(super) fn person(record: &PersonRecord) -> Value {
    let mut said = json!({"id": record.id, "name": record.name, "role": record.role.map(|it| it.as_str())});
    put(&mut said, "email", record.email.as_deref());
    put(&mut said, "bot", record.bot.then_some(true));
    put(&mut said, "inactive", record.standing().is_none().then_some(true));
    said
}

pub(super) fn space(summary: &Summary, names: &Names) -> Value {
    let facts = &summary.space.facts;
    let mut said =
        json!({"id": facts.id, "name": facts.name, "kind": facts.kind.as_str(), "members": facts.members});
    put(&mut said, "description", Some(facts.description.as_str()).filter(|it| !it.is_empty()));
    put(&mut said, "archived", facts.archived.then_some(true));
    if !summary.people.is_empty() {
        said["people"] = summary.people.iter().map(|id| names.person(*id)).collect();
    }
    if let Some(me) = summary.me {
        put(&mut said, "unread", Some(me.unread).filter(|it| *it > 0));
        put(&mut said, "mentions", Some(me.mentions).filter(|it| *it > 0));
    }
    if let Some(last) = &summary.last {
        said["last"] = json!({"seq": last.seq, "at": time(last.at), "text": last.text});
    }
    said
}

pub(super) fn row(row: &Row, names: &Names) -> Value {
    let mut said = json!({"seq": row.seq, "at": time(row.at), "author": names.person(row.author)});
    put(&mut said, "note", row.staff.then_some(true));
    match &row.content {
        RowContent::Message(message) => tell(message, &mut said),
        // What happened besides messages: who came, a call, a meeting.
        RowContent::Notice(body) => {
            let body = serde_json::to_value(body).unwrap_or_default();
            said["event"] = body["type"].clone();
            if let Some(title) = body["body"]["title"].as_str() {
                said["title"] = title.into();
            }
        }
    }
    said
}

fn tell(message: &MessageRow, said: &mut Value) {
    if message.removed {
        said["removed"] = true.into();
        return;
    }
    said["text"] = message.text.as_str().into();
    put(said, "thread", message.thread);
    put(said, "edited", message.edited_at.map(time));
    put(said, "pinned", message.pinned.as_ref().map(|_| true));
    put(said, "replies", message.replies.as_ref().map(|it| it.count).filter(|it| *it > 0));
    if let Some(forward) = &message.forward {
        said["forwarded"] = json!({"text": forward.text, "space": forward.space, "seq": forward.seq});
    }
    if !message.files.is_empty() {
        said["files"] = message.files.iter().map(file).collect();
    }
    if !message.reactions.is_empty() {
        let counts = message.reactions.iter().map(|it| (it.emoji.clone(), it.people.len().into()));
        said["reactions"] = Value::Object(counts.collect::<Map<_, _>>());
    }
}

pub(super) fn file(file: &FileRef) -> Value {
    json!({"id": file.id, "name": file.name, "type": file.media_type, "size": file.size})
}

/// Says what there is, and nothing of what there is not.
pub(super) fn put(said: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        said[name] = value.into();
    }
}
