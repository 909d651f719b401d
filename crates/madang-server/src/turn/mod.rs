//! Relays for devices that reach neither our UDP port nor our TCP one: TURN servers of somebody's own, and the one in
//! this house (RFC 8656), which reaches our own calls and nothing else (docs/decisions/0031-a-relay-of-ones-own.md).

mod connection;
mod dialogue;
mod frame;
#[cfg(test)]
mod fuzz;
mod message;
mod relay;
#[cfg(test)]
mod tests;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::wire::calls::IceServer;
pub use connection::serve;
pub use message::COOKIE;
pub use relay::{Relay, address};

/// How long credentials are good: longer than a long call, for a relay asks for them again and again.
const LIFE_S: i64 = 12 * 3_600;

/// Relays, and what they know their clients by: credentials that end (draft-uberti-behave-turn-rest-00, as coturn's
/// `use-auth-secret` checks them).
#[derive(Clone, PartialEq, Eq)]
pub struct Turn {
    /// `turn:`, `turns:` or `stun:` addresses (RFC 7065, RFC 7064).
    pub urls: Vec<String>,
    /// What the relay's own configuration calls the static secret.
    pub secret: String,
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn").field("urls", &self.urls).finish_non_exhaustive()
    }
}

impl Turn {
    /// What a device is given. `name` tells the relay nothing of who it is.
    pub fn servers(&self, name: &str, now_us: i64) -> Vec<IceServer> {
        let username = format!("{}:{name}", now_us / 1_000_000 + LIFE_S);
        let credential = self.credential(&username);
        let (stun, turn): (Vec<String>, Vec<String>) =
            self.urls.iter().cloned().partition(|it| it.starts_with("stun:"));
        let with = |urls: Vec<String>, username, credential| {
            (!urls.is_empty()).then_some(IceServer { urls, username, credential })
        };
        let servers = [with(stun, None, None), with(turn, Some(username), Some(credential))];
        servers.into_iter().flatten().collect()
    }

    /// The password of a name: whoever has it was given it.
    fn credential(&self, username: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.secret.as_bytes());
        STANDARD.encode(hmac::sign(&key, username.as_bytes()))
    }
}
