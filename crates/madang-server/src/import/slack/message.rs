//! One message of a day, in our words.

use madang_app::import::{Loss, OldFile, OldMessage, OldPart};
use serde_json::Value;

use super::wire::{Attachment, File, Message};

/// What stands in the log of Slack and is no message: who came, went and renamed.
const NOTICES: [&str; 20] = [
    "bot_add",
    "bot_remove",
    "channel_archive",
    "channel_convert_to_private",
    "channel_join",
    "channel_leave",
    "channel_name",
    "channel_posting_permissions",
    "channel_purpose",
    "channel_topic",
    "channel_unarchive",
    "group_archive",
    "group_join",
    "group_leave",
    "group_name",
    "group_purpose",
    "group_topic",
    "group_unarchive",
    "huddle_thread",
    "pinned_item",
];

/// Adds a line of a day to what was read of it.
pub(super) fn read(line: Value, part: &mut OldPart) {
    let ts = line.get("ts").and_then(Value::as_str).unwrap_or("?").to_owned();
    let Ok(message) = serde_json::from_value::<Message>(line) else {
        return part.losses.push((Loss::Unreadable, ts));
    };
    match message.subtype.as_deref() {
        Some(subtype) if NOTICES.contains(&subtype) => return part.losses.push((Loss::Notice, ts)),
        Some("tombstone") => return part.losses.push((Loss::Removed, ts)),
        _ => {}
    }
    let Some(at_us) = micros(&message.ts) else { return part.losses.push((Loss::Unreadable, ts)) };
    let Some(author) = message.user.clone().or(message.bot_id.clone()).or(message.username.clone()) else {
        return part.losses.push((Loss::Unreadable, ts));
    };
    let text = text_of(&message);
    if text.is_empty() && message.files.is_empty() && message.file.is_none() {
        return part.losses.push((Loss::Empty, ts));
    }
    let name = message.user_profile.as_ref().and_then(|it| it.display_name.clone().or(it.real_name.clone()));
    let name = name.filter(|it| !it.trim().is_empty()).or(message.username);
    let thread = message.thread_ts.filter(|it| *it != message.ts);
    part.messages.push(OldMessage {
        at_us,
        author,
        author_name: name,
        text,
        also: message.subtype.as_deref() == Some("thread_broadcast"),
        thread,
        files: message.files.into_iter().chain(message.file).map(file).collect(),
        reactions: message.reactions.into_iter().map(|it| (emoji(&it.name), it.users)).collect(),
        edited_us: message.edited.and_then(|it| micros(&it.ts)),
        key: message.ts,
    });
}

/// `1712345678.000100`: seconds and microseconds.
fn micros(ts: &str) -> Option<i64> {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|c| c.is_ascii_digit());
    if !digits(seconds) || !digits(micros) || seconds.len() > 11 || micros.len() > 6 {
        return None;
    }
    let micros = format!("{micros:0<6}");
    Some(seconds.parse::<i64>().ok()? * 1_000_000 + micros.parse::<i64>().ok()?)
}

/// `thumbsup::skin-tone-3` without the tone, which we do not keep.
fn emoji(name: &str) -> String {
    let name = name.split("::").next().unwrap_or(name);
    format!(":{name}:")
}

fn file(file: File) -> OldFile {
    let name = file.name.or(file.title).filter(|it| !it.trim().is_empty());
    OldFile {
        name: name.unwrap_or_else(|| file.id.clone()),
        key: file.id,
        media_type: file.mimetype.unwrap_or_default(),
    }
}

/// What the message says: its text; of a program's message without one, what its blocks and attachments say.
fn text_of(message: &Message) -> String {
    let mut lines = Vec::new();
    match message.text.as_deref().map(str::trim).filter(|it| !it.is_empty()) {
        Some(text) => lines.push(text.to_owned()),
        None => message.blocks.iter().for_each(|it| spoken(it, &mut lines)),
    }
    message.attachments.iter().for_each(|it| attached(it, &mut lines));
    let text = plain(&lines.join("\n"));
    if message.subtype.as_deref() == Some("me_message") && !text.is_empty() {
        return format!("_{text}_");
    }
    text
}

/// Texts in a block, whatever its kind.
fn spoken(block: &Value, lines: &mut Vec<String>) {
    match block {
        Value::Array(many) => many.iter().for_each(|it| spoken(it, lines)),
        Value::Object(fields) => {
            for key in ["text", "title", "fields", "elements", "rows"] {
                match fields.get(key) {
                    Some(Value::String(text)) if !text.trim().is_empty() => lines.push(text.clone()),
                    Some(inner) => spoken(inner, lines),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

fn attached(attachment: &Attachment, lines: &mut Vec<String>) {
    let said =
        |it: &Option<String>| it.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    let before = lines.len();
    lines.extend(said(&attachment.pretext));
    match (said(&attachment.title), said(&attachment.title_link)) {
        (Some(title), Some(link)) => lines.push(format!("<{link}|{title}>")),
        (Some(title), None) => lines.push(format!("*{title}*")),
        (None, Some(link)) => lines.push(format!("<{link}>")),
        (None, None) => {}
    }
    lines.extend(said(&attachment.text));
    for field in &attachment.fields {
        match (said(&field.title), said(&field.value)) {
            (Some(title), Some(value)) => lines.push(format!("{title}: {value}")),
            (title, value) => lines.extend(title.or(value)),
        }
    }
    if lines.len() == before {
        lines.extend(said(&attachment.fallback));
    }
}

/// Slack writes three characters as entities, and nothing else.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
