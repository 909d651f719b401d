//! Saying something, changing it, and taking it back.

use std::collections::HashMap;
use std::sync::Arc;

use madang_app::apps::GrantKind;
use madang_app::records::SpaceRecord;
use madang_app::{Later, NewMessage};
use madang_model::app_part::AppPart;
use madang_model::row::Row;
use madang_model::{Command, Event, PersonId, Refusal, Seq, SpaceId};
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::compose::Composed;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::shapes::{Around, Occasion};
use crate::{method, shapes, ts};

pub(super) static METHODS: &[Method] = &[
    method!("chat.postMessage", BotOrUser, ["chat:write"], post_message),
    method!("chat.meMessage", BotOrUser, ["chat:write"], me_message),
    method!("chat.update", BotOrUser, ["chat:write"], update),
    method!("chat.delete", BotOrUser, ["chat:write"], delete),
    method!("chat.postEphemeral", BotOrUser, ["chat:write"], post_ephemeral),
    method!("chat.getPermalink", BotOrUser, [], get_permalink),
    method!(
        "chat.unfurl",
        BotOrUser,
        ["links:write"],
        unfurl,
        "a message's `ts` and `channel`; no authentication of people"
    ),
    method!("chat.scheduleMessage", BotOrUser, ["chat:write"], schedule),
    method!("chat.deleteScheduledMessage", BotOrUser, ["chat:write"], unschedule),
    method!("chat.scheduledMessages.list", BotOrUser, [], scheduled),
];

/// Where a message goes: into a space, or to a person, with whom a direct space is begun.
pub(super) async fn addressed(call: &Call) -> Result<SpaceRecord, Fail> {
    let name = call.args.text("channel").ok_or_else(|| Fail::new("channel_not_found"))?;
    if name.starts_with(['U', 'W'])
        && let Some(person) = call.slack.person_called(&name).await?
    {
        return call
            .direct_with(vec![person])
            .await
            .map(|it| it.space)
            .map_err(|_| Fail::new("channel_not_found"));
    }
    let space = call.space("channel").await?;
    Ok(call.slack.app.place(call.person(), space).await?)
}

/// The same for a new message: the space, and its id in answers. Which letter a space's id has never changes, so it is read
/// once and not before every message.
async fn posted_to(call: &Call) -> Result<(SpaceId, String), Fail> {
    let name = call.args.text("channel").unwrap_or_default();
    if !name.starts_with(['U', 'W']) {
        let space = call.space("channel").await?;
        if let Some(channel) = call.slack.channel_called(space) {
            return Ok((space, channel));
        }
    }
    let place = addressed(call).await?;
    let channel = shapes::channel_id(&place);
    call.slack.remember_channel(place.facts.id, &channel);
    Ok((place.facts.id, channel))
}

/// A name and a picture of its own take a scope; without it the bot speaks as itself.
fn customized(call: &Call, mut composed: Composed) -> Composed {
    let may = call.may("chat:write.customize") && call.grant.kind == GrantKind::Bot;
    if let Some(part) = composed.part.as_mut().filter(|_| !may) {
        part.name = None;
        part.icon = None;
    }
    composed.part = composed.part.filter(|it| **it != AppPart::default());
    composed
}

async fn composed(call: &Call) -> Result<Composed, Fail> {
    Ok(customized(call, call.slack.compose(&call.args, call.app_id()).await?))
}

/// Posts; an app that may write to every open space need not be in it.
pub(super) async fn post(call: &Call, space: SpaceId, new: NewMessage) -> Result<Arc<Event>, Fail> {
    let app = &call.slack.app;
    let (part, thread) = (new.app.clone(), new.thread);
    let event = match app.post(call.person(), space, new.clone()).await {
        Err(madang_app::Error::Refusal(Refusal::NotAMember)) if call.may("chat:write.public") => {
            app.run(call.person(), space, None, Command::JoinSpace).await?;
            app.post(call.person(), space, new).await?
        }
        Err(madang_app::Error::Refusal(Refusal::NotARoot)) => {
            return Err(Fail::new("cannot_reply_to_message"));
        }
        done => done?,
    };
    call.slack.calls_stand(part.as_deref(), space, event.seq).await?;
    if let (Some(app), Some(thread)) = (call.app_id(), thread) {
        call.slack.assistant_has_spoken(call.person(), app, space, thread).await?;
    }
    Ok(event)
}

