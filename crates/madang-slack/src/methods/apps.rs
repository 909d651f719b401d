//! What an app asks of itself with its own token.

use madang_model::{PersonId, SpaceId};
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::method;
use crate::methods::Method;
use crate::shapes::person_id;

pub(super) static METHODS: &[Method] =
    &[method!("apps.event.authorizations.list", App, ["authorizations:read"], authorizations)];

/// Where an event happened, as `event_context` names it; none for what stands in no log.
fn place(context: &str) -> Result<Option<SpaceId>, Fail> {
    let wrong = || Fail::new("invalid_event_context");
    let key = context.strip_prefix("4-").ok_or_else(wrong)?;
    match key.split_once('/') {
        Some((space, _)) => Ok(Some(SpaceId(space.parse().map_err(|_| wrong())?))),
        None => key.parse::<i64>().map(|_| None).map_err(|_| wrong()),
    }
}

/// In whose name the app may see an event: its bot, and whoever let it act for them and is there.
async fn authorizations(call: &Call) -> Answer {
    let app = call.app().await?;
    let space = place(&call.args.required("event_context")?)?;
    let mut people: Vec<PersonId> = app.bot.into_iter().collect();
    let grants = call.slack.app.grants_of_app(app.id).await?;
    people.extend(grants.iter().filter(|it| it.kind == "user").map(|it| it.person));
    people.dedup();
    let team = call.house().await?.team();
    let mut seen: Vec<Value> = Vec::new();
    for person in people {
        let sees = match space {
            Some(space) => call.slack.app.space(person, space).await.is_ok(),
            None => Some(person) == app.bot,
        };
        if sees {
            seen.push(json!({
                "enterprise_id": null,
                "team_id": team,
                "user_id": person_id(person),
                "is_bot": Some(person) == app.bot,
                "is_enterprise_install": false,
            }));
        }
    }
    answer(json!({"authorizations": seen, "response_metadata": {"next_cursor": ""}}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_by_where_it_happened() {
        assert_eq!(place("4-77/3/message.posted/0").ok(), Some(Some(SpaceId(77))));
        assert_eq!(place("4-77").ok(), Some(None));
        for wrong in ["", "77", "4-", "4-x/1", "EC123"] {
            assert_eq!(place(wrong).expect_err("no").code, "invalid_event_context", "{wrong}");
        }
    }
}
