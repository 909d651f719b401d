//! Files going out. Everything is asked of the file gate first, every time.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::{App, Small, inline_type, small_type};
use madang_model::{FileId, FileRef};
use madang_store::files::FileRecord;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Path, Query};
use crate::range::{self, Wanted};
use crate::router::{Endpoint, Policy};
use crate::wire::files::{Shown, Thumb};

/// A file is somebody else's words: it may run nothing and load nothing, and has an origin of its own.
pub(super) const SANDBOX: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
/// Browsers show no PDF in a sandboxed document. Their viewers run no script of ours: nothing may be loaded, and the
/// viewer's own element and styles are all that is allowed (docs/protocol/files.md, "Showing").
const PDF: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(content, __path_content, Policy::File).for_visitors(),
        endpoint!(thumb, __path_thumb, Policy::File).for_visitors(),
    ]
}

/// The content of a file. Kept by browsers and asked for again each time, so that taking it away works at once.
#[utoipa::path(get, path = "/api/v1/files/{id}/{name}", tag = "files", params(("id" = String, Path), ("name" = String, Path), Shown), responses((status = 200, description = "The content"), (status = 206, description = "A part of it"), (status = 304), (status = 404, body = crate::error::ErrorBody), (status = 416)))]
async fn content(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, _name)): Path<(FileId, String)>,
    Query(shown): Query<Shown>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let record = app.file(caller.person, id).await?;
    whole_or_part(&app, &record, shown.inline, &method, &headers).await
}

/// A small picture of a file, made by the server: 320, 960 or 1920 pixels wide. Without `w` it is a file of the name
/// `thumb`.
#[utoipa::path(get, path = "/api/v1/files/{id}/thumb", tag = "files", params(("id" = String, Path), Thumb), responses((status = 200, description = "A JPEG or PNG picture"), (status = 304), (status = 404, body = crate::error::ErrorBody)))]
async fn thumb(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<FileId>,
    Query(asked): Query<Thumb>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let record = app.file(caller.person, id).await?;
    match asked.w {
        Some(width) => small(&app, &record, Small::wide(width), &headers, "private, no-cache").await,
        None => whole_or_part(&app, &record, asked.inline, &method, &headers).await,
    }
}

/// Answers with a small picture; `cache` says how browsers may keep it.
pub(super) async fn small(
    app: &Arc<App>,
    record: &FileRecord,
    shape: Small,
    headers: &HeaderMap,
    cache: &'static str,
) -> Result<Response> {
    let tag = format!("{}-{}\"", tag(&record.hash).trim_end_matches('"'), shape.word());
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|known| matches(known, &tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let made = app.small(record, shape).await?;
        ([(header::CONTENT_TYPE, small_type(&made))], made).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("hex digits and a word of ours"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    Ok(response)
}

async fn whole_or_part(
    app: &Arc<App>,
    record: &FileRecord,
    inline: Option<u8>,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response> {
    let (tag, size) = (tag(&record.hash), record.file.size as u64);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| matches(known, &tag)) {
        return Ok(dressed(StatusCode::NOT_MODIFIED.into_response(), &record.file, &tag, inline));
    }
    let (status, part) = match range::wanted(headers, size, &tag) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Wanted::Nothing => {
            let of = HeaderValue::from_str(&format!("bytes */{size}")).expect("digits");
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, of)]).into_response());
        }
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(app.content(record, part.clone()).await?)
    };
    let mut response = dressed((status, body).into_response(), &record.file, &tag, inline);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(&range).expect("digits"));
    }
    Ok(response)
}

/// The strong entity tag of contents.
fn tag(hash: &[u8; 32]) -> String {
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// RFC 9110, 13.1.2: weak comparison with a list of tags.
fn matches(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').map(str::trim).any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag)
}

/// The headers that keep a file harmless.
fn dressed(mut response: Response, file: &FileRef, tag: &str, inline: Option<u8>) -> Response {
    let shown = inline_type(file).filter(|_| inline == Some(1));
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_static(shown.unwrap_or("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CONTENT_DISPOSITION, disposition(&file.name, shown.is_some()));
    let policy = if shown == Some("application/pdf") { PDF } else { SANDBOX };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-transform"));
    headers.insert(header::ETAG, HeaderValue::from_str(tag).expect("hex digits"));
    response
}

/// RFC 6266 with the name as in RFC 8187: plain ASCII for old programs, and the whole name.
fn disposition(name: &str, inline: bool) -> HeaderValue {
    let how = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() || " ._-()".contains(it) { it } else { '_' })
        .collect();
    let whole: String = name
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' | b'~' => (byte as char).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    HeaderValue::from_str(&format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{whole}"))
        .expect("only ASCII is left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reaches_every_program() {
        let value = disposition("마당 \"꽃\".pdf", false);
        let text = value.to_str().expect("ASCII");
        assert_eq!(
            text,
            "attachment; filename=\"__ ___.pdf\"; filename*=UTF-8''%EB%A7%88%EB%8B%B9%20%22%EA%BD%83%22.pdf"
        );
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        let known = |text: &'static str| matches(&HeaderValue::from_static(text), "\"a\"");
        assert!(known("\"a\"") && known("\"b\", W/\"a\"") && known("*"));
        assert!(!known("\"b\"") && !known("a"));
    }
}
