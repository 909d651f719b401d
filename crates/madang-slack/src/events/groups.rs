//! Teams, which are Slack's user groups.

use madang_model::{PersonId, TeamId};
use serde_json::{Value, json};

use crate::Slack;
use crate::fail::Fail;
use crate::shapes::{group_id, person_id, user_group};
use crate::talk::Known;
use crate::ts::written as ts;

impl Slack {
    /// What happened to a team; nothing for an app that it does not concern.
    pub(super) async fn of_team(
        &self,
        to: &Known,
        kind: &str,
        person: Option<PersonId>,
        about: &Value,
        at_us: i64,
    ) -> Result<Option<Value>, Fail> {
        let Some(id) = about["team"].as_str().and_then(|it| it.parse::<TeamId>().ok()) else {
            return Ok(None);
        };
        let mut event = json!({"type": kind, "event_ts": ts(at_us)});
        match (kind, person) {
            ("subteam_self_added" | "subteam_self_removed", Some(person)) => {
                let grants = self.app.grants_of_app(to.record.id).await?;
                let is_theirs = to.record.bot == Some(person)
                    || grants.iter().any(|it| it.kind == "user" && it.person == person);
                if !is_theirs {
                    return Ok(None);
                }
                event["subteam_id"] = json!(group_id(id));
            }
            ("subteam_members_changed", Some(person)) => {
                let (came, who) = (about["came"] == true, [person_id(person)]);
                let none: [String; 0] = [];
                event["subteam_id"] = json!(group_id(id));
                event["team_id"] = json!(self.house().await?.team());
                event["date_update"] = json!(at_us / 1_000_000);
                event["added_users"] = if came { json!(who) } else { json!(none) };
                event["added_users_count"] = json!(i32::from(came));
                event["removed_users"] = if came { json!(none) } else { json!(who) };
                event["removed_users_count"] = json!(i32::from(!came));
            }
            _ => event["subteam"] = self.team_as_it_is(to, id, about, at_us).await?,
        }
        Ok(Some(event))
    }

    /// The team; of one that is gone, its name and when it went.
    async fn team_as_it_is(&self, to: &Known, id: TeamId, about: &Value, at_us: i64) -> Result<Value, Fail> {
        let house = self.house().await?;
        let viewer = to.record.bot.or(to.record.created_by);
        if let Some(viewer) = viewer
            && let Some(team) = self.app.teams(viewer).await?.into_iter().find(|it| it.id == id)
        {
            let mut shown = user_group(&team, &house, true);
            shown["date_update"] = json!(at_us / 1_000_000);
            return Ok(shown);
        }
        Ok(json!({
            "id": group_id(id),
            "team_id": house.team(),
            "is_usergroup": true,
            "name": about["name"],
            "date_delete": at_us / 1_000_000,
            "users": [],
        }))
    }
}
