//! What a browser is told and believed: cookies, origins, headers, languages.

use std::collections::BTreeMap;

use madang_test::House;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::talk::house;

fn sign_in() -> Value {
    json!({"email": "nari@example.com", "password": "마당에 핀 꽃 한 송이"})
}

async fn signed_in(house: &House) -> (HeaderMap, String) {
    let answer = house.client.post(house.url("/session")).json(&sign_in()).send().await.expect("asked");
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    (answer.headers().clone(), cookie)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_cookie_is_for_this_host_and_for_no_script() {
    let house = house().await;
    let (headers, cookie) = signed_in(&house).await;
    let mut flags: Vec<&str> = cookie.split("; ").collect();
    let pair = flags.remove(0);
    assert!(pair.starts_with("madang=md_"), "{cookie}");
    assert_eq!(flags, ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=7776000"], "{cookie}");
    assert!(!headers.contains_key("strict-transport-security"), "http promises no https");
    let secret = pair.trim_start_matches("madang=").to_owned();
    let answer =
        house.client.delete(house.url("/session")).header("cookie", pair).send().await.expect("asked");
    assert_eq!(answer.headers()["set-cookie"], "madang=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    assert_eq!(house.ask(Some(&secret), "GET", "/me", None).await.expect("asked").0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_foreign_page_sends_is_refused() {
    let house = house().await;
    let (_, cookie) = signed_in(&house).await;
    let secret = cookie.split(';').next().expect("a pair").to_owned();
    let own = house.page("");
    let host = own.trim_start_matches("http://").to_owned();
    let cases: [(&[(&str, &str)], u16); 8] = [
        (&[], 200),
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[("origin", own.as_str())], 200),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "null")], 403),
        (&[("origin", "https://evil.example"), ("x-forwarded-host", host.as_str())], 403),
    ];
    for (headers, expected) in cases {
        let mut request = house.client.patch(house.url("/me")).json(&json!({"language": "ko"}));
        request = request.header("cookie", &secret);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("asked");
        assert_eq!(answer.status().as_u16(), expected, "{headers:?}");
        if expected == 403 {
            let answer: Value = answer.json().await.expect("JSON");
            assert_eq!(answer["error"]["code"], "foreign_page");
        }
    }
    // A program with a token is no browser: nothing but the token counts.
    let request = house.client.patch(house.url("/me")).json(&json!({"language": "ko"}));
    let answer = request.bearer_auth(&house.token).header("origin", "https://evil.example").send().await;
    assert_eq!(answer.expect("asked").status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_opens_no_socket_with_the_cookie() {
    let house = house().await;
    let (_, cookie) = signed_in(&house).await;
    let secret = cookie.split(';').next().expect("a pair").to_owned();
    let own = house.page("");
    for (origin, allowed) in [(own.as_str(), true), ("https://evil.example", false), ("null", false)] {
        let mut request = house.socket_url().into_client_request().expect("a request");
        request.headers_mut().insert("cookie", secret.parse().expect("a header"));
        request.headers_mut().insert("origin", origin.parse().expect("a header"));
        assert_eq!(connect_async(request).await.is_ok(), allowed, "{origin}");
    }
    let mut request = house.socket_url().into_client_request().expect("a request");
    request.headers_mut().insert("cookie", HeaderValue::from_static("madang=md_guess"));
    assert!(connect_async(request).await.is_err(), "nor does a guess");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_speak_korean_and_english() {
    let house = house().await;
    let cases = [
        ("ko-KR,ko;q=0.9,en;q=0.5", "먼저 로그인해 주세요."),
        ("en-GB,en;q=0.9,ko;q=0.5", "Sign in first."),
        ("fr, de;q=0.5", "Sign in first."),
        ("", "Sign in first."),
    ];
    for (language, words) in cases {
        let request = house.client.get(house.url("/me")).header("accept-language", language);
        let answer: Value = request.send().await.expect("asked").json().await.expect("JSON");
        assert_eq!(answer, json!({"error": {"code": "not_signed_in", "message": words}}), "{language}");
    }
}

/// Every header that says how a browser is to treat an answer.
fn rules(headers: &HeaderMap) -> BTreeMap<&str, &str> {
    let names = [
        "cache-control",
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
        "x-content-type-options",
    ];
    let known = names.iter().filter_map(|name| Some((*name, headers.get(*name)?.to_str().ok()?)));
    known.collect()
}

const SHELL: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
    frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types svelte-trusted-html madang-workers";

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_how_a_browser_is_to_treat_it() {
    let house = house().await;
    let shell = house.client.get(house.page("/")).send().await.expect("asked");
    assert_eq!(shell.status(), 200, "the web client is built before the stories are told");
    let text = shell.text().await.expect("text");
    let script = text.split('"').find(|word| word.starts_with("/assets/")).expect("the shell has a script");
    let everywhere = [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ];
    let permissions = "camera=(self), microphone=(self), display-capture=(self), geolocation=()";
    let nothing = "default-src 'none'; frame-ancestors 'none'";
    let forever = "public, max-age=31536000, immutable";
    let answers = [
        ("/", "no-cache", SHELL, Some(permissions)),
        ("/index.html", "no-cache", SHELL, Some(permissions)),
        ("/chats/anything", "no-cache", SHELL, Some(permissions)),
        ("/j/a-link", "no-cache", SHELL, Some(permissions)),
        ("/sw.js", "no-cache", SHELL, Some(permissions)),
        ("/manifest.webmanifest", "no-cache", SHELL, Some(permissions)),
        (script, forever, SHELL, Some(permissions)),
        ("/missing.js", "no-store", nothing, None),
        ("/api/v1/me", "no-store", nothing, None),
        ("/api/v1/nothing", "no-store", nothing, None),
        ("/api/v1/openapi.json", "no-store", nothing, None),
        ("/healthz", "no-store", nothing, None),
        ("/metrics", "no-store", nothing, None),
    ];
    for (path, cache, policy, permissions) in answers {
        let answer =
            house.client.get(house.page(path)).bearer_auth(&house.token).send().await.expect("asked");
        let mut expected: BTreeMap<&str, &str> = everywhere.into_iter().collect();
        expected.extend([("cache-control", cache), ("content-security-policy", policy)]);
        expected.extend(permissions.map(|it| ("permissions-policy", it)));
        assert_eq!(rules(answer.headers()), expected, "{path}");
    }
}
