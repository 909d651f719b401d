//! What people do with dialogs: send them (`views.submit`), or close them (`views.close`).

use std::sync::atomic::AtomicU32;

use madang_app::records::ViewRecord;
use madang_model::SpaceId;
use serde_json::{Map, Value, json};

use super::dialog::{self, Dialog};
use super::views::checked;
use super::{ReplyTo, Trigger};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::talk::{Kind, Known, Said};
use crate::{Slack, id, method};

pub(super) static METHODS: &[Method] =
    &[method!("views.submit", User, [], submit), method!("views.close", User, [], close)];

/// The person's own view.
async fn own(call: &Call) -> Result<ViewRecord, Fail> {
    let given = call.args.required("view_id")?;
    let found = call.slack.view_called(&given).await?;
    found.filter(|it| it.person == call.person()).ok_or_else(|| Fail::new("not_found"))
}

async fn submit(call: &Call) -> Answer {
    let slack = &call.slack;
    let record = own(call).await?;
    let to = slack.known(record.app).await?;
    let values = call.args.json("state", "invalid_arguments")?.unwrap_or_else(|| json!({"values": {}}));
    let values = values.get("values").cloned().unwrap_or(values);
    let mut view = slack.shown_view(&record, to.record.bot).await?;
    let missing = missing(&view, &values);
    if !missing.is_empty() {
        return Ok(Map::from_iter([
            ("response_action".into(), json!("errors")),
            ("errors".into(), Value::Object(missing)),
        ]));
    }
    if let Some(dialog) = Dialog::of(&record) {
        return dialog::submitted(call, &to, record, &dialog, &view, &values).await;
    }
    view["state"] = json!({"values": values});
    let client = call.args.text("client_token");
    let trigger = Trigger { app: record.app, person: record.person, client, place: None };
    let mut payload = slack.who(&to, record.person).await?;
    payload.insert("type".into(), json!("view_submission"));
    payload.insert("trigger_id".into(), json!(slack.trigger(trigger)?));
    payload.insert("response_urls".into(), response_urls(call, &to, &view, &values).await?);
    payload.insert("view".into(), view);
    let said = Said { kind: Kind::Interactive, payload: Value::Object(payload), retry: None };
    let body = slack.say(&to, said).await?.body.unwrap_or(Value::Null);
    slack.after_submission(&to, record, &body).await
}

/// Inputs that must have a value and have none.
fn missing(view: &Value, values: &Value) -> Map<String, Value> {
    let blocks = view["blocks"].as_array().cloned().unwrap_or_default();
    let inputs = blocks.iter().filter(|it| it["type"] == "input" && it["optional"] != true);
    let empty = inputs.filter(|block| {
        let (Some(block_id), Some(action_id)) =
            (block["block_id"].as_str(), block["element"]["action_id"].as_str())
        else {
            return false;
        };
        let given = values.get(block_id).and_then(|it| it.get(action_id));
        !given.is_some_and(has_value)
    });
    let words = json!("Please complete this required field.");
    empty.filter_map(|it| Some((it["block_id"].as_str()?.to_owned(), words.clone()))).collect()
}

fn has_value(given: &Value) -> bool {
    let fields = given.as_object().cloned().unwrap_or_default();
    fields.iter().any(|(name, value)| {
        name != "type"
            && match value {
                Value::Null => false,
                Value::String(text) => !text.is_empty(),
                Value::Array(items) => !items.is_empty(),
                _ => true,
            }
    })
}

/// Addresses at which the app may say something in the spaces that were chosen in fields that allow it.
async fn response_urls(call: &Call, to: &Known, view: &Value, values: &Value) -> Result<Value, Fail> {
    let mut urls = Vec::new();
    for block in view["blocks"].as_array().into_iter().flatten() {
        let element = &block["element"];
        if element["response_url_enabled"] != true {
            continue;
        }
        let (Some(block_id), Some(action_id)) = (block["block_id"].as_str(), element["action_id"].as_str())
        else {
            continue;
        };
        let given = &values[block_id][action_id];
        let chosen = given["selected_conversation"].as_str().or_else(|| given["selected_channel"].as_str());
        let Some(space) = chosen.and_then(|it| id::number(crate::place::SPACES, it)).map(SpaceId) else {
            continue;
        };
        let (channel, _) = call.slack.channel_of(call.person(), space).await?;
        let reply = ReplyTo {
            app: to.record.id,
            person: call.person(),
            space,
            thread: None,
            message: None,
            ephemeral: None,
            used: AtomicU32::new(0),
        };
        urls.push(json!({
            "block_id": block_id,
            "action_id": action_id,
            "channel_id": channel,
            "response_url": call.slack.response_url(reply)?,
        }));
    }
    Ok(Value::Array(urls))
}

impl Slack {
    /// Does what the app answered: errors, another content, one more dialog, or none any more. Without a word of it, the
    /// dialog is closed, and what lay below is seen.
    async fn after_submission(&self, to: &Known, record: ViewRecord, body: &Value) -> Answer {
        let action = body["response_action"].as_str();
        let mut answer = Map::new();
        if let Some(action) = action {
            answer.insert("response_action".into(), json!(action));
        }
        match action {
            Some("errors") => {
                let errors = body["errors"].as_object().cloned().unwrap_or_default();
                answer.insert("errors".into(), Value::Object(errors));
            }
            Some("update") => {
                let view = checked(&body["view"], "modal", &self.fresh_word()?)?;
                answer.insert("view".into(), self.update_view(to, &record, view, None).await?);
            }
            Some("push") => {
                let view = checked(&body["view"], "modal", &self.fresh_word()?)?;
                answer.insert("view".into(), self.push_view(to, record, view).await?);
            }
            Some("clear") => {
                let stack = self.app.view_stack(record.root).await?;
                self.app.close_views(stack.into_iter().map(|it| it.id).collect()).await?;
            }
            _ => {
                self.app.close_views(vec![record.id]).await?;
            }
        }
        Ok(answer)
    }
}

/// `views.close {view_id, is_cleared?}`: the app hears of it if it asked to.
async fn close(call: &Call) -> Answer {
    let slack = &call.slack;
    let record = own(call).await?;
    let to = slack.known(record.app).await?;
    let cleared = call.args.flag("is_cleared") == Some(true);
    let stack = slack.app.view_stack(record.root).await?;
    let ids = match cleared {
        true => stack.iter().map(|it| it.id).collect(),
        // What lies upon it goes with it.
        false => stack.iter().map(|it| it.id).filter(|it| *it >= record.id).collect(),
    };
    let closed = slack.app.close_views(ids).await?;
    for gone in closed {
        if let Some(dialog) = Dialog::of(&gone) {
            dialog::cancelled(call, &to, &dialog).await;
            continue;
        }
        let view = slack.shown_view(&gone, to.record.bot).await?;
        if view["notify_on_close"] != true {
            continue;
        }
        let mut payload = slack.who(&to, record.person).await?;
        payload.insert("type".into(), json!("view_closed"));
        payload.insert("is_cleared".into(), json!(cleared));
        payload.insert("view".into(), view);
        let said = Said { kind: Kind::Interactive, payload: Value::Object(payload), retry: None };
        // It is closed, whether the app takes note or not.
        if let Err(missed) = slack.say(&to, said).await {
            tracing::info!(app.id = %to.record.id, ?missed, "An app did not take that a dialog was closed");
        }
    }
    Ok(Map::new())
}
