//! Reactions, pins, and what one keeps for later (Slack's stars).

use madang_app::Summary;
use madang_model::row::Row;
use madang_model::text::normalize_emoji;
use madang_model::{Command, Refusal};
use serde_json::{Value, json};

use super::asked::{answer, next, paging};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{method, shapes};

pub(super) static METHODS: &[Method] = &[
    method!("reactions.add", BotOrUser, ["reactions:write"], add),
    method!("reactions.remove", BotOrUser, ["reactions:write"], remove),
    method!("reactions.get", BotOrUser, ["reactions:read"], get, "of messages"),
    method!("reactions.list", BotOrUser, ["reactions:read"], list, "of messages"),
    method!("pins.add", BotOrUser, ["pins:write"], pin),
    method!("pins.remove", BotOrUser, ["pins:write"], unpin),
    method!("pins.list", BotOrUser, ["pins:read"], pins),
    method!("stars.add", User, ["stars:write"], star, "messages"),
    method!("stars.remove", User, ["stars:write"], unstar, "messages"),
    method!("stars.list", User, ["stars:read"], stars, "messages"),
];

async fn addressed(call: &Call) -> Result<(Summary, Row), Fail> {
    if !call.args.is_given("channel") || !call.args.is_given("timestamp") {
        return Err(Fail::new("no_item_specified"));
    }
    let summary = call.conversation("channel", "").await?;
    let row = call.row(&summary, "timestamp").await?;
    Ok((summary, row))
}

fn emoji(call: &Call) -> Result<String, Fail> {
    let name = call.args.text("name").ok_or_else(|| Fail::new("no_reaction"))?;
    normalize_emoji(name.trim_matches(':')).ok_or_else(|| Fail::new("invalid_name"))
}

async fn add(call: &Call) -> Answer {
    let emoji = emoji(call)?;
    let (summary, row) = addressed(call).await?;
    let command = Command::AddReaction { message: row.seq, emoji };
    match call.slack.app.run(call.person(), summary.space.facts.id, None, command).await {
        Ok(Some(_)) => answer(json!({})),
        Ok(None) => Err(Fail::new("already_reacted")),
        Err(madang_app::Error::Refusal(Refusal::TooMany { .. })) => Err(Fail::new("too_many_emoji")),
        Err(error) => Err(error.into()),
    }
}

async fn remove(call: &Call) -> Answer {
    let emoji = emoji(call)?;
    let (summary, row) = addressed(call).await?;
    let command = Command::RemoveReaction { message: row.seq, emoji };
    match call.slack.app.run(call.person(), summary.space.facts.id, None, command).await? {
        Some(_) => answer(json!({})),
        None => Err(Fail::new("no_reaction")),
    }
}

async fn get(call: &Call) -> Answer {
    let (summary, row) = addressed(call).await?;
    let channel = shapes::channel_id(&summary.space);
    answer(json!({"type": "message", "channel": channel, "message": call.one_shown(&summary, &row).await?}))
}

/// What somebody reacted to, wherever whoever asks may read: pages by number, and by cursor.
async fn list(call: &Call) -> Answer {
    let by = match call.args.is_given("user") {
        true => call.person_of("user").await?,
        false => call.person(),
    };
    if !call.people(vec![by]).await?.contains_key(&by) {
        return Err(Fail::new("user_not_found"));
    }
    let by_cursor = call.args.is_given("limit") || call.args.is_given("cursor");
    let (mut from, mut count, _) = paging(call, 0);
    if by_cursor {
        from = usize::try_from(call.cursor_number("reactions.list")?.unwrap_or(0)).unwrap_or_default();
        count = usize::try_from(call.limit(100, 1_000)).unwrap_or(100);
    }
    let (page, total) = call.slack.app.reacted(call.person(), by, from, count).await?;
    let mut items: Vec<Value> = Vec::with_capacity(page.len());
    for (place, row) in &page {
        let summary = call.slack.app.space(call.person(), place.facts.id).await?;
        items.push(json!({
            "type": "message",
            "channel": shapes::channel_id(place),
            "message": call.one_shown(&summary, row).await?,
        }));
    }
    let (_, _, paging) = paging(call, total);
    let more = (from + count < total && by_cursor).then_some(from + count);
    answer(json!({"items": items, "paging": paging, "response_metadata": next("reactions.list", more)}))
}

async fn pin(call: &Call) -> Answer {
    let (summary, row) = addressed(call).await?;
    let command = Command::PinMessage { message: row.seq };
    match call.slack.app.run(call.person(), summary.space.facts.id, None, command).await? {
        Some(_) => answer(json!({})),
        None => Err(Fail::new("already_pinned")),
    }
}

async fn unpin(call: &Call) -> Answer {
    let (summary, row) = addressed(call).await?;
    let command = Command::UnpinMessage { message: row.seq };
    match call.slack.app.run(call.person(), summary.space.facts.id, None, command).await? {
        Some(_) => answer(json!({})),
        None => Err(Fail::new("no_pin")),
    }
}

async fn pins(call: &Call) -> Answer {
    let summary = call.joined("channel", "").await?;
    let rows = call.slack.app.pins(call.person(), summary.space.facts.id).await?;
    let channel = shapes::channel_id(&summary.space);
    let mut items: Vec<Value> = Vec::with_capacity(rows.len());
    for (row, message) in rows.iter().zip(call.shown(&summary, &rows).await?) {
        let pinned = row.message().and_then(|it| it.pinned.clone());
        items.push(json!({
            "type": "message",
            "channel": channel,
            "message": message,
            "created": pinned.as_ref().map_or(0, |it| it.at / 1_000_000),
            "created_by": pinned.map(|it| shapes::person_id(it.by)),
        }));
    }
    answer(json!({"items": items}))
}

async fn star(call: &Call) -> Answer {
    let (summary, row) = addressed(call).await?;
    call.slack.app.save(call.person(), summary.space.facts.id, row.seq, None).await?;
    answer(json!({}))
}

async fn unstar(call: &Call) -> Answer {
    let (summary, row) = addressed(call).await?;
    call.slack.app.unsave(call.person(), summary.space.facts.id, row.seq).await?;
    answer(json!({}))
}

async fn stars(call: &Call) -> Answer {
    let kept = call.slack.app.saved(call.person()).await?;
    let (from, count, paging) = paging(call, kept.len());
    let mut items: Vec<Value> = Vec::new();
    for it in kept.iter().skip(from).take(count) {
        let summary = call.slack.app.space(call.person(), it.record.space).await?;
        items.push(json!({
            "type": "message",
            "channel": shapes::channel_id(&summary.space),
            "message": call.one_shown(&summary, &it.row).await?,
            "date_create": it.record.saved_at / 1_000_000,
        }));
    }
    answer(json!({"items": items, "paging": paging}))
}
