//! Desks: made and staffed by whoever manages them.

use axum::extract::State;
use axum::http::StatusCode;
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;
use madang_model::{DeskId, Refusal};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::desks::{Blocks, Desk, DeskAnswer, DeskSecret, Desks, SetDesk, StaffDesk};

pub fn endpoints() -> Vec<Endpoint> {
    let manage = Policy::House(HouseRight::ManageDesks);
    vec![
        endpoint!(list, __path_list, Policy::House(HouseRight::BeAgent)),
        endpoint!(create, __path_create, manage),
        endpoint!(one, __path_one, Policy::Desk),
        endpoint!(change, __path_change, manage),
        endpoint!(end, __path_end, manage),
        endpoint!(staff, __path_staff, manage),
        endpoint!(make_secret, __path_make_secret, manage),
        endpoint!(end_secret, __path_end_secret, manage),
        endpoint!(blocks, __path_blocks, manage),
        endpoint!(unblock, __path_unblock, manage),
    ]
}

/// The desks at which one stands; all of them for whoever manages desks.
#[utoipa::path(get, path = "/api/v1/desks", tag = "desks", responses((status = 200, body = Desks)))]
async fn list(State(doors): State<Doors>, caller: Caller) -> Result<Json<Desks>> {
    let desks = doors.app.desks(caller.person).await?;
    let desks = desks.into_iter().map(|it| Desk::new(it, &doors.app.config.public_url)).collect();
    Ok(Json(Desks { desks }))
}

/// Makes a desk. Nobody stands at it yet.
#[utoipa::path(post, path = "/api/v1/desks", tag = "desks", request_body = SetDesk, responses((status = 201, body = DeskAnswer)))]
async fn create(
    State(doors): State<Doors>,
    caller: Caller,
    Json(body): Json<SetDesk>,
) -> Result<(StatusCode, Json<DeskAnswer>)> {
    let desk = doors.app.create_desk(caller.person, body.settings).await?;
    Ok((StatusCode::CREATED, Json(DeskAnswer { desk: Desk::new(desk, &doors.app.config.public_url) })))
}

/// One desk, for whoever stands at it or manages desks.
#[utoipa::path(get, path = "/api/v1/desks/{id}", tag = "desks", params(("id" = String, Path)), responses((status = 200, body = DeskAnswer)))]
async fn one(State(doors): State<Doors>, caller: Caller, Path(id): Path<DeskId>) -> Result<Json<DeskAnswer>> {
    let desk = doors.app.desk(caller.person, id).await?;
    Ok(Json(DeskAnswer { desk: Desk::new(desk, &doors.app.config.public_url) }))
}

/// Changes what a desk is.
#[utoipa::path(put, path = "/api/v1/desks/{id}", tag = "desks", params(("id" = String, Path)), request_body = SetDesk, responses((status = 200, body = DeskAnswer)))]
async fn change(
    State(doors): State<Doors>,
    caller: Caller,
    Path(id): Path<DeskId>,
    Json(body): Json<SetDesk>,
) -> Result<Json<DeskAnswer>> {
    let desk = doors.app.change_desk(caller.person, id, body.settings).await?;
    Ok(Json(DeskAnswer { desk: Desk::new(desk, &doors.app.config.public_url) }))
}

/// Ends a desk: it takes no visitors any more.
#[utoipa::path(delete, path = "/api/v1/desks/{id}", tag = "desks", params(("id" = String, Path)), responses((status = 204)))]
async fn end(State(doors): State<Doors>, caller: Caller, Path(id): Path<DeskId>) -> Result<StatusCode> {
    doors.app.end_desk(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says anew who stands at a desk.
#[utoipa::path(put, path = "/api/v1/desks/{id}/agents", tag = "desks", params(("id" = String, Path)), request_body = StaffDesk, responses((status = 200, body = DeskAnswer)))]
async fn staff(
    State(doors): State<Doors>,
    caller: Caller,
    Path(id): Path<DeskId>,
    Json(body): Json<StaffDesk>,
) -> Result<Json<DeskAnswer>> {
    let (agents, teams) = body.read()?;
    let desk = doors.app.staff_desk(caller.person, id, agents, teams).await?;
    Ok(Json(DeskAnswer { desk: Desk::new(desk, &doors.app.config.public_url) }))
}

/// Makes the secret by which sites say who is signed in there, in place of the one before. It is shown this once.
#[utoipa::path(post, path = "/api/v1/desks/{id}/secret", tag = "desks", params(("id" = String, Path)), responses((status = 200, body = DeskSecret)))]
async fn make_secret(
    State(doors): State<Doors>,
    caller: Caller,
    Path(id): Path<DeskId>,
) -> Result<Json<DeskSecret>> {
    Ok(Json(DeskSecret { secret: doors.app.make_desk_secret(caller.person, id).await? }))
}

/// What sites say counts no more at this desk.
#[utoipa::path(delete, path = "/api/v1/desks/{id}/secret", tag = "desks", params(("id" = String, Path)), responses((status = 204)))]
async fn end_secret(
    State(doors): State<Doors>,
    caller: Caller,
    Path(id): Path<DeskId>,
) -> Result<StatusCode> {
    doors.app.end_desk_secret(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is kept out of all desks.
#[utoipa::path(get, path = "/api/v1/desks/blocks", tag = "desks", responses((status = 200, body = Blocks)))]
async fn blocks(State(doors): State<Doors>, caller: Caller) -> Result<Json<Blocks>> {
    let blocks = doors.app.blocks(caller.person).await?.into_iter().map(Into::into).collect();
    Ok(Json(Blocks { blocks }))
}

/// Lets somebody in again.
#[utoipa::path(delete, path = "/api/v1/desks/blocks/{block}", tag = "desks", params(("block" = String, Path)), responses((status = 204)))]
async fn unblock(
    State(doors): State<Doors>,
    caller: Caller,
    Path(block): Path<String>,
) -> Result<StatusCode> {
    let block = block.parse().map_err(|_| Refusal::NotFound(Thing::Person))?;
    doors.app.unblock(caller.person, block).await?;
    Ok(StatusCode::NO_CONTENT)
}
