//! Shapes of Web Push.

use madang_app::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct PushState {
    /// The house's key, base64url: `applicationServerKey` of a subscription.
    pub key: String,
    /// Whether this device is told.
    pub subscribed: bool,
}

/// As `PushSubscription.toJSON()` gives it.
#[derive(Deserialize, ToSchema)]
pub struct Subscription {
    pub endpoint: String,
    pub keys: SubscriptionKeys,
}

/// Both base64url.
#[derive(Deserialize, ToSchema)]
pub struct SubscriptionKeys {
    pub p256dh: String,
    pub auth: String,
}

#[derive(Deserialize, ToSchema)]
pub struct PushTest {
    /// Comes back as `data.mark` of the notification, so that the page knows its own.
    #[serde(default)]
    pub mark: String,
}

#[derive(Serialize, ToSchema)]
pub struct PushTried {
    /// "sent": the push service took it; "none": this device is not subscribed (any more); "refused".
    pub outcome: &'static str,
    /// What the push service said, if it refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

impl From<Outcome> for PushTried {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Sent => PushTried { outcome: "sent", said: None },
            Outcome::None => PushTried { outcome: "none", said: None },
            Outcome::Refused(said) => PushTried { outcome: "refused", said: Some(said) },
        }
    }
}
