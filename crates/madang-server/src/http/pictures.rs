//! Pictures of people and spaces: the square middle of an uploaded image.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use madang_app::{App, Small};
use madang_model::FileId;

use super::files::small;
use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::files::Square;

/// A picture never changes under its id, stands on every page, and is there for the whole house to see.
const CACHE: &str = "private, max-age=86400";

pub fn endpoints() -> Vec<Endpoint> {
    vec![endpoint!(picture, __path_picture, Policy::File).for_visitors()]
}

/// The picture of a person or a space, by the file's id.
#[utoipa::path(get, path = "/api/v1/pictures/{file}", tag = "files", params(("file" = String, Path), Square), responses((status = 200, description = "A JPEG or PNG picture"), (status = 304), (status = 404, body = crate::error::ErrorBody)))]
async fn picture(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(file): Path<FileId>,
    Query(asked): Query<Square>,
    headers: HeaderMap,
) -> Result<Response> {
    let record = app.file(caller.person, file).await?;
    small(&app, &record, Small::square(asked.w.unwrap_or(0)), &headers, CACHE).await
}
