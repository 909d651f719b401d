//! The help that other sites embed: the one script that they name, and the visitor's app, framed by the sites of its
//! desk (`/w/frame/KEY`) or as a page of its own (`/h/KEY`).
//!
//! Scripts and hashed files are for every site. The app is framed by our own pages and by whom its desk names.

use std::iter::once;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::App;

use crate::web::{answer, find, policy};

/// The script that sites name refers to fixed names alone, so it may be a little old.
const LOADER_CACHE: &str = "public, max-age=600";
/// Longer than any key, and short enough to look up.
const LONGEST_KEY: usize = 64;

/// What a path of ours leads to.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    /// A desk's own page.
    Page(&'a str),
    /// The same app in somebody's page.
    Frame(&'a str),
    /// What a page of another origin runs.
    Script,
    Nowhere,
}

fn place(path: &str) -> Option<Place<'_>> {
    let desk = |key: &str| {
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if let Some(key) = path.strip_prefix("h/") {
        let key = key.trim_end_matches('/');
        return Some(if desk(key) { Place::Page(key) } else { Place::Nowhere });
    }
    let name = path.strip_prefix("w/")?;
    if let Some(key) = name.strip_prefix("frame/") {
        return Some(if desk(key) { Place::Frame(key) } else { Place::Nowhere });
    }
    let hashed = name.strip_prefix("assets/").is_some_and(|name| !name.contains('/'));
    Some(if hashed || matches!(name, "madang.js" | "page.js") { Place::Script } else { Place::Nowhere })
}

/// What a path under `/w/` or `/h/` leads to; nothing for all others.
pub async fn serve(app: &Arc<App>, path: &str, headers: &HeaderMap) -> Option<Response> {
    let answer = match place(path)? {
        Place::Page(_) => page("'none'", headers),
        Place::Frame(key) => page(&ancestors(app, key).await, headers),
        Place::Script => script(path, headers),
        Place::Nowhere => None,
    };
    Some(answer.unwrap_or_else(|| (StatusCode::NOT_FOUND, "there is no such file\n").into_response()))
}

fn script(path: &str, headers: &HeaderMap) -> Option<Response> {
    let (file, encoding) = find(path, headers)?;
    let mut response = answer(path, file, encoding);
    let headers = response.headers_mut();
    // A page of another origin runs them, and imports modules as it would ask for any foreign data.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if path == "w/madang.js" {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(LOADER_CACHE));
    }
    Some(response)
}

/// Who may frame a desk, as a policy says it: our own pages, and the sites that it names. A desk that is not there is
/// framed by nobody else, and one that cannot be looked up now is not either.
async fn ancestors(app: &Arc<App>, key: &str) -> String {
    let origins = match app.desk_front(key).await {
        Ok(front) => front.record.settings.origins,
        Err(_) => Vec::new(),
    };
    once("'self'".to_owned()).chain(origins).collect::<Vec<_>>().join(" ")
}

/// The app. Which desk it is for it reads from its own address.
fn page(ancestors: &str, headers: &HeaderMap) -> Option<Response> {
    let (file, encoding) = find("w/index.html", headers)?;
    let mut response = answer("w/index.html", file, encoding);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy(ancestors)).ok()?);
    if ancestors != "'none'" {
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_a_desk_to_a_script_or_nowhere() {
        for path in
            ["h/", "h/a/b", "h/a.b", "w/frame/", "w/frame/..", "w/index.html", "w/assets/../index.html", "w/"]
        {
            assert_eq!(place(path), Some(Place::Nowhere), "{path}");
        }
        assert_eq!(place("h/abcdefghijkl"), Some(Place::Page("abcdefghijkl")));
        assert_eq!(place("h/abcdefghijkl/"), Some(Place::Page("abcdefghijkl")));
        assert_eq!(place("w/frame/abcdefghijkl"), Some(Place::Frame("abcdefghijkl")));
        assert_eq!(place("w/madang.js"), Some(Place::Script));
        assert_eq!(place("w/assets/app-1a.js"), Some(Place::Script));
        assert_eq!((place("help"), place("welcome"), place("")), (None, None, None));
    }

    #[test]
    fn the_page_of_a_desk_is_framed_by_nobody_and_the_frame_by_whom_it_is_for() {
        assert!(policy("'none'").contains("frame-ancestors 'none';"));
        let framed = policy("'self' https://shop.example");
        assert!(framed.contains("frame-ancestors 'self' https://shop.example;"));
        assert!(framed.contains("require-trusted-types-for 'script'"));
    }
}
