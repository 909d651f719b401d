//! What the links of a message lead to. Nobody asks about an address: only about a message that they may read.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use madang_app::{App, small_type};
use madang_model::permission::Right;
use madang_model::{Seq, SpaceId};

use super::files::SANDBOX;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::messages::{ClientId, EventAnswer};
use crate::wire::previews::Previews;

/// Asked for again a day later: what a site shows changes.
const CACHE: &str = "private, max-age=86400";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::Space(Right::Read)),
        // As with every file: whoever may read its message.
        endpoint!(picture, __path_picture, Policy::File),
        endpoint!(remove, __path_remove, Policy::Message(Right::Post, None)),
    ]
}

/// What the first three links of a message lead to. The server asks the sites, once for all readers; what has not
/// answered within four seconds is `pending`.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/messages/{seq}/previews", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = Previews)))]
async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq)): Path<(SpaceId, Seq)>,
) -> Result<Json<Previews>> {
    Ok(Json(app.previews(caller.person, space, seq).await?.into()))
}

/// The picture of one of them, made small and encoded anew by the server.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/messages/{seq}/previews/{key}", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ("key" = String, Path)), responses((status = 200, description = "A JPEG or PNG picture"), (status = 404, body = crate::error::ErrorBody)))]
async fn picture(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq, key)): Path<(SpaceId, Seq, String)>,
) -> Result<Response> {
    let made = app.preview_picture(caller.person, space, seq, key).await?;
    let headers = [
        (header::CONTENT_TYPE, small_type(&made)),
        (header::CACHE_CONTROL, CACHE),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, made).into_response())
}

/// Takes one of them away from one's own message, for everybody: the link is written in `<…>` from here on.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/messages/{seq}/previews/{key}", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ("key" = String, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message, key)): Path<(SpaceId, Seq, String)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    Ok(Json(app.remove_preview(caller.person, space, message, key, query.client_id).await?.into()))
}
