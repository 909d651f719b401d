//! Webhooks in the API, and what they are sent.

use madang_app::webhooks::{About, Sent, Telling, Webhook as WebhookLook, WebhookWish};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::contacts::Contact;

/// An address outside that is told what happens. Times in microseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    pub id: String,
    pub url: String,
    /// What it is told of.
    pub events: Vec<String>,
    pub active: bool,
    /// What its requests are signed with; shown when it is made, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    pub created_at: i64,
    /// How it went the last time; `fault` is missing where it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Since when nothing was taken. After five days it is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<i64>,
    /// How much it is still to be told.
    pub waiting: i64,
}

impl From<WebhookLook> for Webhook {
    fn from(look: WebhookLook) -> Self {
        let record = look.record;
        Webhook {
            id: record.id.to_string(),
            url: record.url,
            events: record.events,
            active: record.active,
            secret: look.secret,
            created_at: record.created_at,
            asked_at: record.asked_at,
            status: record.status,
            fault: record.fault,
            failing_since: record.failing_since,
            waiting: record.waiting,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Webhooks {
    pub webhooks: Vec<Webhook>,
    /// All that they can be told of.
    pub events: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookAnswer {
    pub webhook: Webhook,
}

/// What is missing stays as it is; of a new one it is as usual.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetWebhook {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub active: Option<bool>,
    /// Signed with another key from here on, which is shown this once.
    #[serde(default)]
    pub new_secret: bool,
}

impl From<SetWebhook> for WebhookWish {
    fn from(set: SetWebhook) -> Self {
        let SetWebhook { url, events, active, new_secret } = set;
        WebhookWish { url, events, active, new_secret }
    }
}

/// How a test went.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookTested {
    pub taken: bool,
    /// Of HTTP, if there was an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    pub milliseconds: u64,
}

impl From<Sent> for WebhookTested {
    fn from(sent: Sent) -> Self {
        WebhookTested {
            taken: sent.fault.is_none(),
            status: sent.status,
            fault: sent.fault,
            milliseconds: u64::try_from(sent.took.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// The body of a request: `{type, timestamp, data}` (Standard Webhooks, "Payload structure").
pub fn body(telling: &Telling) -> String {
    let at = jiff::Timestamp::from_microsecond(telling.at_us).map(|it| it.to_string()).unwrap_or_default();
    let data: Value = match &telling.about {
        About::Contact(record) => json!({"contact": Contact::from(record.as_ref())}),
        About::Merged { contact, into } => json!({"contact": contact, "into": into}),
        About::Gone(contact) => json!({"contact": contact}),
        About::Nothing => json!({}),
    };
    json!({"type": telling.event, "timestamp": at, "data": data}).to_string()
}
