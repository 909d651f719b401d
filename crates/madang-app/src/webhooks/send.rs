//! Telling addresses, each in its order: what one does not take it is told again, later and later, for five days.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future::join_all;
use madang_model::audit::{Act, Object};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, WebhookId};
use madang_store::contacts;
use madang_store::webhooks::{self, WebhookEvent, WebhookRecord};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::json;

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
const LEASE_US: i64 = 60 * SECOND_US;
/// Waits before each further try, in seconds; the last one again and again.
const WAITS: [i64; 8] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];
/// After so long in which nothing was taken it is told no more: five days.
const GIVEN_UP_US: i64 = 5 * 24 * 3_600 * SECOND_US;
/// How long nobody looks when nothing is new.
const REST: Duration = Duration::from_secs(5);

/// How it went with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub status: Option<u16>,
    /// None when it was taken.
    pub fault: Option<String>,
    pub took: Duration,
}

impl App {
    /// Tells addresses until the process ends.
    pub async fn work_webhooks(self: Arc<Self>, shape: Shape) {
        loop {
            match self.tell_due(shape).await {
                Ok(0) => {
                    let _ = tokio::time::timeout(REST, self.new_tellings.notified()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "Webhooks could not be told, it is tried again");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// Tells each address that is due one thing; gives how many that were.
    async fn tell_due(self: &Arc<Self>, shape: Shape) -> Result<usize> {
        let now_us = self.clock.now_us();
        let due = self.db.read(move |conn| -> Result<_> { Ok(webhooks::is_due(conn, now_us)?) }).await?;
        if !due {
            return Ok(0);
        }
        let claimed = self
            .db
            .write(move |tx| -> Result<_> { Ok(webhooks::claim(tx, now_us, now_us + LEASE_US)?) })
            .await?;
        let told = join_all(claimed.iter().map(|hook| self.tell_next(*hook, shape))).await;
        told.into_iter().collect::<Result<Vec<()>>>()?;
        Ok(claimed.len())
    }

    async fn tell_next(self: &Arc<Self>, hook: WebhookId, shape: Shape) -> Result<()> {
        let next = self
            .db
            .read(move |conn| -> Result<_> { Ok((webhooks::one(conn, hook)?, webhooks::first(conn, hook)?)) })
            .await?;
        let (Some(record), Some(event)) = next else { return Ok(()) };
        let now_us = self.clock.now_us();
        let sent = match self.telling(&event).await? {
            Some(telling) => self.send_to(&record, event.id, &shape(&telling)).await?,
            // What it is about is gone, and was told of as such.
            None => Sent { status: None, fault: None, took: Duration::ZERO },
        };
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<()> {
                let status = sent.status.map(i64::from);
                let Some(fault) = &sent.fault else {
                    return Ok(webhooks::taken(tx, hook, event.id, status, now_us)?);
                };
                let wait = WAITS[usize::try_from(record.tries).unwrap_or(0).min(WAITS.len() - 1)];
                webhooks::failed(tx, hook, status, fault, now_us, now_us + wait * SECOND_US)?;
                if record.failing_since.is_some_and(|since| now_us - since > GIVEN_UP_US) {
                    webhooks::stop(tx, hook)?;
                    let about = json!({"host": host(&record.url)});
                    app.write_down(tx, by_somebody(), Act::WebhookStopped, Object::Webhook(hook), about)?;
                }
                Ok(())
            })
            .await
    }

    /// What is to be known at this moment of what happened.
    async fn telling(self: &Arc<Self>, event: &WebhookEvent) -> Result<Option<Telling>> {
        let told: Told = serde_json::from_str(&event.about).map_err(anyhow::Error::from)?;
        let at_us = event.at_us;
        self.db
            .read(move |conn| {
                let about = match told {
                    Told::ContactCreated { contact } | Told::ContactChanged { contact } => {
                        match contacts::one(conn, contact)? {
                            Some(record) => About::Contact(Box::new(record)),
                            None => return Ok(None),
                        }
                    }
                    Told::ContactMerged { contact, into } => About::Merged { contact, into },
                    Told::ContactErased { contact } => About::Gone(contact),
                    Told::Test => About::Nothing,
                };
                Ok(Some(Telling { event: told.event(), at_us, about }))
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
        let sent = self.send_to(&record, self.ids.next(), &shape(&telling)).await?;
        let (status, fault) = (sent.status.map(i64::from), sent.fault.clone());
        self.db
            .write(move |tx| -> Result<()> {
                Ok(webhooks::asked(tx, hook, status, fault.as_deref(), now_us)?)
            })
            .await?;
        Ok(sent)
    }

    async fn send_to(self: &Arc<Self>, record: &WebhookRecord, id: i64, body: &str) -> Result<Sent> {
        let (app, sealed) = (self.clone(), record.secret.clone());
        let key = tokio::task::spawn_blocking(move || app.hook_key(&sealed)).await;
        let key = key.map_err(anyhow::Error::from)??;
        let id = format!("msg_{}", WebhookId(id));
        let seconds = self.clock.now_us() / SECOND_US;
        let request = Request {
            method: Method::POST,
            url: record.url.parse::<Url>().map_err(anyhow::Error::from)?,
            headers: headers(&id, seconds, &signature(&key, &id, seconds, body))?,
            body: Bytes::from(body.to_owned()),
        };
        let began = std::time::Instant::now();
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

/// Standard Webhooks, "Signature scheme": HMAC with SHA-256 over id, time and body, in base 64, with its version.
fn signature(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
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
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
