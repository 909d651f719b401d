//! Push: people are told on devices where Madang is closed. A push service on this machine takes what the house
//! sends, checks who it is from, and reads it as the device does.

mod calls;
mod delivery;
mod health;
mod rules;
pub mod service;

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::{add, new_space, post};
use service::{Device, Service};

/// A house that may ask a push service on this machine.
pub async fn house() -> House {
    let mut house = House::set_up().expect("a house");
    house.options.extend(["--outgoing-allowed".into(), "127.0.0.1".into()]);
    house.start().await.expect("it serves");
    house
}

/// Subscribes a device of the person behind the token; gives the house's key.
pub async fn subscribe(house: &House, token: &str, device: &Device) -> String {
    let state = does(house, token, "GET", "/me/push", None).await;
    does(house, token, "PUT", "/me/push", Some(device.subscription())).await;
    assert_eq!(does(house, token, "GET", "/me/push", None).await["subscribed"], true);
    state["key"].as_str().expect("a key").to_owned()
}

/// A closed space with these people in it.
async fn space_of(house: &House, names: &[&str]) -> String {
    let space = new_space(house, &house.token, "closed").await;
    for name in names {
        add(house, &space, &format!("{name}@example.com")).await;
    }
    space
}

/// Nari calls on somebody; gives the seq.
async fn mention(house: &House, space: &str, person: &str) -> i64 {
    post(house, &house.token, space, &format!("<@{person}> 여기 봐요")).await
}

/// Another session of the person behind the token.
async fn another_token(house: &House, token: &str) -> String {
    let made = does(house, token, "POST", "/tokens", Some(json!({"label": "another"}))).await;
    made["token"].as_str().expect("a token").to_owned()
}

fn tag(said: &Value) -> &str {
    said["notification"]["tag"].as_str().expect("a tag")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mention_arrives_encrypted_at_the_device_of_who_was_mentioned() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let space = space_of(&house, &["joon"]).await;
    let seq = post(&house, &house.token, &space, &format!("<@{joon}> *오늘* 저녁 여섯 시에 봐요")).await;
    let message = service.next().await;
    assert!(!String::from_utf8_lossy(&message.body).contains("저녁"), "the push service reads nothing");
    assert_eq!(message.headers["topic"], space);
    assert_eq!(message.headers["urgency"], "high");
    let said = phone.reads(&message, &key);
    let notification = &said["notification"];
    assert_eq!(notification["title"], "나리 mentioned you · 정원");
    assert_eq!(notification["body"], "@joon 오늘 저녁 여섯 시에 봐요");
    assert_eq!(notification["tag"], space);
    assert_eq!(notification["data"]["path"], format!("/s/{space}/m/{seq}"));
    assert_eq!(notification["navigate"], format!("{}/s/{space}/m/{seq}", house.origin()));
    assert_eq!((&said["web_push"], &said["unread"]), (&json!(8030), &json!([space])));
    // The space, and the new lines in the activity list.
    let activity = does(&house, &token, "GET", "/activity", None).await;
    let waits = 1 + activity["items"].as_array().expect("items").len();
    assert_eq!(said["app_badge"], waits.to_string());
}
