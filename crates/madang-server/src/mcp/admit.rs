//! Who is let in: whoever has a token of a member or a guest, of an app's bot, or one that an app has in somebody's name.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use madang_app::apps::GrantKind;
use madang_model::Refusal;

use super::rights::Rights;
use crate::auth::{Caller, Credential, credential};
use crate::error::{Error, Result};
use crate::router::Doors;

/// How tokens with scopes begin; an app's `xapp-` opens nothing here, where somebody acts.
const WITH_SCOPES: [&str; 4] = ["mda_", "xoxb-", "xoxp-", "xoxe."];

pub(super) async fn admit(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match holder(&doors, &mut parts).await {
        Ok((caller, rights)) => {
            parts.extensions.insert(caller);
            parts.extensions.insert(rights);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => challenged(error),
    }
}

async fn holder(doors: &Doors, parts: &mut Parts) -> Result<(Caller, Rights)> {
    // Only a bearer token: the cookie of a browser comes along with what pages of other sites make it ask.
    let Some(Credential::Bearer(secret)) = credential(&parts.headers, false) else {
        return Err(Refusal::NotSignedIn.into());
    };
    if WITH_SCOPES.iter().any(|it| secret.starts_with(it)) {
        let grant = doors.app.grant_of(&secret).await?.filter(|it| it.kind != GrantKind::App);
        let grant = grant.ok_or(Refusal::NotSignedIn)?;
        doors.guard.person(grant.person)?;
        let caller = Caller { person: grant.person, session: grant.session, is_token: true, is_visit: false };
        return Ok((caller, Rights::of(&grant)));
    }
    let caller = <Caller as axum::extract::FromRequestParts<Doors>>::from_request_parts(parts, doors).await?;
    Ok((caller, Rights::All))
}

/// The refusal of the door, with how to come in (RFC 6750, 3).
fn challenged(error: Error) -> Response {
    let mut response = error.into_response();
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
