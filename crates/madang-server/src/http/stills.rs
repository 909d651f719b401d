//! Pictures that stand still before an agent and a visitor (docs/protocol/desks.md): held while they are drawn on, kept
//! nowhere. What is drawn goes over the socket.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use madang_model::{Refusal, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Doors, Endpoint, Policy};
use crate::socket::Of;
use crate::wire::cobrowse::{HoldStill, StillAnswer};
use madang_model::permission::Right;

/// Bytes of one picture: a frame of 1080 lines in good quality has a third of it.
const PICTURE: usize = 2 << 20;

pub fn endpoints() -> Vec<Endpoint> {
    let hold = endpoint!(hold, __path_hold, Policy::Space(Right::Serve));
    vec![
        hold.layered(|route| route.layer(DefaultBodyLimit::max(PICTURE))),
        endpoint!(go_on, __path_go_on, Policy::Space(Right::Serve)),
        endpoint!(still, __path_still, Policy::Visit).for_visitors(),
        endpoint!(enough, __path_enough, Policy::Visit).for_visitors(),
    ]
}

/// Holds a picture still before the visitor: a frame of what they show, which needs their consent, or a picture from the
/// conversation. It takes the place of an earlier one.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/still", tag = "tickets", params(("id" = String, Path), HoldStill), request_body(content = Vec<u8>, content_type = "image/jpeg"), responses((status = 201, body = StillAnswer), (status = 409, body = crate::error::ErrorBody)))]
async fn hold(
    State(doors): State<Doors>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Query(query): Query<HoldStill>,
    body: Bytes,
) -> Result<(StatusCode, Json<StillAnswer>)> {
    let of = Of::parse(query.of.as_deref().unwrap_or("picture"))
        .ok_or_else(|| Refusal::Invalid { what: "of", why: "it is camera, screen or picture".into() })?;
    let still = doors.hub.hold_still(caller.person, space, of, body).await?;
    Ok((StatusCode::CREATED, Json(StillAnswer { still })))
}

/// Goes on: the picture is gone.
#[utoipa::path(delete, path = "/api/v1/tickets/{id}/still", tag = "tickets", params(("id" = String, Path)), responses((status = 204)))]
async fn go_on(State(doors): State<Doors>, caller: Caller, Path(space): Path<SpaceId>) -> Result<StatusCode> {
    doors.hub.let_go_on(caller.person, space).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The picture that stands still before the visitor.
#[utoipa::path(get, path = "/api/v1/visit/stills/{id}", tag = "visits", params(("id" = String, Path)), responses((status = 200, content_type = "image/jpeg"), (status = 404, body = crate::error::ErrorBody)))]
async fn still(
    State(doors): State<Doors>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let (kind, picture) = doors.hub.still_of(caller.person, &id)?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, picture))
}

/// The visitor has seen enough: the picture is gone.
#[utoipa::path(delete, path = "/api/v1/visit/still", tag = "visits", responses((status = 204)))]
async fn enough(State(doors): State<Doors>, caller: Caller) -> Result<StatusCode> {
    // Who is no visitor has none.
    doors.app.visit(caller.person).await?;
    doors.hub.go_on(caller.person);
    Ok(StatusCode::NO_CONTENT)
}
