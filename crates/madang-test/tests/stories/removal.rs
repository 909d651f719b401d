//! Who was taken out sees nothing more.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cast::{cut, does, ending, middle};
use crate::talk::{add, house, new_space, next, post, socket};

const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn invariant_7_removal_cuts_live_sockets_within_a_second() {
    let house = house().await;
    let mut times = Vec::new();
    for name in ["joon", "mina", "dara"] {
        let (person, token) = house.member(name).expect("a member");
        let space = new_space(&house, &house.token, "closed").await;
        add(&house, &space, &format!("{name}@example.com")).await;
        let mut live = socket(&house, &token).await.expect("connected");
        post(&house, &house.token, &space, "안녕").await;
        does(&house, &house.token, "DELETE", &format!("/spaces/{space}/members/{person}"), None).await;
        let removed = Instant::now();
        // From here on everything is said that a device of the space could hear.
        post(&house, &house.token, &space, "비밀").await;
        let read = Some(json!({"seq": 2}));
        does(&house, &house.token, "PUT", &format!("/spaces/{space}/read"), read).await;
        does(&house, &house.token, "PATCH", &format!("/spaces/{space}"), Some(json!({"name": "비밀"}))).await;
        does(&house, &house.token, "POST", "/directs", Some(json!({"people": [person]}))).await;
        // The direct space is the end mark: whatever was to come of the other one came before it.
        let mut left: Option<Value> = None;
        loop {
            let frame = next(&mut live).await.expect("a frame").expect("still connected");
            if frame["type"] == "event" && frame["event"]["space"] != space.as_str() {
                break;
            }
            if frame["event"]["space"] == space.as_str() || frame["space"] == space.as_str() {
                assert!(left.is_none(), "after the removal came {frame}");
                if frame["event"]["type"] == "member.left" {
                    left = Some(frame["event"].clone());
                    times.push(removed.elapsed());
                }
            }
        }
        let left = left.expect("their own leaving is the last they hear");
        let log = does(&house, &house.token, "GET", &format!("/spaces/{space}/events"), None).await;
        let after = log["events"].as_array().expect("events").iter();
        let after: Vec<_> = after.filter(|event| event["at"].as_i64() > left["at"].as_i64()).collect();
        assert_eq!(after.len(), 2, "the log went on without them");
        let (status, _) =
            house.ask(Some(&token), "GET", &format!("/spaces/{space}/events"), None).await.expect("asked");
        assert_eq!(status, 404);
    }
    assert!(middle(times.clone()) <= A_SECOND, "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_cut_within_a_second_and_hears_nothing_more() {
    let house = house().await;
    let mut times = Vec::new();
    for way in ["token", "person", "sign out", "deactivate", "sign out everywhere", "erase"] {
        let (person, token) = house.member(&way.replace(' ', "")).expect("a member");
        let made = does(&house, &token, "POST", "/tokens", Some(json!({"label": "phone"}))).await;
        let secret = made["token"].as_str().expect("a token").to_owned();
        does(&house, &secret, "POST", &format!("/spaces/{}/join", house.space), None).await;
        let mut live = socket(&house, &secret).await.expect("connected");
        match way {
            "token" => {
                let path = format!("/tokens/{}", made["id"].as_str().expect("an id"));
                does(&house, &token, "DELETE", &path, None).await
            }
            "person" => does(&house, &house.token, "DELETE", &format!("/people/{person}"), None).await,
            "deactivate" => {
                does(&house, &house.token, "POST", &format!("/people/{person}/deactivate"), None).await
            }
            "erase" => {
                let body = Some(json!({"messages": true}));
                does(&house, &house.token, "POST", &format!("/people/{person}/erase"), body).await
            }
            "sign out everywhere" => {
                does(&house, &house.token, "POST", &format!("/people/{person}/sign-out"), None).await
            }
            _ => does(&house, &secret, "DELETE", "/session", None).await,
        };
        let ended = Instant::now();
        // Of its own in each round: what was said last stands in what a space shows to whoever joins.
        let secret_text = format!("비밀 {way}");
        post(&house, &house.token, &house.space, &secret_text).await;
        let (frames, code) = ending(&mut live).await;
        times.push(ended.elapsed());
        assert_eq!(code, Some(4401), "{way}: sign in again");
        assert!(!frames.iter().any(|frame| frame.to_string().contains(&secret_text)), "{way}: {frames:?}");
        assert_eq!(house.ask(Some(&secret), "GET", "/me", None).await.expect("asked").0, 401, "{way}");
    }
    assert!(middle(times.clone()) <= A_SECOND, "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_connects_during_a_removal_hears_nothing_after_it() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    let direct = does(&house, &house.token, "POST", "/directs", Some(json!({"people": [joon]}))).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    for round in 0..20 {
        add(&house, &space, "joon@example.com").await;
        let path = format!("/spaces/{space}/members/{joon}");
        let removal = house.ask(Some(&house.token), "DELETE", &path, None);
        let (connected, removed) = tokio::join!(socket(&house, &token), removal);
        assert_eq!(removed.expect("asked").0, 200);
        let secret = format!("비밀 {round}");
        post(&house, &house.token, &space, &secret).await;
        let mark = post(&house, &house.token, &direct, "끝").await;
        // A device that was in between is sent away and comes back.
        let Ok(mut ear) = connected else { continue };
        while let Some(frame) = next(&mut ear).await.expect("a frame or the end") {
            assert!(!frame.to_string().contains(&secret), "round {round}: {frame}");
            if frame["event"]["space"] == direct.as_str() && frame["event"]["seq"] == mark {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_becomes_a_guest_begins_anew_within_a_second() {
    let house = house().await;
    let (_, mina) = house.member("mina").expect("mina");
    let open = new_space(&house, &mina, "open").await;
    let mut times = Vec::new();
    for name in ["joon", "dara", "bori"] {
        let (person, token) = house.member(name).expect("a member");
        does(&house, &token, "GET", &format!("/spaces/{open}/events"), None).await;
        let mut live = socket(&house, &token).await.expect("connected");
        let path = format!("/people/{person}");
        does(&house, &house.token, "PATCH", &path, Some(json!({"role": "guest"}))).await;
        let lowered = Instant::now();
        let read = house.ask(Some(&token), "GET", &format!("/spaces/{open}/events"), None).await;
        assert_eq!(read.expect("asked").0, 404, "the open space is for members");
        times.push(cut(&mut live, lowered, "restart").await);
        socket(&house, &token).await.expect("back as a guest");
    }
    assert!(middle(times.clone()) <= A_SECOND, "{times:?}");
}
