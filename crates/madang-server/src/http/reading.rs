//! Read marks, involvement, drafts: the registers of a person and what others
//! may see of them.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::permission::Right;
use madang_model::register::Involvement;
use madang_model::{Refusal, Seq, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::messages::{Markers, Reader, Readers, Reminded};
use crate::wire::register::{After, RegisterAnswer, Registers, SetDraft, SetLevel, SetRead};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(markers, __path_markers, Policy::Space(Right::Read)).for_visitors(),
        endpoint!(readers, __path_readers, Policy::Space(Right::Read)),
        endpoint!(remind, __path_remind, Policy::Message(Right::Post, Some(Right::Moderate))),
        endpoint!(read, __path_read, Policy::Space(Right::Follow)).for_visitors(),
        endpoint!(unread, __path_unread, Policy::Space(Right::Follow)),
        endpoint!(involve, __path_involve, Policy::Space(Right::Follow)),
        endpoint!(draft, __path_draft, Policy::Space(Right::Follow)).for_visitors(),
        endpoint!(registers, __path_registers, Policy::Oneself),
    ]
}

/// Every member's read marker.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/markers", tag = "reading", params(("id" = String, Path)), responses((status = 200, body = Markers)))]
async fn markers(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<Markers>> {
    let markers = app.markers(caller.person, space).await?;
    Ok(Json(Markers {
        markers: markers.into_iter().map(|(person, seq)| (person.to_string(), seq)).collect(),
    }))
}

/// Who has read a message, and who has not.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/messages/{seq}/readers", tag = "reading", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = Readers)))]
async fn readers(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq)): Path<(SpaceId, Seq)>,
) -> Result<Json<Readers>> {
    let (read, unread): (Vec<_>, Vec<_>) =
        app.readers(caller.person, space, seq).await?.into_iter().partition(|it| it.read);
    Ok(Json(Readers {
        read: read.into_iter().map(|it| Reader { person: it.person.to_string(), at: it.at }).collect(),
        unread: unread.into_iter().map(|it| it.person.to_string()).collect(),
    }))
}

/// Asks everybody who has not read the message to read it.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/messages/{seq}/remind", tag = "reading", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = Reminded)))]
async fn remind(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq)): Path<(SpaceId, Seq)>,
) -> Result<Json<Reminded>> {
    let (event, people) = app.remind(caller.person, space, seq).await?;
    Ok(Json(Reminded { event, people }))
}

/// Moves one's read marker forward.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/read", tag = "reading", params(("id" = String, Path)), request_body = SetRead, responses((status = 200, body = RegisterAnswer)))]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<SetRead>,
) -> Result<Json<RegisterAnswer>> {
    Ok(Json(app.read_to(caller.person, space, body.seq).await?.into()))
}

/// Makes everything from a message on unread again.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/unread", tag = "reading", params(("id" = String, Path)), request_body = SetRead, responses((status = 200, body = RegisterAnswer)))]
async fn unread(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<SetRead>,
) -> Result<Json<RegisterAnswer>> {
    Ok(Json(app.unread_from(caller.person, space, body.seq).await?.into()))
}

/// Sets how much one wants to hear of a space.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/involvement", tag = "reading", params(("id" = String, Path)), request_body = SetLevel, responses((status = 200, body = RegisterAnswer)))]
async fn involve(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<SetLevel>,
) -> Result<Json<RegisterAnswer>> {
    let level = Involvement::parse(&body.level).ok_or_else(|| Refusal::Invalid {
        what: "level",
        why: "it is nothing, mentions or everything".into(),
    })?;
    Ok(Json(app.involve(caller.person, space, level).await?.into()))
}

/// Keeps an unsent text for one's other devices.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/draft", tag = "reading", params(("id" = String, Path)), request_body = SetDraft, responses((status = 200, body = RegisterAnswer)))]
async fn draft(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<SetDraft>,
) -> Result<Json<RegisterAnswer>> {
    Ok(Json(app.keep_draft(caller.person, space, body.thread, body.text, body.at).await?.into()))
}

/// One's registers that changed after a `rev`.
#[utoipa::path(get, path = "/api/v1/registers", tag = "reading", params(After), responses((status = 200, body = Registers)))]
async fn registers(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<After>,
) -> Result<Json<Registers>> {
    let (rev, registers) = app.registers(caller.person, query.after).await?;
    Ok(Json(Registers { rev, registers: registers.into_iter().map(Into::into).collect() }))
}
