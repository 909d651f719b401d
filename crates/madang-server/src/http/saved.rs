//! Messages kept for later, and reminders of them.

use std::sync::Arc;

use axum::extract::State;
use madang_app::{App, Kept};
use madang_model::permission::Right;
use madang_model::{Seq, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::later::{Save, Saved, SavedItem};
use crate::wire::register::RegisterAnswer;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Oneself),
        endpoint!(save, __path_save, Policy::Space(Right::Follow)),
        endpoint!(unsave, __path_unsave, Policy::Space(Right::Follow)),
    ]
}

/// What one keeps for later, what was saved last first.
#[utoipa::path(get, path = "/api/v1/saved", tag = "later", responses((status = 200, body = Saved)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Saved>> {
    Ok(Json(Saved { items: app.saved(caller.person).await?.into_iter().map(item).collect() }))
}

/// Keeps a message for later, with or without a reminder. Another time takes the place of the one before.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/messages/{seq}/saved", tag = "later", params(("id" = String, Path), ("seq" = i64, Path)), request_body = Save, responses((status = 200, body = RegisterAnswer)))]
async fn save(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
    Json(body): Json<Save>,
) -> Result<Json<RegisterAnswer>> {
    Ok(Json(app.save(caller.person, space, message, body.remind_at).await?.into()))
}

/// Keeps it no longer.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/messages/{seq}/saved", tag = "later", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = RegisterAnswer)))]
async fn unsave(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, message)): Path<(SpaceId, Seq)>,
) -> Result<Json<RegisterAnswer>> {
    Ok(Json(app.unsave(caller.person, space, message).await?.into()))
}

fn item(kept: Kept) -> SavedItem {
    let Kept { record, row } = kept;
    SavedItem {
        space: record.space.to_string(),
        saved_at: record.saved_at,
        remind_at: record.remind_at,
        told_at: record.told_at,
        row,
    }
}
