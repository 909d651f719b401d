//! Where a space stands, for whoever comes new or comes back.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::SpaceId;
use madang_model::permission::Right;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::messages::SpaceFile;
use crate::wire::standing::{Awaited, Standing};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(stands, __path_stands, Policy::Space(Right::Read))]
}

/// What is pinned, asked and not answered, decided, awaited of somebody, left to do, and the newest files: facts of the
/// log of the last 14 days, among its newest 512 numbers.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/standing", tag = "history", params(("id" = String, Path)), responses((status = 200, body = Standing)))]
async fn stands(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<Standing>> {
    let stands = app.stands(caller.person, space).await?;
    let files = stands.files.into_iter().map(|it| SpaceFile {
        seq: it.message.unwrap_or(0),
        author: it.uploader.to_string(),
        at: it.created_at,
        file: it.file,
    });
    let awaited = stands.standing.awaited.into_iter();
    Ok(Json(Standing {
        pinned: stands.pinned,
        questions: stands.standing.questions,
        awaited: awaited.map(|(person, message)| Awaited { person: person.to_string(), message }).collect(),
        decisions: stands.standing.decisions,
        open: stands.standing.open,
        files: files.collect(),
        rows: stands.rows,
    }))
}
