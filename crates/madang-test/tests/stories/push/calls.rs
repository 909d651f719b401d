//! A call rings where Madang is closed.

use serde_json::json;

use super::service::Service;
use super::{another_token, house, subscribe, tag};
use crate::calls::{calls, direct, joins};
use crate::cast::does;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_rings_on_a_closed_phone_and_stops_when_it_is_answered_elsewhere() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let laptop = another_token(&house, &token).await;
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let space = direct(&house, &house.token, &joon).await;
    let call = calls(&house, &house.token, &space).await;
    let message = service.next().await;
    assert_eq!((message.headers["ttl"].as_str(), message.headers["urgency"].as_str()), ("45", "high"));
    let said = phone.reads(&message, &key);
    let notification = &said["notification"];
    assert_eq!(
        (notification["title"].as_str(), notification["body"].as_str()),
        (Some("나리"), Some("Incoming video call"))
    );
    assert_eq!(
        (tag(&said), notification["require_interaction"].as_bool()),
        (format!("{space}/call").as_str(), Some(true))
    );
    assert_eq!(
        (notification["data"]["kind"].as_str(), notification["data"]["call"].as_str()),
        (Some("call"), Some(call.as_str()))
    );
    assert_eq!(notification["actions"][1]["action"], "decline");
    joins(&house, &laptop, &call, "one").await;
    let over = phone.reads(&service.next().await, &key);
    assert_eq!((tag(&over), over["notification"]["data"]["kind"].as_str()), (tag(&said), Some("call_over")));
    assert_eq!(over["notification"]["body"], "Answered on another device");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_rings_although_the_push_service_was_busy_at_first() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let space = direct(&house, &house.token, &joon).await;
    service.answers("503 Service Unavailable\r\nretry-after: 1");
    let call = calls(&house, &house.token, &space).await;
    let (refused, taken) = (service.next().await, service.next().await);
    for message in [&refused, &taken] {
        assert_eq!(phone.reads(message, &key)["notification"]["data"]["call"], call.as_str());
    }
    let left = |ttl: &str| ttl.parse::<i64>().expect("seconds");
    assert!(
        left(&taken.headers["ttl"]) < left(&refused.headers["ttl"]),
        "it is worth nothing once the call is missed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_missed_a_call_is_told_in_the_place_of_what_rang() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    does(&house, &token, "PATCH", "/me/settings", Some(json!({"push_contents": false}))).await;
    let space = direct(&house, &house.token, &joon).await;
    let call = calls(&house, &house.token, &space).await;
    let rang = phone.reads(&service.next().await, &key);
    assert!(!rang["notification"].to_string().contains("나리"), "{rang}");
    does(&house, &token, "PATCH", "/me/settings", Some(json!({"push_contents": null}))).await;
    does(&house, &house.token, "DELETE", &format!("/calls/{call}"), None).await;
    let missed = phone.reads(&service.next().await, &key);
    assert_eq!(tag(&missed), tag(&rang));
    assert_eq!(
        (missed["notification"]["title"].as_str(), missed["notification"]["body"].as_str()),
        (Some("나리"), Some("Missed call"))
    );
    does(&house, &token, "PUT", &format!("/spaces/{space}/involvement"), Some(json!({"level": "nothing"})))
        .await;
    let quiet = calls(&house, &house.token, &space).await;
    does(&house, &house.token, "DELETE", &format!("/calls/{quiet}"), None).await;
    does(
        &house,
        &token,
        "PUT",
        &format!("/spaces/{space}/involvement"),
        Some(json!({"level": "everything"})),
    )
    .await;
    let seq = crate::talk::post(&house, &house.token, &space, "왜 안 받아요?").await;
    let said = phone.reads(&service.next().await, &key);
    assert_eq!(said["notification"]["data"]["seq"], seq, "who wants to hear nothing is not called");
}
