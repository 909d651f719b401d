//! How long messages are kept: the rules, and what one would erase.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;
use madang_model::{Refusal, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Endpoint, Policy};
use crate::wire::retention::{Retention, RetentionPreview, SetRetention};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::House(HouseRight::ManageRetention)),
        endpoint!(set, __path_set, Policy::House(HouseRight::ManageRetention)),
        endpoint!(preview, __path_preview, Policy::House(HouseRight::ManageRetention)),
    ]
}

/// How long messages are kept, in the workspace and in spaces with a rule of their own.
#[utoipa::path(get, path = "/api/v1/retention", tag = "administration", responses((status = 200, body = Retention)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Retention>> {
    let rules = app.retention(caller.person).await?;
    Ok(Json(Retention { rules: rules.into_iter().map(Into::into).collect() }))
}

/// Sets or takes away a rule. What is older is erased within a day, for good.
#[utoipa::path(put, path = "/api/v1/retention", tag = "administration", request_body = SetRetention, responses((status = 200, body = Retention)))]
async fn set(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<SetRetention>,
) -> Result<Json<Retention>> {
    app.set_retention(caller.person, space(&body)?, body.days, body.keep_pinned).await?;
    list(State(app), caller).await
}

/// How many messages a rule would erase today. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/retention/preview", tag = "administration", request_body = SetRetention, responses((status = 200, body = RetentionPreview)))]
async fn preview(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<SetRetention>,
) -> Result<Json<RetentionPreview>> {
    let days = body.days.unwrap_or(0);
    let messages = app.preview_retention(caller.person, space(&body)?, days, body.keep_pinned).await?;
    Ok(Json(RetentionPreview { messages }))
}

fn space(body: &SetRetention) -> Result<Option<SpaceId>, Refusal> {
    body.space.as_deref().map(str::parse).transpose().map_err(|_| Refusal::NotFound(Thing::Space))
}
