//! Reminders: what somebody writes into their own notes, kept for later with a time.

mod when;

use madang_app::{Kept, quiet};
use madang_model::register::Key;
use madang_model::row::Row;
use madang_model::{Command, Refusal, Seq, SpaceId};
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method, shapes, text};

pub(super) static METHODS: &[Method] = &[
    method!(
        "reminders.add",
        User,
        ["reminders:write"],
        add,
        "once, and for oneself; `time` as a number, or as short English or Korean words"
    ),
    method!("reminders.complete", User, ["reminders:write"], complete),
    method!("reminders.delete", User, ["reminders:write"], delete),
    method!("reminders.info", User, ["reminders:read"], info),
    method!("reminders.list", User, ["reminders:read"], list, "those that are not complete"),
];

/// What stands on a note whose reminder is complete.
const DONE: &str = "white_check_mark";

/// A note with what is known of its reminder.
struct Reminder {
    space: SpaceId,
    row: Row,
    /// Microseconds since 1970.
    remind_at: i64,
    done_at: i64,
}

/// `Rm` and the time of the note, which is its name among one's own notes.
fn written(at_us: i64) -> String {
    id::written("Rm", at_us)
}

fn read(name: &str) -> Option<i64> {
    id::number("R", &format!("R{}", name.strip_prefix("Rm")?))
}

fn shape(call: &Call, reminder: &Reminder) -> Value {
    let said = reminder.row.message().map(|it| it.text.as_str()).unwrap_or_default();
    let me = shapes::person_id(call.person());
    json!({
        "id": written(reminder.row.at),
        "creator": me,
        "user": me,
        "text": text::to_mrkdwn(said, &|_| None),
        "recurring": false,
        "time": reminder.remind_at / 1_000_000,
        "complete_ts": reminder.done_at / 1_000_000,
    })
}

async fn add(call: &Call) -> Answer {
    call.args.required("text")?;
    let time = call.args.required("time")?;
    if call.args.is_given("user") && call.person_of("user").await? != call.person() {
        return Err(Fail::new("cannot_add_others"));
    }
    if call.args.is_given("recurrence") {
        return Err(Fail::new("cannot_parse").with_messages(vec!["a reminder comes once".into()]));
    }
    let app = &call.slack.app;
    let settings = app.register(call.person(), Key::Settings).await?.map_or(Value::Null, |it| it.value);
    let zone = quiet::zone_of(&settings);
    let remind_at = when::read(&time, app.clock.now_us(), zone).ok_or_else(|| Fail::new("cannot_parse"))?;
    let composed = call.slack.compose(&call.args, None).await?;
    let note = app.remind_oneself(call.person(), composed.text, remind_at).await;
    let note = note.map_err(|error| match error {
        madang_app::Error::Refusal(Refusal::Invalid { what: "remind_at", .. }) => Fail::new("cannot_parse"),
        other => other.into(),
    })?;
    let row = Row::begun_by(&note).ok_or_else(|| Fail::new("internal_error"))?;
    let reminder = Reminder { space: note.space, row, remind_at, done_at: 0 };
    answer(json!({"reminder": shape(call, &reminder)}))
}

/// The reminders that are still kept, the next one first.
async fn waiting(call: &Call) -> Result<Vec<Reminder>, Fail> {
    let app = &call.slack.app;
    let Some(space) = app.own_notes_if_any(call.person()).await? else { return Ok(Vec::new()) };
    let kept = app.saved(call.person()).await?.into_iter();
    let mut all: Vec<Reminder> = kept
        .filter(|it| it.record.space == space)
        .filter_map(|Kept { record, row }| {
            Some(Reminder { space, row, remind_at: record.remind_at?, done_at: 0 })
        })
        .collect();
    all.sort_by_key(|it| it.remind_at);
    Ok(all)
}

/// The reminder that an argument names, complete or not.
async fn named(call: &Call) -> Result<Reminder, Fail> {
    let missing = || Fail::new("not_found");
    let name = call.args.required("reminder")?;
    let at_us = read(&name).ok_or_else(missing)?;
    if let Some(found) = waiting(call).await?.into_iter().find(|it| it.row.at == at_us) {
        return Ok(found);
    }
    let app = &call.slack.app;
    let space = app.own_notes_if_any(call.person()).await?.ok_or_else(missing)?;
    let seq = app.seq_at(space, at_us).await?.ok_or_else(missing)?;
    let row = app.message(call.person(), space, seq).await.map_err(|_| missing())?;
    let done_at = done_at(call, space, &row).await?.ok_or_else(missing)?;
    Ok(Reminder { space, remind_at: row.at, row, done_at })
}

/// When a note was marked as done.
async fn done_at(call: &Call, space: SpaceId, row: &Row) -> Result<Option<i64>, Fail> {
    let Some(message) = row.message().filter(|it| !it.removed) else { return Ok(None) };
    let marks = message.reactions.iter().filter(|it| it.emoji == DONE).flat_map(|it| &it.people);
    let mark: Option<Seq> = marks.filter(|(by, _)| *by == call.person()).map(|(_, seq)| *seq).next();
    let Some(mark) = mark else { return Ok(None) };
    let (events, _) = call.slack.app.events(call.person(), space, mark - 1, 1).await?;
    Ok(events.first().map(|it| it.at_us))
}

async fn info(call: &Call) -> Answer {
    let reminder = named(call).await?;
    answer(json!({"reminder": shape(call, &reminder)}))
}

async fn list(call: &Call) -> Answer {
    let all: Vec<Value> = waiting(call).await?.iter().map(|it| shape(call, it)).collect();
    answer(json!({"reminders": all}))
}

async fn complete(call: &Call) -> Answer {
    let reminder = named(call).await?;
    let (app, seq) = (&call.slack.app, reminder.row.seq);
    let command = Command::AddReaction { message: seq, emoji: DONE.into() };
    app.run(call.person(), reminder.space, None, command).await?;
    app.unsave(call.person(), reminder.space, seq).await?;
    answer(json!({}))
}

async fn delete(call: &Call) -> Answer {
    let reminder = named(call).await?;
    let command = Command::RemoveMessage { message: reminder.row.seq };
    call.slack.app.run(call.person(), reminder.space, None, command).await?;
    answer(json!({}))
}
