//! Sign-in with Madang: who let the app know, as OpenID Connect says it (Core 1.0, 2 and 5.1).

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_app::apps::GrantKind;
use madang_model::PersonId;
use serde_json::{Map, Value, json};

use super::client::proven;
use super::tokens::fetched;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::id;

/// How long an `id_token` holds: for signing in, and no longer.
const HOLDS_SECONDS: i64 = 300;

pub(super) async fn token(call: &Call) -> Answer {
    let record = proven(call).await?;
    let client_id = crate::provision::client_id(call.slack.app.workspace_id().await?.0, record.id);
    let fetched = fetched(call, &record).await?;
    let user = fetched.person.filter(|it| it.scopes.iter().any(|scope| scope == "openid"));
    let user = user.ok_or_else(|| Fail::new("invalid_scope"))?;
    let mut claims = claims(call, user.person, &user.scopes).await?;
    let now = call.slack.app.clock.now_us() / 1_000_000;
    claims.insert("iss".into(), json!(call.slack.app.config.public_url));
    claims.insert("aud".into(), json!(client_id));
    claims.insert("iat".into(), json!(now));
    claims.insert("exp".into(), json!(now + HOLDS_SECONDS));
    if let Some(nonce) = fetched.code.nonce {
        claims.insert("nonce".into(), json!(nonce));
    }
    let secret = call.slack.app.app_secrets(record)?.client_secret;
    let mut answer = Map::from_iter([
        ("access_token".into(), json!(user.token)),
        ("token_type".into(), json!("Bearer")),
        ("id_token".into(), json!(signed(&claims, secret.as_bytes()))),
    ]);
    if let Some((refresh, seconds)) = user.next {
        answer.insert("refresh_token".into(), json!(refresh));
        answer.insert("expires_in".into(), json!(seconds));
    }
    Ok(answer)
}

pub(super) async fn user_info(call: &Call) -> Answer {
    if call.grant.kind != GrantKind::User {
        return Err(Fail::new("not_allowed_token_type"));
    }
    let scopes = call.grant.scopes.clone();
    let all = || ["email", "profile"].map(ToOwned::to_owned).to_vec();
    claims(call, call.person(), &scopes.unwrap_or_else(all)).await
}

async fn claims(call: &Call, person: PersonId, scopes: &[String]) -> Result<Map<String, Value>, Fail> {
    let app = &call.slack.app;
    let workspace = app.workspace().await?.ok_or_else(|| Fail::new("team_not_found"))?;
    let record = app.person(person).await?;
    let (me, team) = (id::written("U", person.0), id::written("T", workspace.id.0));
    let mut claims = Map::from_iter([
        ("sub".into(), json!(me)),
        ("https://slack.com/user_id".into(), json!(me)),
        ("https://slack.com/team_id".into(), json!(team)),
    ]);
    let may = |scope: &str| scopes.iter().any(|it| it == scope);
    if may("email") {
        claims.insert("email".into(), json!(record.email));
        claims.insert("email_verified".into(), json!(record.email.is_some()));
    }
    if may("profile") {
        claims.insert("name".into(), json!(record.name));
        claims.insert("locale".into(), json!(record.language));
        claims.insert("https://slack.com/team_name".into(), json!(workspace.name));
    }
    Ok(claims)
}

/// RFC 7515, with HMAC-SHA-256.
fn signed(claims: &Map<String, Value>, secret: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(&json!(claims)));
    let mark = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mark))
}
