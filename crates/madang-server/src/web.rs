//! The web client, from the binary itself (from the folder in debug builds).
//!
//! Hashed files are kept by browsers for good; the shell never is. Every
//! path that is no file is a page of the client.

use std::borrow::Cow;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_model::Refusal;
use madang_model::refusal::Thing;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::auth::{Credential, credential};
use crate::router::Doors;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// No script, style, frame or connection from elsewhere; no text becomes HTML.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
    frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types svelte-trusted-html madang-workers";

/// The page in which an agent sees that of a visitor, built from somebody else's markup: nothing of it is fetched, nothing
/// is sent anywhere, and nothing runs but our own script. Styles of the markup are within it, so they are let in; the
/// frame inside, where the markup stands, takes this over and is a sandbox without scripts besides.
const SEEN: &str = "seen.html";
const SEEN_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; font-src data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-same-origin";

/// The policy of a page that these may frame, as `frame-ancestors` names them (W3C CSP 3, 6.4.2).
pub fn policy(ancestors: &str) -> String {
    POLICY.replace("frame-ancestors 'none'", &format!("frame-ancestors {ancestors}"))
}

/// Serves a file of the client, or its shell.
pub async fn serve(State(doors): State<Doors>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return crate::error::refused(&Refusal::NotFound(Thing::Route));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return crate::error::refused(&Refusal::WrongMethod(request.method().to_string()));
    }
    if let Some(response) = crate::help::serve(&doors.app, path, request.headers()).await {
        return response;
    }
    if let Some(response) = crate::booking_page::serve(path, request.headers()) {
        return response;
    }
    if !path.is_empty()
        && let Some((file, encoding)) = find(path, request.headers())
    {
        return answer(path, file, encoding);
    }
    if !is_known(request.headers())
        && let Some(mut response) = crate::door_page::serve(&doors.app, path, request.headers()).await
    {
        depend_on_the_caller(response.headers_mut(), false);
        return response;
    }
    let is_a_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    match find("index.html", request.headers()) {
        Some((file, encoding)) if is_a_page => {
            let mut response = answer("index.html", file, encoding);
            depend_on_the_caller(response.headers_mut(), is_known(request.headers()));
            response
        }
        Some(_) => (StatusCode::NOT_FOUND, "there is no such file\n").into_response(),
        None => (StatusCode::NOT_FOUND, "the web client was not built: run `make web`\n").into_response(),
    }
}

fn depend_on_the_caller(headers: &mut HeaderMap, known: bool) {
    headers.append(header::VARY, HeaderValue::from_static("cookie"));
    for link in next_files(Files::iter(), known) {
        headers.append(header::LINK, link);
    }
}

/// Whether a session was opened from this browser. Nobody is let in by this.
fn is_known(headers: &HeaderMap) -> bool {
    [false, true].into_iter().any(|secure| matches!(credential(headers, secure), Some(Credential::Cookie(_))))
}

/// What the first script of a page will ask for, named in the answer that brings the page, so that a slow line
/// brings them beside it: the house to whoever is known, else the door (`web/vite.config.ts` makes both). The page
/// that a service worker keeps is asked for by its file's name and names none.
fn next_files(files: impl Iterator<Item = Cow<'static, str>>, known: bool) -> Vec<HeaderValue> {
    let part = if known { "assets/house-" } else { "assets/door-" };
    let named = |name: &str, extension: &str| {
        name.strip_prefix(part)
            .is_some_and(|rest| rest.strip_suffix(extension).is_some_and(|hash| !hash.contains('.')))
    };
    let link = |name: &str| {
        let how = if named(name, ".js") {
            "rel=modulepreload; crossorigin"
        } else if named(name, ".css") {
            "rel=preload; as=style; crossorigin"
        } else {
            return None;
        };
        HeaderValue::from_str(&format!("</{name}>; {how}")).ok()
    };
    files.filter_map(|name| link(&name)).collect()
}

/// The file in the best encoding that the browser takes and the build made.
pub fn find(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepts =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
        if accepts.contains(encoding)
            && let Some(file) = Files::get(&format!("{name}.{extension}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Files::get(name).map(|file| (file, None))
}

/// The file with the headers that every one of them has.
pub fn answer(name: &str, file: EmbeddedFile, encoding: Option<&'static str>) -> Response {
    let hashed =
        name.starts_with("assets/") || name.starts_with("w/assets/") || name.starts_with("b/assets/");
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag: String = file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    let policy = if name == SEEN { SEEN_POLICY } else { POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::ETAG, HeaderValue::from_str(&format!("\"{tag}\"")).expect("hex digits"));
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(self), microphone=(self), display-capture=(self), geolocation=()"),
    );
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_files_that_its_reader_asks_for_next() {
        let built = [
            "assets/house-BL-r_1.js",
            "assets/house-BL-r_1.js.br",
            "assets/house-ywO3.css",
            "assets/house.svelte-XV.js",
            "assets/door-Ce.js",
            "assets/door-c0.css",
            "assets/first-Gz.js",
            "index.html",
        ];
        let links = |known| next_files(built.into_iter().map(Cow::Borrowed), known);
        let house = [
            "</assets/house-BL-r_1.js>; rel=modulepreload; crossorigin",
            "</assets/house-ywO3.css>; rel=preload; as=style; crossorigin",
        ];
        assert_eq!(links(true), house);
        let door = [
            "</assets/door-Ce.js>; rel=modulepreload; crossorigin",
            "</assets/door-c0.css>; rel=preload; as=style; crossorigin",
        ];
        assert_eq!(links(false), door);
    }

    #[test]
    fn whoever_brings_the_cookie_of_a_session_is_known() {
        let known = |cookie: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.extend(cookie.map(|value| (header::COOKIE, HeaderValue::from_static(value))));
            is_known(&headers)
        };
        assert!(known(Some("a=b; madang=md_1")) && known(Some("__Host-madang=md_1")));
        assert!(!known(None) && !known(Some("a=b; madangs=1")));
    }
}
