//! Installing apps, changing what they are, and ending them.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_model::audit::{Act, Object};
use madang_model::permission::Role;
use madang_model::refusal::Thing;
use madang_model::{AppId, Body, PersonId, Refusal, SpaceId, name};
use madang_store::apps::{self, AppRecord, grants};
use madang_store::db::Tx;
use madang_store::people::{self, NewPerson};
use madang_store::{log, sessions};
use serde_json::json;

use super::grants::fresh_word;
use super::manager;
use crate::app::App;
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::people::workspace;

/// Letters of a signing secret, as long as Slack's.
const SECRET: usize = 32;

/// What is to be installed: what of a manifest the house looks at, and all of it as it came.
#[derive(Debug, Clone, Default)]
pub struct AppWish {
    pub name: String,
    pub description: String,
    /// JSON.
    pub manifest: String,
    /// What it wishes to be told, by the names of its manifest.
    pub events: Vec<String>,
    /// The name of its bot, if it has one.
    pub bot: Option<String>,
}

/// An app with its secrets, as they are shown to whoever installs it and used to sign what it is told.
#[derive(Debug, Clone)]
pub struct Installed {
    pub record: AppRecord,
    pub client_secret: String,
    pub signing_secret: String,
}

impl App {
    /// Installs an app. `person` is none for the command line.
    ///
    /// # Errors
    /// What is wrong with its names, `NotAllowed`, or what the store said.
    pub async fn install_app(self: &Arc<Self>, person: Option<PersonId>, wish: AppWish) -> Result<Installed> {
        let name = name::checked(&wish.name)?;
        let bot = wish.bot.as_deref().map(name::checked).transpose()?;
        let (client_secret, signing_secret) = (fresh_word(SECRET)?, fresh_word(SECRET)?);
        let (app, by) = (self.clone(), person.map_or_else(by_somebody, by));
        self.db
            .write(move |tx| {
                let house = manager(tx, person)?;
                let id = AppId(app.ids.next());
                let now_us = app.clock.now_us();
                let bot = bot.as_deref().map(|bot| app.new_bot(tx, bot)).transpose()?;
                let record = AppRecord {
                    id,
                    name: name.clone(),
                    description: wish.description.clone(),
                    manifest: wish.manifest.clone(),
                    events: wish.events.clone(),
                    bot,
                    client_secret: app.sealed_secret(id, &client_secret)?,
                    signing_secret: app.sealed_secret(id, &signing_secret)?,
                    verification: fresh_word(24)?,
                    created_by: person,
                    created_at: now_us,
                    changed_at: now_us,
                    suspended_at: None,
                };
                apps::insert(tx, house, &record)?;
                app.write_down(tx, by, Act::AppInstalled, Object::App(id), json!({"name": name}))?;
                let (client_secret, signing_secret) = (client_secret.clone(), signing_secret.clone());
                Ok(Installed { record, client_secret, signing_secret })
            })
            .await
    }

    /// A person who is a program: a member without an address, whom nobody signs in as.
    fn new_bot(&self, tx: &mut Tx, name: &str) -> Result<PersonId> {
        let (house, now_us) = (workspace(tx)?.id, self.clock.now_us());
        let id = PersonId(self.ids.next());
        let new = NewPerson {
            id,
            email: None,
            name: name.to_owned(),
            password_hash: None,
            bot: true,
            language: "en".into(),
        };
        people::insert(tx, &new, now_us)?;
        people::set_role(tx, house, id, Role::Member, now_us)?;
        Ok(id)
    }

    /// The manifest of an app as it is from here on. Its tokens keep what they may.
    ///
    /// # Errors
    /// `NotFound`, what is wrong with its names, `NotAllowed`, or what the store said.
    pub async fn change_app(
        self: &Arc<Self>,
        person: Option<PersonId>,
        id: AppId,
        wish: AppWish,
    ) -> Result<AppRecord> {
        let name = name::checked(&wish.name)?;
        let bot_name = wish.bot.as_deref().map(name::checked).transpose()?;
        let (app, by) = (self.clone(), person.map_or_else(by_somebody, by));
        self.db
            .write(move |tx| {
                manager(tx, person)?;
                let mut record = apps::one(tx, id)?.ok_or(Refusal::NotFound(Thing::App))?;
                record.name.clone_from(&name);
                record.description.clone_from(&wish.description);
                record.manifest.clone_from(&wish.manifest);
                record.events.clone_from(&wish.events);
                record.changed_at = app.clock.now_us();
                match (record.bot, &bot_name) {
                    (None, Some(bot)) => record.bot = Some(app.new_bot(tx, bot)?),
                    (Some(bot), Some(name)) => people::rename(tx, bot, name, record.changed_at)?,
                    // What it said keeps its name; a bot that is no longer wished for says nothing more.
                    (_, None) => {}
                }
                apps::change(tx, &record)?;
                app.write_down(tx, by, Act::AppChanged, Object::App(id), json!({"name": name}))?;
                Ok(record)
            })
            .await
    }

