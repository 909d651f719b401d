//! Webhooks in the API, and what they are sent.

use madang_app::webhooks::{
    About, Happened, InSpace, Sent, Telling, Webhook as WebhookLook, WebhookWish, Who,
};
use madang_model::refusal::Thing;
use madang_model::{Refusal, SpaceId, WebhookId};
use madang_store::webhooks::WebhookDelivery as DeliveryRecord;
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
    /// Of what happens in spaces: in these; null: in every open one.
    pub spaces: Option<Vec<String>>,
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
            spaces: record.spaces.map(|it| it.iter().map(ToString::to_string).collect()),
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
    /// Of a new one it is what happens to contacts.
    pub events: Option<Vec<String>>,
    /// Of what happens in spaces: in these, of which one reads each oneself; null: in every open one.
    #[serde(default, deserialize_with = "crate::wire::space::given")]
    #[schema(value_type = Option<Vec<String>>)]
    pub spaces: Option<Option<Vec<String>>>,
    pub active: Option<bool>,
    /// Signed with another key from here on, which is shown this once.
    #[serde(default)]
    pub new_secret: bool,
}

impl TryFrom<SetWebhook> for WebhookWish {
    type Error = Refusal;

    fn try_from(set: SetWebhook) -> Result<Self, Refusal> {
        let SetWebhook { url, events, spaces, active, new_secret } = set;
        let read = |it: Vec<String>| it.iter().map(|id| id.parse()).collect::<Result<Vec<SpaceId>, _>>();
        let spaces = spaces.map(|it| it.map(read).transpose()).transpose();
        let spaces = spaces.map_err(|_| Refusal::NotFound(Thing::Space))?;
        Ok(WebhookWish { url, events, spaces, active, new_secret })
    }
}

/// What an address was told, or is to be told.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// As it is named in `webhook-id`, without `msg_`.
    pub id: String,
    pub event: String,
    pub at: i64,
    /// Where it happened, if in a space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// `waiting`, `taken` or `failed`.
    pub state: String,
    pub tries: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDeliveries {
    pub deliveries: Vec<WebhookDelivery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl From<DeliveryRecord> for WebhookDelivery {
    fn from(record: DeliveryRecord) -> Self {
        let event = record.event;
        let in_space = event.space.0 != 0;
        WebhookDelivery {
            id: WebhookId(event.id).to_string(),
            event: event.event,
            at: event.at_us,
            space: in_space.then(|| event.space.to_string()),
            seq: in_space.then_some(event.seq),
            state: record.state,
            tries: record.tries,
            status: record.status,
            fault: record.fault,
        }
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
        About::Space(happened) => in_space(happened),
        About::Nothing => json!({}),
    };
    json!({"type": telling.event, "timestamp": at, "data": data}).to_string()
}

/// What happened in a space: where, by whom, and what it was about.
fn in_space(happened: &InSpace) -> Value {
    let facts = &happened.space.facts;
    let mut data = json!({
        "space": {"id": facts.id, "kind": facts.kind.as_str(), "name": facts.name},
        "seq": happened.seq,
        "by": who(&happened.by),
    });
    let about = match &happened.what {
        Happened::Message(row) => json!({"message": row}),
        Happened::Removed { message, thread: None } => json!({"message": {"seq": message, "removed": true}}),
        Happened::Removed { message, thread } => {
            json!({"message": {"seq": message, "thread": thread, "removed": true}})
        }
        Happened::Reaction { message, emoji } => json!({"message": {"seq": message}, "emoji": emoji}),
        Happened::Joined { person, role } => json!({"person": who(person), "role": role}),
        Happened::Left(person) => json!({"person": who(person)}),
        Happened::Space => json!({}),
    };
    if let (Value::Object(data), Value::Object(about)) = (&mut data, about) {
        data.extend(about);
    }
    data
}

fn who(who: &Who) -> Value {
    json!({"id": who.id, "name": who.name, "bot": who.bot})
}
