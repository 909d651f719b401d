//! What hosts do in a call, and what people in it show each other.

use futures_util::SinkExt;
use madang_test::House;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{answered_camera, calls, hears, joining, joining_with_camera, joins, people, refused, sees};
use crate::cast::{does, guest, link};
use crate::talk::{Socket, add, connect, house, new_space, next, post};

/// A call of nari's with joon, a member, and sam, a guest.
struct Meeting {
    house: House,
    space: String,
    call: String,
    joon: String,
    sam: String,
    nari: Socket,
    hosts: String,
    joons: String,
    sams: String,
}

async fn meeting() -> Meeting {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let (_, joon) = house.member("joon").expect("joon");
    add(&house, &space, "joon@example.com").await;
    let (_, sam) = guest(&house, &space, "sam").await;
    let mut nari = connect(&house, &house.token, json!({})).await.0;
    let call = calls(&house, &house.token, &space).await;
    let hosts = joins(&house, &house.token, &call, "one").await;
    let joons = joins(&house, &joon, &call, "two").await;
    let sams = joins(&house, &sam, &call, "three").await;
    sees(&mut nari, |it| people(it) == 3).await;
    Meeting { house, space, call, joon, sam, nari, hosts, joons, sams }
}

fn of<'a>(call: &'a Value, participant: &str) -> &'a Value {
    let all = call["participants"].as_array().expect("participants");
    all.iter().find(|it| it["id"] == participant).expect("in the call")
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_mute_take_out_lock_hand_over_and_end_and_nobody_else_does() {
    let Meeting { house, call, joon, sam, mut nari, hosts, joons, sams, .. } = meeting().await;
    let at = |participant: &str, more: &str| format!("/calls/{call}/participants/{participant}{more}");
    for (method, path, body) in [
        ("POST", at(&hosts, "/mute"), Some(json!({"source": "microphone"}))),
        ("DELETE", at(&hosts, ""), None),
        ("PUT", format!("/calls/{call}"), Some(json!({"locked": true}))),
        ("DELETE", format!("/calls/{call}"), None),
    ] {
        let said = refused(&house, &sam, method, &path, body).await;
        assert_eq!(said, (403, "not_allowed".into()), "{method} {path}");
    }
    let other = refused(&house, &sam, "PUT", &at(&joons, ""), Some(json!({"microphone": true}))).await;
    assert_eq!(other, (404, "participant_gone".into()), "nobody speaks for another");
    does(&house, &house.token, "POST", &at(&sams, "/mute"), Some(json!({"source": "microphone"}))).await;
    let muted = sees(&mut nari, |it| of(it, &sams)["muted_by_host"] == true).await;
    assert_eq!(of(&muted, &sams)["microphone"], false);
    does(&house, &sam, "PUT", &at(&sams, ""), Some(json!({"microphone": true}))).await;
    sees(&mut nari, |it| of(it, &sams)["muted_by_host"].is_null()).await;
    let over = json!({"locked": true, "host": joons});
    let changed = does(&house, &house.token, "PUT", &format!("/calls/{call}"), Some(over)).await;
    assert_eq!(
        (changed["call"]["host"].as_str(), changed["call"]["locked"].as_bool()),
        (Some(joons.as_str()), Some(true))
    );
    does(&house, &joon, "DELETE", &at(&sams, ""), None).await;
    sees(&mut nari, |it| people(it) == 2).await;
    joins(&house, &sam, &call, "four").await;
    let (_, mina) = house.member("mina").expect("mina");
    add(&house, changed["call"]["space"].as_str().expect("a space"), "mina@example.com").await;
    let locked =
        refused(&house, &mina, "POST", &format!("/calls/{call}/participants"), Some(joining("test", "five")))
            .await;
    assert_eq!(locked, (409, "call_locked".into()), "who was in it comes back, nobody else comes in");
    does(&house, &joon, "DELETE", &format!("/calls/{call}"), None).await;
    sees(&mut nari, |it| it["ended"].is_i64()).await;
    does(&house, &joon, "DELETE", &format!("/calls/{call}"), None).await;
}

