//! Telling addresses, each in its order: what one does not take it is told again, later and later, for five days.
//!
//! Addresses do not wait for each other, and what happened in one space does not wait for what happened in another: an
//! address is told some at once, of each space one after the other. A fault is one of the address: all waits with it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use madang_model::audit::{Act, Object};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, SpaceId, WebhookId};
use madang_store::webhooks::{self, WebhookDelivery, WebhookRecord};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::json;
use tokio::task::JoinSet;

use super::set_up::{host, manager};
use super::{About, Telling, Told};
use crate::app::App;
use crate::audit::by_somebody;
use crate::error::Result;
use crate::outgoing::{Caps, Request};

/// What a telling becomes outside.
pub type Shape = fn(&Telling) -> String;

const SECOND_US: i64 = 1_000_000;
/// Whoever receives it writes it down and answers; working on it is for later.
const CAPS: Caps = Caps { time: Duration::from_secs(15), bytes: 4 << 10, cut: true, redirects: 0 };
/// An address belongs to who tells it for this long.
const LEASE_US: i64 = 30 * SECOND_US;
/// What one turn takes up, and of how many spaces it tells at once.
const TURN: i64 = 64;
const AT_ONCE: usize = 8;
/// Nothing more is begun in a turn after this long: with the last request it is over well before the lease.
const TURN_TIME: Duration = Duration::from_secs(10);
/// Waits before each further try, in seconds; the last one again and again.
const WAITS: [i64; 8] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];
/// While other things are taken, waits grow no further than this one, and after so many tries a thing is let go.
const SOON: i64 = 2;
const UNWANTED: i64 = 10;
/// After so long in which nothing was taken it is told no more: five days.
const GIVEN_UP_US: i64 = 5 * 24 * 3_600 * SECOND_US;
/// Whoever answers with it wishes to hear nothing any more (Standard Webhooks, "Deliverability and reliability").
const GONE: u16 = 410;
/// How long nobody looks when nothing is new.
const REST: Duration = Duration::from_secs(5);

/// How it went with one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    pub status: Option<u16>,
    /// None when it was taken.
    pub fault: Option<String>,
    pub took: Duration,
}

impl Sent {
    fn is_taken(&self) -> bool {
        self.fault.is_none()
    }
}

/// How a telling ended: nothing where there was nothing to tell any more.
type Outcome = (WebhookDelivery, Option<Sent>);

