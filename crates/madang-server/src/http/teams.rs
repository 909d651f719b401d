//! Teams.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::permission::HouseRight;
use madang_model::{PersonId, SpaceId, TeamId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::house::{Name, TeamAnswer, Teams};

pub fn endpoints() -> Vec<Endpoint> {
    let manage = Policy::House(HouseRight::ManageTeams);
    vec![
        endpoint!(list, __path_list, Policy::House(HouseRight::SeePeople)),
        endpoint!(create, __path_create, manage),
        endpoint!(rename, __path_rename, manage),
        endpoint!(delete, __path_delete, manage),
        endpoint!(join, __path_join, manage),
        endpoint!(leave, __path_leave, manage),
        endpoint!(give_space, __path_give_space, Policy::Team),
        endpoint!(take_space, __path_take_space, Policy::Team),
    ]
}

/// All teams.
#[utoipa::path(get, path = "/api/v1/teams", tag = "teams", responses((status = 200, body = Teams)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Teams>> {
    Ok(Json(Teams { teams: app.teams(caller.person).await?.into_iter().map(Into::into).collect() }))
}

/// Makes a team.
#[utoipa::path(post, path = "/api/v1/teams", tag = "teams", request_body = Name, responses((status = 201, body = TeamAnswer)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<Name>,
) -> Result<(StatusCode, Json<TeamAnswer>)> {
    let team = app.create_team(caller.person, &body.name).await?.into();
    Ok((StatusCode::CREATED, Json(TeamAnswer { team })))
}

/// Gives a team another name.
#[utoipa::path(patch, path = "/api/v1/teams/{id}", tag = "teams", params(("id" = String, Path)), request_body = Name, responses((status = 200, body = TeamAnswer)))]
async fn rename(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<TeamId>,
    Json(body): Json<Name>,
) -> Result<Json<TeamAnswer>> {
    Ok(Json(TeamAnswer { team: app.rename_team(caller.person, id, &body.name).await?.into() }))
}

/// Dissolves a team; its people stay in its spaces.
#[utoipa::path(delete, path = "/api/v1/teams/{id}", tag = "teams", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(app): State<Arc<App>>, caller: Caller, Path(id): Path<TeamId>) -> Result<StatusCode> {
    app.delete_team(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes somebody into a team and its spaces.
#[utoipa::path(put, path = "/api/v1/teams/{id}/members/{person}", tag = "teams", params(("id" = String, Path), ("person" = String, Path)), responses((status = 200, body = TeamAnswer)))]
async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, person)): Path<(TeamId, PersonId)>,
) -> Result<Json<TeamAnswer>> {
    Ok(Json(TeamAnswer { team: app.join_team(caller.person, id, person).await?.into() }))
}

/// Takes somebody out of a team.
#[utoipa::path(delete, path = "/api/v1/teams/{id}/members/{person}", tag = "teams", params(("id" = String, Path), ("person" = String, Path)), responses((status = 200, body = TeamAnswer)))]
async fn leave(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, person)): Path<(TeamId, PersonId)>,
) -> Result<Json<TeamAnswer>> {
    Ok(Json(TeamAnswer { team: app.leave_team(caller.person, id, person).await?.into() }))
}

/// Gives a space to a team: all its people come in. For people of the team and whoever manages teams.
#[utoipa::path(put, path = "/api/v1/teams/{id}/spaces/{space}", tag = "teams", params(("id" = String, Path), ("space" = String, Path)), responses((status = 200, body = TeamAnswer)))]
async fn give_space(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, space)): Path<(TeamId, SpaceId)>,
) -> Result<Json<TeamAnswer>> {
    Ok(Json(TeamAnswer { team: app.give_space(caller.person, id, space).await?.into() }))
}

/// Takes a space from a team. For people of the team and whoever manages teams.
#[utoipa::path(delete, path = "/api/v1/teams/{id}/spaces/{space}", tag = "teams", params(("id" = String, Path), ("space" = String, Path)), responses((status = 200, body = TeamAnswer)))]
async fn take_space(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, space)): Path<(TeamId, SpaceId)>,
) -> Result<Json<TeamAnswer>> {
    Ok(Json(TeamAnswer { team: app.take_space(caller.person, id, space).await?.into() }))
}
