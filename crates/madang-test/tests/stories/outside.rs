//! What the command line does to a house that is being served.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::cast::{cut, does, middle};
use crate::talk::{add, house, new_space, next, post, socket};

const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn somebody_removed_by_the_command_line_is_cut_within_a_second() {
    let house = house().await;
    let space = new_space(&house, &house.token, "closed").await;
    let mut nari = socket(&house, &house.token).await.expect("connected");
    let mut times = Vec::new();
    for name in ["joon", "mina", "dara"] {
        let (person, token) = house.member(name).expect("a member");
        let email = format!("{name}@example.com");
        add(&house, &space, &email).await;
        let mut live = socket(&house, &token).await.expect("connected");
        house.command(&["person", "remove", &email, "--json"]).expect("removed");
        let removed = Instant::now();
        times.push(cut(&mut live, removed, "signed_out").await);
        assert_eq!(house.ask(Some(&token), "GET", "/me", None).await.expect("asked").0, 401);
        // The others hear of it, without anybody writing anything.
        loop {
            let frame = next(&mut nari).await.expect("a frame").expect("connected");
            if frame["event"]["type"] == "member.left" {
                assert_eq!(frame["event"]["body"]["person"], person.as_str());
                break;
            }
        }
    }
    assert!(middle(times.clone()) <= A_SECOND, "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_revoked_by_the_command_line_is_cut_within_a_second() {
    let house = house().await;
    let mut times = Vec::new();
    let mut kept = socket(&house, &house.token).await.expect("connected");
    for name in ["joon", "mina", "dara"] {
        let (_, token) = house.member(name).expect("a member");
        let tokens = does(&house, &token, "GET", "/tokens", None).await;
        let id = tokens["tokens"][0]["id"].as_str().expect("an id").to_owned();
        let mut live = socket(&house, &token).await.expect("connected");
        let email = format!("{name}@example.com");
        house.command(&["token", "revoke", "--person", &email, &id, "--json"]).expect("revoked");
        times.push(cut(&mut live, Instant::now(), "signed_out").await);
        assert_eq!(house.ask(Some(&token), "GET", "/me", None).await.expect("asked").0, 401);
    }
    assert!(middle(times.clone()) <= A_SECOND, "{times:?}");
    // Whoever has done nothing stays connected.
    let seq = post(&house, &house.token, &house.space, "나는 아직 있어요").await;
    loop {
        let frame = next(&mut kept).await.expect("a frame").expect("still connected");
        if frame["event"]["seq"] == json!(seq) {
            break;
        }
    }
}
