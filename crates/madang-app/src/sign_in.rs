//! Signing in, passwords forgotten and changed.

use std::net::IpAddr;
use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::{PersonId, Refusal, SessionId, name};
use madang_store::people::{self, PersonRecord};
use madang_store::secrets::{self, SecretRecord};
use madang_store::sessions;
use serde_json::json;

use crate::app::App;
use crate::attempts::{self, about};
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::session::{Kind, Session, fresh_secret, hash_of};
use crate::{mail, password};

/// A reset link works for an hour.
const RESET_US: i64 = 3_600 * 1_000_000;
impl App {
    /// Opens a browser session. An unknown address, a wrong password and a
    /// person who is out of the house look the same.
    ///
    /// # Errors
    /// `WrongCredentials`, `TooFast`, or what the store said.
    ///
    /// `from` is the network that the request came from.
    pub async fn sign_in(
        self: &Arc<Self>,
        email: &str,
        secret: String,
        device: &str,
        from: Option<IpAddr>,
    ) -> Result<(Session, String)> {
        let email = name::email(email).map_err(|_| Refusal::WrongCredentials)?;
        let now_us = self.clock.now_us();
        let (place, guess) = (from.map(|it| it.to_string()).unwrap_or_default(), about(&email, from));
        if from.is_some() {
            self.attempts.count(attempts::SIGN_IN_FROM, &place, now_us)?;
        }
        self.attempts.count(attempts::SIGN_IN, &guess, now_us)?;
        let person = self.person_of(&email).await?;
        let hash = person.as_ref().and_then(|it| it.password_hash.clone());
        let fits = password::verify(secret, hash).await?;
        let known = person.as_ref().map(|it| it.id);
        let Some(person) = person.filter(|it| fits && it.standing().is_some()) else {
            self.note_refused(known).await;
            return Err(Refusal::WrongCredentials.into());
        };
        self.attempts.take_back(attempts::SIGN_IN_FROM, &place, now_us);
        self.attempts.take_back(attempts::SIGN_IN, &guess, now_us);
        self.open(person.id, device).await
    }

    /// Opens a browser session for somebody who proved who they are.
    pub(crate) async fn open(self: &Arc<Self>, person: PersonId, device: &str) -> Result<(Session, String)> {
        let (app, device, by) = (self.clone(), device.to_owned(), by(person));
        self.db
            .write(move |tx| {
                let (id, secret) = app.open_session(tx, person, Kind::Browser, &device)?;
                app.write_down(tx, by, Act::SessionOpened, id, json!({"device": device}))?;
                Ok((Session { id, person, is_token: false, is_visit: false }, secret))
            })
            .await
    }

