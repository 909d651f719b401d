//! Input that no honest client sends.

use madang_test::House;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cast::does;
use crate::talk::{PATIENCE, house, new_space};

/// Every operation of the description, with `fill` in the place of what its path names.
async fn operations(house: &House, fill: &str) -> Vec<(String, String)> {
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().expect("paths") {
        let filled = path.split('{').enumerate().map(|(n, part)| match (n, part.split_once('}')) {
            (0, _) | (_, None) => part.to_owned(),
            (_, Some((_, rest))) => format!("{fill}{rest}"),
        });
        let filled: String = filled.collect();
        for method in methods.as_object().expect("methods").keys() {
            all.push((method.to_uppercase(), filled.clone()));
        }
    }
    all
}

/// A refusal has a code and a sentence; a success is a success; nothing breaks.
fn is_clear(what: &str, status: u16, kind: &str, text: &str) {
    assert!(status < 500, "{what} broke with {status}: {text}");
    // The answer to HEAD has no body (RFC 9110, 9.3.2).
    if status >= 400 && !what.starts_with("HEAD ") {
        let answer: Value =
            serde_json::from_str(text).unwrap_or_else(|_| panic!("{what}: {status} {text:?} is no JSON"));
        assert!(kind.starts_with("application/json"), "{what} is {kind}");
        let error = &answer["error"];
        assert!(error["code"].as_str().is_some_and(|code| !code.is_empty()), "{what}: {text}");
        assert!(error["message"].as_str().is_some_and(|words| !words.is_empty()), "{what}: {text}");
    }
}

async fn ask(house: &House, token: &str, what: (&str, &str), kind: &str, body: Vec<u8>) -> (u16, String) {
    let (method, path) = what;
    let request = house
        .client
        .request(method.parse().expect("a method"), house.page(path))
        .bearer_auth(token)
        // What is refused unread ends its connection; the next question must not ride on it.
        .header("connection", "close")
        .header("content-type", kind)
        .body(body);
    let answer = request.send().await.expect("it answers");
    let status = answer.status().as_u16();
    let kind =
        answer.headers().get("content-type").and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let text = answer.text().await.expect("text");
    is_clear(&format!("{method} {path}"), status, &kind, &text);
    (status, text)
}

