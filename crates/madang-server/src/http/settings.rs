//! What was chosen for everybody in the workspace, and its picture.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use madang_app::{App, Small};
use madang_model::Refusal;
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;

use super::files::small;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::settings::{ChangeHouseSettings, HouseSettings, LogoSize, SetLogo};

/// Everybody may see it; another one has another address.
const CACHE: &str = "public, max-age=86400";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::House(HouseRight::ChangeWorkspace)),
        endpoint!(change, __path_change, Policy::House(HouseRight::ChangeWorkspace)),
        endpoint!(set_logo, __path_set_logo, Policy::House(HouseRight::ChangeWorkspace)),
        endpoint!(logo, __path_logo, Policy::Anyone),
    ]
}

/// What was chosen for everybody.
#[utoipa::path(get, path = "/api/v1/workspace/settings", tag = "administration", responses((status = 200, body = HouseSettings)))]
async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<HouseSettings>> {
    let (settings, logo) = app.house_settings(caller.person).await?;
    Ok(Json(HouseSettings::new(settings, logo, app.config.upload_limit)))
}

/// Changes it; what is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/workspace/settings", tag = "administration", request_body = ChangeHouseSettings, responses((status = 200, body = HouseSettings)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<ChangeHouseSettings>,
) -> Result<Json<HouseSettings>> {
    app.asks_house(caller.person, HouseRight::ChangeWorkspace).await?;
    app.change_house_settings(caller.person, body.checked()?).await?;
    show(State(app), caller).await
}

/// Sets or takes away the workspace's picture, which everybody sees before sign-in.
#[utoipa::path(put, path = "/api/v1/workspace/logo", tag = "administration", request_body = SetLogo, responses((status = 204)))]
async fn set_logo(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<SetLogo>,
) -> Result<StatusCode> {
    app.set_logo(caller.person, body.file).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The workspace's picture.
#[utoipa::path(get, path = "/api/v1/logo", tag = "opening", params(LogoSize), responses((status = 200, description = "A JPEG or PNG picture"), (status = 304), (status = 404, body = crate::error::ErrorBody)))]
async fn logo(
    State(app): State<Arc<App>>,
    Query(asked): Query<LogoSize>,
    headers: HeaderMap,
) -> Result<Response> {
    let record = app.logo().await?.ok_or(Refusal::NotFound(Thing::File))?;
    small(&app, &record, Small::square(asked.w.unwrap_or(0)), &headers, CACHE).await
}