/// The root of a thread.
pub(super) struct Root {
    pub seq: Seq,
    at: i64,
    author: PersonId,
}

/// The root of the thread that `thread_ts` names, which may be one of its replies.
pub(super) async fn thread_of(call: &Call, space: SpaceId) -> Result<Option<Root>, Fail> {
    if call.args.text("thread_ts").is_none() {
        return Ok(None);
    }
    let seq = call.message(space, "thread_ts", "thread_not_found").await?;
    let app = &call.slack.app;
    let mut row = app.message(call.person(), space, seq).await.map_err(|_| Fail::new("thread_not_found"))?;
    let root = super::asked::root_of(&row);
    if root != seq {
        row = app.message(call.person(), space, root).await?;
    }
    Ok(Some(Root { seq: row.seq, at: row.at, author: row.author }))
}

/// The answer: the message as it is, of what is known already.
async fn posted(call: &Call, channel: String, event: &Event, root: Option<Root>) -> Answer {
    let row = Row::begun_by(event).ok_or_else(|| Fail::new("internal_error"))?;
    let me = call.slack.whoever_asks(call.person()).await?;
    let owner = if me.bot { call.slack.bots().await?.get(&me.id).copied() } else { None };
    let around = Around {
        house: call.house().await?,
        channel,
        people: HashMap::from([(me.id, me.as_ref().clone())]),
        bots: owner.map(|it| (me.id, it)).into_iter().collect(),
        roots: root.map(|it| (it.seq, (it.at, it.author))).into_iter().collect(),
    };
    let message = shapes::message(&row, &around, Occasion::History);
    Ok(object! {"channel": around.channel, "ts": ts::written(event.at_us), "message": message})
}

async fn post_message(call: &Call) -> Answer {
    let (space, channel) = posted_to(call).await?;
    let composed = composed(call).await?;
    let root = thread_of(call, space).await?;
    let new = NewMessage {
        client_id: call.args.text("client_msg_id"),
        text: composed.text,
        thread: root.as_ref().map(|it| it.seq),
        also: call.args.flag("reply_broadcast") == Some(true),
        app: composed.part,
        ..NewMessage::default()
    };
    let event = post(call, space, new).await?;
    posted(call, channel, &event, root).await
}

async fn me_message(call: &Call) -> Answer {
    let place = addressed(call).await?;
    let composed = composed(call).await?;
    let mut part = composed.part.unwrap_or_default();
    part.me = true;
    let new = NewMessage { text: composed.text, app: Some(part), ..NewMessage::default() };
    let event = post(call, place.facts.id, new).await?;
    answer(json!({"channel": shapes::channel_id(&place), "ts": ts::written(event.at_us)}))
}

