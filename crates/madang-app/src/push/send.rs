//! What was decided leaves the house: to each push service over the guarded client, again later when that is busy,
//! and never again to a device that is gone.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use madang_store::push::{self, Out, Subscription};
use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use reqwest::{Method, Url};
use serde_json::Value;

use super::{DELAY_US, STALE_US, TTL_S, cipher};
use crate::app::App;
use crate::error::{Error, Result};
use crate::outgoing::{Answer, Caps, Failure, Request};

pub(super) const SECOND_US: i64 = 1_000_000;
/// A claimed notification belongs to its worker for this long.
const LEASE_US: i64 = 60 * SECOND_US;
/// How long it sleeps at most.
const REST: Duration = Duration::from_secs(5);
/// How many push services are spoken with at once.
const AT_ONCE: usize = 16;
/// Push services answer with a status and a word.
const CAPS: Caps = Caps { time: Duration::from_secs(15), bytes: 16 * 1_024, cut: false, redirects: 0 };
/// Waits before each further try, in seconds, if the service names none.
const WAITS: [i64; 8] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];

/// How the push service took it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    /// The device does not want to be told any more (RFC 8030, 7.3).
    Gone,
    /// Not now; after so many seconds if it said.
    Later(String, Option<i64>),
    /// Never.
    No(String),
}

impl App {
    /// Decides and sends until the process ends.
    pub async fn tell_devices(self: Arc<Self>) {
        loop {
            let rest = match self.tell_once().await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::error!(%error, "Push could not go on, it tries again");
                    REST
                }
            };
            // What is new wakes it; silence is no reason to wait for ever.
            let _ = tokio::time::timeout(rest, self.new_pushes.notified()).await;
        }
    }

    /// Does what is due now; gives how long nothing will be.
    async fn tell_once(self: &Arc<Self>) -> Result<Duration> {
        while self.decide_pushes().await? > 0 {}
        while self.send_pushes().await? > 0 {}
        let next = self.db.read(|conn| -> Result<_> { Ok(push::next_due(conn)?) }).await?;
        let wait = next.map_or(DELAY_US, |at| (at - self.clock.now_us()).max(0));
        Ok(Duration::from_micros(wait.unsigned_abs()).clamp(Duration::from_millis(10), REST))
    }

    async fn send_pushes(self: &Arc<Self>) -> Result<usize> {
        let now_us = self.clock.now_us();
        let nothing = self.db.read(push::next_due).await.map_err(Error::from)?.is_none_or(|at| at > now_us);
        if nothing {
            return Ok(0);
        }
        let claimed =
            self.db.write(move |tx| -> Result<_> { Ok(push::claim(tx, now_us, now_us + LEASE_US)?) }).await?;
        let count = claimed.len();
        let sends = claimed.into_iter().map(|out| self.clone().send_push(out));
        let mut sends = futures_util::stream::iter(sends).buffer_unordered(AT_ONCE);
        while let Some(sent) = sends.next().await {
            sent?;
        }
        Ok(count)
    }

    async fn send_push(self: Arc<Self>, out: Out) -> Result<()> {
        let app = self.clone();
        let now_us = self.clock.now_us();
        let prepared = self
            .db
            .read(move |conn| -> Result<Option<(Subscription, Value)>> {
                let Some(device) = push::by_session(conn, out.session, now_us)? else { return Ok(None) };
                if now_us - out.made_at > STALE_US {
                    return Ok(None);
                }
                let said = match out.message {
                    0 => app.notification(conn, device.person, out.space)?,
                    message => app.reminder(conn, device.person, out.space, message)?,
                };
                Ok(said.map(|said| (device, said)))
            })
            .await?;
        let Some((device, said)) = prepared else {
            return self.db.write(move |tx| -> Result<()> { Ok(push::done(tx, &out)?) }).await;
        };
        let topic = match out.message {
            0 => out.space.to_string(),
            message => format!("{}-{message}", out.space),
        };
        let taken = self.hand_over(&device, &said, Some(&topic), TTL_S).await;
        self.note(out, device, taken).await
    }

    /// Writes down what became of it.
    async fn note(&self, out: Out, device: Subscription, taken: Taken) -> Result<()> {
        let now_us = self.clock.now_us();
        if let Taken::Later(why, _) | Taken::No(why) = &taken {
            tracing::warn!(session.id = %device.session, out.tries, "A push service did not take a notification: {why}");
        }
        self.db
            .write(move |tx| -> Result<()> {
                match &taken {
                    Taken::Yes => {
                        push::done(tx, &out)?;
                        push::taken(tx, device.session, now_us)?;
                    }
                    Taken::Gone => drop(push::forget(tx, device.session, Some(&device.endpoint))?),
                    Taken::Later(why, seconds) => {
                        let usual = WAITS[usize::try_from(out.tries - 1).unwrap_or(0).min(WAITS.len() - 1)];
                        let wait = seconds.unwrap_or(usual).clamp(1, STALE_US / SECOND_US);
                        push::later(tx, &out, now_us + wait * SECOND_US)?;
                        push::failed(tx, device.session, why)?;
                    }
                    Taken::No(why) => {
                        push::done(tx, &out)?;
                        push::failed(tx, device.session, why)?;
                    }
                }
                Ok(())
            })
            .await
    }

    /// Hands one message to the device's push service (RFC 8030, 5). Of those with one topic that wait there, the
    /// newest is kept. It waits there for `ttl_s` seconds at most.
    pub(super) async fn hand_over(
        &self,
        device: &Subscription,
        said: &Value,
        topic: Option<&str>,
        ttl_s: i64,
    ) -> Taken {
        let request = match self.push_message(device, said, topic, ttl_s) {
            Ok(request) => request,
            Err(error) => return Taken::No(error.to_string()),
        };
        match self.outgoing.send(request, CAPS).await {
            Ok(answer) => judge(&answer, self.clock.now_us()),
            Err(Failure::Refused(why)) => Taken::No(why),
            Err(failure) => Taken::Later(failure.to_string(), None),
        }
    }

    fn push_message(
        &self,
        device: &Subscription,
        said: &Value,
        topic: Option<&str>,
        ttl_s: i64,
    ) -> Result<Request> {
        let url: Url = device.endpoint.parse().map_err(anyhow::Error::from)?;
        let body = cipher::encrypt(&device.p256dh, &device.auth, said.to_string().as_bytes())?;
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: &str| -> Result<()> {
            headers.insert(name, HeaderValue::from_str(value).map_err(anyhow::Error::from)?);
            Ok(())
        };
        put(AUTHORIZATION, &self.vapid.authorization(&url, self.clock.now_us())?)?;
        put(CONTENT_ENCODING, "aes128gcm")?;
        put(CONTENT_TYPE, "application/notification+json")?;
        put(HeaderName::from_static("ttl"), &ttl_s.to_string())?;
        put(HeaderName::from_static("urgency"), "high")?;
        if let Some(topic) = topic {
            put(HeaderName::from_static("topic"), topic)?;
        }
        Ok(Request { method: Method::POST, url, headers, body: body.into() })
    }
}

