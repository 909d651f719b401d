//! Presses and choices in what apps sent: `blocks.actions` and `blocks.suggestions`.

use std::sync::atomic::AtomicU32;

use madang_model::{AppId, Seq, SpaceId};
use serde_json::{Map, Value, json};

use super::{ReplyTo, Trigger, commands, dialog, home, legacy, shortcuts};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::shapes::{Around, Occasion, message};
use crate::talk::{Kind, Known, Said};
use crate::{Slack, method, ts};

pub(super) static METHODS: &[Method] = &[
    method!("chat.command", User, [], commands::command),
    method!("blocks.actions", User, [], actions),
    method!("blocks.suggestions", User, [], suggestions),
    method!("attachments.action", User, [], legacy::action),
    method!("madang.apps", User, [], home::apps),
    method!("madang.home", User, [], home::open),
    method!("madang.shortcut", User, [], shortcuts::shortcut),
];

/// What was pressed: whose it is, its blocks, and what the app is told of it.
pub(super) struct Container {
    pub to: Known,
    pub blocks: Vec<Value>,
    /// `container` and, beside it, `message`, `channel` or `view`.
    pub fields: Map<String, Value>,
    /// Where an answer goes; nothing is answered to a view.
    pub reply: Option<ReplyTo>,
}

/// All blocks of a message, those in its attachments too.
pub(super) fn blocks_of(blocks: &[Value], attachments: &[Value]) -> Vec<Value> {
    let inside = attachments.iter().filter_map(|it| it["blocks"].as_array()).flatten();
    blocks.iter().chain(inside).cloned().collect()
}

impl Call {
    /// # Errors
    /// `invalid_container`.
    pub(super) async fn container(&self) -> Result<Container, Fail> {
        let container = self.args.json("container", "invalid_container")?.unwrap_or(Value::Null);
        let text = |name: &str| container[name].as_str().filter(|it| !it.is_empty());
        let wrong = || Fail::new("invalid_container");
        match (text("view_id"), text("ephemeral_id"), text("channel_id"), text("message_ts")) {
            (Some(view), ..) => self.in_view(view).await,
            (_, Some(ephemeral), ..) => self.in_ephemeral(ephemeral).await,
            (_, _, Some(channel), Some(at)) => {
                let space = self.slack.space_called(channel).await?.ok_or_else(wrong)?;
                let at = ts::read(at).ok_or_else(wrong)?;
                self.in_message(space, at).await
            }
            _ => Err(wrong()),
        }
    }

    async fn in_view(&self, given: &str) -> Result<Container, Fail> {
        let record = self.slack.view_called(given).await?.filter(|it| it.person == self.person());
        let record = record.ok_or_else(|| Fail::new("invalid_container"))?;
        let to = self.slack.known(record.app).await?;
        let view = self.slack.shown_view(&record, to.record.bot).await?;
        let blocks = view["blocks"].as_array().cloned().unwrap_or_default();
        let fields = Map::from_iter([
            ("container".into(), json!({"type": "view", "view_id": view["id"]})),
            ("view".into(), view),
        ]);
        Ok(Container { to, blocks, fields, reply: None })
    }

    async fn in_ephemeral(&self, given: &str) -> Result<Container, Fail> {
        let wrong = || Fail::new("invalid_container");
        let shown = self.slack.ephemeral(self.person(), given).ok_or_else(wrong)?;
        let to = self.slack.known(shown.app.ok_or_else(wrong)?).await?;
        let (channel, name) = self.slack.channel_of(self.person(), shown.space).await?;
        let part = shown.part.clone().unwrap_or_default();
        let at = ts::written(shown.at_us);
        let fields = Map::from_iter([
            (
                "container".into(),
                json!({"type": "message", "message_ts": at, "channel_id": channel, "is_ephemeral": true}),
            ),
            ("channel".into(), json!({"id": channel, "name": name})),
        ]);
        let reply = self.reply_to(to.record.id, shown.space, shown.thread, None, Some(shown.id.clone()));
        Ok(Container { to, blocks: blocks_of(&part.blocks, &part.attachments), fields, reply: Some(reply) })
    }

