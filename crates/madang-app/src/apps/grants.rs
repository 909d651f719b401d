//! Grants: tokens of apps and tokens in the shape of Slack's, and what each may.
//!
//! They open nothing of the native API, where no scope is asked for.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::refusal::Thing;
use madang_model::{AppId, PersonId, Refusal, SessionId};
use madang_store::apps::{self, grants};
use madang_store::db::Tx;
use madang_store::people;
use madang_store::sessions::{self, SessionRecord};
use serde_json::json;

use super::manager;
use crate::app::App;
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::people::workspace;
use crate::session::hash_of;

/// Letters of a token: 32 of 36 is more than 160 bits.
const LETTERS: usize = 36;
/// How often it is written down that a token is in use.
const SEEN_US: i64 = 5 * 60 * 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantKind {
    /// `xoxb-`: an app speaks as its bot.
    Bot,
    /// `xoxp-`: an app, or a person's own program, acts as a person.
    User,
    /// `xapp-`: an app connects, and does nothing else.
    App,
    /// `mda_`: an AI agent acts as a person, by its own door.
    Agent,
}

impl GrantKind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            GrantKind::Bot => "bot",
            GrantKind::User => "user",
            GrantKind::App => "app",
            GrantKind::Agent => "agent",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<GrantKind> {
        [GrantKind::Bot, GrantKind::User, GrantKind::App, GrantKind::Agent]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// What a token may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub session: SessionId,
    pub person: PersonId,
    pub app: Option<AppId>,
    pub kind: GrantKind,
    /// None for all that the person may.
    pub scopes: Option<Vec<String>>,
    /// Microseconds since 1970; `i64::MAX` for never.
    pub expires_at: i64,
}

impl Grant {
    #[must_use]
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|it| it == scope))
    }
}

/// A token that is about to be made.
pub(crate) struct Fresh {
    pub app: Option<AppId>,
    pub person: PersonId,
    pub kind: GrantKind,
    pub label: String,
    pub prefix: &'static str,
    pub expires_at: Option<i64>,
}

/// Random letters and digits, lower case, five bits each.
///
/// # Errors
/// When the system gives no random bytes.
pub fn fresh_word(letters: usize) -> Result<String> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = vec![0u8; letters];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
}

impl App {
    /// What stands behind a token, if it lives and its person belongs to the house.
    ///
    /// # Errors
    /// What the store said.
    pub async fn grant_of(self: &Arc<Self>, secret: &str) -> Result<Option<Arc<Grant>>> {
        let hash = hash_of(secret);
        if let Some(grant) = self.sessions.grant(&hash) {
            return Ok(Some(grant).filter(|it| it.expires_at > self.clock.now_us()));
        }
        let now_us = self.clock.now_us();
        let endings = self.sessions.endings();
        let found = self
            .db
            .read(move |conn| -> Result<_> {
                let Some(record) = grants::by_token(conn, &hash)? else { return Ok(None) };
                let house = workspace(conn)?.id;
                let there = people::by_id(conn, house, record.person)?.and_then(|it| it.standing());
                Ok(there.filter(|_| record.expires_at > now_us).map(|_| record))
            })
            .await?;
        let Some(record) = found else { return Ok(None) };
        let Some(kind) = GrantKind::parse(&record.kind) else { return Ok(None) };
        let scopes = if record.scopes == ["*"] { None } else { Some(record.scopes) };
        let grant = Arc::new(Grant {
            session: record.session,
            person: record.person,
            app: record.app,
            kind,
            scopes,
            expires_at: record.expires_at,
        });
        self.sessions.remember_grant(hash, grant.clone(), endings);
        if now_us - record.seen_at > SEEN_US {
            let (id, expires) = (record.session, record.expires_at);
            self.db.write(move |tx| -> Result<()> { Ok(sessions::seen(tx, id, now_us, expires)?) }).await?;
        }
        Ok(Some(grant))
    }

