//! Buttons and menus of attachments, as they were before blocks (`interactive_message`).

use serde_json::{Map, Value, json};

use crate::args::Args;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::talk::{Kind, Said};
use crate::ts;

/// `attachments.action {channel_id, message_ts, attachment_id, action: {name, type, value | selected_options}}`.
pub(super) async fn action(call: &Call) -> Answer {
    let space = call.space("channel_id").await?;
    let at = call.args.text("message_ts").as_deref().and_then(ts::read);
    let at = at.ok_or_else(|| Fail::new("invalid_container"))?;
    let container = call.in_message(space, at).await?;
    let message = container.fields.get("message").cloned().unwrap_or(Value::Null);
    let given = call.args.json("action", "invalid_arguments")?.unwrap_or(Value::Null);
    let id = call.args.text("attachment_id").unwrap_or_default();
    let attachment = message["attachments"].as_array().into_iter().flatten().find(|it| {
        it["id"].as_i64().map(|it| it.to_string()).or_else(|| it["id"].as_str().map(ToOwned::to_owned))
            == Some(id.clone())
    });
    let attachment = attachment.ok_or_else(|| Fail::new("invalid_container"))?;
    let known =
        attachment["actions"].as_array().into_iter().flatten().find(|it| {
            it["name"] == given["name"] && (it["type"] != "button" || it["value"] == given["value"])
        });
    let known = known.ok_or_else(|| Fail::new("invalid_action"))?;
    let action = match known["type"] == "button" {
        true => json!({"name": known["name"], "type": "button", "value": known["value"]}),
        false => {
            json!({"name": known["name"], "type": known["type"], "selected_options": given["selected_options"]})
        }
    };
    let to = &container.to;
    let Some(reply) = container.reply else { return Err(Fail::new("invalid_container")) };
    let (thread, seq) = (reply.thread, reply.message);
    let mut payload = call.slack.who(to, call.person()).await?;
    let now = ts::written(call.slack.app.clock.now_us());
    for (name, value) in [
        ("type", json!("interactive_message")),
        ("actions", json!([action])),
        ("callback_id", attachment["callback_id"].clone()),
        ("channel", container.fields.get("channel").cloned().unwrap_or(Value::Null)),
        ("action_ts", json!(now)),
        ("message_ts", json!(ts::written(at))),
        ("attachment_id", json!(id)),
        ("is_app_unfurl", json!(false)),
        ("original_message", message.clone()),
        ("response_url", json!(call.slack.response_url(reply)?)),
        ("trigger_id", json!(call.fresh_trigger(to.record.id, Some((space, thread)))?)),
    ] {
        payload.insert(name.into(), value);
    }
    let said = Said { kind: Kind::Interactive, payload: Value::Object(payload), retry: None };
    let reply = call.slack.say(to, said).await?;
    // What it answers takes the place of the message, if it does not say otherwise.
    if let Some(Value::Object(mut body)) =
        reply.body.filter(|it| it.get("text").is_some() || it.get("attachments").is_some())
    {
        body.entry("replace_original").or_insert(json!(true));
        let answer_to = call.reply_to(to.record.id, space, thread, seq, None);
        call.slack.answered(to, &answer_to, &Args(body)).await?;
    }
    Ok(Map::new())
}