    pub(super) async fn in_message(&self, space: SpaceId, at: i64) -> Result<Container, Fail> {
        let wrong = || Fail::new("invalid_container");
        let seq = self.slack.app.seq_at(space, at).await?.ok_or_else(wrong)?;
        let row = self.slack.app.message(self.person(), space, seq).await?;
        let said = row.message().ok_or_else(wrong)?;
        let part = said.app.clone().ok_or_else(wrong)?;
        let to = self.slack.known(part.id.ok_or_else(wrong)?).await?;
        let (channel, name) = self.slack.channel_of(self.person(), space).await?;
        let at = ts::written(row.at);
        let mut container =
            json!({"type": "message", "message_ts": at, "channel_id": channel, "is_ephemeral": false});
        let thread = said.thread;
        let shown = self.slack.message_shape(self.person(), space, row).await?;
        if let Some(thread_ts) = shown.get("thread_ts") {
            container["thread_ts"] = thread_ts.clone();
        }
        let fields = Map::from_iter([
            ("container".into(), container),
            ("channel".into(), json!({"id": channel, "name": name})),
            ("message".into(), shown),
        ]);
        let reply = self.reply_to(to.record.id, space, thread, Some(seq), None);
        Ok(Container { to, blocks: blocks_of(&part.blocks, &part.attachments), fields, reply: Some(reply) })
    }

    pub(super) fn reply_to(
        &self,
        app: AppId,
        space: SpaceId,
        thread: Option<Seq>,
        message: Option<Seq>,
        ephemeral: Option<String>,
    ) -> ReplyTo {
        let person = self.person();
        ReplyTo { app, person, space, thread, message, ephemeral, used: AtomicU32::new(0) }
    }

    pub(super) fn fresh_trigger(
        &self,
        app: AppId,
        place: Option<(SpaceId, Option<Seq>)>,
    ) -> Result<String, Fail> {
        let client = self.args.text("client_token");
        self.slack.trigger(Trigger { app, person: self.person(), client, place })
    }
}

impl Slack {
    /// A message as an app reads it.
    pub(crate) async fn message_shape(
        &self,
        viewer: madang_model::PersonId,
        space: SpaceId,
        row: madang_model::row::Row,
    ) -> Result<Value, Fail> {
        let record = self.app.space(viewer, space).await?.space;
        let house = self.house().await?;
        let rows = [row];
        let around = Around::load(&self.app, house, viewer, &record, &rows).await?;
        message(&rows[0], &around, Occasion::History).ok_or_else(|| Fail::new("message_not_found"))
    }
}

/// The element that has this action, in the block of this id, wherever that stands.
fn element<'a>(blocks: &'a [Value], block_id: &str, action_id: &str) -> Option<&'a Value> {
    blocks.iter().find_map(|block| within(block, block_id, action_id))
}

/// In this block, or in one that it holds: a container has blocks, a carousel cards.
fn within<'a>(block: &'a Value, block_id: &str, action_id: &str) -> Option<&'a Value> {
    let list = |name: &str| block[name].as_array().into_iter().flatten();
    if block["block_id"] == block_id {
        let mut all = list("elements").chain(list("actions")).chain([&block["accessory"], &block["element"]]);
        if let Some(found) = all.find(|it| it["action_id"] == action_id) {
            return Some(found);
        }
    }
    list("child_blocks").chain(list("elements")).find_map(|it| within(it, block_id, action_id))
}

/// The action as the app is told of it: what it said itself of the element, and what the person chose.
fn action(element: &Value, given: &Value, block_id: &str, now_us: i64) -> Value {
    let mut told = given.as_object().cloned().unwrap_or_default();
    for name in ["type", "action_id", "text", "style", "placeholder", "confirm", "icon"] {
        match element.get(name) {
            Some(value) => told.insert(name.into(), value.clone()),
            None => told.remove(name),
        };
    }
    // What a button stands for, its app says, and nobody else.
    if matches!(element["type"].as_str(), Some("button" | "workflow_button" | "icon_button")) {
        match element.get("value") {
            Some(value) => told.insert("value".into(), value.clone()),
            None => told.remove("value"),
        };
    }
    told.insert("block_id".into(), json!(block_id));
    told.insert("action_ts".into(), json!(ts::written(now_us)));
    Value::Object(told)
}