async fn shows(socket: &mut Socket, call: &str, signal: Value) {
    let frame = json!({"type": "call_signal", "call": call, "signal": signal});
    socket.send(Message::text(frame.to_string())).await.expect("said");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_show_in_a_call_reaches_those_in_it_and_a_flood_is_a_trickle() {
    let Meeting { house, space, call, joon, sam, mut nari, hosts, joons, sams } = meeting().await;
    let mut joon_ear = connect(&house, &joon, json!({})).await.0;
    let mut sam_ear = connect(&house, &sam, json!({})).await.0;
    let (_, mina) = house.member("mina").expect("mina");
    add(&house, &space, "mina@example.com").await;
    let mut mina_ear = connect(&house, &mina, json!({})).await.0;
    let track = format!("{hosts}/screen");
    let ink = json!({"kind": "ink", "track": track, "stroke": "s1", "points": [[0.5, 0.25], [1.0, 0.0]], "colour": 3, "stay": true, "done": false});
    shows(&mut joon_ear, &call, ink.clone()).await;
    let seen = hears(&mut nari, "call_signal", |_| true).await;
    assert_eq!((seen["from"].as_str(), &seen["signal"]), (Some(joons.as_str()), &ink));
    does(
        &house,
        &sam,
        "POST",
        &format!("/calls/{call}/reactions"),
        Some(json!({"emoji": "🎉", "device": "test"})),
    )
    .await;
    let reaction = hears(&mut sam_ear, "call_signal", |it| it["signal"]["kind"] == "reaction").await;
    assert_eq!(
        (reaction["from"].as_str(), reaction["signal"]["emoji"].as_str()),
        (Some(sams.as_str()), Some("tada"))
    );
    let wish = json!({"kind": "ask_to_unmute", "participant": sams, "source": "microphone"});
    shows(&mut joon_ear, &call, wish.clone()).await;
    shows(&mut nari, &call, wish).await;
    let asked = hears(&mut sam_ear, "call_signal", |it| it["signal"]["kind"] == "asked_to_unmute").await;
    assert_eq!(asked["from"], hosts.as_str(), "only a host asks");
    // What is outside the frame, too much, or said by who is not in the call is shown to nobody.
    let pointer = |x: f32| json!({"kind": "pointer", "track": track, "x": x, "y": 0.5});
    shows(&mut joon_ear, &call, pointer(1.5)).await;
    let many: Vec<[f32; 2]> = vec![[0.1, 0.1]; 101];
    shows(&mut joon_ear, &call, json!({"kind": "ink", "track": track, "stroke": "s2", "points": many})).await;
    shows(&mut joon_ear, &call, json!({"kind": "reaction", "emoji": "tada"})).await;
    shows(&mut mina_ear, &call, pointer(0.25)).await;
    let begun = std::time::Instant::now();
    for _ in 0..500 {
        shows(&mut joon_ear, &call, pointer(0.75)).await;
    }
    for ear in [&mut joon_ear, &mut mina_ear] {
        ear.send(Message::text(json!({"type": "ping"}).to_string())).await.expect("said");
        hears(ear, "pong", |_| true).await;
    }
    let seq = post(&house, &joon, &space, "끝").await;
    let mut told = 0;
    loop {
        let frame = next(&mut nari).await.expect("a frame").expect("connected");
        if frame["event"]["seq"] == seq {
            break;
        }
        if frame["type"] == "call_signal" && frame["signal"]["kind"] != "reaction" {
            assert_eq!(frame["signal"], pointer(0.75));
            told += 1;
        }
    }
    assert!(
        (1..=30 + 31 * (begun.elapsed().as_secs() + 1)).contains(&told),
        "{told} in {:?}",
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_by_link_waits_until_a_host_lets_them_in() {
    let Meeting { house, space, call, joon, mut nari, .. } = meeting().await;
    let mut joon_ear = connect(&house, &joon, json!({})).await.0;
    let (_, dara) = crate::cast::joins(&house, &link(&house, &house.token, &space).await, "dara").await;
    let mut ear = connect(&house, &dara, json!({})).await.0;
    let path = format!("/calls/{call}/participants");
    let wish = || Some(joining("test", "guest"));
    for _ in 0..2 {
        let waits = refused(&house, &dara, "POST", &path, wish()).await;
        assert_eq!(waits, (409, "waiting_room".into()));
    }
    let waiting = sees(&mut nari, |it| it["waiting"].as_array().is_some_and(|it| !it.is_empty())).await;
    assert_eq!(waiting["waiting"].as_array().map(Vec::len), Some(1), "asked twice, waits once");
    let who = waiting["waiting"][0]["id"].as_str().expect("an id").to_owned();
    let admits = |token: String| refused_by(&house, token, format!("{path}/{who}/admit"));
    assert_eq!(admits(joon.clone()).await, (403, "not_allowed".into()));
    assert_eq!(admits(house.token.clone()).await.0, 204);
    hears(&mut ear, "call_signal", |it| it["signal"]["kind"] == "admitted").await;
    joins(&house, &dara, &call, "guest").await;
    let seq = post(&house, &house.token, &space, "끝").await;
    loop {
        let frame = next(&mut joon_ear).await.expect("a frame").expect("connected");
        assert!(frame["call"]["waiting"].is_null(), "the host alone is told: {frame}");
        if frame["event"]["seq"] == seq {
            break;
        }
    }
    let (_, haneul) = crate::cast::joins(&house, &link(&house, &house.token, &space).await, "haneul").await;
    assert_eq!(refused(&house, &haneul, "POST", &path, wish()).await.1, "waiting_room");
    let waiting = sees(&mut nari, |it| it["waiting"].as_array().is_some_and(|it| !it.is_empty())).await;
    let who = waiting["waiting"][0]["id"].as_str().expect("an id");
    does(&house, &house.token, "DELETE", &format!("{path}/{who}"), None).await;
    assert_eq!(refused(&house, &haneul, "POST", &path, wish()).await.1, "call_locked");
}

async fn refused_by(house: &House, token: String, path: String) -> (u16, String) {
    refused(house, &token, "POST", &path, Some(json!({}))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_are_not_seen_in_a_call_that_is_one_way_whatever_their_devices_offer() {
    let Meeting { house, call, joon, sam, mut nari, hosts, sams, .. } = meeting().await;
    let path = format!("/calls/{call}");
    let one_way = Some(json!({"guests_unseen": true}));
    assert_eq!(refused(&house, &sam, "PUT", &path, one_way.clone()).await.1, "not_allowed");
    does(&house, &house.token, "PUT", &path, one_way).await;
    sees(&mut nari, |it| it["guests_unseen"] == true).await;
    assert_eq!(does(&house, &sam, "GET", &path, None).await["rights"]["camera"], false);
    assert_eq!(does(&house, &joon, "GET", &path, None).await["rights"]["camera"], true);
    let mine = format!("{path}/participants/{sams}");
    let now = does(&house, &sam, "PUT", &mine, Some(json!({"camera": true}))).await;
    assert_eq!(now["participant"]["camera"], false);
    // The device joins again and offers its camera.
    let wish = joining_with_camera("seen");
    let answer = |joined: Value| answered_camera(&joined);
    let participants = format!("{path}/participants");
    let unseen = answer(does(&house, &sam, "POST", &participants, Some(wish.clone())).await);
    assert!(unseen.contains("a=inactive"), "{unseen}");
    let seen = answer(does(&house, &joon, "POST", &participants, Some(wish)).await);
    assert!(seen.contains("a=recvonly"), "{seen}");
    let numbers = does(&house, &house.token, "GET", &format!("{path}/numbers"), None).await;
    let of: Vec<&Value> = numbers["participants"].as_array().expect("numbers").iter().collect();
    assert!(of.iter().any(|it| it["participant"] == hosts.as_str()), "{numbers}");
    assert_eq!(refused(&house, &joon, "GET", &format!("{path}/numbers"), None).await.1, "not_allowed");
    let metrics = house.client.get(house.page("/metrics")).bearer_auth(&house.token).send().await;
    let metrics = metrics.expect("asked").text().await.expect("text");
    assert!(
        metrics.contains("madang_calls_running 1\n") && metrics.contains("madang_call_participants 3\n"),
        "{metrics}"
    );
}
