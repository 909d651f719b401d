//! How push is doing in the house, and a look at it on one's own devices.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::permission::HouseRight;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Endpoint, Policy};
use crate::wire::push::{PushHealth, PushTest, PushTries, PushTry};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::House(HouseRight::SeeOverview)),
        endpoint!(test, __path_test, Policy::House(HouseRight::SeeOverview)),
    ]
}

/// Whether push can work, how many devices are told, and whom push services may write to.
#[utoipa::path(get, path = "/api/v1/overview/push", tag = "administration", responses((status = 200, body = PushHealth)))]
async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<PushHealth>> {
    let found = app.push_health(caller.person).await?;
    Ok(Json(PushHealth::new(found, super::setup::is_secure(&app))))
}

/// Sends each of the caller's own devices a notification, and tells what the push services said.
#[utoipa::path(post, path = "/api/v1/overview/push", tag = "administration", request_body = PushTest, responses((status = 200, body = PushTries)))]
async fn test(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<PushTest>,
) -> Result<Json<PushTries>> {
    let tried = app.try_push_everywhere(caller.person, &body.mark).await?;
    let tried = tried.into_iter().map(|it| PushTry::new(it, caller.session)).collect();
    Ok(Json(PushTries { tried }))
}
