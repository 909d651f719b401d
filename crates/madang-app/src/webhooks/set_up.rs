//! Which addresses are told, of what, and with which key they are signed.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, may_in_house};
use madang_model::refusal::Thing;
use madang_model::space::SpaceKind;
use madang_model::{PersonId, Refusal, SpaceId, WebhookId, limits};
use madang_store::db::Conn;
use madang_store::seal::OwnSeal;
use madang_store::webhooks::{self, WebhookRecord};
use madang_store::{house, log};
use reqwest::Url;
use serde_json::json;

use super::{EVENTS, OF_CONTACTS};
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::followers::{Follower, Webhooks};
use crate::people::workspace;
use crate::reading::readable;

/// Bytes of a key: as many as the signature has (HMAC with SHA-256).
const KEY: usize = 32;
/// Where a key is sealed for.
const PLACE: &[u8] = b"webhook";
const URL_CHARS: usize = 2_000;
/// Spaces that one address names.
const SPACES: usize = 100;

/// An address, and its key where it is shown: when it was made.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub record: WebhookRecord,
    /// `whsec_…`
    pub secret: Option<String>,
}

/// What is wished for; what is missing stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookWish {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    /// Of what happens in spaces: in these, or (none) in every open one.
    pub spaces: Option<Option<Vec<SpaceId>>>,
    pub active: Option<bool>,
    /// Signed with another key from here on.
    pub new_secret: bool,
}

impl App {
    /// The addresses that are told.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn webhooks(self: &Arc<Self>, person: PersonId) -> Result<Vec<Webhook>> {
        self.db
            .read(move |conn| {
                let house = manager(conn, person)?;
                let all = webhooks::of_house(conn, house)?;
                Ok(all.into_iter().map(|record| Webhook { record, secret: None }).collect())
            })
            .await
    }

    /// Another address is told. Its key is shown this once.
    ///
    /// # Errors
    /// What is wrong with the address or the events, `TooMany`, `NotAllowed`, or what the store said.
    pub async fn create_webhook(self: &Arc<Self>, person: PersonId, wish: WebhookWish) -> Result<Webhook> {
        let url = self.hook_url(wish.url.as_deref().unwrap_or_default())?;
        let events = hook_events(wish.events.unwrap_or_else(of_contacts))?;
        let spaces = hook_spaces(wish.spaces.flatten())?;
        let (secret, sealed) = self.fresh_secret().await?;
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        let record = self
            .db
            .write(move |tx| -> Result<_> {
                let house = manager(tx, person)?;
                if webhooks::of_house(tx, house)?.len() as i64 >= limits::WEBHOOKS {
                    let limit = limits::WEBHOOKS as usize;
                    return Err(Refusal::TooMany { what: "webhooks", limit }.into());
                }
                if let Some(spaces) = &spaces {
                    may_tell_of(tx, person, spaces)?;
                }
                let record = WebhookRecord {
                    id: WebhookId(app.ids.next()),
                    url: url.clone(),
                    secret: sealed.clone(),
                    events: events.clone(),
                    spaces: spaces.clone(),
                    active: wish.active.unwrap_or(true),
                    since: now_us,
                    created_at: now_us,
                    asked_at: None,
                    status: None,
                    fault: None,
                    failing_since: None,
                    tries: 0,
                    waiting: 0,
                };
                webhooks::insert(tx, house, &record)?;
                let about = json!({"host": host(&url), "events": events, "spaces": named(&record)});
                app.write_down(tx, by, Act::WebhookMade, Object::Webhook(record.id), about)?;
                Ok(record)
            })
            .await?;
        Ok(Webhook { record, secret: Some(secret) })
    }

    /// Changes an address. Switched on again it is told of what happens from then on.
    ///
    /// # Errors
    /// As `create_webhook`; `NotFound`.
    pub async fn change_webhook(
        self: &Arc<Self>,
        person: PersonId,
        hook: WebhookId,
        wish: WebhookWish,
    ) -> Result<Webhook> {
        let url = wish.url.as_deref().map(|it| self.hook_url(it)).transpose()?;
        let events = wish.events.map(hook_events).transpose()?;
        let spaces = wish.spaces.map(hook_spaces).transpose()?;
        let fresh = if wish.new_secret { Some(self.fresh_secret().await?) } else { None };
        let sealed = fresh.as_ref().map(|(_, sealed)| sealed.clone());
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        let record = self
            .db
            .write(move |tx| -> Result<_> {
                manager(tx, person)?;
                let was = webhooks::one(tx, hook)?.ok_or(Refusal::NotFound(Thing::Webhook))?;
                let active = wish.active.unwrap_or(was.active);
                let record = WebhookRecord {
                    url: url.clone().unwrap_or_else(|| was.url.clone()),
                    events: events.clone().unwrap_or_else(|| was.events.clone()),
                    spaces: spaces.clone().unwrap_or_else(|| was.spaces.clone()),
                    active,
                    since: if active && !was.active { now_us } else { was.since },
                    secret: sealed.clone().unwrap_or_else(|| was.secret.clone()),
                    ..was.clone()
                };
                may_tell_of(tx, person, &newly_told(&was, &record))?;
                // Whoever wishes for more hears of what happens from here on, whenever the follower comes to it.
                webhooks::set_all_told(tx, Webhooks::NAME)?;
                webhooks::change(tx, &record, now_us)?;
                if !record.active {
                    webhooks::stop(tx, hook, now_us)?;
                }
                let about = json!({"host": host(&record.url), "events": record.events, "spaces": named(&record),
                    "active": record.active, "new_secret": sealed.is_some()});
                app.write_down(tx, by, Act::WebhookChanged, Object::Webhook(hook), about)?;
                Ok(webhooks::one(tx, hook)?.ok_or(Refusal::NotFound(Thing::Webhook))?)
            })
            .await?;
        self.webhooks_changed();
        Ok(Webhook { record, secret: fresh.map(|(secret, _)| secret) })
    }

    /// An address is told no more.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn remove_webhook(self: &Arc<Self>, person: PersonId, hook: WebhookId) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| -> Result<()> {
                manager(tx, person)?;
                let was = webhooks::one(tx, hook)?.ok_or(Refusal::NotFound(Thing::Webhook))?;
                webhooks::remove(tx, hook)?;
                let about = json!({"host": host(&was.url)});
                app.write_down(tx, by, Act::WebhookRemoved, Object::Webhook(hook), about)
            })
            .await
    }

    /// An address that may be asked, as far as it tells by itself: the guarded client looks again at what its name
    /// means when it is asked.
    fn hook_url(&self, given: &str) -> Result<String, Refusal> {
        let wrong = |why: String| Refusal::Invalid { what: "address", why };
        if given.chars().count() > URL_CHARS {
            return Err(Refusal::TooLong { what: "the address", limit: URL_CHARS });
        }
        let url: Url = given.trim().parse().map_err(|_| wrong("it is no address".into()))?;
        self.outgoing.check(&url).map_err(|failure| wrong(failure.to_string()))?;
        Ok(url.into())
    }

    /// A key as it is shown, and as it is kept.
    async fn fresh_secret(self: &Arc<Self>) -> Result<(String, String)> {
        let app = self.clone();
        let making = move || -> Result<(String, String)> {
            let mut key = [0u8; KEY];
            getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
            let sealed = STANDARD.encode(app.hook_seal()?.seal(PLACE, &key)?);
            Ok((format!("whsec_{}", STANDARD.encode(key)), sealed))
        };
        tokio::task::spawn_blocking(making).await.map_err(anyhow::Error::from)?
    }

    /// The key with which an address is signed. Blocks.
    pub(super) fn hook_key(&self, sealed: &str) -> Result<Vec<u8>> {
        let sealed = STANDARD.decode(sealed).map_err(anyhow::Error::from)?;
        Ok(self.hook_seal()?.unseal(PLACE, &sealed)?)
    }

    /// Made at first use, by calls that block.
    fn hook_seal(&self) -> Result<OwnSeal> {
        Ok(OwnSeal::open(&self.db, &self.keyring, house::WEBHOOK_KEY)?)
    }
}

