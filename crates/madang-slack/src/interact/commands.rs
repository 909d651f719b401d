//! Slash commands: somebody types `/deploy main`, and the app of that command is asked.

use std::sync::atomic::AtomicU32;

use madang_model::Seq;
use serde_json::{Map, Value, json};

use super::{ReplyTo, Trigger};
use crate::Slack;
use crate::args::Args;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::manifest::SlashCommand;
use crate::shapes;
use crate::talk::{Kind, Known, Said};

/// `chat.command {channel, command, text, thread_ts?, client_token?}`: what clients of people send.
pub(super) async fn command(call: &Call) -> Answer {
    let space = call.space("channel").await?;
    let wanted = call.args.required("command")?;
    let wanted = format!("/{}", wanted.trim_start_matches('/'));
    let text = call.args.text("text").unwrap_or_default();
    let thread: Option<Seq> = match call.args.text("thread_ts") {
        Some(_) => Some(call.message(space, "thread_ts", "thread_not_found").await?),
        None => None,
    };
    let person = call.person();
    let (id, name) = call.slack.channel_of(person, space).await?;
    let inside = call.slack.app.space(person, space).await?.me.is_some();
    if !inside {
        return Err(Fail::new("not_in_channel"));
    }
    let (to, command) =
        call.slack.with_command(&wanted).await?.ok_or_else(|| Fail::new("invalid_command"))?;
    let trigger = Trigger {
        app: to.record.id,
        person,
        client: call.args.text("client_token"),
        place: Some((space, thread)),
    };
    let reply_to = || ReplyTo {
        app: to.record.id,
        person,
        space,
        thread,
        message: None,
        ephemeral: None,
        used: AtomicU32::new(0),
    };
    let who = call.slack.who(&to, person).await?;
    let text = if command.should_escape { call.slack.with_references(&text).await? } else { text };
    let mut payload = json!({
        "token": who["token"],
        "team_id": who["team"]["id"],
        "team_domain": who["team"]["domain"],
        "channel_id": id,
        "channel_name": name,
        "user_id": who["user"]["id"],
        "user_name": who["user"]["name"],
        "command": wanted,
        "text": text,
        "api_app_id": who["api_app_id"],
        "is_enterprise_install": "false",
        "response_url": call.slack.response_url(reply_to())?,
        "trigger_id": call.slack.trigger(trigger)?,
    });
    if thread.is_some() {
        payload["thread_ts"] = json!(call.args.text("thread_ts"));
    }
    let said = Said { kind: Kind::Commands, payload, retry: None };
    let reply = call.slack.say(&to, said).await?;
    if let Some(Value::Object(body)) = reply.body.filter(says_something) {
        call.slack.answered(&to, &reply_to(), &Args(body)).await?;
    }
    Ok(Map::new())
}

fn says_something(body: &Value) -> bool {
    ["text", "blocks", "attachments", "markdown_text"]
        .iter()
        .any(|it| body.get(it).is_some_and(|it| !it.is_null()))
}

impl Slack {
    /// The app of a command: the youngest, if several have it.
    async fn with_command(&self, wanted: &str) -> Result<Option<(Known, SlashCommand)>, Fail> {
        for record in self.app.apps().await?.into_iter().rev() {
            let known = self.known_of(record)?;
            let found =
                known.manifest.features.slash_commands.iter().find(|it| it.command == wanted).cloned();
            if let Some(command) = found {
                return Ok(Some((known, command)));
            }
        }
        Ok(None)
    }

    /// `<@id>` of ours, which people's clients send, as Slack's with the name beside it.
    async fn with_references(&self, text: &str) -> Result<String, Fail> {
        let mut out = crate::text::to_mrkdwn(text, &|_| None);
        for person in madang_model::space::named(text) {
            if let Ok(record) = self.app.person(person).await {
                let id = shapes::person_id(person);
                let name = shapes::handle(&record.name, '.');
                out = out.replace(&format!("<@{id}>"), &format!("<@{id}|{name}>"));
            }
        }
        Ok(out)
    }
}