async fn actions(call: &Call) -> Answer {
    let container = call.container().await?;
    let given = call.args.json("actions", "invalid_arguments")?.unwrap_or(Value::Null);
    let given = given.as_array().filter(|it| !it.is_empty()).cloned();
    let given = given.ok_or_else(|| Fail::argument("actions", "missing required field: actions"))?;
    let now_us = call.slack.app.clock.now_us();
    let mut actions = Vec::new();
    for one in &given {
        let (block_id, action_id) =
            (one["block_id"].as_str().unwrap_or_default(), one["action_id"].as_str().unwrap_or_default());
        let element = element(&container.blocks, block_id, action_id);
        let element = element.ok_or_else(|| Fail::new("invalid_action"))?;
        actions.push(action(element, one, block_id, now_us));
    }
    let to = &container.to;
    let place = container.reply.as_ref().map(|it| (it.space, it.thread));
    let mut payload = call.slack.who(to, call.person()).await?;
    payload.insert("type".into(), json!("block_actions"));
    payload.insert("trigger_id".into(), json!(call.fresh_trigger(to.record.id, place)?));
    payload.insert("actions".into(), Value::Array(actions));
    if let Some(state) = call.args.json("state", "invalid_arguments")? {
        payload.insert("state".into(), state.clone());
        if let Some(view) = container.fields.get("view") {
            let mut view = view.clone();
            view["state"] = state;
            payload.insert("view".into(), view);
        }
    }
    if let Some(reply) = container.reply {
        payload.insert("response_url".into(), json!(call.slack.response_url(reply)?));
    }
    for (name, value) in container.fields {
        payload.entry(name).or_insert(value);
    }
    call.slack
        .say(to, Said { kind: Kind::Interactive, payload: Value::Object(payload), retry: None })
        .await?;
    Ok(Map::new())
}

/// What somebody may choose from, as the app says to what was typed.
async fn suggestions(call: &Call) -> Answer {
    let container = call.container().await?;
    let (block_id, action_id) = (call.args.required("block_id")?, call.args.required("action_id")?);
    if element(&container.blocks, &block_id, &action_id).is_none() {
        return Err(Fail::new("invalid_action"));
    }
    let to = &container.to;
    if let Some(view) = container.fields.get("view")
        && let Some(dialog) = dialog::behind(call, view).await?
    {
        return dialog::suggested(call, to, &dialog, &action_id).await;
    }
    let mut payload = call.slack.who(to, call.person()).await?;
    payload.insert("type".into(), json!("block_suggestion"));
    payload.insert("block_id".into(), json!(block_id));
    payload.insert("action_id".into(), json!(action_id));
    payload.insert("value".into(), json!(call.args.text("value").unwrap_or_default()));
    payload.extend(container.fields);
    let said = Said { kind: Kind::Interactive, payload: Value::Object(payload), retry: None };
    let body = call.slack.say(to, said).await?.body.unwrap_or(Value::Null);
    let mut answer = Map::new();
    for name in ["options", "option_groups"] {
        if let Some(list) = body.get(name).filter(|it| it.is_array()) {
            answer.insert(name.into(), list.clone());
        }
    }
    if answer.is_empty() {
        answer.insert("options".into(), json!([]));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_is_found_in_whatever_block_it_stands() {
        let button = |action: &str| json!({"type": "button", "action_id": action});
        let blocks = [
            json!({"type": "actions", "block_id": "a", "elements": [button("1"), button("2")]}),
            json!({"type": "section", "block_id": "s", "accessory": button("1")}),
            json!({"type": "container", "block_id": "k", "child_blocks": [{"type": "actions", "block_id": "in", "elements": [button("3")]}]}),
            json!({"type": "carousel", "block_id": "c", "elements": [{"type": "card", "block_id": "card", "actions": [button("4")]}]}),
        ];
        for (block, action) in [("a", "2"), ("s", "1"), ("in", "3"), ("card", "4")] {
            assert_eq!(
                element(&blocks, block, action).map(|it| &it["action_id"]),
                Some(&json!(action)),
                "{block}"
            );
        }
        assert_eq!(element(&blocks, "k", "3"), None, "it stands in a block of its own");
        assert_eq!(element(&blocks, "s", "2"), None);
    }
}
