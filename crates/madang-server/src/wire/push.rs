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

/// How push is doing in the house.
#[derive(Serialize, ToSchema)]
pub struct PushHealth {
    /// Reached by https, or on this machine: browsers allow push nowhere else.
    pub secure: bool,
    /// Devices that are told.
    pub devices: i64,
    /// Of them, those that were not told last time.
    pub failing: i64,
    /// What the push service said of one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When a push service last took something, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_at: Option<i64>,
    /// Whom push services may write to.
    pub contact: String,
    /// Who was chosen in the app; empty for who is named at the start of the server.
    pub chosen_contact: String,
    /// The caller's own devices that are told.
    pub mine: usize,
}

impl PushHealth {
    pub fn new(it: madang_app::PushHealth, secure: bool) -> Self {
        PushHealth {
            secure,
            devices: it.health.devices,
            failing: it.health.failing,
            last_error: it.health.last_error,
            told_at: it.health.told_at,
            contact: it.contact,
            chosen_contact: it.chosen,
            mine: it.mine,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct PushTries {
    pub tried: Vec<PushTry>,
}

#[derive(Serialize, ToSchema)]
pub struct PushTry {
    /// What the person calls the device.
    pub device: String,
    /// The device that asks.
    pub this: bool,
    #[serde(flatten)]
    pub tried: PushTried,
}

impl PushTry {
    pub fn new(it: madang_app::PushTry, asking: madang_model::SessionId) -> Self {
        PushTry { device: it.device, this: it.session == asking, tried: it.outcome.into() }
    }
}
