//! Messages, and what else stands in a history.

use madang_model::app_part::AppPart;
use madang_model::row::{MessageRow, Row, RowContent};
use madang_model::{Body, PersonId};
use serde_json::{Map, Value, json};

use super::around::Around;
use super::file::file;
use super::names::{app_id, bot_id, person_id, ts};
use super::person;
use crate::blocks::Fill;
use crate::scopes::Conversation;
use crate::text::{rich_text, to_mrkdwn};

/// Where a message is shown: some of its words differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// In a history, or as the answer to a method.
    History,
    /// It has just been posted, or changed.
    Event,
}

/// The words of a message as apps read them: as they were sent, or as mrkdwn.
#[must_use]
pub fn text_of(message: &MessageRow) -> String {
    match message.app.as_deref().and_then(|it| it.source.as_ref()) {
        Some(source) => source.clone(),
        None => to_mrkdwn(&message.text, &|_| None),
    }
}

/// The block that says what a message without blocks says.
#[must_use]
pub fn rich_text_of(text: &str, at_us: i64) -> Option<Value> {
    rich_text(text, &Fill::new(ts(at_us)).next_id())
}

/// A row of a history. Nothing for what Slack has no word for.
#[must_use]
pub fn message(row: &Row, around: &Around, occasion: Occasion) -> Option<Value> {
    match &row.content {
        RowContent::Message(message) if message.removed => Some(tombstone(row, message, around)),
        RowContent::Message(message) => Some(posted(row, message, around, occasion)),
        RowContent::Notice(body) => notice(row, body, around),
    }
}

fn base(row: &Row, around: &Around) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("type".into(), "message".into());
    out.insert("user".into(), person_id(row.author).into());
    out.insert("ts".into(), ts(row.at).into());
    out.insert("team".into(), around.house.team().into());
    out
}

fn posted(row: &Row, message: &MessageRow, around: &Around, occasion: Occasion) -> Value {
    let mut out = base(row, around);
    out.insert("text".into(), text_of(message).into());
    if let Some(client_id) = &message.client_id {
        out.insert("client_msg_id".into(), json!(client_id));
    }
    let app = message.app.as_deref();
    speaker(row, app, around, &mut out);
    content(row, message, around, &mut out);
    thread(row, message, around, &mut out);
    if let Some(at) = message.edited_at {
        out.insert("edited".into(), json!({"user": person_id(row.author), "ts": ts(at)}));
    }
    if !message.reactions.is_empty() {
        let reactions = message.reactions.iter().map(|it| {
            let users: Vec<String> = it.people.iter().map(|(person, _)| person_id(*person)).collect();
            json!({"name": it.emoji, "users": users, "count": it.people.len()})
        });
        out.insert("reactions".into(), reactions.collect());
    }
    if let Some(pinned) = &message.pinned {
        out.insert("pinned_to".into(), json!([around.channel]));
        out.insert(
            "pinned_info".into(),
            json!({"channel": around.channel, "pinned_by": person_id(pinned.by), "pinned_ts": pinned.at / 1_000_000}),
        );
    }
    if let Some(subtype) = subtype(message, occasion) {
        out.insert("subtype".into(), json!(subtype));
    }
    Value::Object(out)
}

fn subtype(message: &MessageRow, occasion: Occasion) -> Option<&'static str> {
    let app = message.app.as_deref();
    if message.thread.is_some() && message.also {
        Some("thread_broadcast")
    } else if app.is_some_and(|it| it.me) {
        Some("me_message")
    } else if app.is_some_and(|it| it.name.is_some()) {
        Some("bot_message")
    } else if !message.files.is_empty() && occasion == Occasion::Event {
        Some("file_share")
    } else {
        None
    }
}

/// Bots carry both their ids: apps know by either that a message is their own.
fn speaker(row: &Row, app: Option<&AppPart>, around: &Around, out: &mut Map<String, Value>) {
    let author = around.people.get(&row.author);
    let owner = app.and_then(|it| it.id).or_else(|| around.bots.get(&row.author).copied());
    if author.is_some_and(|it| it.bot) || (author.is_none() && owner.is_some()) {
        out.insert("bot_id".into(), bot_id(row.author).into());
        let (name, removed, changed) =
            author.map_or(("", false, 0), |it| (it.name.as_str(), it.removed, it.changed_at));
        out.insert(
            "bot_profile".into(),
            person::bot(row.author, name, removed, changed, owner, &around.house),
        );
    }
    if let Some(owner) = owner {
        out.insert("app_id".into(), app_id(owner).into());
    }
    if let Some(name) = app.and_then(|it| it.name.as_ref()) {
        out.insert("username".into(), json!(name));
    }
    match app.and_then(|it| it.icon.as_deref()) {
        Some(icon) if icon.starts_with(':') => out.insert("icons".into(), json!({"emoji": icon})),
        Some(icon) => out.insert("icons".into(), json!({"image_48": icon})),
        None => None,
    };
}

