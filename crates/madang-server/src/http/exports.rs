//! Everything as a file, for owners.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::App;
use madang_model::Refusal;
use madang_model::permission::HouseRight;
use madang_model::refusal::Thing;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::range::{self, Wanted};
use crate::router::{Endpoint, Policy};
use crate::wire::exports::{ExportAnswer, Exports, NewExport};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::House(HouseRight::Export)),
        endpoint!(begin, __path_begin, Policy::House(HouseRight::Export)),
        endpoint!(take, __path_take, Policy::House(HouseRight::Export)),
        endpoint!(remove, __path_remove, Policy::House(HouseRight::Export)),
    ]
}

/// The exports that are kept, newest first, and how far the one is that is written.
#[utoipa::path(get, path = "/api/v1/exports", tag = "administration", responses((status = 200, body = Exports)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Exports>> {
    let exports = app.exports(caller.person).await?;
    Ok(Json(Exports { exports: exports.into_iter().map(Into::into).collect() }))
}

/// Asks for an export of the workspace, which is written while one does something else. All owners are told by mail.
#[utoipa::path(post, path = "/api/v1/exports", tag = "administration", request_body = NewExport, responses((status = 201, body = ExportAnswer)))]
async fn begin(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(new): Json<NewExport>,
) -> Result<(StatusCode, Json<ExportAnswer>)> {
    let export = app.ask_for_export(caller.person, new.private).await?;
    Ok((StatusCode::CREATED, Json(ExportAnswer { export: export.into() })))
}

/// The ZIP of an export that is done, for seven days. An interrupted download goes on by `Range`.
#[utoipa::path(get, path = "/api/v1/exports/{export}/file", tag = "administration", params(("export" = String, Path)), responses((status = 200, description = "The ZIP"), (status = 206, description = "A part of it"), (status = 416)))]
async fn take(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let (tag, id) = (format!("\"{id}\""), number(&id)?);
    let begins = method == Method::GET && begins(&headers);
    let (record, path) = app.take_export(caller.person, id, begins).await?;
    let size = record.size.unwrap_or_default() as u64;
    let (status, part) = match range::wanted(&headers, size, &tag) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Wanted::Nothing => {
            let of = HeaderValue::from_str(&format!("bytes */{size}")).expect("digits");
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, of)]).into_response());
        }
    };
    let body = match method {
        Method::HEAD => Body::empty(),
        _ => Body::from_stream(range::of_file(&path, part.clone()).await.map_err(
            |error| match error.kind() {
                std::io::ErrorKind::NotFound => madang_app::Error::Refusal(Refusal::NotFound(Thing::Export)),
                _ => anyhow::Error::from(error).into(),
            },
        )?),
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    let name = HeaderValue::from_static("attachment; filename=\"madang-export.zip\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store, no-transform"));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("digits"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(&range).expect("digits"));
    }
    Ok(response)
}

/// Stops an export that is written; removes one that is done, or failed.
#[utoipa::path(delete, path = "/api/v1/exports/{export}", tag = "administration", params(("export" = String, Path)), responses((status = 204)))]
async fn remove(State(app): State<Arc<App>>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode> {
    app.remove_export(caller.person, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A download is written down once, and not again for each part in which it comes.
fn begins(headers: &HeaderMap) -> bool {
    match headers.get(header::RANGE).and_then(|it| it.to_str().ok()) {
        Some(range) => range.trim_start().starts_with("bytes=0-") || !range.starts_with("bytes="),
        None => true,
    }
}

fn number(id: &str) -> Result<i64, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound(Thing::Export))
}