async fn update(call: &Call) -> Answer {
    let summary = call.conversation("channel", "").await?;
    let row = call.row(&summary, "ts").await?;
    let before = row.message().cloned().ok_or_else(|| Fail::new("message_not_found"))?;
    if row.author != call.person() {
        return Err(Fail::new("cant_update_message"));
    }
    let old = before.app.as_deref().cloned().unwrap_or_default();
    let mut args = call.args.clone();
    // What an update leaves out stays as it is; an empty list takes it away.
    for (name, kept) in [("blocks", &old.blocks), ("attachments", &old.attachments)] {
        let texts_only = call.args.is_given("text") || call.args.is_given("markdown_text");
        let is_other = call.args.is_given(name) || (name == "blocks" && texts_only);
        if !is_other && !kept.is_empty() {
            args.0.insert(name.into(), Value::Array(kept.clone()));
        }
    }
    if !args.is_given("text") && !args.is_given("markdown_text") && !before.text.is_empty() {
        args.0.insert("text".into(), json!(shapes::text_of(&before)));
    }
    if !args.is_given("metadata")
        && let Some(metadata) = &old.metadata
    {
        args.0.insert("metadata".into(), metadata.clone());
    }
    let mut composed = call.slack.compose(&args, old.id.or(call.app_id())).await?;
    let has_part = composed.part.is_some() || before.app.is_some();
    let mut part = composed.part.take().unwrap_or_default();
    (part.name, part.icon, part.me) = (old.name, old.icon, old.me);
    let app = has_part.then_some(part).filter(|it| **it != AppPart::default());
    let space = summary.space.facts.id;
    call.slack.calls_stand(app.as_deref(), space, row.seq).await?;
    let command = Command::EditMessage { message: row.seq, text: composed.text, app };
    call.slack.app.run(call.person(), space, None, command).await?;
    let row = call.slack.app.message(call.person(), summary.space.facts.id, row.seq).await?;
    let message = call.one_shown(&summary, &row).await?;
    answer(json!({
        "channel": shapes::channel_id(&summary.space),
        "ts": ts::written(row.at),
        "text": message["text"],
        "message": message,
    }))
}

async fn delete(call: &Call) -> Answer {
    let summary = call.conversation("channel", "").await?;
    let row = call.row(&summary, "ts").await?;
    let command = Command::RemoveMessage { message: row.seq };
    let done = call.slack.app.run(call.person(), summary.space.facts.id, None, command).await;
    done.map_err(|error| match error {
        madang_app::Error::Refusal(Refusal::NotTheAuthor | Refusal::NotAllowed(_)) => {
            Fail::new("cant_delete_message")
        }
        other => other.into(),
    })?;
    answer(json!({"channel": shapes::channel_id(&summary.space), "ts": ts::written(row.at)}))
}

/// Shown to one person, on whatever devices they have open, and kept nowhere.
async fn post_ephemeral(call: &Call) -> Answer {
    let summary = call.joined("channel", "").await?;
    let space = summary.space.facts.id;
    let person = call.person_of("user").await?;
    let composed = composed(call).await?;
    let thread = thread_of(call, space).await?.map(|it| it.seq);
    let said_by = (call.person(), call.app_id());
    let shown = call.slack.show_ephemeral(said_by, person, (space, thread), composed, None).await?;
    answer(json!({"message_ts": ts::written(shown.at_us)}))
}

async fn get_permalink(call: &Call) -> Answer {
    let summary = call.conversation("channel", "").await?;
    let row = call.row(&summary, "message_ts").await?;
    let channel = shapes::channel_id(&summary.space);
    let mut link = format!("{}/archives/{channel}/p{}", call.house().await?.url, row.at);
    if let Some(root) = row.message().and_then(|it| it.thread) {
        let root = call.slack.app.message(call.person(), summary.space.facts.id, root).await?;
        link.push_str(&format!("?thread_ts={}&cid={channel}", ts::written(root.at)));
    }
    answer(json!({"channel": channel, "permalink": link}))
}

async fn unfurl(call: &Call) -> Answer {
    let summary = call.conversation("channel", "").await?;
    let row = call.row(&summary, "ts").await?;
    let unfurls = call.args.json("unfurls", "cannot_parse_attachment")?;
    let Some(Value::Object(unfurls)) = unfurls else { return Err(Fail::new("missing_unfurls")) };
    let mut fill = crate::blocks::Fill::new(call.slack.fresh_word()?);
    let mut checked = row.message().map(|it| it.unfurls.clone()).unwrap_or_default();
    for (url, shown) in unfurls {
        let mut list = crate::blocks::check_attachments(&json!([shown]), &mut fill)?;
        checked.insert(url, list.pop().unwrap_or_default());
    }
    let command = Command::UnfurlMessage { message: row.seq, unfurls: checked };
    call.slack.app.run(call.person(), summary.space.facts.id, None, command).await?;
    answer(json!({}))
}

