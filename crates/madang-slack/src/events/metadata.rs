//! What messages carry for other apps: told where an app asked for it, of the kinds it asked for.

use madang_model::Event;
use serde_json::{Value, json};

use super::around::Seen;
use super::messages::Topics;
use crate::manifest::MetadataSubscription;
use crate::shapes::person_id;
use crate::talk::Known;
use crate::ts::written as ts;

/// What became of a message's metadata, between two shapes of it.
pub(super) fn told(
    to: Option<&Known>,
    seen: &Seen,
    event: &Event,
    previous: &Value,
    now: &Value,
    team: &str,
) -> Topics {
    let (before, after) = (&previous["metadata"], &now["metadata"]);
    let topic = match (before.is_object(), after.is_object()) {
        (false, true) => "message_metadata_posted",
        (true, true) if before != after => "message_metadata_updated",
        (true, false) => "message_metadata_deleted",
        _ => return Vec::new(),
    };
    let message = if after.is_object() { now } else { previous };
    let subscriptions =
        to.map(|it| it.manifest.settings.event_subscriptions.metadata_subscriptions.as_slice());
    let about = if after.is_object() { after } else { before };
    if !seen.inside || !is_wished(subscriptions.unwrap_or_default(), &message["app_id"], &about["event_type"])
    {
        return Vec::new();
    }
    let mut told = json!({
        "type": topic,
        "app_id": message["app_id"],
        "bot_id": message["bot_id"],
        "user_id": person_id(event.author),
        "team_id": team,
        "channel_id": seen.channel,
        "message_ts": message["ts"],
        "event_ts": ts(event.at_us),
    });
    if after.is_object() {
        told["metadata"] = after.clone();
    } else {
        told["deleted_ts"] = json!(ts(event.at_us));
    }
    if before.is_object() {
        told["previous_metadata"] = before.clone();
    }
    vec![(topic, told)]
}

/// Of which apps and kinds; an app that names none is told of all.
fn is_wished(subscriptions: &[MetadataSubscription], app: &Value, kind: &Value) -> bool {
    let fits = |wished: &str, it: &Value| wished == "*" || it.as_str() == Some(wished);
    subscriptions.is_empty()
        || subscriptions.iter().any(|it| fits(&it.app_id, app) && fits(&it.event_type, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_told_of_the_kinds_it_asked_for() {
        let of = |app: &str, kind: &str| MetadataSubscription {
            app_id: app.to_owned(),
            event_type: kind.to_owned(),
        };
        let (app, kind) = (json!("A1"), json!("deployed"));
        assert!(is_wished(&[], &app, &kind));
        assert!(is_wished(&[of("A2", "deployed"), of("*", "deployed")], &app, &kind));
        assert!(is_wished(&[of("A1", "*")], &app, &kind));
        assert!(!is_wished(&[of("A1", "failed"), of("A2", "deployed")], &app, &kind));
        assert!(!is_wished(&[of("A1", "deployed")], &Value::Null, &kind));
    }
}
