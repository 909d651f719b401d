//! What this door asks of the house's front: the pace of people, browsers' sessions, and the screens of devices.

use axum::http::HeaderMap;
use madang_model::{PersonId, Refusal};
use serde_json::Value;

pub trait Front: Send + Sync {
    /// Counts a request of a person.
    ///
    /// # Errors
    /// `TooFast`.
    fn admits(&self, person: PersonId) -> Result<(), Refusal>;

    /// The secret of the browser's session, if the request comes from our own pages.
    fn cookie(&self, headers: &HeaderMap) -> Option<String>;

    /// Shows something on all devices of a person that are connected: `frame` is one of the house's socket.
    fn show(&self, person: PersonId, frame: &Value);
}
