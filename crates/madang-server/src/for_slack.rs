//! What the door for Slack's clients asks of this one: the pace of people, browsers' sessions, the screens of devices.

use std::sync::Arc;

use axum::http::HeaderMap;
use madang_model::{PersonId, Refusal};
use madang_slack::Front;

use crate::auth::{Credential, credential};
use crate::guard::Guard;
use crate::socket::Hub;

pub struct ForSlack {
    pub guard: Arc<Guard>,
    pub hub: Arc<Hub>,
    /// Whether the house is reached by https.
    pub secure: bool,
}

impl Front for ForSlack {
    fn admits(&self, person: PersonId) -> Result<(), Refusal> {
        self.guard.person(person)
    }

    fn cookie(&self, headers: &HeaderMap) -> Option<String> {
        match credential(headers, self.secure)? {
            Credential::Cookie(secret) if self.guard.is_our_origin(headers) => Some(secret),
            _ => None,
        }
    }

    fn show(&self, person: PersonId, frame: &serde_json::Value) {
        self.hub.show_person(person, frame);
    }
}
