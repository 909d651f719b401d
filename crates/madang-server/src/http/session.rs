//! Signing in and out; passwords that were forgotten.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::{App, Session};
use madang_model::SpaceId;

use super::setup::device;
use crate::auth::{self, Caller};
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::guard::network;
use crate::router::{Doors, Endpoint, Policy};
use crate::serve::ClientAddress;
use crate::wire::house::{Email, EmailAnswer, Me, NewPassword, SignIn};
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(sign_in, __path_sign_in, Policy::Opening),
        endpoint!(sign_out, __path_sign_out, Policy::Oneself),
        endpoint!(forgot, __path_forgot, Policy::Opening),
        endpoint!(reset_for, __path_reset_for, Policy::Opening),
        endpoint!(reset, __path_reset, Policy::Opening),
    ]
}

/// Signs a browser in with address and password.
#[utoipa::path(post, path = "/api/v1/session", tag = "opening", request_body = SignIn, responses((status = 200, body = Me)))]
async fn sign_in(
    State(doors): State<Doors>,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Result<Response> {
    let device = body.device.unwrap_or_else(|| device(&headers));
    let from = address.map(|Extension(ClientAddress(address))| network(address));
    let opened = doors.app.sign_in(&body.email, body.password, &device, from).await?;
    signed_in(&doors, opened, None).await
}

/// Signs this browser out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "opening", responses((status = 204)))]
async fn sign_out(State(doors): State<Doors>, caller: Caller) -> Result<Response> {
    doors.app.end_session(caller.person, caller.session).await?;
    let cookie = auth::no_cookie(auth::is_secure(&doors));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Mails a link to choose a new password. Answers the same for every address.
#[utoipa::path(post, path = "/api/v1/password-reset", tag = "opening", request_body = Email, responses((status = 204)))]
async fn forgot(
    State(app): State<Arc<App>>,
    address: Option<Extension<ClientAddress>>,
    Json(body): Json<Email>,
) -> Result<StatusCode> {
    let from = address.map(|Extension(ClientAddress(address))| network(address));
    app.forgot_password(&body.email, from).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The address a reset link is for.
#[utoipa::path(get, path = "/api/v1/password-reset/{token}", tag = "opening", params(("token" = String, Path)), responses((status = 200, body = EmailAnswer)))]
async fn reset_for(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Json<EmailAnswer>> {
    Ok(Json(EmailAnswer { email: app.reset_for(&token).await? }))
}

/// Sets a new password. Every session and every token of the person ends.
#[utoipa::path(post, path = "/api/v1/password-reset/{token}", tag = "opening", params(("token" = String, Path)), request_body = NewPassword, responses((status = 200, body = Me)))]
async fn reset(
    State(doors): State<Doors>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Json(body): Json<NewPassword>,
) -> Result<Response> {
    let opened = doors.app.reset_password(&token, body.password, &device(&headers)).await?;
    signed_in(&doors, opened, None).await
}

/// The answer that signs somebody in: themselves, and the cookie.
pub(super) async fn signed_in(
    doors: &Doors,
    (session, secret): (Session, String),
    space: Option<SpaceId>,
) -> Result<Response> {
    let me = Person::from(&doors.app.person(session.person).await?);
    let cookie = auth::cookie(&secret, auth::is_secure(doors));
    Ok(([(header::SET_COOKIE, cookie)], Json(Me { me, space: space.map(|id| id.to_string()) }))
        .into_response())
}
