//! Shortcuts: of a message, or from anywhere.

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::manifest::ShortcutKind;
use crate::talk::{Kind, Said};
use crate::{id, ts};

/// `madang.shortcut {app, callback_id, channel?, message_ts?, client_token?}`.
pub(super) async fn shortcut(call: &Call) -> Answer {
    let app = call.args.text("app").and_then(|it| id::number("A", &it)).map(madang_model::AppId);
    let to = call.slack.known(app.ok_or_else(|| Fail::new("app_not_found"))?).await?;
    let callback = call.args.required("callback_id")?;
    let found = to.manifest.features.shortcuts.iter().find(|it| it.callback_id == callback);
    let kind = found.ok_or_else(|| Fail::new("invalid_shortcut"))?.kind;
    let mut payload = call.slack.who(&to, call.person()).await?;
    payload.insert("callback_id".into(), json!(callback));
    payload.insert("action_ts".into(), json!(ts::written(call.slack.app.clock.now_us())));
    let mut place = None;
    if kind == ShortcutKind::Message {
        let space = call.space("channel").await?;
        let seq = call.message(space, "message_ts", "message_not_found").await?;
        let row = call.slack.app.message(call.person(), space, seq).await?;
        let thread = row.message().and_then(|it| it.thread);
        place = Some((space, thread));
        let (channel, name) = call.slack.channel_of(call.person(), space).await?;
        let at = ts::written(row.at);
        let message = call.slack.message_shape(call.person(), space, row).await?;
        // An app answers in the conversation, and cannot replace what somebody else said.
        let reply = call.reply_to(to.record.id, space, thread, None, None);
        payload.insert("type".into(), json!("message_action"));
        payload.insert("channel".into(), json!({"id": channel, "name": name}));
        payload.insert("message_ts".into(), json!(at));
        payload.insert("message".into(), message);
        payload.insert("response_url".into(), json!(call.slack.response_url(reply)?));
    } else {
        payload.insert("type".into(), json!("shortcut"));
    }
    payload.insert("trigger_id".into(), json!(call.fresh_trigger(to.record.id, place)?));
    let said = Said { kind: Kind::Interactive, payload: Value::Object(payload), retry: None };
    call.slack.say(&to, said).await?;
    Ok(Map::new())
}
