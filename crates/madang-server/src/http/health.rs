//! Whether the house is alive, and its OpenAPI text.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use madang_app::App;

use crate::endpoint;
use crate::error::Result;
use crate::router::{Endpoint, Policy};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(healthz, __path_healthz, Policy::Anyone),
        endpoint!(readyz, __path_readyz, Policy::Anyone),
        endpoint!(openapi, __path_openapi, Policy::Anyone),
    ]
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, description = "The process answers")))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers too.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, description = "The database answers"), (status = 503, description = "It does not")))]
async fn readyz(State(app): State<Arc<App>>) -> Result<Response> {
    Ok(match app.workspace().await {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "Not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    })
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "health", responses((status = 200, description = "OpenAPI 3.1")))]
async fn openapi() -> Response {
    axum::Json(crate::openapi::document()).into_response()
}