/// A token for each question, so that signing out ends nothing but itself.
async fn fresh(house: &House) -> String {
    let made = does(house, &house.token, "POST", "/tokens", Some(json!({}))).await;
    made["token"].as_str().expect("a token").to_owned()
}

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let json = "application/json";
    let deep = "[".repeat(100_000);
    let wide = format!("{{\"text\":{}{}{}}}", "{\"a\":".repeat(200), "1", "}".repeat(200));
    vec![
        (json, b"".to_vec()),
        (json, b"null".to_vec()),
        (json, b"[]".to_vec()),
        (json, b"\"text\"".to_vec()),
        (json, b"{\"text\": \"x".to_vec()),
        (json, b"{} {}".to_vec()),
        (json, b"{\"text\": \"\xff\xfe\", \"name\": \"\xc3\x28\"}".to_vec()),
        (json, b"{\"text\": \"\\ud800\", \"name\": \"\\ud800\"}".to_vec()),
        (json, b"{\"seq\": -9223372036854775808, \"at\": 1, \"thread\": -9223372036854775808, \"text\": \"x\", \"expires_in\": 9223372036854775807}".to_vec()),
        (json, b"{\"seq\": 1e400, \"at\": 123456789012345678901234567890, \"uses\": -9e99}".to_vec()),
        (json, b"{\"seq\": 9223372036854775807, \"at\": -9223372036854775808, \"thread\": 9223372036854775807, \"text\": \"x\"}".to_vec()),
        (json, br#"{"text":"a","text":"b","seq":1,"seq":2,"name":"a","name":"b","email":"a@b.c","email":"d@e.f"}"#.to_vec()),
        (json, br#"{"text":{"$ne":1},"name":[],"seq":"x","email":7,"password":{},"role":null,"level":[1],"at":"now"}"#.to_vec()),
        (json, "{\"text\":\"a\\u0000b\",\"name\":\"a\\u0000b\",\"label\":\"\\u0000\",\"client_id\":\"\\u0000\",\"kind\":\"open\",\"email\":\"a\\u0000@b.c\",\"role\":\"member\",\"description\":\"\\u0000\",\"seq\":1,\"at\":1,\"\\u0000\":\"\\u0000\"}".into()),
        (json, format!("{{\"name\":\"{0}\",\"text\":\"x\",\"client_id\":\"{0}\",\"kind\":\"closed\",\"email\":\"{0}@b.c\"}}", "가".repeat(5_000)).into()),
        (json, deep.into()),
        (json, wide.into()),
        ("text/plain", br#"{"text":"a"}"#.to_vec()),
        ("application/x-www-form-urlencoded", b"text=a&name=b".to_vec()),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n".to_vec()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_and_never_breaks_anything() {
    let house = house().await;
    for (method, path) in operations(&house, &house.space).await {
        // What a GET carries nobody reads; a space that is deleted would answer all the rest with the same words.
        if matches!(method.as_str(), "GET" | "DELETE") {
            continue;
        }
        for (kind, body) in bodies() {
            let token = fresh(&house).await;
            ask(&house, &token, (&method, &path), kind, body).await;
        }
    }
    let huge = format!("{{\"text\":\"{}\"}}", "가".repeat(600_000));
    let space = new_space(&house, &house.token, "closed").await;
    let path = format!("/api/v1/spaces/{space}/messages");
    let (status, text) = ask(&house, &house.token, ("POST", &path), "application/json", huge.into()).await;
    assert_eq!(status, 413, "{text}");
    let unknown = json!({"text": "안녕", "author": "somebody else", "seq": 7, "at": 1, "space": "x"});
    let sent = does(&house, &house.token, "POST", &format!("/spaces/{space}/messages"), Some(unknown)).await;
    let me = does(&house, &house.token, "GET", "/me", None).await;
    assert_eq!(sent["event"]["author"], me["me"]["id"], "a sender is not what somebody claims");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_paths_and_queries_are_refused_and_never_break_anything() {
    let house = house().await;
    let long = "9".repeat(2_000);
    let fills = [
        "..%2F..",
        "%2e%2e",
        "%00",
        "%ff%fe",
        "-1",
        "99999999999999999999",
        "a%2Fb",
        "%3Fx%23y",
        "0000000000000",
        &long,
    ];
    for fill in fills {
        for (method, path) in operations(&house, fill).await {
            let token = fresh(&house).await;
            ask(&house, &token, (&method, &path), "application/json", b"{}".to_vec()).await;
        }
    }
    let queries = [
        "?limit=x",
        "?limit=-1",
        "?limit=99999999999999999999",
        "?cursor=%00",
        "?after=%ff",
        "?q=%00",
        "?ids=%00,,x",
        "?cursor=..%2F..",
        "?q=%25%5f!",
        "?limit=1&limit=2",
        "?client_id=%00",
        "?browse=7",
    ];
    for query in queries {
        for (method, path) in
            operations(&house, &house.space).await.iter().filter(|(method, _)| method == "GET")
        {
            ask(&house, &house.token, (method, &format!("{path}{query}")), "application/json", Vec::new())
                .await;
        }
    }
    for (method, path) in [
        ("TRACE", "/api/v1/me"),
        ("PUT", "/api/v1/me"),
        ("GET", "/api/v1/nothing"),
        ("POST", "/"),
        ("GET", "/api"),
    ] {
        let (status, _) = ask(&house, &house.token, (method, path), "application/json", Vec::new()).await;
        assert!(matches!(status, 404 | 405), "{method} {path} is {status}");
    }
}

/// Says something to the port and gives the first line of what comes back.
async fn raw(house: &House, said: &[u8]) -> String {
    let origin = house.page("");
    let mut stream = TcpStream::connect(origin.trim_start_matches("http://")).await.expect("connected");
    stream.write_all(said).await.expect("said");
    let mut heard = Vec::new();
    // An end by reset is an end too.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut heard)).await.expect("it ends");
    String::from_utf8_lossy(&heard).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_http_ends_the_connection_and_nothing_else() {
    let house = house().await;
    let long = "x".repeat(100_000);
    let said = [
        "nonsense\r\n\r\n".to_owned(),
        format!("GET /{long} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
        format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\nx-long: {long}\r\nconnection: close\r\n\r\n"),
        format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\n{}connection: close\r\n\r\n", "a: b\r\n".repeat(500)),
        "GET /api/v1/me HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \u{7f}\r\nconnection: close\r\n\r\n".to_owned(),
        "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\nconnection: close\r\n\r\n".to_owned(),
        "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\nzz\r\n".to_owned(),
        "GET /api/v1/me HTTP/9.9\r\n\r\n".to_owned(),
    ];
    for said in &said {
        let line = raw(&house, said.as_bytes()).await;
        assert!(
            line.is_empty() || line.split(' ').nth(1).is_some_and(|code| code.starts_with('4')),
            "{line}"
        );
    }
    does(&house, &house.token, "GET", "/me", None).await;
}