    /// What an app signs with is another one from here on.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn new_signing_secret(self: &Arc<Self>, person: PersonId, id: AppId) -> Result<String> {
        let secret = fresh_word(SECRET)?;
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| {
                manager(tx, Some(person))?;
                let mut record = apps::one(tx, id)?.ok_or(Refusal::NotFound(Thing::App))?;
                record.signing_secret = app.sealed_secret(id, &secret)?;
                record.changed_at = app.clock.now_us();
                apps::change(tx, &record)?;
                app.write_down(tx, by, Act::AppSecretMade, Object::App(id), json!({"name": record.name}))?;
                Ok(secret.clone())
            })
            .await
    }

    /// Ends an app: its tokens open nothing any more, its bot leaves every space. What it said stays.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn remove_app(self: &Arc<Self>, person: Option<PersonId>, id: AppId) -> Result<AppRecord> {
        let (app, by) = (self.clone(), person.map_or_else(by_somebody, by));
        let (record, ended) = self
            .db
            .write(move |tx| -> Result<_> {
                let house = manager(tx, person)?;
                let record = apps::one(tx, id)?.ok_or(Refusal::NotFound(Thing::App))?;
                let ended = grants::of_app(tx, id)?;
                for grant in &ended {
                    sessions::end(tx, grant.person, grant.session)?;
                }
                if let Some(bot) = record.bot {
                    for space in people::spaces_of(tx, bot)? {
                        app.bot_leaves(tx, space, bot)?;
                    }
                    people::remove_from_house(tx, house, bot, app.clock.now_us())?;
                }
                apps::remove(tx, id)?;
                app.write_down(tx, by, Act::AppRemoved, Object::App(id), json!({"name": record.name}))?;
                Ok((record, ended))
            })
            .await?;
        ended.iter().for_each(|grant| self.forget_session(grant.session));
        Ok(record)
    }

    fn bot_leaves(&self, tx: &mut Tx, space: SpaceId, bot: PersonId) -> Result<()> {
        let Some(record) = log::space_locked(tx, space)? else { return Ok(()) };
        self.append(tx, &record, bot, None, vec![Body::MemberLeft { person: bot }])?;
        Ok(())
    }

    /// Everything that is installed.
    ///
    /// # Errors
    /// What the store said.
    pub async fn apps(self: &Arc<Self>) -> Result<Vec<AppRecord>> {
        self.db
            .read(|conn| -> Result<_> {
                let house = workspace(conn)?.id;
                Ok(apps::of_house(conn, house)?)
            })
            .await
    }

    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn installed(self: &Arc<Self>, id: AppId) -> Result<AppRecord> {
        self.db
            .read(move |conn| -> Result<_> { Ok(apps::one(conn, id)?.ok_or(Refusal::NotFound(Thing::App))?) })
            .await
    }

    /// The secrets of an app, opened.
    ///
    /// # Errors
    /// When they were sealed under another key.
    pub fn app_secrets(&self, record: AppRecord) -> Result<Installed> {
        let client_secret = self.opened_secret(record.id, &record.client_secret)?;
        let signing_secret = self.opened_secret(record.id, &record.signing_secret)?;
        Ok(Installed { record, client_secret, signing_secret })
    }

    fn sealed_secret(&self, app: AppId, secret: &str) -> Result<String> {
        Ok(STANDARD.encode(self.app_seal.seal(&app.0.to_be_bytes(), secret.as_bytes())?))
    }

    fn opened_secret(&self, app: AppId, sealed: &str) -> Result<String> {
        let sealed = STANDARD.decode(sealed).map_err(anyhow::Error::from)?;
        let plain = self.app_seal.unseal(&app.0.to_be_bytes(), &sealed)?;
        Ok(String::from_utf8(plain).map_err(anyhow::Error::from)?)
    }
}
