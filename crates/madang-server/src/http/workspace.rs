//! The workspace.

use std::sync::Arc;

use axum::extract::State;
use madang_app::App;
use madang_model::Refusal;
use madang_model::permission::HouseRight;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Json;
use crate::router::{Endpoint, Policy};
use crate::wire::house::{ChangeWorkspace, WorkspaceAnswer};
use crate::wire::settings::WorkspaceForMe;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::Oneself),
        endpoint!(change, __path_change, Policy::House(HouseRight::ChangeWorkspace)),
    ]
}

/// The workspace, and what the caller may do in it.
#[utoipa::path(get, path = "/api/v1/workspace", tag = "people", responses((status = 200, body = WorkspaceForMe)))]
async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<WorkspaceForMe>> {
    let found = app.workspace().await?.ok_or(Refusal::NotSetUp)?;
    Ok(Json(WorkspaceForMe::new(found.into(), app.translates(), app.allowed(caller.person).await?)))
}

/// Gives it another name, or shows what links lead to, or not any more.
#[utoipa::path(patch, path = "/api/v1/workspace", tag = "people", request_body = ChangeWorkspace, responses((status = 200, body = WorkspaceAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<ChangeWorkspace>,
) -> Result<Json<WorkspaceAnswer>> {
    app.asks_house(caller.person, HouseRight::ChangeWorkspace).await?;
    if let Some(name) = body.name {
        app.rename_workspace(caller.person, &name).await?;
    }
    if let Some(on) = body.previews {
        app.show_previews(caller.person, on).await?;
    }
    let found = app.workspace().await?.ok_or(Refusal::NotSetUp)?;
    Ok(Json(WorkspaceAnswer { workspace: found.into(), translates: app.translates() }))
}
