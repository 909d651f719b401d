//! Invitations: shown and accepted by whoever has the link; listed, sent again
//! and taken back by whoever invited.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use madang_app::App;
use madang_model::Refusal;
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;

use super::session::signed_in;
use super::setup::device;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::house::{Accept, InvitationAnswer, Invitations, Me, Named, Offer};
use crate::wire::person::Person;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(offer, __path_offer, Policy::Opening),
        endpoint!(accept, __path_accept, Policy::Opening),
        endpoint!(list, __path_list, Policy::House(HouseRight::InviteGuest)),
        endpoint!(revoke, __path_revoke, Policy::House(HouseRight::InviteGuest)),
        endpoint!(again, __path_again, Policy::House(HouseRight::InviteGuest)),
    ]
}

/// What an invitation is to.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "opening", params(("token" = String, Path)), responses((status = 200, body = Offer)))]
async fn offer(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Json<Offer>> {
    let offer = app.offer(&token).await?;
    Ok(Json(Offer {
        workspace: offer.workspace,
        email: offer.email,
        inviter: offer.inviter,
        space: offer.space.map(|name| Named { name }),
        role: offer.role.as_str(),
        account: offer.has_account,
    }))
}

/// Accepts an invitation, as a new person or as the signed-in one it is for.
#[utoipa::path(post, path = "/api/v1/invitations/{token}", tag = "opening", params(("token" = String, Path)), request_body = Accept, responses((status = 200, body = Me)))]
async fn accept(
    State(doors): State<Doors>,
    caller: Option<Caller>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Accept>,
) -> Result<Response> {
    let (Some(name), Some(password)) = (body.name, body.password) else {
        let caller = caller.ok_or(Refusal::NotSignedIn)?;
        let space = doors.app.accept(caller.person, &token).await?.map(|id| id.to_string());
        let me = Person::from(&doors.app.person(caller.person).await?);
        return Ok(Json(Me { me, space }).into_response());
    };
    let accepted =
        doors.app.accept_as_new(&token, &name, password, &body.language, &device(&headers)).await?;
    signed_in(&doors, (accepted.0, accepted.1), accepted.2).await
}

/// Open invitations: one's own, or all for who manages people.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "people", responses((status = 200, body = Invitations)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Invitations>> {
    let open = app.invitations(caller.person).await?;
    Ok(Json(Invitations { invitations: open.into_iter().map(Into::into).collect() }))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/api/v1/invitations/{token}", tag = "people", params(("token" = String, Path)), responses((status = 204)))]
async fn revoke(State(app): State<Arc<App>>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode> {
    app.revoke_invitation(caller.person, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends an invitation again, with a new link.
#[utoipa::path(post, path = "/api/v1/invitations/{token}/again", tag = "people", params(("token" = String, Path)), responses((status = 200, body = InvitationAnswer)))]
async fn again(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<InvitationAnswer>> {
    let invitation = app.invite_again(caller.person, number(&id)?).await?;
    Ok(Json(InvitationAnswer { invitation: invitation.into() }))
}

fn number(id: &str) -> Result<i64, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound(Thing::Invitation))
}
