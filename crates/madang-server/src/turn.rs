//! Relays for devices that reach neither our UDP port nor our TCP one: TURN servers of one's own, with credentials that
//! end (draft-uberti-behave-turn-rest-00, as coturn's `use-auth-secret` checks them).

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::wire::calls::IceServer;

/// How long credentials are good: longer than a long call, for a relay asks for them again and again.
const LIFE_S: i64 = 12 * 3_600;

/// Relays that somebody runs for this house.
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
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.secret.as_bytes());
        let credential = STANDARD.encode(hmac::sign(&key, username.as_bytes()));
        let (stun, turn): (Vec<String>, Vec<String>) =
            self.urls.iter().cloned().partition(|it| it.starts_with("stun:"));
        let with = |urls: Vec<String>, username, credential| {
            (!urls.is_empty()).then_some(IceServer { urls, username, credential })
        };
        let servers = [with(stun, None, None), with(turn, Some(username), Some(credential))];
        servers.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `echo -n 1700043200:garden | openssl dgst -binary -sha1 -hmac secret | base64`
    #[test]
    fn credentials_are_what_a_relay_expects() {
        let urls = vec!["turn:relay.example.com:3478?transport=udp".into(), "stun:relay.example.com".into()];
        let turn = Turn { urls, secret: "secret".into() };
        let servers = turn.servers("garden", 1_700_000_000_000_000);
        assert_eq!((servers[0].urls.len(), servers[0].credential.as_deref()), (1, None));
        assert_eq!(servers[1].username.as_deref(), Some("1700043200:garden"));
        assert_eq!(servers[1].credential.as_deref(), Some("TBVM8Y8lVx5cy2gAz8YP9+6YFH8="));
    }
}
