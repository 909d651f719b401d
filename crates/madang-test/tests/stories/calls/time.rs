//! What happens in calls when nobody does anything, on a clock that the story moves.

use serde_json::json;

use super::{calls, direct, hears, joining, joins, people, refused, sees};
use crate::cast::{does, link};
use crate::clock::Clock;
use crate::talk::{connect, new_space};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_rings_for_45_seconds_and_then_it_was_missed() {
    let (house, clock) = Clock::house().await;
    let house = &house;
    let (joon, token) = house.member("joon").expect("joon");
    let space = direct(house, &house.token, &joon).await;
    let mut phone = connect(house, &token, json!({})).await.0;
    let call = calls(house, &house.token, &space).await;
    hears(&mut phone, "ring", |_| true).await;
    clock.put("+35");
    let mut laptop = connect(house, &token, json!({})).await.0;
    hears(&mut laptop, "ring", |_| true).await;
    clock.put("+46");
    for device in [&mut phone, &mut laptop] {
        let over = hears(device, "ring_over", |_| true).await;
        assert_eq!((over["call"].as_str(), over["why"].as_str()), (Some(call.as_str()), Some("missed")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_get_connected_is_out_after_30_seconds_and_the_call_over_20_later() {
    let (house, clock) = Clock::house().await;
    let house = &house;
    let (joon, token) = house.member("joon").expect("joon");
    let space = direct(house, &house.token, &joon).await;
    let mut ear = connect(house, &token, json!({})).await.0;
    let call = calls(house, &house.token, &space).await;
    joins(house, &house.token, &call, "one").await;
    sees(&mut ear, |it| people(it) == 1).await;
    clock.put("+31");
    let empty = sees(&mut ear, |it| people(it) == 0).await;
    assert!(empty["ended"].is_null(), "it waits for somebody to come back: {empty}");
    clock.put("+40");
    let path = format!("/calls/{call}");
    assert!(does(house, &token, "GET", &path, None).await["call"]["ended"].is_null());
    clock.put("+53");
    sees(&mut ear, |it| it["ended"].is_i64()).await;
    assert_eq!(refused(house, &token, "GET", &path, None).await, (404, "call_over".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_nobody_joined_is_over_after_two_minutes() {
    let (house, clock) = Clock::house().await;
    let house = &house;
    let mut nari = connect(house, &house.token, json!({})).await.0;
    let space = new_space(house, &house.token, "closed").await;
    let call = calls(house, &house.token, &space).await;
    let path = format!("/calls/{call}");
    clock.put("+100");
    assert!(does(house, &house.token, "GET", &path, None).await["call"]["ended"].is_null());
    clock.put("+121");
    sees(&mut nari, |it| it["id"] == call.as_str() && it["ended"].is_i64()).await;
    assert_eq!(refused(house, &house.token, "GET", &path, None).await, (404, "call_over".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_before_the_door_and_asks_no_more_is_forgotten_after_a_minute() {
    let (house, clock) = Clock::house().await;
    let house = &house;
    let mut nari = connect(house, &house.token, json!({})).await.0;
    let space = new_space(house, &house.token, "closed").await;
    let call = calls(house, &house.token, &space).await;
    joins(house, &house.token, &call, "host").await;
    let (_, dara) = crate::cast::joins(house, &link(house, &house.token, &space).await, "dara").await;
    let path = format!("/calls/{call}/participants");
    let asks = async || refused(house, &dara, "POST", &path, Some(joining("test", "guest"))).await.1;
    let waiting = |it: &serde_json::Value| it["waiting"].as_array().map_or(0, Vec::len);
    assert_eq!(asks().await, "waiting_room");
    sees(&mut nari, |it| waiting(it) == 1).await;
    // The host asks too, so that the call goes on though nobody here gets connected.
    clock.put("+25");
    joins(house, &house.token, &call, "host again").await;
    assert_eq!(asks().await, "waiting_room", "whoever asks again goes on waiting");
    clock.put("+50");
    joins(house, &house.token, &call, "host a third time").await;
    clock.put("+70");
    // The second is told after the time was looked at for the first.
    for key in ["a fourth time", "a fifth time"] {
        let host = joins(house, &house.token, &call, key).await;
        sees(&mut nari, |it| it["participants"][0]["id"] == host.as_str()).await;
    }
    let still = does(house, &house.token, "GET", &format!("/calls/{call}"), None).await;
    assert_eq!(waiting(&still["call"]), 1, "{still}");
    clock.put("+87");
    sees(&mut nari, |it| waiting(it) == 0).await;
}
