//! The page at which guests book (`/b/KEY`), and that of one booking (`/b/KEY/SECRET`): one small page without an account,
//! which nobody frames and which is told to no other site.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::{answer, find};

/// Longer than any key or secret, and short enough to look up.
const LONGEST: usize = 128;

fn is_a_page(path: &str) -> bool {
    let name = |it: &str| {
        (1..=LONGEST).contains(&it.len())
            && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let mut parts = path.trim_end_matches('/').split('/');
    let (key, secret) = (parts.next().unwrap_or_default(), parts.next());
    name(key) && secret.is_none_or(name) && parts.next().is_none()
}

/// What a path under `/b/` leads to; nothing for all others.
pub fn serve(path: &str, headers: &HeaderMap) -> Option<Response> {
    let rest = path.strip_prefix("b/")?;
    let hashed = rest.strip_prefix("assets/").is_some_and(|name| !name.contains('/'));
    let found = match hashed {
        true => find(path, headers).map(|(file, encoding)| answer(path, file, encoding)),
        false if is_a_page(rest) => find("b/index.html", headers).map(|(file, encoding)| {
            let mut response = answer("b/index.html", file, encoding);
            // The address may hold a guest's secret.
            response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            response
        }),
        false => None,
    };
    Some(found.unwrap_or_else(|| (StatusCode::NOT_FOUND, "there is no such file\n").into_response()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_page_and_so_is_a_key_with_a_secret() {
        for path in ["abcdefghijkl", "abcdefghijkl/", "abcdefghijkl/mds-_9", "0123456789ab/x/"] {
            assert!(is_a_page(path), "{path}");
        }
        for path in ["", "/", "a/b/c", "a.html", "a/../b", "index.html", "a/b.js"] {
            assert!(!is_a_page(path), "{path}");
        }
        assert!(serve("h/abc", &HeaderMap::new()).is_none());
    }
}
