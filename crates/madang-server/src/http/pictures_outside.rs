//! Pictures from outside, for messages and views of apps: handed out from here, so that no reader's device asks the
//! site.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use madang_app::{App, small_type};
use serde::Deserialize;
use utoipa::IntoParams;

use super::files::SANDBOX;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::Query;
use crate::router::{Endpoint, Policy};

/// Asked for again a day later: what a site shows changes.
const CACHE: &str = "private, max-age=86400";

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(picture, __path_picture, Policy::Oneself)]
}

/// The picture wanted.
#[derive(Deserialize, IntoParams)]
struct Wanted {
    /// Its address, at most 3,000 characters.
    url: String,
}

/// A picture that a message of an app names by its address (`image_url`), made small and encoded anew by the server,
/// which asks the site once for all readers. At most 8 MiB of PNG, JPEG, WebP or GIF (its first frame); no drawings in
/// SVG. `invalid` says what of the address may not be asked; `not_found` that there is no picture, or that the workspace
/// asks nobody outside.
#[utoipa::path(get, path = "/api/v1/pictures/outside", tag = "files", params(Wanted), responses((status = 200, description = "A JPEG or PNG picture, at most 960 pixels wide"), (status = 404, body = crate::error::ErrorBody), (status = 422, body = crate::error::ErrorBody)))]
async fn picture(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let made = app.picture_outside(caller.person, wanted.url).await?;
    let headers = [
        (header::CONTENT_TYPE, small_type(&made)),
        (header::CACHE_CONTROL, CACHE),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, made).into_response())
}
