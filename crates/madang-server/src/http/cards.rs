//! What people answer to cards: votes, items of checklists, confirmations.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::permission::Right;
use madang_model::refusal::Thing;
use madang_model::{Command, PersonId, Refusal, Seq, SpaceId};

use super::messages::run;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::cards::{Assign, Vote};
use crate::wire::messages::{ClientId, EventAnswer};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(vote, __path_vote, Policy::Space(Right::React)),
        endpoint!(close, __path_close, Policy::Message(Right::Post, Some(Right::Moderate))),
        endpoint!(check, __path_check, Policy::Space(Right::React)),
        endpoint!(uncheck, __path_uncheck, Policy::Space(Right::React)),
        endpoint!(assign, __path_assign, Policy::Space(Right::React)),
        endpoint!(confirm, __path_confirm, Policy::Space(Right::React)),
    ]
}

/// Votes in a poll, in place of one's last vote; no options take it back. Of an anonymous poll the event says how many
/// chose what, and the register `vote/<space>/<seq>` tells one's own devices what one chose.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/vote", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path)), request_body = Vote, responses((status = 200, body = EventAnswer)))]
async fn vote(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Json(body): Json<Vote>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, body.client_id, Command::Vote { message, options: body.options }).await
}

/// Ends a poll. Its author can, and whoever moderates the space.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/closed", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn close(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::ClosePoll { message }).await
}

/// An item of a checklist is done. Items are counted from 0.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/items/{item}/done", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ("item" = u16, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn check(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message, item)): Path<(SpaceId, Seq, u16)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::CheckItem { message, item, done: true }).await
}

/// It is not done after all.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/messages/{seq}/items/{item}/done", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ("item" = u16, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn uncheck(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message, item)): Path<(SpaceId, Seq, u16)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::CheckItem { message, item, done: false }).await
}

/// Says whose an item is: somebody's of the space, or nobody's.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/items/{item}/assignee", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ("item" = u16, Path)), request_body = Assign, responses((status = 200, body = EventAnswer)))]
async fn assign(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message, item)): Path<(SpaceId, Seq, u16)>,
    Json(body): Json<Assign>,
) -> Result<Json<EventAnswer>> {
    let person: Option<PersonId> =
        body.person.as_deref().map(str::parse).transpose().map_err(|_| Refusal::NotFound(Thing::Person))?;
    run(&app, caller, space, body.client_id, Command::AssignItem { message, item, person }).await
}

/// Confirms that one has read a message which asks for it.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/confirmed", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn confirm(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::ConfirmMessage { message }).await
}
