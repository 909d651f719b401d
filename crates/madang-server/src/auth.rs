//! Who is asking: the session cookie of a browser, or a bearer token.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE, SEC_WEBSOCKET_PROTOCOL};
use axum::http::request::Parts;
use madang_app::Session;
use madang_model::{PersonId, Refusal, SessionId};

use crate::error::Error;
use crate::router::{Doors, ForVisitors};

/// A signed-in person.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub person: PersonId,
    pub session: SessionId,
    /// A program's token rather than a browser's cookie.
    pub is_token: bool,
    /// A visitor at a desk.
    pub is_visit: bool,
}

/// The secret a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// From the cookie: the request must come from our own pages.
    Cookie(String),
    Bearer(String),
}

impl Credential {
    pub fn secret(&self) -> &str {
        match self {
            Credential::Cookie(secret) | Credential::Bearer(secret) => secret,
        }
    }
}

/// The cookie's name. The prefix makes browsers insist on https and on this
/// very host (RFC 6265bis, 4.1.3.2).
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-madang" } else { "madang" }
}

/// The `Set-Cookie` value that opens a session.
pub fn cookie(secret: &str, secure: bool) -> String {
    let name = cookie_name(secure);
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000{secure}")
}

/// The `Set-Cookie` value that ends it.
pub fn no_cookie(secure: bool) -> String {
    let name = cookie_name(secure);
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}")
}

/// How the secret of a visitor begins.
const VISIT: &str = "mdv_";
/// The protocol that our sockets speak.
pub const PROTOCOL: &str = "madang";

/// Finds the secret. A bearer token counts before a cookie; a page that opens a socket cannot send one, and a visitor has
/// no cookie: theirs stands beside the protocol of the socket.
pub fn credential(headers: &HeaderMap, secure: bool) -> Option<Credential> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, secret) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Credential::Bearer(secret.trim().to_owned()));
    }
    let offered =
        headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(secret) = offered.split(',').map(str::trim).find(|it| it.starts_with(VISIT)) {
        return Some(Credential::Bearer(secret.to_owned()));
    }
    let name = cookie_name(secure);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, secret)| Credential::Cookie(secret.to_owned()))
}

/// Whether the house is reached by https, so that cookies are secure ones.
pub fn is_secure(doors: &Doors) -> bool {
    doors.app.config.public_url.starts_with("https://")
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Doors: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let doors = Doors::from_ref(state);
        let credential = credential(&parts.headers, is_secure(&doors)).ok_or(Refusal::NotSignedIn)?;
        let session = doors.app.authenticate(credential.secret()).await?.ok_or(Refusal::NotSignedIn)?;
        if session.is_visit && parts.extensions.get::<ForVisitors>().is_none() {
            return Err(Refusal::NotAllowed("member").into());
        }
        doors.guard.person(session.person)?;
        let Session { id, person, is_token, is_visit } = session;
        Ok(Caller { person, session: id, is_token, is_visit })
    }
}

impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for Caller
where
    Doors: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Error> {
        match <Caller as FromRequestParts<S>>::from_request_parts(parts, state).await {
            Ok(caller) => Ok(Some(caller)),
            // To a door for everybody, a visitor at a desk is somebody who is not known.
            Err(Error(madang_app::Error::Refusal(Refusal::NotSignedIn | Refusal::NotAllowed(_)))) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_a_house_with_https_are_for_https_only() {
        let flags = "Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000";
        assert_eq!(cookie("md_x", true), format!("__Host-madang=md_x; {flags}; Secure"));
        assert_eq!(cookie("md_x", false), format!("madang=md_x; {flags}"));
        assert!(
            no_cookie(true).starts_with("__Host-madang=; ") && no_cookie(true).ends_with("Max-Age=0; Secure")
        );
    }

    #[test]
    fn a_bearer_token_counts_before_a_cookie() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, "a=b; madang=md_cookie; c=d".parse().expect("a header"));
        assert_eq!(credential(&headers, false), Some(Credential::Cookie("md_cookie".into())));
        assert_eq!(credential(&headers, true), None);
        headers.insert(AUTHORIZATION, "bearer mdt_token".parse().expect("a header"));
        assert_eq!(credential(&headers, false), Some(Credential::Bearer("mdt_token".into())));
    }
}
