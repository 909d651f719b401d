//! Spaces: listing, making, changing, ending them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::{App, NewSpace, Summary};
use madang_model::event::Picture;
use madang_model::permission::{HouseRight, Right};
use madang_model::space::SpaceKind;
use madang_model::{Command, Event, FileId, PersonId, Refusal, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::messages::EventAnswer;
use crate::wire::space::{ChangeSpace, CreateSpace, ListSpaces, Space, SpaceAnswer, Spaces, StartDirect};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Oneself),
        endpoint!(create, __path_create, Policy::House(HouseRight::CreateSpace)),
        endpoint!(direct, __path_direct, Policy::House(HouseRight::StartDirect)),
        endpoint!(show, __path_show, Policy::Space(Right::Read)),
        endpoint!(change, __path_change, Policy::Space(Right::Change)),
        endpoint!(archive, __path_archive, Policy::Space(Right::Archive)),
        endpoint!(unarchive, __path_unarchive, Policy::Space(Right::Archive)),
        endpoint!(delete, __path_delete, Policy::Space(Right::Delete)),
        endpoint!(restore, __path_restore, Policy::Space(Right::Restore)),
        endpoint!(join, __path_join, Policy::Space(Right::Join)),
        endpoint!(leave, __path_leave, Policy::Space(Right::Leave)),
    ]
}

/// Lists one's own spaces, or with `browse=1` the open ones one could join.
#[utoipa::path(get, path = "/api/v1/spaces", tag = "spaces", params(ListSpaces), responses((status = 200, body = Spaces)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListSpaces>,
) -> Result<Json<Spaces>> {
    let after = query.cursor.as_deref().map(cursor).transpose()?;
    let limit = query.limit.unwrap_or(100).clamp(1, 200);
    let found = match query.browse {
        Some(1) => app.open_spaces(caller.person, after, limit).await?,
        _ => app.my_spaces(caller.person, after, limit).await?,
    };
    let next_cursor =
        (found.len() as i64 == limit).then(|| found.last().map(|it| it.space.facts.id.to_string())).flatten();
    let spaces = found.iter().map(|summary| Space::new(summary, app.epoch())).collect();
    Ok(Json(Spaces { spaces, next_cursor }))
}

/// Makes an open or closed space; the caller is its host.
#[utoipa::path(post, path = "/api/v1/spaces", tag = "spaces", request_body = CreateSpace, responses((status = 201, body = SpaceAnswer)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<CreateSpace>,
) -> Result<(StatusCode, Json<SpaceAnswer>)> {
    let kind = SpaceKind::parse(&body.kind)
        .ok_or_else(|| Refusal::Invalid { what: "kind", why: "it is open or closed".into() })?;
    let team = body
        .team
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| Refusal::NotFound(madang_model::refusal::Thing::Team))?;
    let new =
        NewSpace { client_id: body.client_id, name: body.name, kind, description: body.description, team };
    let summary = app.create_space(caller.person, new).await?;
    Ok((StatusCode::CREATED, answer(&app, &summary, None)))
}

/// The direct space of the caller and these people, begun if there is none.
#[utoipa::path(post, path = "/api/v1/directs", tag = "spaces", request_body = StartDirect, responses((status = 200, body = SpaceAnswer)))]
async fn direct(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<StartDirect>,
) -> Result<Json<SpaceAnswer>> {
    let mut people: Vec<PersonId> = Vec::with_capacity(body.people.len());
    for named in &body.people {
        people.push(app.person_named(caller.person, named).await?);
    }
    let summary = app.direct(caller.person, people).await?;
    Ok(answer(&app, &summary, None))
}

/// One space.
#[utoipa::path(get, path = "/api/v1/spaces/{id}", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = SpaceAnswer)))]
async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
) -> Result<Json<SpaceAnswer>> {
    let summary = app.space(caller.person, id).await?;
    Ok(answer(&app, &summary, None))
}

/// Changes name, description or picture.
#[utoipa::path(patch, path = "/api/v1/spaces/{id}", tag = "spaces", params(("id" = String, Path)), request_body = ChangeSpace, responses((status = 200, body = SpaceAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
    Json(body): Json<ChangeSpace>,
) -> Result<Json<SpaceAnswer>> {
    let picture = match body.picture {
        None => None,
        Some(None) => Some(Picture { file: None }),
        Some(Some(file)) => {
            let file: FileId = file.parse().map_err(|_| Refusal::FileNotUsable)?;
            Some(Picture { file: Some(file) })
        }
    };
    let command = Command::ChangeSpace { name: body.name, description: body.description, picture };
    run(&app, caller, id, command).await
}

/// Puts the space away: it can be read and not written.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/archive", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = SpaceAnswer)))]
async fn archive(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
) -> Result<Json<SpaceAnswer>> {
    run(&app, caller, id, Command::ArchiveSpace).await
}

/// Takes it out again.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/unarchive", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = SpaceAnswer)))]
async fn unarchive(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
) -> Result<Json<SpaceAnswer>> {
    run(&app, caller, id, Command::UnarchiveSpace).await
}

/// Deletes the space. It can be restored for seven days.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = SpaceAnswer)))]
async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
) -> Result<Json<SpaceAnswer>> {
    run(&app, caller, id, Command::DeleteSpace).await
}

/// Brings a deleted space back.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/restore", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = SpaceAnswer)))]
async fn restore(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
) -> Result<Json<SpaceAnswer>> {
    run(&app, caller, id, Command::RestoreSpace).await
}

/// Joins an open space.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/join", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = SpaceAnswer)))]
async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
) -> Result<Json<SpaceAnswer>> {
    run(&app, caller, id, Command::JoinSpace).await
}

/// Leaves the space.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/leave", tag = "spaces", params(("id" = String, Path)), responses((status = 200, body = EventAnswer)))]
async fn leave(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<SpaceId>,
) -> Result<Json<EventAnswer>> {
    Ok(Json(app.run(caller.person, id, None, Command::LeaveSpace).await?.into()))
}

async fn run(app: &Arc<App>, caller: Caller, id: SpaceId, command: Command) -> Result<Json<SpaceAnswer>> {
    let (summary, event) = app.change_space(caller.person, id, command).await?;
    Ok(answer(app, &summary, event))
}

fn answer(app: &App, summary: &Summary, event: Option<Arc<Event>>) -> Json<SpaceAnswer> {
    Json(SpaceAnswer { space: Space::new(summary, app.epoch()), event })
}

fn cursor(text: &str) -> Result<SpaceId, Refusal> {
    text.parse()
        .map_err(|_| Refusal::Invalid { what: "cursor", why: "use next_cursor of the last answer".into() })
}