    /// Writes a wrong password down; an unknown address too, but not which: people mistake the fields. A disk that is
    /// full must not turn the answer into another one.
    async fn note_refused(self: &Arc<Self>, known: Option<PersonId>) {
        let (app, by) = (self.clone(), by_somebody());
        let object = known.map_or(Object::Nothing, Object::from);
        let noted =
            self.db.write(move |tx| app.write_down(tx, by, Act::SessionRefused, object, json!({}))).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "A wrong password was not written down");
        }
    }

    pub(crate) async fn person_of(self: &Arc<Self>, email: &str) -> Result<Option<PersonRecord>> {
        let workspace = self.workspace_id().await?;
        let email = email.to_owned();
        self.db.read(move |conn| Ok(people::by_email(conn, workspace, &email)?)).await
    }

    /// Mails a link to choose a new password. Says the same whoever asks, and
    /// as fast: whether there is anything to write is found out afterwards.
    ///
    /// # Errors
    /// `TooFast`, or what the store said.
    pub async fn forgot_password(self: &Arc<Self>, email: &str, from: Option<IpAddr>) -> Result<()> {
        let Ok(email) = name::email(email) else { return Ok(()) };
        self.attempts.count(attempts::RESET, &about(&email, from), self.clock.now_us())?;
        let Some(person) = self.person_of(&email).await? else { return Ok(()) };
        let app = self.clone();
        tokio::spawn(async move {
            if let Err(error) = app.write_reset(person, email).await {
                tracing::warn!(%error, "A link for a new password was not sent");
            }
        });
        Ok(())
    }

    async fn write_reset(self: &Arc<Self>, person: PersonRecord, email: String) -> Result<()> {
        // Whoever was brought from another house has an address and no password yet: this is how they get one.
        if person.standing().is_none() {
            return Ok(());
        }
        let now_us = self.clock.now_us();
        self.attempts.count(attempts::LETTER, &email, now_us)?;
        let secret = fresh_secret("")?;
        let url = format!("{}/reset/{secret}", self.config.public_url);
        let letter = mail::password_reset(&person.language, &email, &url);
        let app = self.clone();
        self.db
            .write(move |tx| {
                secrets::forget(tx, person.id, "reset")?;
                let record = SecretRecord {
                    person: Some(person.id),
                    email: Some(email.clone()),
                    ..blank(app.ids.next(), "reset", now_us, now_us + RESET_US)
                };
                secrets::insert(tx, &record, &hash_of(&secret))?;
                app.post_letter(tx, &letter)
            })
            .await
    }

    /// The address a reset link is for.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn reset_for(self: &Arc<Self>, secret: &str) -> Result<String> {
        let (hash, now_us) = (hash_of(secret), self.clock.now_us());
        let found = self
            .db
            .read(move |conn| -> Result<_> { Ok(secrets::by_token(conn, "reset", &hash, now_us)?) })
            .await?;
        Ok(found.and_then(|it| it.email).ok_or(Refusal::LinkInvalid)?)
    }

    /// Sets a new password by a reset link. Every session and every token of
    /// the person ends: whoever lost a password may have lost more.
    ///
    /// # Errors
    /// `LinkInvalid`, `WeakPassword`, or what the store said.
    pub async fn reset_password(
        self: &Arc<Self>,
        secret: &str,
        new: String,
        device: &str,
    ) -> Result<(Session, String)> {
        let email = self.reset_for(secret).await?;
        password::check(&new, &[&email])?;
        let (hash, token, now_us) = (password::hash(new).await?, hash_of(secret), self.clock.now_us());
        let (app, device, by) = (self.clone(), device.to_owned(), by_somebody());
        let opened = self
            .db
            .write(move |tx| -> Result<(Session, String)> {
                let record = secrets::by_token(tx, "reset", &token, now_us)?.ok_or(Refusal::LinkInvalid)?;
                let person = record.person.ok_or(Refusal::LinkInvalid)?;
                if !secrets::use_up(tx, record.id)? {
                    return Err(Refusal::LinkInvalid.into());
                }
                people::set_password(tx, person, &hash)?;
                sessions::end_all(tx, person)?;
                let (id, secret) = app.open_session(tx, person, Kind::Browser, &device)?;
                app.write_down(tx, by.person(person), Act::PasswordReset, person, json!({"device": device}))?;
                Ok((Session { id, person, is_token: false, is_visit: false }, secret))
            })
            .await?;
        self.forget_sessions_of(opened.0.person);
        Ok(opened)
    }

    /// Changes one's password. Every other session ends, and with them one's
    /// tokens, unless `keep_tokens` says otherwise.
    ///
    /// # Errors
    /// `WrongCredentials`, `WeakPassword`, or what the store said.
    pub async fn change_password(
        self: &Arc<Self>,
        person: PersonId,
        session: SessionId,
        current: String,
        new: String,
        keep_tokens: bool,
    ) -> Result<()> {
        let workspace = self.workspace_id().await?;
        let (who, now_us) = (person.to_string(), self.clock.now_us());
        self.attempts.count(attempts::CHANGE, &who, now_us)?;
        let found =
            self.db.read(move |conn| -> Result<_> { Ok(people::by_id(conn, workspace, person)?) }).await?;
        let record = found.ok_or(Refusal::NotSignedIn)?;
        if !password::verify(current, record.password_hash.clone()).await? {
            return Err(Refusal::WrongCredentials.into());
        }
        self.attempts.take_back(attempts::CHANGE, &who, now_us);
        password::check(&new, &[record.email.as_deref().unwrap_or_default(), &record.name])?;
        let hash = password::hash(new).await?;
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| -> Result<()> {
                people::set_password(tx, person, &hash)?;
                sessions::end_others(tx, person, session, keep_tokens)?;
                app.write_down(tx, by, Act::PasswordChanged, person, json!({"keep_tokens": keep_tokens}))
            })
            .await?;
        self.forget_sessions_of(person);
        Ok(())
    }
}

/// A secret of a kind with nothing else in it.
pub(crate) fn blank(id: i64, kind: &str, created_at: i64, expires_at: i64) -> SecretRecord {
    SecretRecord {
        id,
        kind: kind.into(),
        workspace: None,
        email: None,
        person: None,
        space: None,
        role: None,
        password_hash: None,
        inviter: None,
        mailed: false,
        created_at,
        expires_at,
    }
}
