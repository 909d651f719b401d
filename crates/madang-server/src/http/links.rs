//! Join links: made and ended by whoever may add people, used by anybody.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use madang_app::App;
use madang_model::permission::Right;
use madang_model::refusal::Thing;
use madang_model::{Refusal, SpaceId};

use super::session::signed_in;
use super::setup::device;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::house::{CreateLink, Door, DoorSpace, JoinByLink, Link, LinkAnswer, Links, Me};
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(door, __path_door, Policy::Opening),
        endpoint!(join, __path_join, Policy::Opening),
        endpoint!(confirm, __path_confirm, Policy::Opening),
        endpoint!(list, __path_list, Policy::Space(Right::AddPeople)),
        endpoint!(create, __path_create, Policy::Space(Right::AddPeople)),
        endpoint!(revoke, __path_revoke, Policy::Space(Right::AddPeople)),
    ]
}

/// Where a join link leads.
#[utoipa::path(get, path = "/api/v1/join/{token}", tag = "opening", params(("token" = String, Path)), responses((status = 200, body = Door)))]
async fn door(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Json<Door>> {
    let door = app.door(&token).await?;
    let space = DoorSpace { id: door.space.to_string(), name: door.space_name, members: door.members };
    Ok(Json(Door { workspace: door.workspace, space, inviter: door.inviter }))
}

/// Joins by a link: as a guest with a name, or as the signed-in person.
#[utoipa::path(post, path = "/api/v1/join/{token}", tag = "opening", params(("token" = String, Path)), request_body = JoinByLink, responses((status = 200, body = Me)))]
async fn join(
    State(doors): State<Doors>,
    caller: Option<Caller>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Json(body): Json<JoinByLink>,
) -> Result<Response> {
    if let Some(caller) = caller {
        let space = doors.app.join_by_link(caller.person, &token).await?;
        let me = Person::from(&doors.app.person(caller.person).await?);
        return Ok(Json(Me { me, space: Some(space.to_string()) }).into_response());
    }
    let name = body.name.unwrap_or_default();
    let joined = doors.app.join_as_guest(&token, &name, &body.language, &device(&headers)).await?;
    signed_in(&doors, (joined.0, joined.1), Some(joined.2)).await
}

/// Confirms the address of a guest who makes an account.
#[utoipa::path(post, path = "/api/v1/confirm/{token}", tag = "opening", params(("token" = String, Path)), responses((status = 200, body = Me)))]
async fn confirm(
    State(doors): State<Doors>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let opened = doors.app.confirm(&token, &device(&headers)).await?;
    signed_in(&doors, opened, None).await
}

/// The links into a space.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/links", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = Links)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<Links>> {
    let links = app.links(caller.person, space).await?;
    Ok(Json(Links { links: links.into_iter().map(Into::into).collect() }))
}

/// Makes a link into a space; its address is in this answer only.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/links", tag = "spaces", params(("id" = String, Path)), request_body = CreateLink, responses((status = 201, body = LinkAnswer)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<CreateLink>,
) -> Result<(StatusCode, Json<LinkAnswer>)> {
    let (link, url) = app.create_link(caller.person, space, body.expires_in, body.uses).await?;
    Ok((StatusCode::CREATED, Json(LinkAnswer { link: Link { url: Some(url), ..link.into() } })))
}

/// Ends a link.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/links/{link}", tag = "spaces", params(("id" = String, Path), ("link" = String, Path)), responses((status = 204)))]
async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, link)): Path<(SpaceId, String)>,
) -> Result<StatusCode> {
    let link = link.parse().map_err(|_| Refusal::NotFound(Thing::Link))?;
    app.revoke_link(caller.person, space, link).await?;
    Ok(StatusCode::NO_CONTENT)
}
