//! Programs in a call: what lets them in, what they are in it, and how they leave.

use madang_test::House;
use serde_json::{Value, json};

use super::{calls, joins, people, refused, sees};
use crate::cast::does;
use crate::talk::{connect, house};

/// A token for a program of somebody's.
async fn token(house: &House, of: &str, shows: bool) -> (String, String, String) {
    let body = json!({"name": "OBS", "shows": shows});
    let path = format!("/spaces/{}/streams", house.space);
    let made = does(house, of, "POST", &path, Some(body)).await;
    let part = |key: &str| made[key].as_str().expect("told").to_owned();
    (part("id"), part("url"), part("token"))
}

/// Asks as a program does.
async fn asks(
    house: &House,
    method: &str,
    path: &str,
    token: &str,
    head: &[(&str, &str)],
    body: String,
) -> reqwest::Response {
    let mut request = house
        .client
        .request(method.parse().expect("a method"), house.page(&format!("/api/v1{path}")))
        .bearer_auth(token)
        .body(body);
    for (name, value) in head {
        request = request.header(*name, *value);
    }
    request.send().await.expect("asked")
}

const OFFER: (&str, &str) = ("content-type", "application/sdp");

fn offer() -> String {
    super::offer("obsobsob").replace("a=recvonly", "a=inactive")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sends_to_the_call_of_its_space_by_its_token_and_by_nothing_else() {
    let house = house().await;
    let (id, url, secret) = token(&house, &house.token, false).await;
    assert!(url.ends_with("/api/v1/whip"), "{url}");
    assert_eq!(refused(&house, &secret, "GET", "/me", None).await.0, 401, "it opens nothing else");
    let none = asks(&house, "POST", "/whip", &secret, &[OFFER], offer()).await;
    assert_eq!(none.status(), 404, "no call runs");
    let call = calls(&house, &house.token, &house.space).await;
    let mut nari = connect(&house, &house.token, json!({})).await.0;
    let mine = joins(&house, &house.token, &call, "one").await;

    let takes = asks(&house, "OPTIONS", "/whip", "none", &[], String::new()).await;
    assert_eq!(
        (takes.status().as_u16(), &takes.headers()["accept-post"]),
        (204, &"application/sdp".parse().expect("a header"))
    );
    assert_eq!(asks(&house, "POST", "/whip", "mds_guess", &[OFFER], offer()).await.status(), 401);
    assert_eq!(
        asks(&house, "POST", "/whep", &secret, &[OFFER], offer()).await.status(),
        401,
        "it only sends"
    );
    assert_eq!(asks(&house, "POST", "/whip", &secret, &[], offer()).await.status(), 415);
    assert_eq!(
        asks(&house, "POST", "/whip", &secret, &[OFFER], "v=0".into()).await.status().as_u16() / 100,
        4
    );

    let begun = asks(&house, "POST", "/whip", &secret, &[OFFER], offer()).await;
    assert_eq!(begun.status(), 201);
    let place = begun.headers()["location"].to_str().expect("a place").replacen("/api/v1", "", 1);
    let tag = begun.headers()["etag"].to_str().expect("a tag").to_owned();
    assert!(begun.text().await.expect("an answer").contains("a=recvonly"));
    let program = |it: &Value| {
        it["participants"].as_array().expect("some").iter().find(|it| it["program"].is_object()).cloned()
    };
    let seen = sees(&mut nari, |it| program(it).is_some()).await;
    let shown = program(&seen).expect("there");
    assert_eq!((&shown["program"]["name"], &shown["screen"]), (&json!("OBS"), &json!(true)));
    assert_eq!(seen["host"], mine.as_str());

    // RFC 9725, 4.3: candidates that come later; another way for the same session is a new one here.
    let kind = ("content-type", "application/trickle-ice-sdpfrag");
    for (head, status) in [
        (vec![kind], 428),
        (vec![kind, ("if-match", "*")], 422),
        (vec![kind, ("if-match", "\"x\"")], 412),
        (vec![kind, ("if-match", tag.as_str())], 204),
    ] {
        assert_eq!(
            asks(&house, "PATCH", &place, &secret, &head, String::new()).await.status(),
            status,
            "{head:?}"
        );
    }
    let again = asks(&house, "POST", "/whip", &secret, &[OFFER], offer()).await;
    let second = again.headers()["location"].to_str().expect("a place").replacen("/api/v1", "", 1);
    assert_eq!(
        asks(&house, "DELETE", &place, &secret, &[], String::new()).await.status(),
        404,
        "it took its own place"
    );
    assert_eq!(asks(&house, "DELETE", &second, &secret, &[], String::new()).await.status(), 200);
    sees(&mut nari, |it| people(it) == 1).await;

    // Who ends the token takes the program out.
    asks(&house, "POST", "/whip", &secret, &[OFFER], offer()).await;
    sees(&mut nari, |it| people(it) == 2).await;
    does(&house, &house.token, "DELETE", &format!("/spaces/{}/streams/{id}", house.space), None).await;
    sees(&mut nari, |it| people(it) == 1).await;
    assert_eq!(asks(&house, "POST", "/whip", &secret, &[OFFER], offer()).await.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_program_comes_into_a_sealed_call_and_none_keeps_a_call_alive_or_hosts_it() {
    let house = house().await;
    let (_, _, secret) = token(&house, &house.token, true).await;
    let path = format!("/spaces/{}/call", house.space);
    let begun = does(&house, &house.token, "POST", &path, Some(json!({"video": true, "sealed": true}))).await;
    let shut = asks(&house, "POST", "/whep", &secret, &[OFFER], super::offer("display0")).await;
    assert_eq!(shut.status(), 409);
    let code = shut.json::<Value>().await.expect("json")["error"]["code"].clone();
    assert_eq!(code, "off_in_sealed_call");
    let sealed = begun["call"]["id"].as_str().expect("an id");
    does(&house, &house.token, "DELETE", &format!("/calls/{sealed}"), None).await;

    let call = calls(&house, &house.token, &house.space).await;
    let shown = asks(&house, "POST", "/whep", &secret, &[OFFER], super::offer("display0")).await;
    assert_eq!(shown.status(), 201);
    let seen = does(&house, &house.token, "GET", &format!("/calls/{call}"), None).await;
    assert_eq!((people(&seen["call"]), &seen["call"]["host"]), (1, &Value::Null));
    // Somebody comes and goes: what is left is a program, and hosts nothing.
    let mine = joins(&house, &house.token, &call, "one").await;
    does(&house, &house.token, "DELETE", &format!("/calls/{call}/participants/{mine}"), None).await;
    let seen = does(&house, &house.token, "GET", &format!("/calls/{call}"), None).await;
    assert_eq!((people(&seen["call"]), &seen["call"]["host"]), (1, &Value::Null));
}
