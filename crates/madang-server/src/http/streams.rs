//! Tokens for programs that send to the calls of a space (OBS) or show them (a display on a wall).

use axum::extract::State;
use axum::http::StatusCode;
use madang_model::permission::Right;
use madang_model::{SessionId, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::streams::{CreateStream, StreamCreated, Streams};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Space(Right::Call)),
        endpoint!(create, __path_create, Policy::Space(Right::Call)),
        endpoint!(revoke, __path_revoke, Policy::Space(Right::Call)),
    ]
}

/// One's programs in a space, without their secrets.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/streams", tag = "calls", params(("id" = String, Path)), responses((status = 200, body = Streams)))]
async fn list(
    State(doors): State<Doors>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<Streams>> {
    let streams = doors.app.my_streams(caller.person, space).await?;
    Ok(Json(Streams { streams: streams.into_iter().map(Into::into).collect() }))
}

/// Makes a token for a program; its secret is in this answer only.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/streams", tag = "calls", params(("id" = String, Path)), request_body = CreateStream, responses((status = 201, body = StreamCreated)))]
async fn create(
    State(doors): State<Doors>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<CreateStream>,
) -> Result<(StatusCode, Json<StreamCreated>)> {
    let (id, token) = doors.app.make_stream(caller.person, space, body.shows, body.name).await?;
    let house = doors.app.config.public_url.trim_end_matches('/');
    let url = format!("{house}/api/v1/{}", if body.shows { "whep" } else { "whip" });
    Ok((StatusCode::CREATED, Json(StreamCreated { id: id.to_string(), url, token })))
}

/// Ends a token; its program is out of the call at once.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/streams/{stream}", tag = "calls", params(("id" = String, Path), ("stream" = String, Path)), responses((status = 204)))]
async fn revoke(
    State(doors): State<Doors>,
    caller: Caller,
    Path((space, stream)): Path<(SpaceId, SessionId)>,
) -> Result<StatusCode> {
    doors.app.end_stream(caller.person, space, stream).await?;
    Ok(StatusCode::NO_CONTENT)
}
