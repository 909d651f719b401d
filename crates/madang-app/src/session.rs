//! Sessions: who stands behind a secret.
//!
//! A secret is 32 random bytes; only its SHA-256 is kept. What was looked up
//! stays in memory for half a minute at most, and goes at once when the session
//! ends anywhere in this process.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_model::audit::Act;
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, SessionId};
use madang_store::db::Tx;
use madang_store::sessions::{self, SessionRecord};
use madang_store::{house, log};
use moka::sync::Cache;
use parking_lot::Mutex;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::apps::Grant;
use crate::audit::by;
use crate::error::Result;

/// A browser that was not seen for this long is signed out: 90 days in microseconds.
const BROWSER_US: i64 = 90 * 24 * 3_600 * 1_000_000;
/// Tokens of programs end only when they are revoked; the column wants a number.
const NEVER_US: i64 = i64::MAX;
/// How often it is written down that a session is in use.
const SEEN_US: i64 = 5 * 60 * 1_000_000;
/// How long a look-up is remembered.
const REMEMBER: Duration = Duration::from_secs(30);

/// A live session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonId,
    /// A program's token rather than a browser.
    pub is_token: bool,
    /// Of a visitor at a desk: opens the doors for visitors only.
    pub is_visit: bool,
}

impl Session {
    pub(crate) fn of_visit(id: SessionId, person: PersonId) -> Session {
        Session { id, person, is_token: false, is_visit: true }
    }
}

/// Look-ups of the last half minute.
pub(crate) struct SessionCache {
    by_hash: Cache<[u8; 32], Session>,
    grants: Cache<[u8; 32], Arc<Grant>>,
    /// Counts endings. A look-up that an ending overtook is not remembered, or
    /// it would bring the ended session back for as long as memory lasts.
    endings: Mutex<u64>,
}

impl Default for SessionCache {
    fn default() -> Self {
        SessionCache {
            by_hash: Cache::builder().max_capacity(100_000).time_to_live(REMEMBER).build(),
            grants: Cache::builder().max_capacity(100_000).time_to_live(REMEMBER).build(),
            endings: Mutex::new(0),
        }
    }
}

impl SessionCache {
    pub(crate) fn endings(&self) -> u64 {
        *self.endings.lock()
    }

    /// Remembers what was looked up since `endings` was read, unless a session
    /// ended meanwhile. One step under the lock, or others could see the entry
    /// before it is known to be stale.
    fn remember(&self, hash: [u8; 32], session: Session, endings: u64) {
        let counted = self.endings.lock();
        if *counted == endings {
            self.by_hash.insert(hash, session);
        }
    }

    pub(crate) fn grant(&self, hash: &[u8; 32]) -> Option<Arc<Grant>> {
        self.grants.get(hash)
    }

    /// As `remember`.
    pub(crate) fn remember_grant(&self, hash: [u8; 32], grant: Arc<Grant>, endings: u64) {
        let counted = self.endings.lock();
        if *counted == endings {
            self.grants.insert(hash, grant);
        }
    }

    fn forget(&self, ended: impl Fn(SessionId, PersonId) -> bool) {
        let mut counted = self.endings.lock();
        *counted += 1;
        // The closure form runs with the next reads; the entries are few, so they are taken out directly.
        let over: Vec<[u8; 32]> =
            self.by_hash.iter().filter(|(_, it)| ended(it.id, it.person)).map(|(hash, _)| *hash).collect();
        over.iter().for_each(|hash| self.by_hash.invalidate(hash));
        let over: Vec<[u8; 32]> = self
            .grants
            .iter()
            .filter(|(_, it)| ended(it.session, it.person))
            .map(|(hash, _)| *hash)
            .collect();
        over.iter().for_each(|hash| self.grants.invalidate(hash));
    }
}

/// What kind of session to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Browser,
    Token,
    /// Of a program in calls: no way into the API.
    Stream,
    /// Of a visitor at a desk.
    Visit,
}

/// A fresh secret with a prefix that tells people and scanners what it is.
pub(crate) fn fresh_secret(prefix: &str) -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// What is kept of a secret.
pub(crate) fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