fn content(row: &Row, message: &MessageRow, around: &Around, out: &mut Map<String, Value>) {
    let app = message.app.as_deref();
    let blocks = app.map(|it| it.blocks.clone()).unwrap_or_default();
    let mut attachments = app.map(|it| it.attachments.clone()).unwrap_or_default();
    if blocks.is_empty() && attachments.is_empty() {
        let block = rich_text_of(&message.text, row.at);
        out.extend(block.map(|it| ("blocks".to_owned(), Value::Array(vec![it]))));
    } else if !blocks.is_empty() {
        out.insert("blocks".into(), Value::Array(blocks));
    }
    for (url, unfurl) in &message.unfurls {
        let mut unfurl = unfurl.clone();
        unfurl["from_url"] = json!(url);
        unfurl["id"] = json!(attachments.len() + 1);
        attachments.push(unfurl);
    }
    if let Some(forward) = &message.forward {
        let text = to_mrkdwn(&forward.text, &|_| None);
        attachments.push(json!({
            "id": attachments.len() + 1,
            "ts": ts(forward.at),
            "author_id": person_id(forward.author),
            "channel_id": crate::id::written("C", forward.space.0),
            "channel_team": around.house.team(),
            "is_msg_unfurl": true,
            "is_share": true,
            "text": text,
            "fallback": text,
            "mrkdwn_in": ["text"],
        }));
    }
    if !attachments.is_empty() {
        out.insert("attachments".into(), Value::Array(attachments));
    }
    if !message.files.is_empty() {
        let shown_in = [around.channel.clone()];
        let files = message.files.iter().map(|it| file(it, row.author, &around.house, &shown_in));
        out.insert("files".into(), files.collect());
        out.insert("upload".into(), json!(false));
    }
    if let Some(metadata) = app.and_then(|it| it.metadata.as_ref()) {
        out.insert("metadata".into(), metadata.clone());
    }
}

fn thread(row: &Row, message: &MessageRow, around: &Around, out: &mut Map<String, Value>) {
    if let Some((at, author)) = message.thread.and_then(|root| around.roots.get(&root)) {
        out.insert("thread_ts".into(), ts(*at).into());
        out.insert("parent_user_id".into(), person_id(*author).into());
    }
    if let Some(replies) = message.replies.as_ref().filter(|it| it.count > 0) {
        let people: Vec<String> = replies.people.iter().map(|it: &PersonId| person_id(*it)).collect();
        out.insert("thread_ts".into(), ts(row.at).into());
        out.insert("reply_count".into(), json!(replies.count));
        out.insert("reply_users_count".into(), json!(people.len()));
        out.insert("reply_users".into(), json!(people));
        out.insert("latest_reply".into(), ts(replies.last_at).into());
        out.insert("is_locked".into(), json!(false));
        out.insert("subscribed".into(), json!(false));
    }
}

/// What is left of a root that was removed: its replies hang on it.
fn tombstone(row: &Row, message: &MessageRow, around: &Around) -> Value {
    let mut out = base(row, around);
    out.insert("user".into(), json!("USLACKBOT"));
    out.insert("subtype".into(), json!("tombstone"));
    out.insert("hidden".into(), json!(true));
    out.insert("text".into(), json!("This message was deleted."));
    thread(row, message, around, &mut out);
    Value::Object(out)
}

/// Who came and went, and what became of the conversation.
fn notice(row: &Row, body: &Body, around: &Around) -> Option<Value> {
    let private = !around.channel.starts_with('C');
    let family = if private { Conversation::Group } else { Conversation::Channel };
    let word = |what: &str| {
        if family == Conversation::Group { format!("group_{what}") } else { format!("channel_{what}") }
    };
    let mut out = base(row, around);
    let (subtype, text) = match body {
        Body::MemberJoined { person, .. } => {
            out.insert("user".into(), person_id(*person).into());
            if *person != row.author {
                out.insert("inviter".into(), person_id(row.author).into());
            }
            (word("join"), format!("<@{}> has joined the channel", person_id(*person)))
        }
        Body::MemberLeft { person } => {
            out.insert("user".into(), person_id(*person).into());
            (word("leave"), format!("<@{}> has left the channel", person_id(*person)))
        }
        Body::SpaceChanged { name: Some(name), .. } => {
            let name = super::names::handle(name, '-');
            out.insert("name".into(), json!(name));
            (word("name"), format!("has renamed the channel to \"{name}\""))
        }
        Body::SpaceChanged { description: Some(purpose), .. } => {
            out.insert("purpose".into(), json!(purpose));
            (word("purpose"), format!("set the channel description: {}", crate::text::escaped(purpose)))
        }
        Body::SpaceArchived {} => (word("archive"), "archived the channel".to_owned()),
        Body::SpaceUnarchived {} => (word("unarchive"), "un-archived the channel".to_owned()),
        _ => return None,
    };
    out.insert("subtype".into(), json!(subtype));
    out.insert("text".into(), json!(text));
    Some(Value::Object(out))
}