    /// A token for an app, which is shown this once. `person` speaks by it: the app's bot, or whoever lets it act for
    /// them.
    pub(crate) fn open_grant(
        &self,
        tx: &mut Tx,
        app: Option<AppId>,
        person: PersonId,
        kind: GrantKind,
        scopes: Option<&[String]>,
        expires_at: Option<i64>,
    ) -> Result<(SessionId, String)> {
        // The prefixes by which Slack's clients tell them apart; a token that ends is told by `xoxe.`.
        let prefix = match (kind, expires_at) {
            (GrantKind::Bot, None) => "xoxb-",
            (GrantKind::User, None) => "xoxp-",
            (GrantKind::Bot, Some(_)) => "xoxe.xoxb-1-",
            (GrantKind::User, Some(_)) => "xoxe.xoxp-1-",
            (GrantKind::App, _) => "xapp-1-",
            (GrantKind::Agent, _) => "mda_",
        };
        let label = match app {
            Some(app) => apps::one(tx, app)?.map(|it| it.name).unwrap_or_default(),
            None => "Slack".to_owned(),
        };
        let all = ["*".to_owned()];
        let fresh = Fresh { app, person, kind, label, prefix, expires_at };
        self.keep_grant(tx, fresh, scopes.unwrap_or(&all))
    }

    /// Keeps a token, and gives its secret.
    pub(super) fn keep_grant(
        &self,
        tx: &mut Tx,
        fresh: Fresh,
        scopes: &[String],
    ) -> Result<(SessionId, String)> {
        let now_us = self.clock.now_us();
        let id = SessionId(self.ids.next());
        let secret = format!("{}{}-{}", fresh.prefix, id.0, fresh_word(LETTERS)?);
        let record = SessionRecord {
            id,
            person: fresh.person,
            kind: "app".into(),
            label: fresh.label,
            created_at: now_us,
            seen_at: now_us,
            expires_at: fresh.expires_at.unwrap_or(i64::MAX),
        };
        sessions::insert(tx, &record, &hash_of(&secret))?;
        grants::insert(tx, id, fresh.app, fresh.kind.as_str(), scopes)?;
        Ok((id, secret))
    }

    /// A token of an installed app; `by` is none for the command line. A bot's speaks as the bot, another one as `whose`.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn grant_app(
        self: &Arc<Self>,
        asked_by: Option<PersonId>,
        id: AppId,
        kind: GrantKind,
        whose: Option<PersonId>,
        scopes: Vec<String>,
    ) -> Result<(SessionId, String)> {
        let (app, by) = (self.clone(), asked_by.map_or_else(by_somebody, by));
        self.db
            .write(move |tx| {
                manager(tx, asked_by)?;
                let record = apps::one(tx, id)?.ok_or(Refusal::NotFound(Thing::App))?;
                let person = match kind {
                    GrantKind::Bot => record.bot,
                    GrantKind::User | GrantKind::Agent => whose,
                    GrantKind::App => record.bot.or(record.created_by).or(whose),
                };
                let person = person.ok_or(Refusal::NotFound(Thing::Person))?;
                let made = app.open_grant(tx, Some(id), person, kind, Some(&scopes), None)?;
                let about = json!({"name": record.name, "kind": kind.as_str(), "scopes": scopes});
                app.write_down(tx, by, Act::AppTokenMade, Object::App(id), about)?;
                Ok(made)
            })
            .await
    }

    /// A token in the shape of Slack's, for a program of this person: it may what they may.
    ///
    /// # Errors
    /// What the store said.
    pub async fn create_slack_token(self: &Arc<Self>, person: PersonId) -> Result<(SessionId, String)> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let made = app.open_grant(tx, None, person, GrantKind::User, None, None)?;
                app.write_down(tx, by, Act::TokenMade, made.0, json!({"label": "slack-user"}))?;
                Ok(made)
            })
            .await
    }

    /// Ends a token of an app; `asked_by` is none when whoever holds the token ends it.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn end_grant(
        self: &Arc<Self>,
        asked_by: Option<PersonId>,
        id: AppId,
        session: SessionId,
    ) -> Result<()> {
        let (app, by) = (self.clone(), asked_by.map_or_else(by_somebody, by));
        self.db
            .write(move |tx| -> Result<()> {
                if asked_by.is_some() {
                    manager(tx, asked_by)?;
                }
                let all = grants::of_app(tx, id)?;
                let grant = all.into_iter().find(|it| it.session == session);
                let grant = grant.ok_or(Refusal::NotFound(Thing::Session))?;
                sessions::end(tx, grant.person, session)?;
                let about = json!({"kind": grant.kind});
                app.write_down(tx, by, Act::AppTokenEnded, Object::App(id), about)
            })
            .await?;
        self.forget_session(session);
        Ok(())
    }

    /// The tokens of an app, without their secrets.
    ///
    /// # Errors
    /// What the store said.
    pub async fn grants_of_app(self: &Arc<Self>, id: AppId) -> Result<Vec<grants::GrantRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(grants::of_app(conn, id)?) }).await
    }
}