/// Whoever manages webhooks, in this transaction; gives the house.
pub(super) fn manager(conn: &mut Conn, person: PersonId) -> Result<madang_model::WorkspaceId> {
    let house = workspace(conn)?.id;
    may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::ManageWebhooks)?;
    Ok(house)
}

/// Whether the person may have these spaces told outside: those that they read themselves, and no conversation of
/// people among themselves or with the house.
fn may_tell_of(conn: &mut Conn, person: PersonId, spaces: &[SpaceId]) -> Result<()> {
    for space in spaces {
        let record = readable(conn, person, *space)?;
        if !matches!(record.facts.kind, SpaceKind::Open | SpaceKind::Closed) {
            let why = "conversations of people and tickets are not told outside".into();
            return Err(Refusal::Invalid { what: "spaces", why }.into());
        }
    }
    Ok(())
}

/// The spaces that somebody else than before hears of. Whoever leads an address elsewhere, or gets its key, hears of all.
fn newly_told(was: &WebhookRecord, now: &WebhookRecord) -> Vec<SpaceId> {
    let is_same = was.url == now.url && was.secret == now.secret;
    let had = was.spaces.as_deref().filter(|_| is_same).unwrap_or_default();
    let told = now.spaces.iter().flatten();
    told.filter(|it| !had.contains(it)).copied().collect()
}

/// The spaces by name, each once and not too many.
fn hook_spaces(given: Option<Vec<SpaceId>>) -> Result<Option<Vec<SpaceId>>, Refusal> {
    let Some(mut spaces) = given else { return Ok(None) };
    spaces.sort_unstable();
    spaces.dedup();
    if spaces.is_empty() {
        let why = "name some, or null for every open one".into();
        return Err(Refusal::Invalid { what: "spaces", why });
    }
    if spaces.len() > SPACES {
        return Err(Refusal::TooMany { what: "spaces", limit: SPACES });
    }
    Ok(Some(spaces))
}

/// As the audit log names them.
fn named(record: &WebhookRecord) -> Option<Vec<String>> {
    record.spaces.as_ref().map(|it| it.iter().map(ToString::to_string).collect())
}

fn of_contacts() -> Vec<String> {
    EVENTS[..OF_CONTACTS].iter().map(|it| (*it).to_owned()).collect()
}

fn hook_events(given: Vec<String>) -> Result<Vec<String>, Refusal> {
    let known: Vec<String> =
        EVENTS.iter().filter(|it| given.iter().any(|one| one == *it)).map(|it| (*it).to_owned()).collect();
    if known.is_empty() || given.iter().any(|it| !EVENTS.contains(&it.as_str())) {
        return Err(Refusal::Invalid {
            what: "events",
            why: format!("they are some of {}", EVENTS.join(", ")),
        });
    }
    Ok(known)
}

/// As the audit log tells it: the rest of an address may be a secret.
pub(super) fn host(url: &str) -> Option<String> {
    url.parse::<Url>().ok()?.host_str().map(ToOwned::to_owned)
}
