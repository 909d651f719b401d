//! The addresses where Slack's clients look, and what stands before every method: the token, its kind, its scopes.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method as Verb, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use madang_app::apps::{Grant, GrantKind};
use serde_json::{Value, json};

use crate::Slack;
use crate::args::Args;
use crate::call::{Call, Tokens};
use crate::fail::{Answer, Fail};
use crate::methods::{self, Method};
use crate::parts::SentFile;

/// Bytes of the arguments of a method.
const BODY: usize = 4 << 20;

impl Slack {
    /// The router of this door, for a server with any state.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route("/api/{method}", any(method))
            // A base with a slash and a method with one (slack-morphism).
            .route("/api//{method}", any(method))
            .route("/link/", any(crate::talk::listen))
            .route("/rtm/", any(crate::talk::rtm::listen))
            .route("/hooks/{word}", post(crate::interact::reply))
            .layer(DefaultBodyLimit::max(BODY))
            .with_state(self.clone())
            .merge(crate::content::router(self))
            .merge(crate::hooks::router(self))
    }

    /// Who stands behind a request.
    async fn grant(&self, verb: &Verb, headers: &HeaderMap, args: &Args) -> Result<Option<Arc<Grant>>, Fail> {
        let bearer = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok()).and_then(|line| {
            let (scheme, secret) = line.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().to_owned())
        });
        if let Some(secret) = bearer.or_else(|| args.text("token")) {
            return match self.grant_behind(&secret).await? {
                Some(grant) => Ok(Some(grant)),
                // Clients make a token anew when they hear this.
                None if secret.starts_with("xoxe.") => Err(Fail::new("token_expired")),
                None => Err(Fail::new("invalid_auth")),
            };
        }
        // What a link or a picture can make a browser ask is not asked by the person.
        match self.front.cookie(headers).filter(|_| verb == Verb::POST) {
            Some(secret) => self.grant_behind(&secret).await,
            None => Ok(None),
        }
    }

    /// What a token may. Our own tokens, and the sessions of browsers, may what their person may.
    pub(crate) async fn grant_behind(&self, secret: &str) -> Result<Option<Arc<Grant>>, Fail> {
        if secret.starts_with("xox") || secret.starts_with("xapp-") {
            return Ok(self.app.grant_of(secret).await?);
        }
        let session = self.app.authenticate(secret).await?.filter(|it| !it.is_visit);
        Ok(session.map(|it| {
            Arc::new(Grant {
                session: it.id,
                person: it.person,
                app: None,
                kind: GrantKind::User,
                scopes: None,
                expires_at: i64::MAX,
            })
        }))
    }
}

async fn method(
    State(slack): State<Slack>,
    Path(name): Path<String>,
    verb: Verb,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content_type = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let (args, file) = match crate::parts::read(query.as_deref(), content_type, body).await {
        Ok(read) => read,
        Err(fail) => return answer(None, None, Err(fail)),
    };
    let Some(method) = methods::find(&name) else {
        let mut fail = Fail::new("unknown_method");
        fail.more.insert("req_method".into(), json!(name));
        return answer(None, None, Err(fail));
    };
    let grant = match slack.grant(&verb, &headers, &args).await {
        Ok(grant) => grant,
        Err(fail) => return answer(Some(method), None, Err(fail)),
    };
    let done = run(slack, method, grant.clone(), args, file, headers).await;
    answer(Some(method), grant.as_deref(), done)
}

async fn run(
    slack: Slack,
    method: &'static Method,
    grant: Option<Arc<Grant>>,
    args: Args,
    file: Option<SentFile>,
    headers: HeaderMap,
) -> Answer {
    let grant = match (grant, method.tokens) {
        (Some(grant), _) => grant,
        (None, Tokens::Anyone) => Arc::new(nobody()),
        (None, _) => return Err(Fail::new("not_authed")),
    };
    if method.tokens != Tokens::Anyone {
        slack.front.admits(grant.person)?;
        if !method.tokens.take(grant.kind) {
            return Err(Fail::new("not_allowed_token_type"));
        }
    }
    let call = Call { slack, grant, args, file, headers };
    call.needs(method.scopes)?;
    (method.run)(&call).await
}

/// Whoever calls a method that asks for no token.
fn nobody() -> Grant {
    use madang_model::{PersonId, SessionId};
    Grant {
        session: SessionId(0),
        person: PersonId(0),
        app: None,
        kind: GrantKind::User,
        scopes: None,
        expires_at: i64::MAX,
    }
}

/// What a token may that may all that its person may.
static PERSON: LazyLock<HeaderValue> = LazyLock::new(|| {
    HeaderValue::try_from(crate::scopes::of_a_person().join(",")).expect("scopes are ASCII")
});

/// Always 200, but for too much and for faults. The names of the headers are spelled as some clients look for them.
fn answer(method: Option<&Method>, grant: Option<&Grant>, done: Answer) -> Response {
    let (status, body, retry) = match done {
        Ok(mut body) => {
            body.insert("ok".into(), json!(true));
            (StatusCode::OK, Value::Object(body), None)
        }
        Err(fail) => {
            let status = match (fail.retry_after, fail.is_fault) {
                (Some(_), _) => StatusCode::TOO_MANY_REQUESTS,
                (_, true) => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::OK,
            };
            (status, fail.body(), fail.retry_after)
        }
    };
    let mut response = match serde_json::to_vec(&body) {
        Ok(body) => (status, body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    if let Some(seconds) = retry {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(grant) = grant {
        let granted = match &grant.scopes {
            Some(scopes) => HeaderValue::try_from(scopes.join(",")).ok(),
            None => Some(PERSON.clone()),
        };
        let accepted = match method.map_or(&[][..], |it| it.scopes) {
            [scope] => Some(HeaderValue::from_static(scope)),
            scopes => HeaderValue::try_from(scopes.join(",")).ok(),
        };
        headers.extend(granted.map(|it| (HeaderName::from_static("x-oauth-scopes"), it)));
        headers.extend(accepted.map(|it| (HeaderName::from_static("x-accepted-oauth-scopes"), it)));
    }
    response
}