fn judge(answer: &Answer, now_us: i64) -> Taken {
    let said = || {
        let text = String::from_utf8_lossy(&answer.body);
        format!("{} {}", answer.status.as_u16(), super::words::line(&text, 200))
    };
    match answer.status.as_u16() {
        200..=299 => Taken::Yes,
        404 | 410 => Taken::Gone,
        408 | 425 | 429 | 500..=599 => Taken::Later(said(), retry_after(&answer.headers, now_us)),
        _ => Taken::No(said()),
    }
}

/// Seconds, or the moment, before which the service does not want to be asked again (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap, now_us: i64) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(seconds);
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?;
    Some((at.timestamp().as_microsecond() - now_us) / SECOND_US)
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    fn answer(status: u16, retry: Option<&str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(retry) = retry {
            headers.insert(RETRY_AFTER, retry.parse().expect("a header"));
        }
        Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers,
            body: "said".into(),
            url: "https://push.example.net/".parse().expect("a url"),
        }
    }

    #[test]
    fn every_answer_of_a_push_service_means_one_of_four_things() {
        let now_us = 784_111_700 * SECOND_US;
        assert_eq!(judge(&answer(201, None), now_us), Taken::Yes);
        assert_eq!(judge(&answer(404, None), now_us), Taken::Gone);
        assert_eq!(judge(&answer(410, None), now_us), Taken::Gone);
        for status in [429, 500, 503] {
            assert_eq!(judge(&answer(status, None), now_us), Taken::Later(format!("{status} said"), None));
        }
        assert_eq!(judge(&answer(429, Some("120")), now_us), Taken::Later("429 said".into(), Some(120)));
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(judge(&answer(503, date), now_us), Taken::Later("503 said".into(), Some(77)));
        for status in [301, 400, 403, 413] {
            assert_eq!(judge(&answer(status, None), now_us), Taken::No(format!("{status} said")));
        }
    }
}
