//! People are told that a meeting is near.

use serde_json::{Value, json};

use super::{garden, in_seconds, plan, planned, wish_id};
use crate::calls::hears;
use crate::cast::does;
use crate::push::service::Service;
use crate::push::subscribe;
use crate::talk::{add, connect, house};

async fn told(house: &madang_test::House, space: &str) -> Vec<Value> {
    let events =
        does(house, &house.token, "GET", &format!("/spaces/{space}/events?after=0&limit=500"), None).await;
    let events = events["events"].as_array().expect("events").iter();
    events.filter(|it| it["type"] == "meeting.due").cloned().collect()
}

async fn reminders(house: &madang_test::House, token: &str) -> Vec<Value> {
    house.caught_up().await.expect("caught up");
    let list = does(house, token, "GET", "/activity", None).await;
    let items = list["items"].as_array().expect("items").iter();
    items.filter(|it| it["kind"] == "meeting_due").cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_of_a_meeting_before_it_and_at_its_start_once_each() {
    let mut house = house().await;
    let (space, _, joons) = garden(&house).await;
    let mut ear = connect(&house, &joons, json!({})).await.0;
    // In Berlin it begins in ten minutes and a second, so the reminder is due in a second.
    let (start, start_us) = in_seconds(601, "Europe/Berlin");
    let mut wish = plan("곧 하는 회의", &start, None);
    wish["zone"] = json!("Europe/Berlin");
    let seq = planned(&house, &house.token, &space, wish).await;
    let said = hears(&mut ear, "event", |it| it["event"]["type"] == "meeting.due").await;
    let body = &said["event"]["body"];
    assert_eq!((&body["planned"], &body["start"]), (&json!(seq), &json!(start_us)));
    assert!(said["event"]["at"].as_i64() >= Some(start_us - 600_000_000), "not before its time: {said}");
    // Killed right after it, the house does not say it again; the one that begins by now is told still.
    let (start, begins) = in_seconds(1, "Asia/Seoul");
    let now = planned(&house, &joons, &space, plan("지금 하는 회의", &start, None)).await;
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    let mut ear = connect(&house, &joons, json!({})).await.0;
    if told(&house, &space).await.len() < 2 {
        hears(&mut ear, "event", |it| it["event"]["type"] == "meeting.due").await;
    }
    let all = told(&house, &space).await;
    let starts: Vec<&Value> = all.iter().map(|it| &it["body"]["start"]).collect();
    assert_eq!(starts, [&json!(start_us), &json!(begins)], "each is told of once");
    // Whoever planned it is reminded too; the list built anew says the same.
    for _ in 0..2 {
        for token in [&house.token, &joons] {
            let lines = reminders(&house, token).await;
            let seqs: Vec<&Value> = lines.iter().map(|it| &it["message"]).collect();
            assert_eq!((seqs, &lines[0]["text"]), (vec![&json!(now), &json!(seq)], &json!("지금 하는 회의")));
        }
        house.rebuild().await.expect("rebuilt");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_a_meeting_that_was_cancelled_or_that_others_are_invited_to() {
    let house = house().await;
    let (space, joon, joons) = garden(&house).await;
    let (_, minas) = house.member("mina").expect("mina");
    add(&house, &space, "mina@example.com").await;
    let (soon, _) = in_seconds(2, "Asia/Seoul");
    let gone = planned(&house, &house.token, &space, plan("취소할 회의", &soon, None)).await;
    let cancel = format!("/spaces/{space}/meetings/{gone}?client_id={}", wish_id());
    does(&house, &house.token, "DELETE", &cancel, None).await;
    let moved = planned(&house, &house.token, &space, plan("미룬 회의", &soon, None)).await;
    let later = plan("미룬 회의", "2032-03-01T09:00", None);
    does(&house, &house.token, "PUT", &format!("/spaces/{space}/meetings/{moved}"), Some(later)).await;
    let (after, _) = in_seconds(3, "Asia/Seoul");
    let mut two = plan("준과 하는 회의", &after, None);
    two["people"] = json!([joon]);
    let mut ear = connect(&house, &joons, json!({})).await.0;
    let seq = planned(&house, &house.token, &space, two).await;
    hears(&mut ear, "event", |it| it["event"]["type"] == "meeting.due").await;
    let all = told(&house, &space).await;
    assert_eq!(all.iter().map(|it| &it["body"]["planned"]).collect::<Vec<_>>(), [&json!(seq)]);
    assert_eq!(reminders(&house, &joons).await.len(), 1);
    assert_eq!(reminders(&house, &house.token).await.len(), 1, "whoever planned it comes too");
    assert_eq!(reminders(&house, &minas).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_phone_is_told_of_a_meeting_unless_it_is_quiet_there() {
    let mut service = Service::open().await;
    let house = crate::push::house().await;
    let (space, _, joons) = garden(&house).await;
    let (_, minas) = house.member("mina").expect("mina");
    add(&house, &space, "mina@example.com").await;
    let (phone, quiet) = (service.device("phone"), service.device("quiet"));
    let key = subscribe(&house, &joons, &phone).await;
    subscribe(&house, &minas, &quiet).await;
    let hours = json!({"from": "00:00", "to": "00:00", "days": [0, 1, 2, 3, 4, 5, 6], "zone": "Asia/Seoul"});
    does(&house, &minas, "PATCH", "/me/settings", Some(json!({"quiet": hours}))).await;
    let (start, _) = in_seconds(602, "Asia/Seoul");
    let seq = planned(&house, &house.token, &space, plan("씨앗 고르기", &start, None)).await;
    let mut titles = Vec::new();
    for _ in 0..2 {
        let said = phone.reads(&service.next().await, &key);
        let notification = &said["notification"];
        assert_eq!(notification["body"], "씨앗 고르기", "{said}");
        assert_eq!(notification["tag"], format!("{space}/meeting"));
        assert_eq!(notification["data"]["path"], format!("/s/{space}/m/{seq}"));
        titles.push(notification["title"].as_str().expect("a title").to_owned());
    }
    assert_eq!(titles, ["New meeting · 정원", "Meeting in 10 minutes · 정원"]);
}
