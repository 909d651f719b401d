//! The help that other sites embed: the one script that they name, and the visitor's app, framed (`/w/frame/KEY`) or as
//! a page of its own (`/h/KEY`).
//!
//! Scripts and hashed files are for every site. The app is framed by our own pages alone.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::{answer, find, policy};

/// The script that sites name refers to fixed names alone, so it may be a little old.
const LOADER_CACHE: &str = "public, max-age=600";
/// Longer than any key, and short enough to look up.
const LONGEST_KEY: usize = 64;

/// What a path under `/w/` or `/h/` leads to; nothing for all others.
pub fn serve(path: &str, headers: &HeaderMap) -> Option<Response> {
    if let Some(key) = path.strip_prefix("h/") {
        return Some(page(key, "'none'", headers));
    }
    let name = path.strip_prefix("w/")?;
    if let Some(key) = name.strip_prefix("frame/") {
        return Some(page(key, "'self'", headers));
    }
    let is_for_sites =
        name == "madang.js" || name == "page.js" || (name.starts_with("assets/") && !name.contains(".."));
    let found = if is_for_sites { find(path, headers) } else { None };
    Some(found.map_or_else(missing, |(file, encoding)| {
        let mut response = answer(path, file, encoding);
        let headers = response.headers_mut();
        // A page of another origin runs them, and imports modules as it would ask for any foreign data.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
        if name == "madang.js" {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(LOADER_CACHE));
        }
        response
    }))
}

/// The app. Which desk it is for it reads from its own address.
fn page(key: &str, ancestors: &str, headers: &HeaderMap) -> Response {
    let key = key.trim_end_matches('/');
    let is_a_key =
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let found = if is_a_key { find("w/index.html", headers) } else { None };
    found.map_or_else(missing, |(file, encoding)| {
        let mut response = answer("w/index.html", file, encoding);
        if let Ok(policy) = HeaderValue::from_str(&policy(ancestors)) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if ancestors != "'none'" {
            let headers = response.headers_mut();
            headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
        }
        response
    })
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "there is no such file\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_no_key_of_a_desk_is_no_page() {
        let status = |path: &str| serve(path, &HeaderMap::new()).map(|it| it.status());
        for path in
            ["h/", "h/a/b", "h/a.b", "w/frame/", "w/frame/..", "w/index.html", "w/assets/../index.html"]
        {
            assert_eq!(status(path), Some(StatusCode::NOT_FOUND), "{path}");
        }
        assert_eq!(status("help"), None);
        assert_eq!(status("welcome"), None);
    }

    #[test]
    fn the_page_of_a_desk_is_framed_by_nobody_and_the_frame_by_whom_it_is_for() {
        assert!(policy("'none'").contains("frame-ancestors 'none';"));
        let framed = policy("'self' https://shop.example");
        assert!(framed.contains("frame-ancestors 'self' https://shop.example;"));
        assert!(framed.contains("require-trusted-types-for 'script'"));
    }
}
