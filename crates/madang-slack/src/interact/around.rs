//! What every interaction tells of who did it and where.

use madang_model::{PersonId, SpaceId};
use serde_json::{Map, Value, json};

use crate::Slack;
use crate::fail::Fail;
use crate::shapes;
use crate::talk::Known;

impl Slack {
    /// `team`, `user`, `api_app_id`, `token` and what stands with them.
    pub(super) async fn who(&self, to: &Known, person: PersonId) -> Result<Map<String, Value>, Fail> {
        let house = self.house().await?;
        let record = self.app.person(person).await?;
        let name = shapes::handle(&record.name, '.');
        let fields = json!({
            "team": {"id": house.team(), "domain": house.domain()},
            "enterprise": null,
            "is_enterprise_install": false,
            "user": {
                "id": shapes::person_id(person), "username": name, "name": name, "team_id": house.team(),
            },
            "api_app_id": shapes::app_id(to.record.id),
            "token": to.record.verification,
        });
        Ok(fields.as_object().cloned().unwrap_or_default())
    }

    /// `{id, name}` of a space, as somebody in it sees it.
    pub(super) async fn channel_of(
        &self,
        person: PersonId,
        space: SpaceId,
    ) -> Result<(String, String), Fail> {
        let summary = self.app.space(person, space).await?;
        let id = shapes::channel_id(&summary.space);
        let name = match shapes::kind_of(&summary.space) {
            crate::scopes::Conversation::Im => "directmessage".to_owned(),
            crate::scopes::Conversation::Mpim => "mpdm".to_owned(),
            crate::scopes::Conversation::Channel => shapes::handle(&summary.space.facts.name, '-'),
            crate::scopes::Conversation::Group => "privategroup".to_owned(),
        };
        Ok((id, name))
    }
}
