//! What stands in no log: homes, people, and the app itself.

use madang_app::records::DeliveryRecord;
use madang_model::space::SpaceKind;
use madang_model::{PersonId, SpaceId};
use serde_json::{Value, json};

use super::Happened;
use crate::Slack;
use crate::fail::Fail;
use crate::shapes::{channel_id_of, person_id, user};
use crate::talk::Known;
use crate::ts::written as ts;

impl Slack {
    pub(super) async fn elsewhere(
        &self,
        to: &Known,
        delivery: &DeliveryRecord,
    ) -> Result<Vec<Happened>, Fail> {
        let about: Value = serde_json::from_str(&delivery.about).unwrap_or_default();
        let person = about["person"].as_str().and_then(|it| it.parse::<PersonId>().ok());
        let at = ts(delivery.at_us);
        let event = match (delivery.kind.as_str(), person) {
            ("app_home_opened", Some(person)) => self.home_opened(to, person, &about, &at).await?,
            (kind, person) if kind.starts_with("subteam_") => {
                match self.of_team(to, kind, person, &about, delivery.at_us).await? {
                    Some(event) => event,
                    None => return Ok(Vec::new()),
                }
            }
            ("team_rename", _) => json!({"type": "team_rename", "name": about["name"], "event_ts": at}),
            ("user_change" | "user_profile_changed" | "team_join", Some(person)) => {
                let record = self.app.person(person).await?;
                let shape = user(&record, &self.house().await?, false, None);
                json!({
                    "type": delivery.kind,
                    "user": shape,
                    "cache_ts": delivery.at_us / 1_000_000,
                    "event_ts": at,
                })
            }
            ("tokens_revoked", _) => {
                json!({"type": "tokens_revoked", "tokens": about["tokens"], "event_ts": at})
            }
            ("app_uninstalled", _) => json!({"type": "app_uninstalled", "event_ts": at}),
            _ => return Ok(Vec::new()),
        };
        let Some(seen_by) = to.record.bot.or(to.record.created_by).or(person) else { return Ok(Vec::new()) };
        Ok(vec![Happened { event, at_us: delivery.at_us, seen_by }])
    }

    async fn home_opened(
        &self,
        to: &Known,
        person: PersonId,
        about: &Value,
        at: &str,
    ) -> Result<Value, Fail> {
        let space = about["space"].as_str().and_then(|it| it.parse::<SpaceId>().ok());
        let mut event = json!({
            "type": "app_home_opened",
            "user": person_id(person),
            "tab": about["tab"],
            "event_ts": at,
        });
        if let Some(space) = space {
            event["channel"] = json!(channel_id_of(space, SpaceKind::Direct, 2));
        }
        if let Some(record) = self.app.home_view(to.record.id, person).await? {
            event["view"] = self.shown_view(&record, to.record.bot).await?;
        }
        Ok(event)
    }

    /// Tells apps that somebody changed, or came.
    pub(crate) async fn tell_of_person(&self, person: PersonId) -> Result<(), Fail> {
        let apps = self.app.apps().await?;
        let of_people = ["user_change", "user_profile_changed", "team_join"];
        if !apps.iter().any(|it| it.events.iter().any(|it| of_people.contains(&it.as_str()))) {
            return Ok(());
        }
        let Ok(record) = self.app.person(person).await else { return Ok(()) };
        // Whoever came in this minute is new.
        let is_new = self.app.clock.now_us() / 1_000_000 - crate::shapes::made_at(person.0) < 60;
        let kind = if is_new && !record.removed { "team_join" } else { "user_change" };
        for kind in [kind, "user_profile_changed"] {
            for app in apps.iter().filter(|it| it.events.iter().any(|it| it == kind)) {
                self.app.tell_app(app.id, kind, json!({"person": person})).await?;
            }
        }
        Ok(())
    }
}
