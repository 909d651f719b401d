//! Dialogs of the older kind (<https://docs.slack.dev/legacy/legacy-dialogs>): they are shown as a modal, and the app hears
//! of them in the words that it knows.

use madang_app::records::ViewRecord;
use madang_model::{Seq, SpaceId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::fields;
use crate::blocks::{Fill, check_view};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::method;
use crate::methods::Method;
use crate::talk::{Kind, Known, Said};
use crate::{id, ts};

pub(super) static METHODS: &[Method] = &[method!("dialog.open", BotOrUser, [], open)];

/// What such a view is called where views are kept.
pub(super) const KIND: &str = "dialog";

/// What is kept of it beside its view.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Dialog {
    callback_id: String,
    state: String,
    notify_on_cancel: bool,
    /// Where it was opened: the app is told, and may answer there.
    space: SpaceId,
    thread: Option<Seq>,
}

impl Dialog {
    /// None for a modal.
    pub(super) fn of(record: &ViewRecord) -> Option<Dialog> {
        if record.kind != KIND {
            return None;
        }
        let view: Value = serde_json::from_str(&record.view).ok()?;
        serde_json::from_value(view["dialog"].clone()).ok()
    }
}

/// `dialog.open {trigger_id, dialog}`.
async fn open(call: &Call) -> Answer {
    let dialog = call.args.json("dialog", "invalid_arguments")?.filter(Value::is_object);
    let dialog = dialog.ok_or_else(|| Fail::new("missing_dialog"))?;
    let wrong = |messages: Vec<String>| Fail::new("validation_errors").with_messages(messages);
    let view = fields::view_of(&dialog).map_err(|it| wrong(vec![it]))?;
    let view = check_view(&view, &mut Fill::new(call.slack.fresh_word()?));
    let mut view = view.map_err(|it| Fail { code: "validation_errors".into(), ..it.into() })?;
    let word = call.args.text("trigger_id").ok_or_else(|| Fail::new("missing_trigger"))?;
    let app = call.app_id().ok_or_else(|| Fail::new("not_allowed_token_type"))?;
    let trigger = call.slack.pulled(&word, app).map_err(|fail| match fail.code.as_ref() {
        "expired_trigger_id" => Fail::new("trigger_expired"),
        _ => Fail::new("invalid_trigger"),
    })?;
    let known = call.slack.known(app).await?;
    let (space, thread) = match (trigger.place, known.record.bot) {
        (Some(place), _) => place,
        // From anywhere: where the person and the app talk.
        (None, Some(bot)) => (call.slack.app.direct(trigger.person, vec![bot]).await?.space.facts.id, None),
        (None, None) => return Err(Fail::new("failed_sending_dialog")),
    };
    let text = |name: &str| dialog[name].as_str().unwrap_or_default().to_owned();
    let kept = Dialog {
        callback_id: text("callback_id"),
        state: text("state"),
        notify_on_cancel: dialog["notify_on_cancel"] == true,
        space,
        thread,
    };
    view["dialog"] = json!(kept);
    call.slack.open_view(&known, trigger.person, KIND, view, trigger.client).await?;
    Ok(Map::new())
}

/// What the app is told of it, in any case.
async fn told(
    call: &Call,
    to: &Known,
    dialog: &Dialog,
    kind: &str,
    more: Value,
) -> Result<Option<Value>, Fail> {
    let slack = &call.slack;
    let (channel, name) = slack.channel_of(call.person(), dialog.space).await?;
    let mut payload = slack.who(to, call.person()).await?;
    for (name, value) in [
        ("type", json!(kind)),
        ("callback_id", json!(dialog.callback_id)),
        ("state", json!(dialog.state)),
        ("channel", json!({"id": channel, "name": name})),
        ("action_ts", json!(ts::written(slack.app.clock.now_us()))),
    ] {
        payload.insert(name.into(), value);
    }
    // An options request has no place to answer at.
    if kind != "dialog_suggestion" {
        let reply = call.reply_to(to.record.id, dialog.space, dialog.thread, None, None);
        payload.insert("response_url".into(), json!(slack.response_url(reply)?));
    }
    payload.extend(more.as_object().cloned().unwrap_or_default());
    let said = Said { kind: Kind::Interactive, payload: Value::Object(payload), retry: None };
    Ok(slack.say(to, said).await?.body)
}

/// Sent. What the app finds wrong comes back to the fields.
pub(super) async fn submitted(
    call: &Call,
    to: &Known,
    record: ViewRecord,
    dialog: &Dialog,
    view: &Value,
    values: &Value,
) -> Answer {
    let submission = fields::submission(view, values);
    let body = told(call, to, dialog, "dialog_submission", json!({"submission": submission})).await?;
    let errors = body.as_ref().and_then(|it| it["errors"].as_array()).filter(|it| !it.is_empty());
    let Some(errors) = errors else {
        call.slack.app.close_views(vec![record.id]).await?;
        return Ok(Map::new());
    };
    let errors: Map<String, Value> = errors
        .iter()
        .filter_map(|it| Some((it["name"].as_str()?.to_owned(), json!(it["error"].as_str()?))))
        .collect();
    Ok(Map::from_iter([
        ("response_action".into(), json!("errors")),
        ("errors".into(), Value::Object(errors)),
    ]))
}

/// Closed without being sent: the app hears of it if it asked to.
pub(super) async fn cancelled(call: &Call, to: &Known, dialog: &Dialog) {
    if !dialog.notify_on_cancel {
        return;
    }
    if let Err(fail) = told(call, to, dialog, "dialog_cancellation", json!({})).await {
        // It is closed, whether the app takes note or not.
        tracing::info!(app.id = %to.record.id, fail = fail.said(), "An app did not take that a dialog was closed");
    }
}

/// What somebody may choose from in one of its fields.
pub(super) async fn suggested(call: &Call, to: &Known, dialog: &Dialog, field: &str) -> Answer {
    let typed = call.args.text("value").unwrap_or_default();
    let more = json!({"name": field, "value": typed});
    let body = told(call, to, dialog, "dialog_suggestion", more).await?.unwrap_or(Value::Null);
    Ok(fields::suggestions(&body))
}

/// The dialog that a container names, if it is one of these.
pub(super) async fn behind(call: &Call, view: &Value) -> Result<Option<Dialog>, Fail> {
    let Some(id) = view["id"].as_str().and_then(|it| id::number("V", it)) else { return Ok(None) };
    let record = call.slack.app.view(madang_model::ViewId(id)).await?;
    Ok(record.as_ref().and_then(Dialog::of))
}