impl App {
    /// Tells addresses until the process ends.
    pub async fn work_webhooks(self: Arc<Self>, shape: Shape) {
        let mut told = JoinSet::new();
        loop {
            match self.claim_due().await {
                Ok(claimed) => {
                    for hook in claimed {
                        let app = self.clone();
                        told.spawn(async move { app.tell_hook(hook, shape).await });
                    }
                    tokio::select! {
                        () = self.new_tellings.notified() => {}
                        () = tokio::time::sleep(REST) => {}
                        Some(ended) = told.join_next() => note(ended),
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "Webhooks could not be told, it is tried again");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// The addresses that are due, which are the caller's for as long as the lease.
    async fn claim_due(self: &Arc<Self>) -> Result<Vec<WebhookId>> {
        let now_us = self.clock.now_us();
        let due = self.db.read(move |conn| -> Result<_> { Ok(webhooks::is_due(conn, now_us)?) }).await?;
        if !due {
            return Ok(Vec::new());
        }
        let lease = now_us + LEASE_US;
        self.db.write(move |tx| -> Result<_> { Ok(webhooks::claim(tx, now_us, lease)?) }).await
    }

    /// Tells an address all that waits, until it does not take something.
    async fn tell_hook(self: &Arc<Self>, hook: WebhookId, shape: Shape) -> Result<()> {
        loop {
            let next = self
                .db
                .read(move |conn| -> Result<_> {
                    Ok((webhooks::one(conn, hook)?, webhooks::first(conn, hook, TURN)?))
                })
                .await?;
            let (Some(record), waiting) = next else { return Ok(()) };
            if !record.active || waiting.is_empty() {
                return self.db.write(move |tx| -> Result<()> { Ok(webhooks::hold(tx, hook, 0)?) }).await;
            }
            let key = self.hook_key_of(&record).await?;
            let mut lanes: BTreeMap<SpaceId, Vec<WebhookDelivery>> = BTreeMap::new();
            for next in waiting {
                lanes.entry(next.event.space).or_default().push(next);
            }
            let began = Instant::now();
            let lanes = lanes.into_values().map(|lane| self.tell_lane(&record, &key, lane, shape, began));
            let told: Vec<Result<Vec<Outcome>>> =
                stream::iter(lanes).buffer_unordered(AT_ONCE).collect().await;
            let mut outcomes = Vec::new();
            for lane in told {
                outcomes.extend(lane?);
            }
            if !self.write_outcomes(record, outcomes).await? {
                return Ok(());
            }
        }
    }

    /// Tells what happened in one place, one after the other, until something is not taken.
    async fn tell_lane(
        self: &Arc<Self>,
        record: &WebhookRecord,
        key: &hmac::Key,
        lane: Vec<WebhookDelivery>,
        shape: Shape,
        began: Instant,
    ) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        for next in lane {
            if began.elapsed() > TURN_TIME {
                break;
            }
            let sent = match self.telling(next.event.clone()).await? {
                Some(telling) => Some(self.send_to(record, key, next.event.id, &shape(&telling)).await?),
                None => None,
            };
            let is_taken = sent.as_ref().is_none_or(Sent::is_taken);
            outcomes.push((next, sent));
            if !is_taken {
                break;
            }
        }
        Ok(outcomes)
    }

    /// Writes down how it went; whether the address may be told more at once.
    async fn write_outcomes(self: &Arc<Self>, record: WebhookRecord, outcomes: Vec<Outcome>) -> Result<bool> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<bool> {
                let (hook, now_us) = (record.id, app.clock.now_us());
                let takes_some = outcomes.iter().any(|(_, sent)| sent.as_ref().is_some_and(Sent::is_taken));
                let mut refused = None;
                for (told, sent) in &outcomes {
                    let id = told.event.id;
                    match sent {
                        None => webhooks::nothing(tx, id)?,
                        Some(Sent { status, fault: None, .. }) => {
                            webhooks::taken(tx, hook, id, status.map(i64::from), now_us)?;
                        }
                        Some(Sent { status, fault: Some(why), .. }) => {
                            webhooks::refused(tx, id, status.map(i64::from), why)?;
                            // It is there, and does not want this one: in the end what comes after it goes on.
                            if takes_some && told.tries >= UNWANTED {
                                webhooks::given_up(tx, id, now_us)?;
                            }
                            refused = Some((told.tries, *status, why));
                        }
                    }
                }
                let Some((tries, status, why)) = refused else {
                    webhooks::hold(tx, hook, now_us + LEASE_US)?;
                    return Ok(true);
                };
                let wait = wait(if takes_some { tries.min(SOON) } else { record.tries });
                webhooks::failed(tx, hook, status.map(i64::from), why, now_us, now_us + wait)?;
                let since = record.failing_since.filter(|_| !takes_some);
                if status == Some(GONE) || since.is_some_and(|since| now_us - since > GIVEN_UP_US) {
                    webhooks::stop(tx, hook, now_us)?;
                    let about = json!({"host": host(&record.url)});
                    app.write_down(tx, by_somebody(), Act::WebhookStopped, Object::Webhook(hook), about)?;
                }
                Ok(false)
            })
            .await
    }

    /// Tells an address that somebody tries it, at once and whether it is switched on or not.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said. That it was not taken is an answer.
    pub async fn test_webhook(
        self: &Arc<Self>,
        person: PersonId,
        hook: WebhookId,
        shape: Shape,
    ) -> Result<Sent> {
        let record = self
            .db
            .read(move |conn| -> Result<_> {
                manager(conn, person)?;
                Ok(webhooks::one(conn, hook)?.ok_or(Refusal::NotFound(Thing::Webhook))?)
            })
            .await?;
        let now_us = self.clock.now_us();
        let telling = Telling { event: Told::Test.event(), at_us: now_us, about: About::Nothing };
        let key = self.hook_key_of(&record).await?;
        let sent = self.send_to(&record, &key, self.ids.next(), &shape(&telling)).await?;
        let (status, fault) = (sent.status.map(i64::from), sent.fault.clone());
        self.db
            .write(move |tx| -> Result<()> {
                Ok(webhooks::asked(tx, hook, status, fault.as_deref(), now_us)?)
            })
            .await?;
        Ok(sent)
    }

    async fn hook_key_of(self: &Arc<Self>, record: &WebhookRecord) -> Result<hmac::Key> {
        let (app, sealed) = (self.clone(), record.secret.clone());
        let key = tokio::task::spawn_blocking(move || app.hook_key(&sealed)).await;
        let key = key.map_err(anyhow::Error::from)??;
        Ok(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    async fn send_to(
        self: &Arc<Self>,
        record: &WebhookRecord,
        key: &hmac::Key,
        id: i64,
        body: &str,
    ) -> Result<Sent> {
        let id = format!("msg_{}", WebhookId(id));
        let seconds = self.clock.now_us() / SECOND_US;
        let request = Request {
            method: Method::POST,
            url: record.url.parse::<Url>().map_err(anyhow::Error::from)?,
            headers: headers(&id, seconds, &signature(key, &id, seconds, body))?,
            body: Bytes::from(body.to_owned()),
        };
        let began = Instant::now();
        let answer = self.outgoing.send(request, CAPS).await;
        let took = began.elapsed();
        Ok(match answer {
            Ok(answer) if answer.status.is_success() => {
                Sent { status: Some(answer.status.as_u16()), fault: None, took }
            }
            Ok(answer) => {
                let status = answer.status.as_u16();
                Sent { status: Some(status), fault: Some(format!("it answered {status}")), took }
            }
            Err(failure) => Sent { status: None, fault: Some(failure.to_string()), took },
        })
    }
}

/// Microseconds until it is tried again after so many tries.
fn wait(tries: i64) -> i64 {
    WAITS[usize::try_from(tries).unwrap_or(0).min(WAITS.len() - 1)] * SECOND_US
}

/// How telling an address ended, where it ended badly. Its lease runs out, and then it is told again.
fn note(ended: Result<Result<()>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "An address could not be told, it is tried again"),
        Err(error) => tracing::error!(%error, "Telling an address broke off, it is tried again"),
    }
}

/// Standard Webhooks, "Signature scheme": HMAC with SHA-256 over id, time and body, in base 64, with its version.
fn signature(key: &hmac::Key, id: &str, seconds: i64, body: &str) -> String {
    let tag = hmac::sign(key, format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

fn headers(id: &str, seconds: i64, signature: &str) -> Result<HeaderMap> {
    let value = |text: &str| HeaderValue::from_str(text).map_err(anyhow::Error::from);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HeaderName::from_static("webhook-id"), value(id)?);
    headers.insert(HeaderName::from_static("webhook-timestamp"), value(&seconds.to_string())?);
    headers.insert(HeaderName::from_static("webhook-signature"), value(signature)?);
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the reference libraries (standard-webhooks, libraries/python/tests).
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
