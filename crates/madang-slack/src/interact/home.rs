//! What apps there are for people, and their homes.

use madang_model::AppId;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::manifest::ShortcutKind;
use crate::{id, shapes};

/// `madang.apps`: all that is installed, with what people can do with it.
pub(super) async fn apps(call: &Call) -> Answer {
    let mut apps = Vec::new();
    for record in call.slack.app.apps().await? {
        let known = call.slack.known_of(record)?;
        let features = &known.manifest.features;
        let commands: Vec<Value> = features
            .slash_commands
            .iter()
            .map(|it| json!({"command": it.command, "description": it.description, "usage_hint": it.usage_hint}))
            .collect();
        let shortcuts: Vec<Value> = features
            .shortcuts
            .iter()
            .map(|it| {
                let kind = if it.kind == ShortcutKind::Message { "message" } else { "global" };
                json!({"name": it.name, "callback_id": it.callback_id, "type": kind, "description": it.description})
            })
            .collect();
        apps.push(json!({
            "id": known.record.id,
            "slack_id": shapes::app_id(known.record.id),
            "name": known.record.name,
            "description": known.record.description,
            "bot": known.record.bot,
            "home": features.app_home.home_tab_enabled,
            "messages": features.app_home.messages_tab_enabled.unwrap_or(true) && known.record.bot.is_some(),
            "commands": commands,
            "shortcuts": shortcuts,
        }));
    }
    Ok(Map::from_iter([("apps".into(), Value::Array(apps))]))
}

/// `madang.home {app}`: somebody looks at the home of an app, which hears of it.
pub(super) async fn open(call: &Call) -> Answer {
    let app = call.args.text("app").and_then(|it| id::number("A", &it)).map(AppId);
    let known = call.slack.known(app.ok_or_else(|| Fail::new("app_not_found"))?).await?;
    let (app, person) = (known.record.id, call.person());
    let view = match call.slack.app.home_view(app, person).await? {
        Some(record) => Some(call.slack.shown_view(&record, known.record.bot).await?),
        None => None,
    };
    let space = match known.record.bot {
        Some(bot) => Some(call.slack.app.direct(person, vec![bot]).await?.space.facts.id),
        None => None,
    };
    if known.record.events.iter().any(|it| it == "app_home_opened") {
        let about =
            json!({"person": person, "space": space, "tab": call.args.text("tab").unwrap_or("home".into())});
        call.slack.app.tell_app(app, "app_home_opened", about).await?;
    }
    let mut answer = Map::new();
    if let Some(view) = view {
        answer.insert("view".into(), view);
    }
    if let Some(space) = space {
        answer.insert("space".into(), json!(space));
    }
    Ok(answer)
}
