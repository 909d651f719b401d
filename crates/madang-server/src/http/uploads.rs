//! Files on their way in: tus 1.0.0 (https://tus.io/protocols/resumable-upload) with the extensions creation,
//! termination and expiration.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_app::{App, UploadState};
use madang_model::{Refusal, UploadId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::{Result, refused};
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::files::FileAnswer;

const VERSION: &str = "1.0.0";
const RESUMABLE: &str = "tus-resumable";
const OFFSET: &str = "upload-offset";
const LENGTH: &str = "upload-length";
const METADATA: &str = "upload-metadata";
/// Bytes of `Upload-Metadata`; a name of 255 bytes in base64 is 340.
const METADATA_BYTES: usize = 4_096;

pub fn endpoints() -> Vec<Endpoint> {
    let tus = vec![
        endpoint!(options, __path_options, Policy::Anyone),
        endpoint!(begin, __path_begin, Policy::Oneself).for_visitors(),
        endpoint!(state, __path_state, Policy::Oneself).for_visitors(),
        endpoint!(take_in, __path_take_in, Policy::Oneself).for_visitors().streaming(),
        endpoint!(cancel, __path_cancel, Policy::Oneself).for_visitors(),
    ];
    let mut all: Vec<Endpoint> =
        tus.into_iter().map(|it| it.layered(|route| route.layer(map_response(say_version)))).collect();
    all.push(endpoint!(file, __path_file, Policy::Oneself).for_visitors());
    all
}

/// What this server knows of tus.
#[utoipa::path(options, path = "/api/v1/uploads", tag = "files", responses((status = 204, description = "Tus-Version, Tus-Extension and Tus-Max-Size")))]
async fn options(State(app): State<Arc<App>>) -> Result<Response> {
    let known = [
        ("tus-version", HeaderValue::from_static(VERSION)),
        ("tus-extension", HeaderValue::from_static("creation,termination,expiration")),
        ("tus-max-size", HeaderValue::from(app.largest_file().await?)),
    ];
    Ok((StatusCode::NO_CONTENT, known).into_response())
}

/// Begins an upload (tus, creation): `Upload-Length`, and `Upload-Metadata` with `filename` and `filetype`.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "files", params(("Upload-Length" = i64, Header), ("Upload-Metadata" = Option<String>, Header), ("Tus-Resumable" = String, Header)), responses((status = 201, description = "Location is the upload"), (status = 413, body = crate::error::ErrorBody)))]
async fn begin(State(app): State<Arc<App>>, caller: Caller, headers: HeaderMap) -> Result<Response> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let length = number(&headers, LENGTH)?.ok_or_else(|| missing("Upload-Length"))?;
    let (name, media_type) = metadata(&headers)?;
    let state = app.begin_upload(caller.person, &name, &media_type, length).await?;
    let at = format!("/api/v1/uploads/{}", state.upload.id);
    let at = HeaderValue::from_str(&at).expect("an id is ASCII");
    let mut response = answer(StatusCode::CREATED, &state);
    response.headers_mut().insert(header::LOCATION, at);
    Ok(response)
}

/// Where an upload stands (tus, HEAD).
#[utoipa::path(head, path = "/api/v1/uploads/{id}", tag = "files", params(("id" = String, Path)), responses((status = 200, description = "Upload-Offset and Upload-Length")))]
async fn state(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<UploadId>,
    headers: HeaderMap,
) -> Result<Response> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let state = app.upload_state(caller.person, id).await?;
    let mut response = answer(StatusCode::OK, &state);
    response.headers_mut().insert(LENGTH, HeaderValue::from(state.upload.length));
    Ok(response)
}

