//! Who is told what of somebody's profile, and when.

use serde_json::{Value, json};

use crate::cast::{does, guest};
use crate::talk::{Socket, add, connect, house, new_space, next, socket};

/// What the socket hears of somebody under this name. What they were before may be told once more until then: what
/// the command line did is noticed a moment later.
async fn told(socket: &mut Socket, person: &str, name: &str) -> Value {
    loop {
        let frame = next(socket).await.expect("a frame").expect("connected");
        if frame["type"] == "person" && frame["person"]["id"] == person && frame["person"]["name"] == name {
            return frame["person"].clone();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_told_who_somebody_has_become_when_they_share_a_space_again() {
    let house = house().await;
    let (garden, shed) =
        (new_space(&house, &house.token, "closed").await, new_space(&house, &house.token, "closed").await);
    let (joon, token) = house.member("joon").expect("joon");
    add(&house, &garden, "joon@example.com").await;
    let (sam, sams) = guest(&house, &garden, "sam").await;
    let mut ear = socket(&house, &sams).await.expect("connected");
    let leaves = format!("/spaces/{garden}/members/joon@example.com");
    let rename = async |name: &str| does(&house, &token, "PATCH", "/me", Some(json!({"name": name}))).await;

    does(&house, &house.token, "DELETE", &leaves, None).await;
    rename("준").await;
    add(&house, &garden, "joon@example.com").await;
    assert_eq!(told(&mut ear, &joon, "준").await["email"], Value::Null, "joon came to sam");

    does(&house, &house.token, "DELETE", &leaves, None).await;
    add(&house, &shed, "joon@example.com").await;
    rename("준이").await;
    add(&house, &shed, "sam@example.com").await;
    assert_eq!(told(&mut ear, &joon, "준이").await["email"], Value::Null, "sam came to joon");
    rename("이준").await;
    // And is told of what changes from here on.
    told(&mut ear, &joon, "이준").await;
    does(&house, &sams, "PATCH", "/me", Some(json!({"name": "샘"}))).await;
    assert_eq!(told(&mut ear, &sam, "샘").await["email"], "sam@example.com", "one's own address is shown");
}

/// An answer may overtake the socket, and the line be cut before the socket says who came.
#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_read_of_a_coming_in_is_told_who_it_is_after_a_cut() {
    let house = house().await;
    let garden = new_space(&house, &house.token, "closed").await;
    let (joon, token) = house.member("joon").expect("joon");
    add(&house, &garden, "joon@example.com").await;
    let (_, sams) = guest(&house, &garden, "sam").await;
    let leaves = format!("/spaces/{garden}/members/joon@example.com");
    does(&house, &house.token, "DELETE", &leaves, None).await;
    does(&house, &token, "PATCH", "/me", Some(json!({"name": "준"}))).await;
    let (_, before) = connect(&house, &sams, json!({})).await;
    assert!(!before["people"].to_string().contains(&joon), "sam does not see joon: {before}");
    add(&house, &garden, "joon@example.com").await;

    let events =
        does(&house, &sams, "GET", &format!("/spaces/{garden}/events?after=0&limit=500"), None).await;
    let read = events["events"].as_array().expect("a list").last().expect("an event")["seq"].clone();
    let knows =
        json!({"epoch": before["epoch"], "heads": [[garden, read]], "people_at": before["people_at"]});
    let (_, after) = connect(&house, &sams, knows).await;
    let told = after["people"].as_array().expect("a list").iter().find(|it| it["id"] == joon.as_str());
    assert_eq!(told.expect("joon is in the welcome")["name"], "준");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_becomes_a_member_by_an_invitation_begins_anew_and_sees_everybody() {
    let house = house().await;
    let (mina, _) = house.member("mina").expect("mina");
    let space = new_space(&house, &house.token, "closed").await;
    let (_, sams) = guest(&house, &space, "sam").await;
    let mut ear = socket(&house, &sams).await.expect("connected");
    let body = json!({"email": "sam@example.com", "role": "member"});
    does(&house, &house.token, "POST", "/people", Some(body)).await;
    while let Some(frame) = next(&mut ear).await.expect("a frame") {
        assert_ne!(frame["person"]["id"], mina.as_str(), "a guest sees nobody from elsewhere");
    }
    let mut ear = socket(&house, &sams).await.expect("connected again");
    does(&house, &house.token, "PATCH", &format!("/people/{mina}"), Some(json!({"role": "admin"}))).await;
    assert_eq!(told(&mut ear, &mina, "mina").await["email"], "mina@example.com");
}
