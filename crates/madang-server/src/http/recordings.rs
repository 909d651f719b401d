//! Recordings of calls after their end: how far the one video of one is, and giving it up.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::RecordingId;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::recordings::RecordingAnswer;

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(look, __path_look, Policy::File), endpoint!(give_up, __path_give_up, Policy::File)]
}

/// What became of a recording, for whoever reads its space.
#[utoipa::path(get, path = "/api/v1/recordings/{recording}", tag = "calls", params(("recording" = String, Path)), responses((status = 200, body = RecordingAnswer)))]
async fn look(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<RecordingId>,
) -> Result<Json<RecordingAnswer>> {
    Ok(Json(RecordingAnswer { recording: app.recording(caller.person, id).await?.into() }))
}

/// Gives up the one video of a recording; its files stay. For whoever recorded it, and hosts of the space.
#[utoipa::path(delete, path = "/api/v1/recordings/{recording}/film", tag = "calls", params(("recording" = String, Path)), responses((status = 204)))]
async fn give_up(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<RecordingId>,
) -> Result<StatusCode> {
    app.give_up_film(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
