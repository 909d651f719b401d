//! Calls that apps hold elsewhere (<https://docs.slack.dev/apis/web-api/using-the-calls-api>): what is known of them, and
//! the messages that show them, which change with them.

use madang_app::records::CallRecord;
use madang_model::app_part::AppPart;
use madang_model::{AppId, Command, Seq, SpaceId};
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{Slack, id, method, shapes};

pub(super) static METHODS: &[Method] = &[
    method!("calls.add", BotOrUser, ["calls:write"], add),
    method!("calls.info", BotOrUser, ["calls:read"], info),
    method!("calls.update", BotOrUser, ["calls:write"], update),
    method!("calls.end", BotOrUser, ["calls:write"], end),
    method!("calls.participants.add", BotOrUser, ["calls:write"], join),
    method!("calls.participants.remove", BotOrUser, ["calls:write"], leave),
];

/// People of one call.
const MOST: usize = 1_000;

fn app(call: &Call) -> Result<AppId, Fail> {
    call.app_id().ok_or_else(|| Fail::new("not_allowed_token_type"))
}

fn call_id(call: &Call) -> Result<i64, Fail> {
    let given = call.args.required("id")?;
    id::number("R", &given).ok_or_else(|| Fail::new("invalid_call_id"))
}

/// What a record knows.
fn known(record: &CallRecord) -> Value {
    serde_json::from_str(&record.content).unwrap_or_else(|_| json!({}))
}

/// The address of an argument; of the web, and of an app on the desktop by whatever scheme it has.
fn address(call: &Call, name: &str, is_web: bool) -> Result<Option<String>, Fail> {
    let Some(text) = call.args.text(name) else { return Ok(None) };
    let url = reqwest::Url::parse(&text).map_err(|_| Fail::argument(name, "must be a URL"))?;
    let harmful = matches!(url.scheme(), "javascript" | "data" | "vbscript" | "file" | "blob");
    if harmful || (is_web && !matches!(url.scheme(), "http" | "https")) {
        return Err(Fail::argument(name, "must be a URL that leads to a call"));
    }
    Ok(Some(text))
}

/// The people of an argument: of this house by their id, others by one of the app's, and by a name where they come.
async fn people(call: &Call, are_named: bool) -> Result<Vec<Value>, Fail> {
    let Some(given) = call.args.json("users", "invalid_users")? else { return Ok(Vec::new()) };
    let given = given.as_array().cloned().ok_or_else(|| Fail::argument("users", "must provide an array"))?;
    let mut people = Vec::new();
    for (at, one) in given.iter().enumerate() {
        let wrong =
            || Fail::argument(&format!("users/{at}"), "needs slack_id, or external_id and display_name");
        match (one["slack_id"].as_str(), one["external_id"].as_str()) {
            (Some(known), _) => {
                let person = call.slack.person_called(known).await?.ok_or_else(wrong)?;
                let seen = call.people(vec![person]).await?.remove(&person).ok_or_else(wrong)?;
                people.push(json!({"slack_id": shapes::person_id(person), "display_name": seen.name}));
            }
            (None, Some(external)) => {
                let name = one["display_name"].as_str().unwrap_or_default();
                if are_named && name.is_empty() {
                    return Err(wrong());
                }
                let mut shown = json!({"external_id": external, "display_name": name});
                let picture = one["avatar_url"].as_str().filter(|it| it.starts_with("https://"));
                if let Some(picture) = picture {
                    shown["avatar_url"] = json!(picture);
                }
                people.push(shown);
            }
            (None, None) => return Err(wrong()),
        }
    }
    Ok(people)
}

fn is_same(one: &Value, other: &Value) -> bool {
    one["slack_id"] == other["slack_id"] && one["external_id"] == other["external_id"]
}

/// Those of a list, and these, each once.
fn with(list: &Value, more: &[Value]) -> Value {
    let mut all = list.as_array().cloned().unwrap_or_default();
    for one in more {
        if !all.iter().any(|it| is_same(it, one)) && all.len() < MOST {
            all.push(one.clone());
        }
    }
    Value::Array(all)
}

