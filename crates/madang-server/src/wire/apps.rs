//! Apps in the API.

use madang_app::records::{AppRecord, DeliveryRecord, GrantRecord, HookRecord};
use madang_slack::{id, provision};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Something that is installed. Times in microseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstalledApp {
    pub id: String,
    /// As Slack's clients know it.
    pub slack_id: String,
    pub name: String,
    pub description: String,
    /// The person whom it speaks as, if it speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<String>,
    #[schema(value_type = Object)]
    pub manifest: Value,
    pub scopes: AppScopes,
    /// What it is told of.
    pub events: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    pub created_at: i64,
    /// Nothing is told to it any more, because nothing was taken.
    pub suspended: bool,
    /// How many of its own connections are open (Socket Mode).
    pub connections: usize,
    pub tokens: Vec<AppToken>,
    pub webhooks: Vec<AppHook>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AppScopes {
    pub bot: Vec<String>,
    #[serde(rename = "user")]
    pub person: Vec<String>,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppToken {
    pub id: String,
    /// `bot`, `user` or `app`.
    pub kind: String,
    pub person: String,
    pub scopes: Vec<String>,
    pub created_at: i64,
    pub seen_at: i64,
}

/// An address at which anybody who knows it posts into a space.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppHook {
    pub id: String,
    pub space: String,
    pub created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InstalledApps {
    pub apps: Vec<InstalledApp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InstalledAppAnswer {
    pub app: InstalledApp,
}

/// An app, with what opens it: shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewInstalledApp {
    pub app: InstalledApp,
    /// `app_id`, `client_id`, `client_secret`, `signing_secret`, `verification_token`, `bot_token`, `app_token`,
    /// `user_token`.
    #[schema(value_type = Object)]
    pub credentials: Value,
}

/// A manifest in Slack's format: an object, or text in JSON or YAML.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InstallApp {
    #[schema(value_type = Object)]
    pub manifest: Value,
}

impl InstallApp {
    /// As text.
    pub fn text(&self) -> String {
        match &self.manifest {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAppToken {
    /// `bot`, `app` or `user`; a user's speaks as whoever asks.
    pub kind: String,
}

/// Shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppTokenAnswer {
    pub token: String,
}

/// Shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppSecretAnswer {
    pub signing_secret: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAppHook {
    pub space: String,
}

/// Shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppHookAnswer {
    pub url: String,
}

/// What an app was told, or is to be told.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppDelivery {
    pub id: String,
    /// The kind of what happened, in our words.
    pub event: String,
    pub at: i64,
    /// `waiting`, `taken` or `failed`.
    pub state: String,
    pub tries: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AppDeliveries {
    pub deliveries: Vec<AppDelivery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl From<DeliveryRecord> for AppDelivery {
    fn from(record: DeliveryRecord) -> Self {
        AppDelivery {
            id: record.id.to_string(),
            event: record.kind,
            at: record.at_us,
            state: record.state,
            tries: record.tries,
            status: record.status,
            fault: record.fault,
        }
    }
}

impl InstalledApp {
    pub fn new(
        record: AppRecord,
        grants: Vec<GrantRecord>,
        hooks: Vec<HookRecord>,
        connections: usize,
    ) -> InstalledApp {
        let (bot, person) = provision::wished(&record.manifest)
            .map_or_else(|_| Default::default(), |it| (it.bot_scopes, it.user_scopes));
        let tokens = grants.into_iter().map(|it| AppToken {
            id: it.session.to_string(),
            kind: it.kind,
            person: it.person.to_string(),
            scopes: it.scopes,
            created_at: it.created_at,
            seen_at: it.seen_at,
        });
        let webhooks = hooks.into_iter().map(|it| AppHook {
            id: it.id.to_string(),
            space: it.space.to_string(),
            created_at: it.created_at,
            used_at: it.used_at,
        });
        InstalledApp {
            id: record.id.to_string(),
            slack_id: id::written("A", record.id.0),
            name: record.name,
            description: record.description,
            bot: record.bot.map(|it| it.to_string()),
            manifest: serde_json::from_str(&record.manifest).unwrap_or_default(),
            scopes: AppScopes { bot, person },
            events: record.events,
            created_by: record.created_by.map(|it| it.to_string()),
            created_at: record.created_at,
            suspended: record.suspended_at.is_some(),
            connections,
            tokens: tokens.collect(),
            webhooks: webhooks.collect(),
        }
    }
}