impl App {
    /// The session behind a secret, if it lives and its person belongs to the house.
    ///
    /// # Errors
    /// What the store said.
    pub async fn authenticate(self: &Arc<Self>, secret: &str) -> Result<Option<Session>> {
        let hash = hash_of(secret);
        if let Some(session) = self.sessions.by_hash.get(&hash) {
            return Ok(Some(session));
        }
        let now_us = self.clock.now_us();
        let endings = self.sessions.endings();
        let found = self
            .db
            .read(move |conn| -> Result<Option<SessionRecord>> {
                let Some(record) = sessions::by_token(conn, &hash)? else { return Ok(None) };
                // What lets a program into a call opens nothing else; what an app may is asked by another door.
                if record.kind == "stream" || record.kind == "app" {
                    return Ok(None);
                }
                let Some(workspace) = house::workspaces(conn)?.into_iter().next() else { return Ok(None) };
                let role = log::standing_in_house(conn, workspace.id, record.person)?;
                Ok(role.filter(|_| record.expires_at > now_us).map(|_| record))
            })
            .await?;
        let Some(record) = found else { return Ok(None) };
        let session = Session {
            id: record.id,
            person: record.person,
            is_token: record.kind == "token",
            is_visit: record.kind == "visit",
        };
        self.sessions.remember(hash, session, endings);
        if now_us - record.seen_at > SEEN_US {
            let expires = if session.is_token { NEVER_US } else { now_us + BROWSER_US };
            self.db
                .write(move |tx| -> Result<()> { Ok(sessions::seen(tx, session.id, now_us, expires)?) })
                .await?;
        }
        Ok(Some(session))
    }

    /// Whether a session has not ended.
    ///
    /// # Errors
    /// What the store said.
    pub async fn session_lives(self: &Arc<Self>, session: SessionId) -> Result<bool> {
        self.db.read(move |conn| -> Result<_> { Ok(sessions::exists(conn, session)?) }).await
    }

    /// Forgets what memory holds of an ended session.
    pub fn forget_session(&self, session: SessionId) {
        self.sessions.forget(|id, _| id == session);
    }

    /// Forgets what memory holds of a person's sessions. For endings whose
    /// answer must not wait until the announcement was heard.
    pub(crate) fn forget_sessions_of(&self, person: PersonId) {
        self.sessions.forget(|_, it| it == person);
    }

    /// Forgets all look-ups.
    pub fn forget_all_sessions(&self) {
        self.sessions.forget(|_, _| true);
    }

    /// Opens a session and gives its secret, which is shown this once.
    pub(crate) fn open_session(
        &self,
        tx: &mut Tx,
        person: PersonId,
        kind: Kind,
        label: &str,
    ) -> Result<(SessionId, String)> {
        let now_us = self.clock.now_us();
        let (prefix, kind, expires_at) = match kind {
            Kind::Browser => ("md_", "browser", now_us + BROWSER_US),
            Kind::Token => ("mdt_", "token", NEVER_US),
            Kind::Stream => ("mds_", "stream", NEVER_US),
            Kind::Visit => ("mdv_", "visit", now_us + BROWSER_US),
        };
        let secret = fresh_secret(prefix)?;
        let label: String = label.chars().filter(|c| !c.is_control()).take(80).collect();
        let id = SessionId(self.ids.next());
        let record = SessionRecord {
            id,
            person,
            kind: kind.into(),
            label,
            created_at: now_us,
            seen_at: now_us,
            expires_at,
        };
        sessions::insert(tx, &record, &hash_of(&secret))?;
        Ok((id, secret))
    }

    /// The person's live browser sessions, most recently seen first.
    ///
    /// # Errors
    /// What the store said.
    pub async fn my_sessions(self: &Arc<Self>, person: PersonId) -> Result<Vec<SessionRecord>> {
        let now_us = self.clock.now_us();
        self.db.read(move |conn| Ok(sessions::of_person(conn, person, "browser", now_us)?)).await
    }

    /// The person's tokens, and those by which apps act for them.
    ///
    /// # Errors
    /// What the store said.
    pub async fn my_tokens(self: &Arc<Self>, person: PersonId) -> Result<Vec<SessionRecord>> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let mut all = sessions::of_person(conn, person, "token", now_us)?;
                all.extend(sessions::of_person(conn, person, "app", now_us)?);
                Ok(all)
            })
            .await
    }

    /// Makes a token for a program of this person.
    ///
    /// # Errors
    /// What the store said.
    pub async fn create_token(
        self: &Arc<Self>,
        person: PersonId,
        label: String,
    ) -> Result<(SessionId, String)> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                let made = app.open_session(tx, person, Kind::Token, &label)?;
                app.write_down(tx, by, Act::TokenMade, made.0, json!({"label": label}))?;
                Ok(made)
            })
            .await
    }

    /// Ends one of the person's own sessions or tokens.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn end_session(self: &Arc<Self>, person: PersonId, session: SessionId) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        let ended = self
            .db
            .write(move |tx| -> Result<bool> {
                let Some(record) = sessions::one(tx, person, session)? else { return Ok(false) };
                sessions::end(tx, person, session)?;
                let is_token = record.kind == "token" || record.kind == "app";
                let act = if is_token { Act::TokenEnded } else { Act::SessionEnded };
                app.write_down(tx, by, act, session, json!({"label": record.label}))?;
                Ok(true)
            })
            .await?;
        self.forget_session(session);
        if ended { Ok(()) } else { Err(Refusal::NotFound(Thing::Session).into()) }
    }
}
