//! Bookmarks of conversations. Folders there are none.

use madang_app::Summary;
use madang_app::records::BookmarkRecord;
use madang_model::refusal::Thing;
use madang_model::{BookmarkId, Command, Refusal};
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method, shapes};

pub(super) static METHODS: &[Method] = &[
    method!("bookmarks.add", BotOrUser, ["bookmarks:write"], add, "links: there are no folders"),
    method!("bookmarks.edit", BotOrUser, ["bookmarks:write"], edit),
    method!("bookmarks.list", BotOrUser, ["bookmarks:read"], list),
    method!("bookmarks.remove", BotOrUser, ["bookmarks:write"], remove),
];

/// `Bk` and the number.
fn written(bookmark: BookmarkId) -> String {
    id::written("Bk", bookmark.0)
}

fn read(name: &str) -> Option<BookmarkId> {
    let number = match name.strip_prefix("Bk") {
        Some(digits) => id::number("B", &format!("B{digits}")),
        None => id::number("", name),
    };
    number.map(BookmarkId)
}

fn named(call: &Call) -> Result<BookmarkId, Fail> {
    let name = call.args.required("bookmark_id")?;
    read(&name).ok_or_else(|| Fail::new("not_found"))
}

/// What is wrong with a bookmark, in Slack's words.
fn fail(error: madang_app::Error) -> Fail {
    let madang_app::Error::Refusal(refusal) = error else { return error.into() };
    let code = match &refusal {
        Refusal::NotFound(Thing::Bookmark) => "not_found",
        Refusal::Invalid { what: "link", .. } | Refusal::TooLong { what: "the link", .. } => "invalid_link",
        Refusal::Invalid { what: "title", .. } | Refusal::TooLong { what: "the title", .. } => {
            "invalid_bookmark_title"
        }
        Refusal::Invalid { what: "emoji", .. } => "invalid_emoji",
        Refusal::TooMany { .. } => "too_many_bookmarks",
        _ => return refusal.into(),
    };
    Fail::new(code).with_messages(vec![refusal.to_string()])
}

fn shape(record: &BookmarkRecord, summary: &Summary, team: &str) -> Value {
    let bookmark = &record.bookmark;
    let created = record.at_us / 1_000_000;
    // Slack says 0 of what nobody changed.
    let updated = if record.changed_at == record.at_us { 0 } else { record.changed_at / 1_000_000 };
    json!({
        "id": written(bookmark.id),
        "channel_id": shapes::channel_id(&summary.space),
        "title": bookmark.title,
        "link": bookmark.link,
        "emoji": bookmark.emoji.as_deref().map(|it| format!(":{}:", it)).unwrap_or_default(),
        "icon_url": Value::Null,
        "type": "link",
        "entity_id": Value::Null,
        "date_created": created,
        "date_updated": updated,
        // In the order in which they were added.
        "rank": id::written("", record.at_us),
        "last_updated_by_user_id": shapes::person_id(record.changed_by),
        "last_updated_by_team_id": team,
        "shortcut_id": Value::Null,
        "app_id": Value::Null,
        "app_action_id": Value::Null,
        "parent_id": Value::Null,
    })
}

async fn shown(call: &Call, summary: &Summary, record: &BookmarkRecord) -> Answer {
    let team = call.house().await?.team();
    answer(json!({"bookmark": shape(record, summary, &team)}))
}

async fn add(call: &Call) -> Answer {
    let summary = call.conversation("channel_id", "").await?;
    let title = call.args.required("title")?;
    match call.args.required("type")?.as_str() {
        "link" => {}
        _ => return Err(Fail::new("invalid_bookmark_type")),
    }
    if call.args.is_given("parent_id") {
        return Err(Fail::new("parent_not_found"));
    }
    let link = call.args.text("link").ok_or_else(|| Fail::new("invalid_link"))?;
    let what = (title, link, call.args.text("emoji"));
    let made = call.slack.app.add_bookmark(call.person(), summary.space.facts.id, None, what).await;
    shown(call, &summary, &made.map_err(fail)?).await
}

async fn edit(call: &Call) -> Answer {
    let summary = call.conversation("channel_id", "").await?;
    let bookmark = named(call)?;
    // An empty emoji takes it away.
    let emoji = call.args.is_given("emoji").then(|| call.args.text("emoji").unwrap_or_default());
    let what = (call.args.text("title"), call.args.text("link"), emoji);
    let space = summary.space.facts.id;
    let changed = call.slack.app.change_bookmark(call.person(), space, bookmark, what).await;
    shown(call, &summary, &changed.map_err(fail)?).await
}

async fn list(call: &Call) -> Answer {
    let summary = call.joined("channel_id", "").await?;
    let team = call.house().await?.team();
    let all = call.slack.app.bookmarks(call.person(), summary.space.facts.id).await?;
    let all: Vec<Value> = all.iter().map(|it| shape(it, &summary, &team)).collect();
    answer(json!({"bookmarks": all}))
}

async fn remove(call: &Call) -> Answer {
    let summary = call.conversation("channel_id", "").await?;
    let command = Command::RemoveBookmark { bookmark: named(call)? };
    let done = call.slack.app.run(call.person(), summary.space.facts.id, None, command).await;
    done.map_err(fail)?;
    answer(json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bookmark_is_named_as_slack_does_and_as_we_do() {
        let bookmark = BookmarkId(266_000_000_000_000_001);
        assert_eq!(read(&written(bookmark)), Some(bookmark));
        assert_eq!(read(&bookmark.to_string()), Some(bookmark));
        for wrong in ["", "Bk", "B12", "BkA-1", "C12"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
