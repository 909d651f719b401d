//! Tokens for programs that act as oneself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::{Refusal, SessionId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::house::{CreateToken, Token, TokenCreated, Tokens};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Oneself),
        endpoint!(create, __path_create, Policy::Oneself),
        endpoint!(revoke, __path_revoke, Policy::Oneself),
    ]
}

/// One's tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "me", responses((status = 200, body = Tokens)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Tokens>> {
    let tokens = app.my_tokens(caller.person).await?;
    let grants = app.my_grants(caller.person).await?;
    let shown = |it: madang_store::sessions::SessionRecord| {
        let grant = grants.iter().find(|grant| grant.session == it.id);
        Token {
            id: it.id.to_string(),
            label: it.label,
            kind: match grant.map(|it| it.kind.as_str()) {
                None => "native",
                Some("agent") => "agent",
                Some(_) => "app",
            },
            scopes: grant.map(|it| it.scopes.clone()).filter(|it| *it != ["*"]),
            created_at: it.created_at,
            seen_at: it.seen_at,
        }
    };
    Ok(Json(Tokens { tokens: tokens.into_iter().map(shown).collect() }))
}

/// Makes a token; its secret is in this answer only.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "me", request_body = CreateToken, responses((status = 201, body = TokenCreated)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<CreateToken>,
) -> Result<(StatusCode, Json<TokenCreated>)> {
    let (id, token) = match body.kind.as_deref() {
        None | Some("native") => app.create_token(caller.person, body.label).await?,
        Some("agent") => app.create_agent_token(caller.person, body.label, body.scopes).await?,
        Some(_) => {
            return Err(Refusal::Invalid { what: "kind", why: "it is native or agent".into() }.into());
        }
    };
    Ok((StatusCode::CREATED, Json(TokenCreated { id: id.to_string(), token })))
}

/// Ends a token.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "me", params(("id" = String, Path)), responses((status = 204)))]
async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SessionId>,
) -> Result<StatusCode> {
    app.end_session(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
