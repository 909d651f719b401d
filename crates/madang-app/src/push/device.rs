//! A device says how it can be told, tries it, and takes it back.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_model::{PersonId, Refusal, SessionId};
use madang_store::people;
use madang_store::push::{self, Subscription};
use reqwest::Url;
use serde_json::json;

use super::cipher;
use super::send::Taken;
use super::words::Words;
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::session::Session;

/// Characters of the address of a push service; theirs have some hundreds.
const ENDPOINT: usize = 2_000;

/// What a browser gives of its subscription (Push API, `PushSubscription`).
#[derive(Debug, Clone)]
pub struct Device {
    pub endpoint: String,
    /// base64url
    pub p256dh: String,
    /// base64url
    pub auth: String,
}

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The push service took it; the device shows it when it comes.
    Sent,
    /// There is no subscription of this device, or there is none any more.
    None,
    /// What the push service said.
    Refused(String),
}

impl App {
    /// The house's key for push services, as browsers take it.
    pub fn push_key(&self) -> &str {
        self.vapid.public()
    }

    /// Whom a push service may write to: `mailto:` or `https:`.
    pub fn push_contact(&self) -> String {
        self.vapid.contact()
    }

    /// Tells the session's device from here on.
    ///
    /// # Errors
    /// `Invalid`, or what the store said.
    pub async fn subscribe(self: &Arc<Self>, session: Session, device: Device) -> Result<()> {
        let new = self.checked(session, device)?;
        let now_us = self.clock.now_us();
        self.db
            .write(move |tx| -> Result<()> {
                // A session that ended a moment ago takes no device with it.
                if !madang_store::sessions::exists(tx, new.session)? {
                    return Err(Refusal::NotSignedIn.into());
                }
                Ok(push::put(tx, &new, now_us)?)
            })
            .await
    }

    fn checked(&self, session: Session, device: Device) -> Result<Subscription> {
        let invalid = |what: &'static str, why: &str| Refusal::Invalid { what, why: why.to_owned() };
        if device.endpoint.len() > ENDPOINT {
            return Err(Refusal::TooLong { what: "endpoint", limit: ENDPOINT }.into());
        }
        let url: Url = device.endpoint.parse().map_err(|_| invalid("endpoint", "give an address"))?;
        self.outgoing.check(&url).map_err(|refused| invalid("endpoint", &refused.to_string()))?;
        let bytes = |what: &'static str, text: &str, length: usize| {
            let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
            bytes.filter(|it| it.len() == length).ok_or_else(|| invalid(what, "give base64url"))
        };
        let p256dh = bytes("p256dh", &device.p256dh, cipher::POINT)?;
        let auth = bytes("auth", &device.auth, cipher::AUTH)?;
        // Nothing can be written to a key that is no point of the curve: say so here.
        cipher::encrypt(&p256dh, &auth, b"").map_err(|_| invalid("p256dh", "give a key of P-256"))?;
        Ok(Subscription { session: session.id, person: session.person, endpoint: url.into(), p256dh, auth })
    }

    /// The session's device is told nothing any more.
    ///
    /// # Errors
    /// What the store said.
    pub async fn unsubscribe(self: &Arc<Self>, session: SessionId) -> Result<()> {
        self.db.write(move |tx| -> Result<()> { Ok(push::forget(tx, session, None).map(drop)?) }).await
    }

    /// Whether the session's device is told.
    ///
    /// # Errors
    /// What the store said.
    pub async fn is_subscribed(self: &Arc<Self>, session: SessionId) -> Result<bool> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| -> Result<_> { Ok(push::by_session(conn, session, now_us)?.is_some()) })
            .await
    }

    /// Sends the session's device a notification that says that notifications arrive. `mark` comes back with it.
    ///
    /// # Errors
    /// What the store said.
    pub async fn try_push(self: &Arc<Self>, session: SessionId, mark: String) -> Result<Outcome> {
        let app = self.clone();
        let now_us = self.clock.now_us();
        let prepared = self
            .db
            .read(move |conn| -> Result<_> {
                let Some(device) = push::by_session(conn, session, now_us)? else { return Ok(None) };
                let house = workspace(conn)?.id;
                let language =
                    people::by_id(conn, house, device.person)?.map_or_else(String::new, |it| it.language);
                let words = Words::of(&language);
                let (title, body) = words.test();
                let path = "/me/notifications";
                let notification = json!({
                    "title": title, "body": body, "tag": "test", "lang": words.code(),
                    "navigate": format!("{}{path}", app.config.public_url),
                    "data": {"path": path, "mark": mark},
                });
                let said = app.envelope(conn, device.person, notification)?;
                Ok(Some((device, said)))
            })
            .await?;
        let Some((device, said)) = prepared else { return Ok(Outcome::None) };
        let taken = self.hand_over(&device, &said, None, super::TTL_S).await;
        self.db
            .write(move |tx| -> Result<Outcome> {
                Ok(match &taken {
                    Taken::Yes => {
                        push::taken(tx, device.session, now_us)?;
                        Outcome::Sent
                    }
                    Taken::Gone => {
                        push::forget(tx, device.session, Some(&device.endpoint))?;
                        Outcome::None
                    }
                    Taken::Later(why, _) | Taken::No(why) => {
                        push::failed(tx, device.session, why)?;
                        Outcome::Refused(why.clone())
                    }
                })
            })
            .await
    }

    /// The sessions of a person whose devices are told.
    ///
    /// # Errors
    /// What the store said.
    pub async fn told_devices(self: &Arc<Self>, person: PersonId) -> Result<Vec<SessionId>> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| -> Result<_> {
                Ok(push::of_person(conn, person, now_us)?.into_iter().map(|it| it.session).collect())
            })
            .await
    }
}
