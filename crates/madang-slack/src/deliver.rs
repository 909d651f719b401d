//! Tells apps what happened: each in the order of its spaces, each thing until it is taken or given up.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use madang_app::apps::{Told, Waiting};
use madang_model::AppId;
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::events::Happened;
use crate::fail::Fail;
use crate::talk::{Kind, Known, Missed, Retry, Said};
use crate::{Slack, id};

/// How many apps and spaces are told at once.
const AT_ONCE: usize = 64;
/// How long nobody looks when nothing is new.
const REST: Duration = Duration::from_secs(5);
/// An app that is not connected is looked for again after so long, and at once when it connects.
const NOT_CONNECTED: i64 = 600;

impl Slack {
    /// Tells apps until the process ends.
    pub async fn deliver(self) {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        // Held here and nowhere else: one house is served by one process, and what it had begun when it ended is told again
        // by the next one at once.
        let begun = Arc::new(Mutex::new(HashSet::new()));
        loop {
            let among = begun.lock().clone();
            let due = match self.app.app_deliveries_due(AT_ONCE, among).await {
                Ok(due) => due,
                Err(error) => {
                    tracing::error!(%error, "What apps are to be told could not be read, it is tried again");
                    tokio::time::sleep(REST).await;
                    continue;
                }
            };
            if due.is_empty() {
                self.app.apps_may_be_told(REST).await;
                continue;
            }
            for waiting in due {
                let Ok(place) = places.clone().acquire_owned().await else { return };
                let (slack, begun, id) = (self.clone(), begun.clone(), waiting.delivery.id);
                begun.lock().insert(id);
                tokio::spawn(async move {
                    if let Err(error) = slack.tell(waiting).await {
                        tracing::error!(%error, "How an app was told could not be written down, it is told again");
                        tokio::time::sleep(REST).await;
                    }
                    begun.lock().remove(&id);
                    drop(place);
                    // What comes after it in its space is due now.
                    slack.app.apps_are_told();
                });
            }
        }
    }

    async fn tell(&self, waiting: Waiting) -> Result<(), madang_app::Error> {
        let delivery = waiting.delivery.clone();
        let told = match self.tell_one(waiting).await {
            Ok(told) => told,
            Err(fail) => Told::Refused {
                status: None,
                fault: format!("it could not be told: {}", fail.said()),
                give_up: false,
                unwanted: true,
                counts: false,
                next: None,
            },
        };
        let (app, nobody) = (delivery.app, matches!(told, Told::Nobody { .. }));
        self.app.app_was_told(delivery, told).await?;
        // Whoever connected meanwhile does not wait for the next look.
        if nobody && self.sockets.count(app) > 0 {
            self.app.wake_app(app).await?;
        }
        Ok(())
    }

    async fn tell_one(&self, Waiting { delivery, app }: Waiting) -> Result<Told, Fail> {
        let to = self.known_of(app)?;
        let events = self.happened(&to, &delivery).await?;
        let part = usize::try_from(delivery.part).unwrap_or(usize::MAX);
        let Some(event) = events.get(part) else { return Ok(Told::Nothing) };
        // The same whenever it is told, also if a part of it is told by itself.
        let key = match delivery.seq {
            0 => delivery.id.to_string(),
            seq => format!("{}/{seq}/{}/{part}", delivery.space.0, delivery.kind),
        };
        let next = Some(part + 1).filter(|it| *it < events.len() && !delivery.single);
        let body = self.wrapped(&to, event, &key).await?;
        let retry = (delivery.tries > 0)
            .then(|| Retry { number: delivery.tries, reason: reason_of(delivery.fault.as_deref()) });
        match self.say(&to, Said { kind: Kind::Events, payload: body, retry }).await {
            Ok(reply) => Ok(next.map_or(Told::Taken { status: reply.status }, Told::Part)),
            Err(Missed::Nowhere) => Ok(Told::Nothing),
            Err(Missed::NotConnected) => Ok(Told::Nobody { seconds: NOT_CONNECTED }),
            Err(Missed::Failed { status, reason, why, no_retry }) => {
                // Frameworks answer what nobody listens for with 404, or on a socket with nothing.
                let unwanted = reason == "http_timeout" || status.is_some_and(|it| (400..500).contains(&it));
                let counts = !to.manifest.settings.socket_mode_enabled;
                let fault = format!("{reason}: {why}");
                Ok(Told::Refused { status, fault, give_up: no_retry, unwanted, counts, next })
            }
        }
    }

    /// An event in its wrapper (<https://docs.slack.dev/apis/events-api/#callback-field>). `key` is the same whenever it
    /// is told, and so is the id.
    async fn wrapped(&self, to: &Known, event: &Happened, key: &str) -> Result<Value, Fail> {
        let team = id::written("T", self.app.workspace_id().await?.0);
        let is_bot = to.record.bot == Some(event.seen_by);
        Ok(json!({
            "token": to.record.verification,
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": null,
            "api_app_id": id::written("A", to.record.id.0),
            "event": event.event,
            "type": "event_callback",
            "event_id": event_id(to.record.id, key),
            "event_time": event.at_us / 1_000_000,
            "authorizations": [{
                "enterprise_id": null,
                "team_id": team,
                "user_id": id::written("U", event.seen_by.0),
                "is_bot": is_bot,
                "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": false,
            "event_context": format!("4-{key}"),
        }))
    }
}

/// `Ev…`, the same for the same thing.
fn event_id(app: AppId, key: &str) -> String {
    let hash = Sha256::digest(format!("{}|{key}", app.0));
    let number = hash.iter().take(8).fold(0i64, |sum, byte| (sum << 8) | i64::from(*byte));
    id::written("Ev", number & i64::MAX)
}

/// Why the last try failed, in Slack's word.
fn reason_of(fault: Option<&str>) -> String {
    let word = fault.and_then(|it| it.split(':').next()).unwrap_or_default();
    let known = ["http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error"];
    if known.contains(&word) { word.to_owned() } else { "unknown_error".to_owned() }
}