/// Takes in a part that begins at `Upload-Offset` (tus, PATCH).
#[utoipa::path(patch, path = "/api/v1/uploads/{id}", tag = "files", params(("id" = String, Path), ("Upload-Offset" = i64, Header), ("Tus-Resumable" = String, Header)), request_body(content = String, content_type = "application/offset+octet-stream"), responses((status = 204, description = "Upload-Offset says how far it is"), (status = 409, body = crate::error::ErrorBody), (status = 413, body = crate::error::ErrorBody), (status = 423, body = crate::error::ErrorBody)))]
async fn take_in(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(b"application/offset+octet-stream") {
        let why = "it is application/offset+octet-stream".into();
        return Ok(protocol(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type", why));
    }
    let offset = number(&headers, OFFSET)?.ok_or_else(|| missing("Upload-Offset"))?;
    let announced = number(&headers, "content-length")?;
    let parts = body.into_data_stream();
    let state = app.take_in(caller.person, id, offset, announced, parts).await?;
    Ok(answer(StatusCode::NO_CONTENT, &state))
}

/// Gives an upload up (tus, termination).
#[utoipa::path(delete, path = "/api/v1/uploads/{id}", tag = "files", params(("id" = String, Path)), responses((status = 204)))]
async fn cancel(State(app): State<Arc<App>>, caller: Caller, Path(id): Path<UploadId>) -> Result<Response> {
    app.cancel_upload(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The file that a complete upload has become; its id goes into a message.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/file", tag = "files", params(("id" = String, Path)), responses((status = 200, body = FileAnswer), (status = 409, body = crate::error::ErrorBody)))]
async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<UploadId>,
) -> Result<Json<FileAnswer>> {
    Ok(Json(FileAnswer { file: app.uploaded_file(caller.person, id).await? }))
}

fn answer(status: StatusCode, state: &UploadState) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(state.offset));
    if let Some(date) = http_date(state.upload.expires_at) {
        headers.insert("upload-expires", date);
    }
    response
}

/// RFC 9110, 5.6.7.
fn http_date(us: i64) -> Option<HeaderValue> {
    let at = jiff::Timestamp::from_microsecond(us).ok()?;
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::from_str(&text).ok()
}

/// tus, "Tus-Resumable": another version is answered with 412 and ours.
fn other_version(headers: &HeaderMap) -> Option<Response> {
    if headers.get(RESUMABLE).is_some_and(|it| it == VERSION) {
        return None;
    }
    let why = "this server speaks tus 1.0.0".into();
    let mut response = protocol(StatusCode::PRECONDITION_FAILED, "Tus-Resumable", why);
    response.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
    Some(response)
}

fn protocol(status: StatusCode, what: &'static str, why: String) -> Response {
    let mut response = refused(&Refusal::Invalid { what, why });
    *response.status_mut() = status;
    response
}

/// tus, "Tus-Resumable": in every answer.
async fn say_version(mut response: Response) -> Response {
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

fn missing(what: &'static str) -> Refusal {
    Refusal::Invalid { what, why: "it is missing".into() }
}

/// A header that is a whole number from 0.
fn number(headers: &HeaderMap, name: &'static str) -> Result<Option<i64>, Refusal> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|it| it.parse().ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(Refusal::Invalid { what: name, why: "it is a whole number of bytes".into() }),
    }
}

/// tus, "Upload-Metadata": pairs of a key and a base64 value, separated by commas.
fn metadata(headers: &HeaderMap) -> Result<(String, String), Refusal> {
    let invalid = |why: &str| Refusal::Invalid { what: "Upload-Metadata", why: why.into() };
    let Some(value) = headers.get(METADATA) else { return Ok(<_>::default()) };
    let text = value.to_str().ok().filter(|it| it.len() <= METADATA_BYTES);
    let text = text.ok_or_else(|| invalid("it is too long or not ASCII"))?;
    let mut found = (String::new(), String::new());
    for pair in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let into = match key {
            "filename" => &mut found.0,
            "filetype" => &mut found.1,
            _ => continue,
        };
        let bytes = STANDARD.decode(value.trim()).map_err(|_| invalid("its values are base64"))?;
        *into = String::from_utf8(bytes).map_err(|_| invalid("its values are UTF-8"))?;
    }
    Ok(found)
}
