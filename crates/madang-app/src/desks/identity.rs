//! Signed identity: the site on which a visitor is signed in says who they are, by a token that its server signed with
//! the secret of the desk (RFC 7519, HS256 and nothing else). A token says who somebody is and opens nothing by itself:
//! one that is seen twice says the same twice.

use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use madang_model::audit::{Act, Object};
use madang_model::{DeskId, PersonId, Refusal, name};
use madang_store::db::Conn;
use madang_store::identities;
use serde::Deserialize;
use serde_json::{Value, json};

use super::set_up::managed;
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::session::fresh_secret;

/// Clocks of sites and of the house may differ by so many seconds.
const LEEWAY: u64 = 60;
/// A token is sent with a request and read before anybody is known.
const LONGEST: usize = 4_096;
const SUBJECT_CHARS: usize = 200;

/// Whom a site says its visitor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What the site calls them, for good.
    pub id: String,
    pub name: Option<String>,
    pub email: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    /// Sites that number their people give a number.
    sub: Value,
    name: Option<String>,
    email: Option<String>,
}

impl App {
    /// Makes the secret of a desk in place of the one before. It is shown this once.
    ///
    /// # Errors
    /// `NotFound`, `DeskEnded`, `NotAllowed`, or what the store said.
    pub async fn make_desk_secret(self: &Arc<Self>, person: PersonId, desk: DeskId) -> Result<String> {
        let (app, by, now_us, secret) =
            (self.clone(), by(person), self.clock.now_us(), fresh_secret("mdk_")?);
        let sealed = self.desk_seal.seal(&place(desk), secret.as_bytes())?;
        self.db
            .write(move |tx| -> Result<()> {
                let record = managed(tx, person, desk)?;
                identities::put(tx, desk, &sealed, now_us)?;
                let about = json!({"name": record.settings.name});
                app.write_down(tx, by, Act::DeskSecretMade, Object::Desk(desk), about)
            })
            .await?;
        Ok(secret)
    }

    /// What sites say counts no more at a desk.
    ///
    /// # Errors
    /// As `make_desk_secret`.
    pub async fn end_desk_secret(self: &Arc<Self>, person: PersonId, desk: DeskId) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| -> Result<()> {
                let record = managed(tx, person, desk)?;
                if identities::forget(tx, desk)? {
                    let about = json!({"name": record.settings.name});
                    app.write_down(tx, by, Act::DeskSecretEnded, Object::Desk(desk), about)?;
                }
                Ok(())
            })
            .await
    }

    /// Whom a token names, at this desk.
    pub(super) fn identified(
        &self,
        conn: &mut Conn,
        desk: DeskId,
        key: &str,
        token: &str,
    ) -> Result<Identity> {
        let (sealed, _) = identities::get(conn, desk)?.ok_or(Refusal::IdentityWrong)?;
        let secret = self.desk_seal.unseal(&place(desk), &sealed)?;
        Ok(read(&secret, key, token)?)
    }
}

/// Where the secret of a desk is sealed: it opens for no other.
fn place(desk: DeskId) -> Vec<u8> {
    format!("identity {}", desk.0).into_bytes()
}

fn read(secret: &[u8], key: &str, token: &str) -> Result<Identity, Refusal> {
    if token.len() > LONGEST {
        return Err(Refusal::IdentityWrong);
    }
    // Only the algorithm that is named here is believed, whatever the token says of itself (RFC 8725, 3.1).
    let mut rules = Validation::new(Algorithm::HS256);
    rules.leeway = LEEWAY;
    rules.validate_nbf = true;
    rules.set_audience(&[key]);
    rules.set_required_spec_claims(&["exp", "aud"]);
    let claims = decode::<Claims>(token, &DecodingKey::from_secret(secret), &rules)
        .map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => Refusal::IdentityOver,
            _ => Refusal::IdentityWrong,
        })?
        .claims;
    let id = match claims.sub {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    if id.is_empty() || id.chars().count() > SUBJECT_CHARS || id.chars().any(char::is_control) {
        return Err(Refusal::IdentityWrong);
    }
    Ok(Identity {
        id,
        // A site's mistake in these keeps nobody from being helped.
        name: claims.name.and_then(|it| name::checked(&it).ok()),
        email: claims.email.and_then(|it| name::email(&it).ok()),
    })
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};

    use super::*;

    const SECRET: &[u8] = b"mdk_a-secret-of-a-desk-that-is-long-enough";

    fn token(header: &Header, claims: &Value, secret: &[u8]) -> String {
        encode(header, claims, &EncodingKey::from_secret(secret)).expect("signed")
    }

    fn now() -> u64 {
        jsonwebtoken::get_current_timestamp()
    }

    #[test]
    fn a_site_says_who_its_visitor_is() {
        let claims =
            json!({"sub": 42, "name": " 다라 ", "email": "Dara@Shop.example", "aud": "k", "exp": now() + 60});
        let known =
            Identity {
                id: "42".into(), name: Some("다라".into()), email: Some("dara@shop.example".into())
            };
        assert_eq!(read(SECRET, "k", &token(&Header::default(), &claims, SECRET)), Ok(known));
        let late = json!({"sub": "a", "aud": "k", "exp": now() - 30});
        assert!(read(SECRET, "k", &token(&Header::default(), &late, SECRET)).is_ok(), "clocks differ");
    }

    #[test]
    fn what_was_not_signed_for_this_desk_says_nothing() {
        let fine = json!({"sub": "a", "aud": "k", "exp": now() + 60});
        let signed = |claims: &Value| token(&Header::default(), claims, SECRET);
        let mut wrong = vec![
            token(&Header::default(), &fine, b"another secret"),
            token(&Header::new(Algorithm::HS512), &fine, SECRET),
            signed(&json!({"sub": "a", "aud": "other", "exp": now() + 60})),
            signed(&json!({"sub": "a", "exp": now() + 60})),
            signed(&json!({"sub": "a", "aud": "k"})),
            signed(&json!({"sub": " ", "aud": "k", "exp": now() + 60})),
            signed(&json!({"sub": {}, "aud": "k", "exp": now() + 60})),
            signed(&json!({"sub": "a".repeat(201), "aud": "k", "exp": now() + 60})),
            signed(&json!({"sub": "a", "aud": "k", "exp": now() + 60, "more": "x".repeat(5_000)})),
            "not.a.token".into(),
            String::new(),
        ];
        // A token without a signature (RFC 8725, 3.2): `{"alg":"none"}` before the same claims.
        let unsigned = signed(&fine);
        let claims = unsigned.split('.').nth(1).expect("claims");
        wrong.push(format!("eyJhbGciOiJub25lIn0.{claims}."));
        for token in wrong {
            assert_eq!(read(SECRET, "k", &token), Err(Refusal::IdentityWrong), "{token}");
        }
        let over = json!({"sub": "a", "aud": "k", "exp": now() - 3_600});
        assert_eq!(read(SECRET, "k", &signed(&over)), Err(Refusal::IdentityOver));
    }
}
