//! What apps show: dialogs (`views.open`, `push`, `update`) and homes (`views.publish`).

use madang_app::apps::NewView;
use madang_app::records::ViewRecord;
use madang_model::PersonId;
use serde_json::{Map, Value, json};

use super::Trigger;
use super::view::DEPTH;
use crate::Slack;
use crate::blocks::{Fill, check_view};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::method;
use crate::methods::Method;
use crate::talk::Known;

pub(super) static METHODS: &[Method] = &[
    method!("views.open", BotOrUser, [], open),
    method!("views.push", BotOrUser, [], push),
    method!("views.update", BotOrUser, [], update),
    method!("views.publish", BotOrUser, [], publish),
];

/// A view that an app sent, checked, with the ids it lacked.
pub(super) fn checked(view: &Value, kind: &str, seed: &str) -> Result<Value, Fail> {
    let view = check_view(view, &mut Fill::new(seed))?;
    if view["type"] != kind {
        return Err(Fail::argument("view/type", &format!("must be {kind} here")));
    }
    Ok(view)
}

fn external_id(view: &Value) -> Option<String> {
    view["external_id"].as_str().filter(|it| !it.is_empty()).map(ToOwned::to_owned)
}

fn answer(view: Value) -> Answer {
    Ok(Map::from_iter([("view".into(), view)]))
}

fn sent(call: &Call) -> Result<Value, Fail> {
    call.args
        .json("view", "invalid_arguments")?
        .ok_or_else(|| Fail::argument("view", "missing required field: view"))
}

/// Whoever pressed something is shown a dialog.
fn trigger(call: &Call) -> Result<Trigger, Fail> {
    let word = call.args.text("trigger_id").or_else(|| call.args.text("interactivity_pointer"));
    let word = word.ok_or_else(|| Fail::new("invalid_trigger_id"))?;
    let app = call.app_id().ok_or_else(|| Fail::new("not_allowed_token_type"))?;
    call.slack.pulled(&word, app)
}

async fn open(call: &Call) -> Answer {
    let view = checked(&sent(call)?, "modal", &call.slack.fresh_word()?)?;
    let trigger = trigger(call)?;
    let known = call.slack.known(trigger.app).await?;
    answer(call.slack.open_view(&known, trigger.person, "modal", view, trigger.client).await?)
}

async fn push(call: &Call) -> Answer {
    let view = checked(&sent(call)?, "modal", &call.slack.fresh_word()?)?;
    let trigger = trigger(call)?;
    let known = call.slack.known(trigger.app).await?;
    let top = call.slack.top_view(&known, trigger.person).await?.ok_or_else(|| Fail::new("not_found"))?;
    answer(call.slack.push_view(&known, top, view).await?)
}

async fn update(call: &Call) -> Answer {
    let app = call.app_id().ok_or_else(|| Fail::new("not_allowed_token_type"))?;
    let record = match (call.args.text("view_id"), call.args.text("external_id")) {
        (Some(given), _) => call.slack.view_called(&given).await?,
        (None, Some(name)) => call.slack.app.view_called(app, name).await?,
        (None, None) => {
            return Err(Fail::argument("view_id", "missing required field: view_id or external_id"));
        }
    };
    let record = record.filter(|it| it.app == app).ok_or_else(|| Fail::new("not_found"))?;
    let view = checked(&sent(call)?, &record.kind, &call.slack.fresh_word()?)?;
    let known = call.slack.known(app).await?;
    answer(call.slack.update_view(&known, &record, view, call.args.text("hash")).await?)
}

async fn publish(call: &Call) -> Answer {
    let app = call.app_id().ok_or_else(|| Fail::new("not_allowed_token_type"))?;
    let person = call.person_of("user_id").await?;
    let view = checked(&sent(call)?, "home", &call.slack.fresh_word()?)?;
    let known = call.slack.known(app).await?;
    if !known.manifest.features.app_home.home_tab_enabled {
        return Err(Fail::new("not_enabled").with_messages(vec![
            "turn the home tab on in the manifest (features.app_home.home_tab_enabled)".into(),
        ]));
    }
    // Whoever is not of this house has no home here.
    call.slack.app.person(person).await?;
    let expected = call.args.text("hash");
    let before = call.slack.app.home_view(app, person).await?;
    if expected.is_some() && before.as_ref().is_some_and(|it| Some(&it.hash) != expected.as_ref()) {
        return Err(Fail::new("hash_conflict"));
    }
    let new = NewView {
        app,
        person,
        kind: "home",
        external_id: external_id(&view),
        view: view.to_string(),
        previous: None,
    };
    let record = call.slack.app.put_view(new, call.slack.fresh_hash()?).await?;
    let shown = call.slack.shown_view(&record, known.record.bot).await?;
    call.slack.front.show(person, &json!({"type": "app_home", "app": app, "view": shown}));
    answer(shown)
}

impl Slack {
    /// A dialog of its own; what this app showed this person before is gone.
    pub(super) async fn open_view(
        &self,
        to: &Known,
        person: PersonId,
        kind: &'static str,
        view: Value,
        client: Option<String>,
    ) -> Result<Value, Fail> {
        let new = NewView {
            app: to.record.id,
            person,
            kind,
            external_id: external_id(&view),
            view: view.to_string(),
            previous: None,
        };
        let record = self.app.put_view(new, self.fresh_hash()?).await?;
        if let Some(client) = client {
            self.desk.tabs.insert(record.root.0, client);
        }
        self.desk.shown.insert((to.record.id, person), record.root);
        self.show_view("open", &record, to).await
    }

    /// One more upon the one that is there.
    pub(super) async fn push_view(&self, to: &Known, top: ViewRecord, view: Value) -> Result<Value, Fail> {
        if self.app.view_stack(top.root).await?.len() >= DEPTH {
            return Err(Fail::new("push_limit_reached"));
        }
        let new = NewView {
            app: to.record.id,
            person: top.person,
            kind: "modal",
            external_id: external_id(&view),
            view: view.to_string(),
            previous: Some(top),
        };
        let record = self.app.put_view(new, self.fresh_hash()?).await?;
        self.show_view("push", &record, to).await
    }

    /// Another content of one that is there.
    pub(super) async fn update_view(
        &self,
        to: &Known,
        record: &ViewRecord,
        view: Value,
        expected: Option<String>,
    ) -> Result<Value, Fail> {
        let (text, external) = (view.to_string(), external_id(&view));
        let changed =
            self.app.change_view(record.id, expected.clone(), text, external, self.fresh_hash()?).await?;
        let Some(changed) = changed else {
            return Err(Fail::new(if expected.is_some() { "hash_conflict" } else { "not_found" }));
        };
        if changed.kind == "home" {
            let shown = self.shown_view(&changed, to.record.bot).await?;
            let frame = json!({"type": "app_home", "app": to.record.id, "view": shown});
            self.front.show(changed.person, &frame);
            return Ok(shown);
        }
        self.show_view("update", &changed, to).await
    }

    /// The uppermost dialog that the app shows this person.
    async fn top_view(&self, to: &Known, person: PersonId) -> Result<Option<ViewRecord>, Fail> {
        let Some(root) = self.desk.shown.get(&(to.record.id, person)) else { return Ok(None) };
        Ok(self.app.view_stack(root).await?.pop())
    }
}
