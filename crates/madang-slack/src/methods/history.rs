//! What was said: histories, threads, and how far one has read.

use madang_app::apps::Window;
use madang_model::row::Row;
use serde_json::{Value, json};

use super::asked::{answer, next, part, root_of};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{method, ts};

pub(super) static METHODS: &[Method] = &[
    method!(
        "conversations.history",
        BotOrUser,
        ["channels:history", "groups:history", "im:history", "mpim:history"],
        history
    ),
    method!(
        "conversations.replies",
        BotOrUser,
        ["channels:history", "groups:history", "im:history", "mpim:history"],
        replies
    ),
    method!(
        "conversations.mark",
        BotOrUser,
        ["channels:manage", "channels:write", "groups:write", "im:write", "mpim:write"],
        mark
    ),
];

/// As much as a client asks for, and a thousand at once.
const MOST: i64 = 1_000;

fn time(call: &Call, argument: &str, code: &'static str) -> Result<Option<i64>, Fail> {
    match call.args.text(argument) {
        None => Ok(None),
        // Slack's own documentation writes `0` for the beginning, and `now` is what some libraries send.
        Some(text) if text == "now" => Ok(None),
        Some(text) => ts::read(&text).map(Some).ok_or_else(|| Fail::new(code)),
    }
}

pub(super) async fn history(call: &Call) -> Answer {
    let summary = call.joined("channel", "history").await?;
    let window = Window {
        before: call.cursor_number("conversations.history")?,
        oldest: time(call, "oldest", "invalid_ts_oldest")?.filter(|it| *it > 0),
        latest: time(call, "latest", "invalid_ts_latest")?,
        inclusive: call.args.flag("inclusive") == Some(true),
        limit: call.limit(100, MOST),
    };
    let stretch = call.slack.app.history(call.person(), summary.space.facts.id, window).await?;
    let mut messages = call.shown(&summary, &stretch.rows).await?;
    without_metadata(call, &mut messages);
    Ok(object! {
        "messages": messages,
        "has_more": stretch.next.is_some(),
        "pin_count": summary.space.facts.pins,
        "channel_actions_ts": Value::Null,
        "channel_actions_count": 0,
        "response_metadata": next("conversations.history", stretch.next),
    })
}

/// What apps say to each other is read by those that ask for it.
fn without_metadata(call: &Call, messages: &mut [Value]) {
    if call.args.flag("include_all_metadata") == Some(true) {
        return;
    }
    for message in messages.iter_mut().filter_map(Value::as_object_mut) {
        message.remove("metadata");
    }
}

pub(super) async fn replies(call: &Call) -> Answer {
    let summary = call.joined("channel", "history").await?;
    let space = summary.space.facts.id;
    let seq = call.message(space, "ts", "thread_not_found").await?;
    let named = call.slack.app.message(call.person(), space, seq).await?;
    let (root, mut all) = call.slack.app.thread(call.person(), space, root_of(&named)).await?;
    all.retain(|row| row.message().is_some_and(|it| !it.removed) && !row.staff);
    let (oldest, latest) =
        (time(call, "oldest", "invalid_ts_oldest")?, time(call, "latest", "invalid_ts_latest")?);
    let inclusive = call.args.flag("inclusive") == Some(true);
    let holds = |row: &Row| {
        let from = oldest.is_none_or(|it| row.at > it || (inclusive && row.at == it));
        from && latest.is_none_or(|it| row.at < it || (inclusive && row.at == it))
    };
    all.retain(holds);
    let after = call.cursor_number("conversations.replies")?.unwrap_or(0);
    let from = all.partition_point(|row| row.seq <= after);
    let (page, more) = part(&all, from, call.limit(1_000, MOST));
    let last = page.last().filter(|_| more.is_some()).map(|it| it.seq);
    let mut rows = vec![root];
    rows.extend(page);
    let mut messages = call.shown(&summary, &rows).await?;
    without_metadata(call, &mut messages);
    Ok(object! {
        "messages": messages,
        "has_more": last.is_some(),
        "response_metadata": next("conversations.replies", last),
    })
}

pub(super) async fn mark(call: &Call) -> Answer {
    let summary = call.joined("channel", "").await?;
    let space = summary.space.facts.id;
    let at = time(call, "ts", "invalid_timestamp")?.ok_or_else(|| Fail::new("invalid_timestamp"))?;
    let window = Window { latest: Some(at), inclusive: true, limit: 1, ..Window::default() };
    let read = call.slack.app.history(call.person(), space, window).await?;
    if let Some(row) = read.rows.first() {
        call.slack.app.read_to(call.person(), space, row.seq).await?;
    }
    answer(json!({}))
}