async fn schedule(call: &Call) -> Answer {
    let place = addressed(call).await?;
    let space = place.facts.id;
    let at = call.args.number("post_at").ok_or_else(|| Fail::new("invalid_time"))?;
    let now = jiff::Timestamp::now().as_second();
    if at <= now {
        return Err(Fail::new("time_in_past"));
    }
    if at > now + 120 * 86_400 {
        return Err(Fail::new("time_too_far"));
    }
    let composed = composed(call).await?;
    let part = composed.part.clone().unwrap_or_default();
    let id = format!("Q{}", call.slack.fresh_word()?.to_uppercase());
    let later = Later {
        space,
        text: composed.text.clone(),
        thread: thread_of(call, space).await?.map(|it| it.seq),
        also: call.args.flag("reply_broadcast") == Some(true),
        files: Vec::new(),
        app: composed.part.clone(),
        at: at * 1_000_000,
    };
    call.slack.app.schedule(call.person(), id.clone(), later).await?;
    answer(json!({
        "channel": shapes::channel_id(&place),
        "scheduled_message_id": id,
        "post_at": at,
        "message": {
            "type": "delayed_message",
            "user": shapes::person_id(call.person()),
            "text": part.source.unwrap_or_else(|| crate::text::to_mrkdwn(&composed.text, &|_| None)),
            "team": call.house().await?.team(),
            "blocks": part.blocks,
            "attachments": part.attachments,
        },
    }))
}

/// A message that waits, with its times in seconds.
#[derive(Clone)]
struct Waiting {
    id: String,
    space: SpaceId,
    at: i64,
    created: i64,
    text: String,
}

/// What waits of whoever asks.
async fn waiting(call: &Call) -> Result<Vec<Waiting>, Fail> {
    let (_, registers) = call.slack.app.registers(call.person(), 0).await?;
    let mut found = Vec::new();
    for register in registers {
        let Some(id) = register.key.strip_prefix("scheduled/").map(str::to_owned) else { continue };
        let value = &register.value;
        let space = value["space"].as_str().and_then(|it| it.parse().ok());
        if let (Some(space), Some(at), Some(text)) = (space, value["at"].as_i64(), value["text"].as_str()) {
            // What was kept by an older release does not say when.
            let created = value["created"].as_i64().unwrap_or(at);
            let (at, created) = (at / 1_000_000, created / 1_000_000);
            found.push(Waiting { id, space, at, created, text: text.to_owned() });
        }
    }
    found.sort_by_key(|it| it.at);
    Ok(found)
}

async fn unschedule(call: &Call) -> Answer {
    let id =
        call.args.text("scheduled_message_id").ok_or_else(|| Fail::new("invalid_scheduled_message_id"))?;
    let space = call.space("channel").await?;
    if !waiting(call).await?.iter().any(|it| it.id == id && it.space == space) {
        return Err(Fail::new("invalid_scheduled_message_id"));
    }
    call.slack.app.unschedule(call.person(), id).await?;
    answer(json!({}))
}

async fn scheduled(call: &Call) -> Answer {
    let only = match call.args.is_given("channel") {
        true => Some(call.space("channel").await?),
        false => None,
    };
    let from = call.cursor_number("chat.scheduledMessages.list")?.unwrap_or(0);
    let mut all = waiting(call).await?;
    all.retain(|it| only.is_none_or(|only| it.space == only));
    let from = usize::try_from(from).unwrap_or_default();
    let (page, more) = super::asked::part(&all, from, call.limit(100, 1_000));
    let mut items = Vec::new();
    for it in page {
        let summary = call.slack.app.space(call.person(), it.space).await?;
        items.push(json!({
            "id": it.id,
            "channel_id": shapes::channel_id(&summary.space),
            "post_at": it.at,
            "date_created": it.created,
            "text": crate::text::to_mrkdwn(&it.text, &|_| None),
        }));
    }
    let next = super::asked::next("chat.scheduledMessages.list", more);
    answer(json!({"scheduled_messages": items, "response_metadata": next}))
}
