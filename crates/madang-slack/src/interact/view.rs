//! A view as apps and clients see it, and where it is shown.

use madang_app::records::ViewRecord;
use madang_model::{PersonId, ViewId};
use serde_json::{Value, json};

use crate::fail::Fail;
use crate::talk::Known;
use crate::{Slack, id, shapes};

/// Dialogs that may lie upon each other.
pub(super) const DEPTH: usize = 3;

impl Slack {
    /// The view in Slack's shape.
    pub(crate) async fn shown_view(&self, record: &ViewRecord, bot: Option<PersonId>) -> Result<Value, Fail> {
        let team = self.house().await?.team();
        let mut view: Value = serde_json::from_str(&record.view).unwrap_or_else(|_| json!({}));
        let Some(fields) = view.as_object_mut() else { return Err(Fail::new("internal_error")) };
        let optional = ["title", "submit", "close"];
        // What is kept with a dialog of the older kind is between the app and us.
        if record.kind == super::dialog::KIND {
            fields.remove("dialog");
        }
        if record.kind != "home" {
            optional.iter().for_each(|it| {
                fields.entry(*it).or_insert(Value::Null);
            });
        }
        for (name, value) in
            [("private_metadata", json!("")), ("callback_id", json!("")), ("blocks", json!([]))]
        {
            fields.entry(name).or_insert(value);
        }
        for flag in ["clear_on_close", "notify_on_close", "submit_disabled"] {
            fields.entry(flag).or_insert(json!(false));
        }
        fields.entry("state").or_insert(json!({"values": {}}));
        for (name, value) in [
            ("id", json!(view_id(record.id))),
            ("team_id", json!(team)),
            ("app_installed_team_id", json!(team)),
            ("hash", json!(record.hash)),
            ("external_id", json!(record.external_id.clone().unwrap_or_default())),
            ("root_view_id", json!(view_id(record.root))),
            ("previous_view_id", record.previous.map_or(Value::Null, |it| json!(view_id(it)))),
            ("app_id", json!(shapes::app_id(record.app))),
            ("bot_id", bot.map_or(Value::Null, |it| json!(shapes::bot_id(it)))),
        ] {
            fields.insert(name.into(), value);
        }
        Ok(view)
    }

    /// Shows a dialog, or what became of it, in the tab where it was opened.
    pub(super) async fn show_view(
        &self,
        action: &str,
        record: &ViewRecord,
        to: &Known,
    ) -> Result<Value, Fail> {
        let view = self.shown_view(record, to.record.bot).await?;
        let mut frame = json!({"type": "view", "action": action, "view": view, "app": to.record.id});
        if let Some(client) = self.desk.tabs.get(&record.root.0) {
            frame["client"] = json!(client);
        }
        self.front.show(record.person, &frame);
        Ok(view)
    }

    /// The view of an id that was given outside.
    pub(super) async fn view_called(&self, given: &str) -> Result<Option<ViewRecord>, Fail> {
        match id::number("V", given) {
            Some(number) => Ok(self.app.view(ViewId(number)).await?),
            None => Ok(None),
        }
    }

    /// A word by which a version is told from the one before.
    pub(super) fn fresh_hash(&self) -> Result<String, Fail> {
        let seconds = self.app.clock.now_us() / 1_000_000;
        Ok(format!("{seconds}.{}", &self.fresh_word()?[..8]))
    }
}

pub(super) fn view_id(view: ViewId) -> String {
    id::written("V", view.0)
}
