//! How often one may try to get in: counted by network, behind a trusted proxy too.

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::{guest, link};
use crate::talk::new_space;

/// A house with its usual limits, behind a proxy on this machine.
async fn behind_a_proxy() -> House {
    let mut house = House::set_up().expect("a house");
    let limits = ["--rate-limit", "0", "--opening-limit", "20", "--trusted-proxies", "127.0.0.0/8"];
    house.start_with(&limits).await.expect("it serves");
    house
}

struct Answer {
    status: u16,
    retry_after: Option<u64>,
    body: Value,
}

async fn from(house: &House, address: &str, method: &str, path: &str, body: Value) -> Answer {
    let request = house.client.request(method.parse().expect("a method"), house.url(path)).json(&body);
    let answer = request.header("x-forwarded-for", address).send().await.expect("asked");
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let retry_after = header("retry-after").and_then(|text| text.parse().ok());
    let status = answer.status().as_u16();
    Answer { status, retry_after, body: answer.json().await.unwrap_or(Value::Null) }
}

fn sign_in(name: &str, password: &str) -> Value {
    json!({"email": format!("{name}@example.com"), "password": password})
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_at_an_account_gets_slow_for_the_guesser_and_not_for_its_owner() {
    let house = behind_a_proxy().await;
    house.member("mina").expect("mina");
    let right = sign_in("mina", "mina likes the garden");
    let mut texts = Vec::new();
    for name in ["mina", "nobody"] {
        for _ in 0..5 {
            let answer =
                from(&house, "203.0.113.9", "POST", "/session", sign_in(name, "a guess at it")).await;
            assert_eq!(answer.status, 401);
            texts.push(answer.body);
        }
        let answer = from(&house, "203.0.113.9", "POST", "/session", right.clone()).await;
        let slow = if name == "mina" {
            answer
        } else {
            from(&house, "203.0.113.9", "POST", "/session", sign_in(name, "a guess at it")).await
        };
        assert_eq!(slow.status, 429, "{}", slow.body);
        assert_eq!(slow.body["error"]["code"], "too_fast");
        assert!(slow.retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)));
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "nobody learns who has an account");
    let hers = from(&house, "198.51.100.7", "POST", "/session", right.clone()).await;
    assert_eq!(hers.status, 200, "{}", hers.body);
    // Whoever says where they come from without being a proxy's client is not believed either way.
    let spoofed = from(&house, "198.51.100.7, 203.0.113.9", "POST", "/session", right).await;
    assert_eq!(spoofed.status, 429, "the last address that is no proxy counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_in_is_counted_by_network() {
    let house = behind_a_proxy().await;
    let space = new_space(&house, &house.token, "closed").await;
    let joins = link(&house, &house.token, &space).await;
    let (_, api) = house.ask(None, "GET", "/openapi.json", None).await.expect("asked");
    let mut ways = Vec::new();
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if operation["x-policy"]["who"] == "opening" {
                let under = path.trim_start_matches("/api/v1").replace("{token}", &joins);
                ways.push((method.to_uppercase(), under));
            }
        }
    }
    assert!(ways.len() >= 10, "{ways:?}");
    for (n, (method, path)) in ways.iter().enumerate() {
        let network = format!("2001:db8:0:{n:x}");
        let ask = |host: usize| {
            let body = json!({"name": "보라", "email": format!("n{host}@example.com"), "password": "나무 아래 새 비밀번호"});
            let (house, address) = (&house, format!("{network}::{host:x}"));
            async move { from(house, &address, method, path, body).await }
        };
        let mut refused = None;
        for host in 1..=40 {
            let answer = ask(host).await;
            if answer.status == 429 {
                refused = Some((host, answer));
                break;
            }
        }
        let (host, answer) = refused.unwrap_or_else(|| panic!("{method} {path} is not counted"));
        assert!(host >= 20, "{method} {path}: after {host}");
        assert!(answer.retry_after.is_some_and(|seconds| seconds >= 1), "{method} {path}");
        assert_eq!(answer.body["error"]["code"], "too_fast");
    }
    // Others come in meanwhile, and whoever is in goes on.
    let other = from(&house, "192.0.2.44", "POST", &format!("/join/{joins}"), json!({"name": "보라"})).await;
    assert_eq!(other.status, 200, "{}", other.body);
    let me = from(&house, "2001:db8:0:1::1", "GET", "/healthz", Value::Null).await;
    assert_ne!(me.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_says_the_same_for_everybody() {
    let house = behind_a_proxy().await;
    let space = new_space(&house, &house.token, "closed").await;
    guest(&house, &space, "sam").await;
    for name in ["sam", "nobody"] {
        for round in 0..4 {
            let body = json!({"email": format!("{name}@example.com")});
            let answer = from(&house, "203.0.113.9", "POST", "/password-reset", body).await;
            assert_eq!(answer.status, if round < 3 { 204 } else { 429 }, "{name}, {round}");
        }
        let body = json!({"email": format!("{name}@example.com")});
        let elsewhere = from(&house, "198.51.100.7", "POST", "/password-reset", body).await;
        assert_eq!(elsewhere.status, 204, "{name} is not locked out");
    }
}
