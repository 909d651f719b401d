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
use crate::wire::house::{Name, Workspace, WorkspaceAnswer};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(show, __path_show, Policy::Oneself),
        endpoint!(change, __path_change, Policy::House(HouseRight::ChangeWorkspace)),
    ]
}

/// The workspace.
#[utoipa::path(get, path = "/api/v1/workspace", tag = "people", responses((status = 200, body = WorkspaceAnswer)))]
async fn show(State(app): State<Arc<App>>, _caller: Caller) -> Result<Json<WorkspaceAnswer>> {
    let found = app.workspace().await?.ok_or(Refusal::NotSetUp)?;
    Ok(Json(WorkspaceAnswer { workspace: Workspace { id: found.id.to_string(), name: found.name } }))
}

/// Gives it another name.
#[utoipa::path(patch, path = "/api/v1/workspace", tag = "people", request_body = Name, responses((status = 200, body = WorkspaceAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<Name>,
) -> Result<Json<WorkspaceAnswer>> {
    let found = app.rename_workspace(caller.person, &body.name).await?;
    Ok(Json(WorkspaceAnswer { workspace: Workspace { id: found.id.to_string(), name: found.name } }))
}
