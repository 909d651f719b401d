//! Messages: posting, editing, removing, reacting, pinning.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::{App, NewMessage};
use madang_model::permission::Right;
use madang_model::{Command, Refusal, Seq, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::cards::NewCard;
use crate::wire::messages::{ClientId, EditMessage, EventAnswer, PostMessage, file_ids};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(post, __path_post, Policy::Space(Right::Post)).for_visitors(),
        endpoint!(edit, __path_edit, Policy::Message(Right::Post, None)).for_visitors(),
        endpoint!(remove, __path_remove, Policy::Message(Right::Post, Some(Right::Moderate))).for_visitors(),
        endpoint!(react, __path_react, Policy::Space(Right::React)).for_visitors(),
        endpoint!(unreact, __path_unreact, Policy::Space(Right::React)).for_visitors(),
        endpoint!(pin, __path_pin, Policy::Space(Right::Pin)),
        endpoint!(unpin, __path_unpin, Policy::Space(Right::Pin)),
    ]
}

/// Posts a message. The answer means that it is kept for good.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/messages", tag = "messages", params(("id" = String, Path)), request_body = PostMessage, responses((status = 201, body = EventAnswer)))]
async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<PostMessage>,
) -> Result<(StatusCode, Json<EventAnswer>)> {
    let files = file_ids(&body.files)?;
    let forward = match body.forward {
        Some(from) => {
            let space =
                from.space.parse().map_err(|_| Refusal::NotFound(madang_model::refusal::Thing::Message))?;
            Some((space, from.seq))
        }
        None => None,
    };
    let new = NewMessage {
        app: None,
        client_id: body.client_id,
        text: body.text,
        thread: body.thread,
        also: body.also,
        files,
        forward,
        card: body.card.map(NewCard::read).transpose()?,
        note: body.note,
    };
    let event = app.post(caller.person, space, new).await?;
    Ok((StatusCode::CREATED, Json(Some(event).into())))
}

/// Gives a message another text. Only its author can.
#[utoipa::path(patch, path = "/api/v1/spaces/{id}/messages/{seq}", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path)), request_body = EditMessage, responses((status = 200, body = EventAnswer)))]
async fn edit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Json(body): Json<EditMessage>,
) -> Result<Json<EventAnswer>> {
    let command = Command::EditMessage { message, text: body.text, app: None };
    run(&app, caller, space, body.client_id, command).await
}

/// Takes a message away; its place in the history stays.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/messages/{seq}", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::RemoveMessage { message }).await
}

/// Adds a reaction: an emoji, or the name of one.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/reactions/{emoji}", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ("emoji" = String, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn react(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message, emoji)): Path<(SpaceId, Seq, String)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::AddReaction { message, emoji }).await
}

/// Takes one's reaction back.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/messages/{seq}/reactions/{emoji}", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ("emoji" = String, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn unreact(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message, emoji)): Path<(SpaceId, Seq, String)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::RemoveReaction { message, emoji }).await
}

/// Pins a message to the top of the space.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/pin", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn pin(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::PinMessage { message }).await
}

/// Unpins it.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/messages/{seq}/pin", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path), ClientId), responses((status = 200, body = EventAnswer)))]
async fn unpin(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Query(query): Query<ClientId>,
) -> Result<Json<EventAnswer>> {
    run(&app, caller, space, query.client_id, Command::UnpinMessage { message }).await
}

/// Runs a command on one space; the answer is the event that came of it, if one did.
pub(super) async fn run(
    app: &Arc<App>,
    caller: Caller,
    space: SpaceId,
    client_id: Option<String>,
    command: Command,
) -> Result<Json<EventAnswer>> {
    Ok(Json(app.run(caller.person, space, client_id, command).await?.into()))
}
