//! Messages that wait for their time. What waits stands in the registers `scheduled/…`.

use std::sync::Arc;

use axum::extract::State;
use madang_app::{App, Later};
use madang_model::Refusal;
use madang_model::refusal::Thing;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::later::Schedule;
use crate::wire::messages::{EventAnswer, file_ids};
use crate::wire::register::RegisterAnswer;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(put, __path_put, Policy::Oneself),
        endpoint!(remove, __path_remove, Policy::Oneself),
        endpoint!(send, __path_send, Policy::Oneself),
    ]
}

/// Keeps a message until its time, or changes one that waits. The id is made by the client and becomes the message's
/// client id, so that it is sent once whatever is repeated; one that was sent is not kept again (its register is null).
#[utoipa::path(put, path = "/api/v1/scheduled/{id}", tag = "later", params(("id" = String, Path)), request_body = Schedule, responses((status = 200, body = RegisterAnswer)))]
async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Schedule>,
) -> Result<Json<RegisterAnswer>> {
    let space = body.space.parse().map_err(|_| Refusal::NotFound(Thing::Space))?;
    let files = file_ids(&body.files)?;
    let Schedule { text, thread, also, at, .. } = body;
    let later = Later { space, text, thread, also, files, app: None, at };
    Ok(Json(app.schedule(caller.person, id, later).await?.into()))
}

/// It is not to be sent.
#[utoipa::path(delete, path = "/api/v1/scheduled/{id}", tag = "later", params(("id" = String, Path)), responses((status = 200, body = RegisterAnswer)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RegisterAnswer>> {
    Ok(Json(app.unschedule(caller.person, id).await?.into()))
}

/// Sends it at once. Refused, it stays as it is.
#[utoipa::path(post, path = "/api/v1/scheduled/{id}/send", tag = "later", params(("id" = String, Path)), responses((status = 200, body = EventAnswer)))]
async fn send(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EventAnswer>> {
    Ok(Json(Some(app.send_scheduled(caller.person, id).await?).into()))
}
