//! Who may let a call be recorded, and who is told.

use serde_json::{Value, json};

use super::{calls, direct, hears, joins, refused, sees};
use crate::cast::does;
use crate::talk::{connect, house};

#[tokio::test(flavor = "multi_thread")]
async fn a_host_lets_a_call_be_recorded_and_everybody_is_told_also_who_comes_later() {
    let house = house().await;
    let (joon, joons) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    let mut ear = connect(&house, &joons, json!({})).await.0;
    let mut eye = connect(&house, &joons, json!({})).await.0;
    let call = calls(&house, &house.token, &space).await;
    let at = format!("/calls/{call}/recording");
    let early = refused(&house, &joons, "PUT", &at, None).await;
    assert_eq!(early, (403, "not_allowed".into()), "nobody hosts a call that they are not in");
    joins(&house, &house.token, &call, "one").await;
    joins(&house, &joons, &call, "two").await;
    for method in ["PUT", "DELETE"] {
        assert_eq!(refused(&house, &joons, method, &at, None).await, (403, "not_allowed".into()), "{method}");
    }
    let begun = does(&house, &house.token, "PUT", &at, None).await;
    let again = does(&house, &house.token, "PUT", &at, None).await;
    assert_eq!(
        again["call"]["recording"], begun["call"]["recording"],
        "the same wish twice is one recording"
    );
    let told = sees(&mut eye, |it| !it["recording"].is_null()).await;
    let said = hears(&mut ear, "event", |it| it["event"]["type"] == "recording.started").await;
    let id = said["event"]["body"]["recording"].as_str().expect("an id").to_owned();
    let late = connect(&house, &joons, json!({})).await.1;
    assert_eq!(late["calls"][0]["recording"], told["recording"], "before they come in");
    does(&house, &house.token, "DELETE", &at, None).await;
    let ended = hears(&mut ear, "event", |it| it["event"]["type"] == "recording.ended").await;
    assert_eq!(ended["event"]["body"]["why"], "asked");
    sees(&mut eye, |it| it["recording"].is_null()).await;
    let kept = loop {
        let kept = does(&house, &joons, "GET", &format!("/recordings/{id}"), None).await;
        if kept["recording"]["state"] == "kept" {
            break kept;
        }
    };
    assert_eq!(
        kept["recording"]["message"],
        Value::Null,
        "nobody was connected, so there is nothing to keep"
    );
    let (_, mina) = house.member("mina").expect("mina");
    let path = format!("/recordings/{id}");
    assert_eq!(refused(&house, &mina, "GET", &path, None).await.0, 404, "who may not read the space");
    assert_eq!(refused(&house, &mina, "DELETE", &format!("{path}/film"), None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_house_that_wants_none_recorded_no_host_does() {
    let house = house().await;
    let (joon, _) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    does(&house, &house.token, "PATCH", "/workspace/settings", Some(json!({"record_calls": false}))).await;
    let call = calls(&house, &house.token, &space).await;
    joins(&house, &house.token, &call, "one").await;
    let at = format!("/calls/{call}/recording");
    assert_eq!(refused(&house, &house.token, "PUT", &at, None).await.1, "recording_off");
    does(&house, &house.token, "PATCH", "/workspace/settings", Some(json!({"record_calls": true}))).await;
    let begun = does(&house, &house.token, "PUT", &at, None).await;
    assert!(!begun["call"]["recording"].is_null(), "{begun}");
}
