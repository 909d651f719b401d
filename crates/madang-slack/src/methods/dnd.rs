//! Not being disturbed: the house's quiet hours, and quiet once. Of others nobody is told.

use std::collections::BTreeMap;

use madang_app::quiet;
use madang_model::PersonId;
use madang_model::register::Key;
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{method, shapes};

pub(super) static METHODS: &[Method] = &[
    method!("dnd.info", BotOrUser, ["dnd:read"], info, "one's own: of others nobody is told"),
    method!("dnd.teamInfo", BotOrUser, ["dnd:read"], team_info, "one's own: of others nobody is told"),
    method!("dnd.setSnooze", User, ["dnd:write"], set_snooze),
    method!("dnd.endSnooze", User, ["dnd:write"], end_snooze),
    method!("dnd.endDnd", User, ["dnd:write"], end_dnd, "ends the snooze; quiet hours go on"),
];

/// As Slack says that there are no hours.
const NEVER: i64 = 1;
/// The longest snooze, in minutes: a week.
const LONGEST: i64 = 7 * 24 * 60;

async fn settings(call: &Call) -> Result<Value, Fail> {
    let kept = call.slack.app.register(call.person(), Key::Settings).await?;
    Ok(kept.map_or(Value::Null, |it| it.value))
}

/// When the next hours begin and end; those without an end go on for as long as is said.
fn hours(settings: &Value, now_us: i64) -> Value {
    match quiet::next_hours(settings, now_us) {
        None => json!({"dnd_enabled": false, "next_dnd_start_ts": NEVER, "next_dnd_end_ts": NEVER}),
        Some((from, to)) => {
            let to = to.unwrap_or(from + LONGEST * 60 * 1_000_000);
            let (from, to) = (from / 1_000_000, to / 1_000_000);
            json!({"dnd_enabled": true, "next_dnd_start_ts": from, "next_dnd_end_ts": to})
        }
    }
}

fn snooze(settings: &Value, now_us: i64) -> Value {
    match quiet::quiet_until(settings, now_us) {
        None => json!({"snooze_enabled": false}),
        Some(until) => json!({
            "snooze_enabled": true,
            "snooze_endtime": until / 1_000_000,
            "snooze_remaining": (until - now_us) / 1_000_000,
            "snooze_is_indefinite": false,
        }),
    }
}

fn together(one: Value, other: Value) -> Answer {
    let mut all = answer(one)?;
    all.extend(answer(other)?);
    Ok(all)
}

/// Somebody whom whoever asks may see.
async fn seen(call: &Call, people: &[PersonId]) -> Result<(), Fail> {
    let found = call.people(people.to_vec()).await?;
    people.iter().all(|it| found.contains_key(it)).then_some(()).ok_or_else(|| Fail::new("user_not_found"))
}

async fn info(call: &Call) -> Answer {
    let person = match call.args.is_given("user") {
        true => call.person_of("user").await?,
        false => call.person(),
    };
    seen(call, &[person]).await?;
    if person != call.person() {
        return answer(hours(&Value::Null, 0));
    }
    let (settings, now_us) = (settings(call).await?, call.slack.app.clock.now_us());
    together(hours(&settings, now_us), snooze(&settings, now_us))
}

async fn team_info(call: &Call) -> Answer {
    let people = call.people_in("users").await?;
    if people.is_empty() {
        return Err(Fail::argument("users", "missing required field: users"));
    }
    seen(call, &people).await?;
    let (own, now_us) = (settings(call).await?, call.slack.app.clock.now_us());
    let told = people.into_iter().map(|it| {
        let settings = if it == call.person() { &own } else { &Value::Null };
        (shapes::person_id(it), hours(settings, now_us))
    });
    answer(json!({"users": told.collect::<BTreeMap<_, _>>()}))
}

async fn keep(call: &Call, until: Option<i64>) -> Result<(), Fail> {
    let changes = serde_json::Map::from_iter([("quiet_until".to_owned(), json!(until))]);
    call.slack.app.change_settings(call.person(), changes).await?;
    Ok(())
}

async fn set_snooze(call: &Call) -> Answer {
    let minutes = call.args.number("num_minutes").ok_or_else(|| Fail::new("missing_duration"))?;
    match minutes {
        ..=0 => return Err(Fail::argument("num_minutes", "give the minutes from now")),
        1..=LONGEST => {}
        _ => return Err(Fail::new("too_long")),
    }
    let now_us = call.slack.app.clock.now_us();
    keep(call, Some(now_us + minutes * 60 * 1_000_000)).await?;
    answer(snooze(&settings(call).await?, now_us))
}

async fn end_snooze(call: &Call) -> Answer {
    let now_us = call.slack.app.clock.now_us();
    let before = settings(call).await?;
    if quiet::quiet_until(&before, now_us).is_none() {
        return Err(Fail::new("snooze_not_active"));
    }
    keep(call, None).await?;
    together(hours(&before, now_us), json!({"snooze_enabled": false}))
}

async fn end_dnd(call: &Call) -> Answer {
    keep(call, None).await?;
    answer(json!({}))
}