fn without(list: &Value, gone: &[Value]) -> Value {
    let all = list.as_array().into_iter().flatten();
    all.filter(|it| !gone.iter().any(|one| is_same(it, one))).cloned().collect()
}

async fn add(call: &Call) -> Answer {
    let app = app(call)?;
    let unique_id = call.args.required("external_unique_id")?;
    let join_url = address(call, "join_url", true)?
        .ok_or_else(|| Fail::argument("join_url", "missing required field: join_url"))?;
    let created_by = match call.args.is_given("created_by") {
        true => call.person_of("created_by").await?,
        false => call.person(),
    };
    let now = call.slack.app.clock.now_us() / 1_000_000;
    let people = people(call, true).await?;
    let content = json!({
        "title": call.args.text("title").unwrap_or_default(),
        "join_url": join_url,
        "desktop_app_join_url": address(call, "desktop_app_join_url", false)?.unwrap_or_default(),
        "display_id": call.args.text("external_display_id").unwrap_or_default(),
        "date_start": call.args.number("date_start").unwrap_or(now),
        "date_end": 0,
        "created_by": shapes::person_id(created_by),
        "active": with(&Value::Null, &people),
        "all": with(&Value::Null, &people),
    });
    let record = call.slack.app.add_app_call(app, unique_id, content.to_string()).await?;
    shown(&record.ok_or_else(|| Fail::new("external_unique_id_exists"))?)
}

/// A call as its app is told of it.
fn shown(record: &CallRecord) -> Answer {
    let known = known(record);
    let mut call = json!({
        "id": id::written("R", record.id),
        "external_unique_id": record.unique_id,
        "external_display_id": known["display_id"],
        "title": known["title"],
        "join_url": known["join_url"],
        "desktop_app_join_url": known["desktop_app_join_url"],
        "date_start": known["date_start"],
        "users": known["active"],
    });
    if known["date_end"] != 0 {
        call["date_end"] = known["date_end"].clone();
    }
    answer(json!({"call": call}))
}

async fn info(call: &Call) -> Answer {
    let (app, id) = (app(call)?, call_id(call)?);
    let record = call.slack.app.app_call(id).await?.filter(|it| it.app == app);
    shown(&record.ok_or_else(|| Fail::new("call_not_found"))?)
}

