//! Tokens given back, one or all; the app hears of it.

use madang_app::apps::GrantKind;
use madang_model::PersonId;
use serde_json::{Map, Value, json};

use super::client::proven;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::id;

/// Ends the token that asks.
pub(super) async fn revoke(call: &Call) -> Answer {
    let is_test = call.args.flag("test") == Some(true);
    if !is_test {
        let (app, grant) = (&call.slack.app, &call.grant);
        match grant.app {
            Some(id) => {
                app.end_grant(None, id, grant.session).await?;
                let whose = [grant.person];
                let (bots, people): (&[PersonId], &[PersonId]) = match grant.kind {
                    GrantKind::Bot => (&whose, &[]),
                    _ => (&[], &whose),
                };
                app.tell_app(id, "tokens_revoked", revoked(bots, people)).await?;
            }
            None => app.end_session(grant.person, grant.session).await?,
        }
    }
    Ok(Map::from_iter([("revoked".into(), json!(!is_test))]))
}

/// Ends everything that an app holds here; it says that it is that app, and whoever manages apps may too.
pub(super) async fn uninstall(call: &Call) -> Answer {
    let record = proven(call).await?;
    if call.app_id() != Some(record.id) {
        return Err(Fail::new("client_id_token_mismatch"));
    }
    let app = &call.slack.app;
    let (bots, people) = app.end_tokens_of_app(call.person(), record.id).await?;
    app.tell_app(record.id, "tokens_revoked", revoked(&bots, &people)).await?;
    app.tell_app(record.id, "app_uninstalled", json!({"type": "app_uninstalled"})).await?;
    Ok(Map::new())
}

/// The event, whose fields stand in no log.
fn revoked(bots: &[PersonId], people: &[PersonId]) -> Value {
    let ids = |all: &[PersonId]| -> Vec<String> { all.iter().map(|it| id::written("U", it.0)).collect() };
    json!({"type": "tokens_revoked", "tokens": {"oauth": ids(people), "bot": ids(bots)}})
}
