//! What takes room in the house.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::permission::HouseRight;
use madang_model::{Refusal, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::storage::{ListStorage, StorageUse};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(show, __path_show, Policy::House(HouseRight::SeeOverview))]
}

/// Files and messages of each space, the largest first.
#[utoipa::path(get, path = "/api/v1/overview/storage", tag = "administration", params(ListStorage), responses((status = 200, body = StorageUse)))]
async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListStorage>,
) -> Result<Json<StorageUse>> {
    let after = query.cursor.as_deref().map(place).transpose()?;
    Ok(Json(app.storage_use(caller.person, after, query.limit.unwrap_or(50)).await?.into()))
}

/// `bytes.id`, as `next_cursor` says it.
fn place(cursor: &str) -> Result<(i64, SpaceId), Refusal> {
    let invalid = || Refusal::Invalid { what: "cursor", why: "use next_cursor of the last answer".into() };
    let (bytes, id) = cursor.split_once('.').ok_or_else(invalid)?;
    Ok((bytes.parse().map_err(|_| invalid())?, id.parse().map_err(|_| invalid())?))
}
