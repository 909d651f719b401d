//! Installing an app from a manifest, with all its credentials: for the command line and the administration.

use std::sync::Arc;

use madang_app::App;
use madang_app::apps::{AppWish, GrantKind, Installed};
use madang_model::{AppId, PersonId, SpaceId};
use serde_json::{Value, json};

use crate::fail::Fail;
use crate::id;
use crate::manifest::{self, ManifestError, Scopes};

/// Scopes of an app's own token.
pub const APP_SCOPES: [&str; 2] = ["connections:write", "authorizations:read"];

/// What of a manifest is looked at.
#[derive(Debug, Clone)]
pub struct Wished {
    pub wish: AppWish,
    pub bot_scopes: Vec<String>,
    pub user_scopes: Vec<String>,
}

/// Everything that an app needs to work. Its secrets are shown this once.
#[derive(Debug, Clone)]
pub struct Provisioned {
    pub installed: Installed,
    pub bot_token: Option<String>,
    pub app_token: String,
    pub user_token: Option<String>,
    pub webhook_urls: Vec<String>,
}

/// Reads a manifest (<https://docs.slack.dev/reference/app-manifest>), JSON or YAML.
///
/// # Errors
/// `invalid_manifest`, with what is wrong and where.
pub fn wished(manifest: &str) -> Result<Wished, Fail> {
    let (value, read) = manifest::read_text(manifest).map_err(invalid)?;
    let subscriptions = &read.settings.event_subscriptions;
    let mut events = [subscriptions.bot_events.clone(), subscriptions.user_events.clone()].concat();
    events.sort_unstable();
    events.dedup();
    let wish = AppWish {
        name: read.display_information.name.trim().to_owned(),
        description: read.display_information.description.clone().unwrap_or_default(),
        manifest: value.to_string(),
        events,
        bot: read.features.bot_user.as_ref().map(|_| read.bot_name().to_owned()),
    };
    let Scopes { bot, user } = read.oauth_config.scopes;
    Ok(Wished { wish, bot_scopes: bot, user_scopes: user })
}

/// `invalid_manifest`, with what is wrong and where.
#[must_use]
pub fn invalid(errors: Vec<ManifestError>) -> Fail {
    let said = errors.iter().map(|it| format!("{} [json-pointer:{}]", it.message, it.pointer)).collect();
    let mut fail = Fail::new("invalid_manifest").with_messages(said);
    fail.more.insert("errors".into(), json!(errors));
    fail
}

/// Installs an app for the whole house; `by` is none for the command line. A token with the rights of `whose` is made if
/// the manifest asks for scopes of people.
///
/// # Errors
/// `invalid_manifest`, or what the house said.
pub async fn install(
    app: &Arc<App>,
    by: Option<PersonId>,
    manifest: &str,
    whose: Option<PersonId>,
    spaces: &[SpaceId],
) -> Result<Provisioned, Fail> {
    let Wished { wish, bot_scopes, user_scopes } = wished(manifest)?;
    let has_bot = wish.bot.is_some();
    let installed = app.install_app(by, wish).await?;
    let id = installed.record.id;
    let bot_token = match has_bot {
        true => Some(app.grant_app(by, id, GrantKind::Bot, None, bot_scopes).await?.1),
        false => None,
    };
    let app_scopes = APP_SCOPES.map(ToOwned::to_owned).to_vec();
    let app_token = app.grant_app(by, id, GrantKind::App, whose, app_scopes).await?.1;
    let user_token = match whose.filter(|_| !user_scopes.is_empty()) {
        Some(person) => Some(app.grant_app(by, id, GrantKind::User, Some(person), user_scopes).await?.1),
        None => None,
    };
    let mut webhook_urls = Vec::new();
    for space in spaces {
        let (hook, secret) = app.create_app_hook(by, id, *space).await?;
        webhook_urls.push(webhook_url(app, hook.id.0, &secret).await?);
    }
    Ok(Provisioned { installed, bot_token, app_token, user_token, webhook_urls })
}

/// `…/services/T…/B…/secret`.
///
/// # Errors
/// What the house said.
pub async fn webhook_url(app: &Arc<App>, hook: i64, secret: &str) -> Result<String, Fail> {
    let house = app.workspace_id().await?;
    let (team, hook) = (id::written("T", house.0), id::written("B", hook));
    Ok(format!("{}/services/{team}/{hook}/{secret}", app.config.public_url))
}

/// `client_id` in the shape of Slack's: two numbers.
#[must_use]
pub fn client_id(house: i64, app: AppId) -> String {
    format!("{house}.{}", app.0)
}

impl Provisioned {
    /// As the command line prints it and the administration shows it.
    #[must_use]
    pub fn shown(&self, house: i64) -> Value {
        let record = &self.installed.record;
        json!({
            "app_id": id::written("A", record.id.0),
            "id": record.id,
            "bot_user_id": record.bot.map(|it| id::written("U", it.0)),
            "client_id": client_id(house, record.id),
            "client_secret": self.installed.client_secret,
            "signing_secret": self.installed.signing_secret,
            "verification_token": record.verification,
            "bot_token": self.bot_token,
            "app_token": self.app_token,
            "user_token": self.user_token,
            "webhook_urls": self.webhook_urls,
        })
    }
}
