//! Messages in the reader's language.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::permission::Right;
use madang_model::{Seq, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::translation::{Translate, Translation};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(translate, __path_translate, Policy::Space(Right::Read))]
}

/// What a message says in another language. Its text is sent to the service that the administrator named, and kept
/// nowhere; without one the answer is `no_translation`.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/messages/{seq}/translation", tag = "messages", params(("id" = String, Path), ("seq" = i64, Path)), request_body = Translate, responses((status = 200, body = Translation), (status = 502, body = crate::error::ErrorBody)))]
async fn translate(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq)): Path<(SpaceId, Seq)>,
    Json(body): Json<Translate>,
) -> Result<Json<Translation>> {
    Ok(Json(app.translate(caller.person, space, seq, &body.to).await?.into()))
}
