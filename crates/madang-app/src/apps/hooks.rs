//! Incoming webhooks: an address at which anybody who knows it posts into one space, as the app's bot.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::space::SpaceKind;
use madang_model::{AppId, Command, PersonId, Refusal, SpaceId, SpaceRole, WebhookId};
use madang_store::apps::hooks::{self, HookRecord};
use madang_store::apps::{self};
use madang_store::log;
use serde_json::json;

use super::grants::fresh_word;
use super::manager;
use crate::app::App;
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::session::hash_of;

/// Letters of the secret in the address, as many as Slack's have.
const LETTERS: usize = 24;

impl App {
    /// An address for this space; the bot comes in, if it is not in yet. Its secret is shown this once. `person` is none
    /// for the command line, else they must be able to bring the bot in.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn create_app_hook(
        self: &Arc<Self>,
        person: Option<PersonId>,
        id: AppId,
        space: SpaceId,
    ) -> Result<(HookRecord, String)> {
        let (app, by) = (self.clone(), person.map_or_else(by_somebody, by));
        self.db
            .write(move |tx| {
                manager(tx, person)?;
                let record = apps::one(tx, id)?.ok_or(Refusal::NotFound(Thing::App))?;
                let bot = record.bot.ok_or(Refusal::NotFound(Thing::Person))?;
                let place = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
                if log::standing(tx, &place.facts, bot)?.membership.is_none() {
                    let by = person.filter(|_| place.facts.kind != SpaceKind::Open);
                    app.bring_bot(tx, by, space, bot)?;
                }
                let secret = fresh_word(LETTERS)?;
                let hook = HookRecord {
                    id: WebhookId(app.ids.next()),
                    app: id,
                    space,
                    created_by: person,
                    created_at: app.clock.now_us(),
                    used_at: None,
                };
                hooks::insert(tx, &hook, &hash_of(&secret))?;
                let about = json!({"name": record.name, "space": space});
                app.write_down(tx, by, Act::AppWebhookMade, Object::App(id), about)?;
                Ok((hook, secret))
            })
            .await
    }

    /// Brings a bot into a space: by whoever may, and by itself into open ones.
    fn bring_bot(
        &self,
        tx: &mut madang_store::db::Tx,
        person: Option<PersonId>,
        space: SpaceId,
        bot: PersonId,
    ) -> Result<()> {
        match person {
            Some(person) => {
                let command = Command::AddMember { person: bot, role: SpaceRole::Member };
                self.run_in(tx, person, space, None, &command)?;
            }
            None => {
                self.run_in(tx, bot, space, None, &Command::JoinSpace)?;
            }
        }
        Ok(())
    }

    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn remove_app_hook(
        self: &Arc<Self>,
        person: PersonId,
        id: AppId,
        hook: WebhookId,
    ) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| -> Result<()> {
                manager(tx, Some(person))?;
                if !hooks::remove(tx, id, hook)? {
                    return Err(Refusal::NotFound(Thing::Webhook).into());
                }
                app.write_down(
                    tx,
                    by,
                    Act::AppWebhookEnded,
                    Object::App(id),
                    json!({"webhook": hook.to_string()}),
                )
            })
            .await
    }

    /// # Errors
    /// What the store said.
    pub async fn hooks_of_app(self: &Arc<Self>, id: AppId) -> Result<Vec<HookRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(hooks::of_app(conn, id)?) }).await
    }

    /// The hook of this secret, and the bot that speaks; that it may post there is asked when it does.
    ///
    /// # Errors
    /// What the store said.
    pub async fn app_hook(self: &Arc<Self>, secret: &str) -> Result<Option<(HookRecord, PersonId)>> {
        let hash = hash_of(secret);
        let now_us = self.clock.now_us();
        let found = self
            .db
            .read(move |conn| -> Result<_> {
                let Some(hook) = hooks::by_token(conn, &hash)? else { return Ok(None) };
                let bot = apps::one(conn, hook.app)?.and_then(|it| it.bot);
                let Some(place) = log::space(conn, hook.space)? else { return Ok(None) };
                let Some(bot) = bot else { return Ok(None) };
                let actor = log::standing(conn, &place.facts, bot)?;
                Ok(may(&actor, Right::Read, &place.facts).ok().map(|()| (hook, bot)))
            })
            .await?;
        if let Some((hook, _)) = &found
            && hook.used_at.is_none_or(|at| now_us - at > 3_600_000_000)
        {
            let id = hook.id;
            self.db.write(move |tx| -> Result<()> { Ok(hooks::used(tx, id, now_us)?) }).await?;
        }
        Ok(found)
    }
}
