//! The link in a digest by which it is ended.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;
use madang_app::App;

use crate::endpoint;
use crate::error::Result;
use crate::extract::Path;
use crate::router::{Endpoint, Policy};

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(stop, __path_stop, Policy::Opening), endpoint!(ask, __path_ask, Policy::Opening)]
}

/// Ends the digests of whoever got the mail with this link, as mail programs do at one press (RFC 8058).
#[utoipa::path(post, path = "/api/v1/mail/stop/{token}", tag = "opening", params(("token" = String, Path)), responses((status = 204)))]
async fn stop(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<StatusCode> {
    app.stop_digests(&token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leads to the settings: opening a link changes nothing, for programs open links too.
#[utoipa::path(get, path = "/api/v1/mail/stop/{token}", tag = "opening", params(("token" = String, Path)), responses((status = 303)))]
async fn ask(Path(_token): Path<String>) -> Redirect {
    Redirect::to("/me/notifications")
}