/// Changes what is known of a call, and the messages that show it.
async fn changed(
    call: &Call,
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> Result<CallRecord, Fail> {
    let (app, id) = (app(call)?, call_id(call)?);
    let done = call.slack.app.change_app_call(app, id, move |content| {
        let mut known: Value = serde_json::from_str(content).unwrap_or_else(|_| json!({}));
        change(&mut known);
        known.to_string()
    });
    let record = done.await?.ok_or_else(|| Fail::new("call_not_found"))?;
    call.slack.show_call_anew(&record).await?;
    Ok(record)
}

async fn update(call: &Call) -> Answer {
    let mut new = vec![("title", call.args.text("title"))];
    new.push(("join_url", address(call, "join_url", true)?));
    new.push(("desktop_app_join_url", address(call, "desktop_app_join_url", false)?));
    let record = changed(call, move |known| {
        for (name, value) in &new {
            if let Some(value) = value {
                known[*name] = json!(value);
            }
        }
    });
    shown(&record.await?)
}

async fn end(call: &Call) -> Answer {
    let now = call.slack.app.clock.now_us() / 1_000_000;
    let duration = call.args.number("duration").filter(|it| *it >= 0);
    changed(call, move |known| {
        let begun = known["date_start"].as_i64().unwrap_or(now);
        if known["date_end"] == 0 {
            known["date_end"] = json!(duration.map_or(now, |it| begun.saturating_add(it)));
        }
        known["active"] = json!([]);
    })
    .await?;
    answer(json!({}))
}

async fn join(call: &Call) -> Answer {
    let come = people(call, true).await?;
    changed(call, move |known| {
        known["active"] = with(&known["active"], &come);
        known["all"] = with(&known["all"], &come);
    })
    .await?;
    answer(json!({}))
}

async fn leave(call: &Call) -> Answer {
    let gone = people(call, false).await?;
    changed(call, move |known| known["active"] = without(&known["active"], &gone)).await?;
    answer(json!({}))
}

/// The calls that blocks show.
fn calls_in(blocks: &[Value]) -> Vec<i64> {
    let shown = blocks.iter().filter(|it| it["type"] == "call");
    shown.filter_map(|it| id::number("R", it["call_id"].as_str()?)).collect()
}

/// The block with what is known of the call.
fn filled(block: &mut Value, record: &CallRecord) {
    let known = known(record);
    block["call"] = json!({
        "media_backend_type": "platform_call",
        "v1": {
            "id": id::written("R", record.id),
            "app_id": shapes::app_id(record.app),
            "name": known["title"],
            "join_url": known["join_url"],
            "desktop_app_join_url": known["desktop_app_join_url"],
            "display_id": known["display_id"],
            "date_start": known["date_start"],
            "date_end": known["date_end"],
            "has_ended": known["date_end"] != 0,
            "created_by": known["created_by"],
            "active_participants": known["active"],
            "all_participants": known["all"],
        },
    });
}

impl Slack {
    /// Blocks of calls say what is known of them, which is ours to say.
    ///
    /// # Errors
    /// `invalid_blocks` for a call that this app does not have.
    pub(crate) async fn with_calls(&self, blocks: &mut [Value], app: Option<AppId>) -> Result<(), Fail> {
        for (at, block) in blocks.iter_mut().enumerate().filter(|(_, it)| it["type"] == "call") {
            let number = block["call_id"].as_str().and_then(|it| id::number("R", it));
            let record = match number {
                Some(number) => self.app.app_call(number).await?.filter(|it| Some(it.app) == app),
                None => None,
            };
            let record = record.ok_or_else(|| {
                let why = format!("there is no such call [json-pointer:/blocks/{at}/call_id]");
                Fail::new("invalid_blocks").with_messages(vec![why])
            })?;
            filled(block, &record);
        }
        Ok(())
    }

    /// This message shows these calls: it changes with them.
    ///
    /// # Errors
    /// What the store said.
    pub(crate) async fn calls_stand(
        &self,
        part: Option<&AppPart>,
        space: SpaceId,
        seq: Seq,
    ) -> Result<(), Fail> {
        let ids = calls_in(part.map(|it| it.blocks.as_slice()).unwrap_or_default());
        if !ids.is_empty() {
            self.app.app_calls_stand(ids, space, seq).await?;
        }
        Ok(())
    }

    /// Edits the messages that show a call, as their author: the app's bot, or who let it act for them.
    async fn show_call_anew(&self, record: &CallRecord) -> Result<(), Fail> {
        let Some(bot) = self.app.installed(record.app).await?.bot else { return Ok(()) };
        for (space, seq) in self.app.messages_of_app_call(record.id).await? {
            // It is gone, or the bot is not in there any more.
            let Ok(row) = self.app.message(bot, space, seq).await else { continue };
            let Some(said) = row.message() else { continue };
            let Some(mut part) = said.app.clone() else { continue };
            for block in part.blocks.iter_mut().filter(|it| it["type"] == "call") {
                if block["call_id"].as_str().and_then(|it| id::number("R", it)) == Some(record.id) {
                    filled(block, record);
                }
            }
            let command = Command::EditMessage { message: seq, text: said.text.clone(), app: Some(part) };
            if let Err(error) = self.app.run(row.author, space, None, command).await {
                tracing::info!(%error, app.id = %record.app, "A message that shows a call was not changed with it");
            }
        }
        Ok(())
    }
}
