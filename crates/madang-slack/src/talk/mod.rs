//! Talking to apps: over HTTP, signed, or over the sockets that they opened themselves. What is said is the same.

mod follow;
mod http;
mod known;
pub(crate) mod rtm;
mod sockets;
mod tickets;
mod upgrade;

pub use known::Known;
pub use sockets::Sockets;
pub(crate) use tickets::Tickets;
pub(crate) use upgrade::{listen, open};

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::Slack;

/// An app has so long to take something (Slack, Events API and interactivity).
const PATIENCE: Duration = Duration::from_secs(3);

/// What an envelope on a socket is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Events,
    Commands,
    Interactive,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Events => "events_api",
            Kind::Commands => "slash_commands",
            Kind::Interactive => "interactive",
        }
    }
}

/// The how-manieth time something is told, and why not the time before.
#[derive(Debug, Clone)]
pub struct Retry {
    pub number: i64,
    pub reason: String,
}

/// What is said to an app.
#[derive(Debug, Clone)]
pub struct Said {
    pub kind: Kind,
    pub payload: Value,
    pub retry: Option<Retry>,
}

/// What the app answered; nothing, if that was nothing or no JSON.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub status: Option<u16>,
    pub body: Option<Value>,
    /// It wishes not to be told again (`X-Slack-No-Retry`).
    pub no_retry: bool,
}

/// Why an app did not take something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missed {
    /// There is no address, and no socket is wished for.
    Nowhere,
    /// No socket of the app is open.
    NotConnected,
    /// A word of Slack's (`http_timeout`, `connection_failed` …), and a sentence.
    Failed { status: Option<u16>, reason: &'static str, why: String, no_retry: bool },
}

impl Slack {
    /// Says something to an app and waits for its answer.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn say(&self, to: &Known, said: Said) -> Result<Reply, Missed> {
        if to.manifest.settings.socket_mode_enabled {
            return self.sockets.say(to.record.id, said, PATIENCE).await;
        }
        let url = to.url_for(&said).ok_or(Missed::Nowhere)?;
        let (content_type, body) = match said.kind {
            Kind::Events => ("application/json", said.payload.to_string()),
            // Exactly so: with a charset behind it, some clients do not know the type.
            Kind::Commands => ("application/x-www-form-urlencoded", http::form_of(&said.payload)),
            Kind::Interactive => {
                ("application/x-www-form-urlencoded", http::form(&[("payload", &said.payload.to_string())]))
            }
        };
        let mut headers = HeaderMap::new();
        if let Some(retry) = &said.retry {
            headers.insert(HeaderName::from_static("x-slack-retry-num"), HeaderValue::from(retry.number));
            if let Ok(reason) = HeaderValue::from_str(&retry.reason) {
                headers.insert(HeaderName::from_static("x-slack-retry-reason"), reason);
            }
        }
        if said.kind == Kind::Events {
            self.verify(to, &url).await?;
        }
        self.post_signed(to, &url, content_type, Bytes::from(body), headers).await
    }

    /// An address is told of events once it has answered what it was asked (`url_verification`); asked again after a
    /// restart.
    async fn verify(&self, to: &Known, url: &str) -> Result<(), Missed> {
        let key = (to.record.id, url.to_owned());
        if self.verified.get(&key).is_some() {
            return Ok(());
        }
        self.ask_whether_it_is_there(to, url).await?;
        self.verified.insert(key, ());
        Ok(())
    }

    /// Asks an address for the word that it is given.
    ///
    /// # Errors
    /// Why it is not to be told anything.
    pub async fn ask_whether_it_is_there(&self, to: &Known, url: &str) -> Result<(), Missed> {
        let challenge = format!("{:x}", self.app.ids.next());
        let body = json!({
            "type": "url_verification",
            "token": to.record.verification,
            "challenge": challenge,
        });
        let body = Bytes::from(body.to_string());
        let answer = self.post_signed_raw(to, url, "application/json", body, HeaderMap::new()).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let said = serde_json::from_slice::<Value>(&answer.body).ok();
        let said = said.as_ref().and_then(|it| it.get("challenge")).and_then(Value::as_str);
        if said == Some(&challenge)
            || text.trim() == challenge
            || text.trim() == format!("challenge={challenge}")
        {
            return Ok(());
        }
        Err(Missed::Failed {
            status: Some(answer.status.as_u16()),
            reason: "http_error",
            why: "it did not answer with the challenge that it was sent (url_verification)".into(),
            no_retry: false,
        })
    }
}
