//! What stands in no log: homes, people, and the app itself.

use madang_app::records::{Announcement, DeliveryRecord, Heard};
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
            ("user_change" | "team_join", Some(person)) => {
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

    /// Tells apps that people changed, or came, until the process ends. After hints were lost, one that nobody heard of is
    /// told with the next change.
    pub async fn follow_people(self) {
        let mut news = self.app.bus.subscribe();
        while let Some(heard) = news.next().await {
            let Heard::Batch(batch) = heard else { continue };
            for one in batch.iter() {
                let Announcement::Person(person) = one else { continue };
                if let Err(fail) = self.tell_of_person(*person).await {
                    tracing::warn!(fail = fail.said(), "Apps could not be told that somebody changed");
                }
            }
        }
    }

    async fn tell_of_person(&self, person: PersonId) -> Result<(), Fail> {
        let apps = self.app.apps().await?;
        if !apps.iter().any(|it| it.events.iter().any(|it| it == "user_change" || it == "team_join")) {
            return Ok(());
        }
        let Ok(record) = self.app.person(person).await else { return Ok(()) };
        // Whoever came in this minute is new.
        let is_new = self.app.clock.now_us() / 1_000_000 - crate::shapes::made_at(person.0) < 60;
        let kind = if is_new && !record.removed { "team_join" } else { "user_change" };
        for app in apps.iter().filter(|it| it.events.iter().any(|it| it == kind)) {
            self.app.tell_app(app.id, kind, json!({"person": person})).await?;
        }
        Ok(())
    }
}
