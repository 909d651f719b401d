//! Help desks: visitors come without an account, wait, are helped, and come back.

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::{Socket, next};

mod abuse;
mod after;
mod calls;
mod claim;
mod cobrowse;
mod contacts;
mod identity;
mod mail;
mod notes;
mod queue;
mod reports;
mod stills;
mod visits;
mod webhooks;

/// A desk that is always open, with these agents.
pub async fn desk(house: &House, agents: &[&str], more: Value) -> (String, String) {
    let mut settings = json!({
        "name": "기술 지원",
        "hours": {"zone": "Asia/Seoul", "week": [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": "24:00"}]},
        "skills": ["환불"],
        "ring_seconds": 5,
    });
    for (name, value) in more.as_object().expect("settings") {
        settings[name] = value.clone();
    }
    let made = does(house, &house.token, "POST", "/desks", Some(json!({"settings": settings}))).await;
    let text = |name: &str| made["desk"][name].as_str().expect("text").to_owned();
    let (id, key) = (text("id"), text("key"));
    staff(house, &id, agents).await;
    (id, key)
}

pub async fn staff(house: &House, desk: &str, agents: &[&str]) {
    let agents: Vec<Value> = agents.iter().map(|it| json!({"person": it})).collect();
    does(house, &house.token, "PUT", &format!("/desks/{desk}/agents"), Some(json!({"agents": agents}))).await;
}

/// Somebody comes; gives their token and the space of their ticket.
pub async fn comes(house: &House, key: &str, name: &str, wants: &str) -> (String, String) {
    let body = json!({"name": name, "language": "ko-KR", "via": "widget", "wants": wants,
        "page": {"url": "https://shop.example/cart", "title": "장바구니"}});
    let request = house.client.post(house.url(&format!("/desk/{key}/visits"))).json(&body);
    let answer = request.send().await.expect("asked");
    assert_eq!(answer.status(), 201);
    let begun: Value = answer.json().await.expect("JSON");
    let text = |name: &str| begun[name].as_str().expect("text").to_owned();
    (text("token"), text("space"))
}

pub async fn reachable(house: &House, token: &str, on: bool) {
    does(house, token, "PUT", "/me/agent", Some(json!({"reachable": on}))).await;
}

/// The ticket as agents see it.
pub async fn ticket(house: &House, token: &str, space: &str) -> Value {
    does(house, token, "GET", &format!("/tickets/{space}"), None).await["ticket"].clone()
}

/// The next frame of this kind; others are let go.
pub async fn hears(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = next(socket).await.expect("it goes on").expect("it is open");
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// The next event of this kind in a space.
pub async fn hears_event(socket: &mut Socket, space: &str, kind: &str) -> Value {
    loop {
        let frame = hears(socket, "event").await;
        if frame["event"]["space"] == space && frame["event"]["type"] == kind {
            return frame["event"].clone();
        }
    }
}

/// All events of a space as somebody reads them.
pub async fn events(house: &House, token: &str, space: &str) -> Vec<Value> {
    let answer = does(house, token, "GET", &format!("/spaces/{space}/events?after=0&limit=500"), None).await;
    answer["events"].as_array().expect("events").clone()
}

pub fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|it| it["type"].as_str().expect("a kind")).collect()
}
