//! End-to-end encrypted calls: who comes in, and how keys travel that the house cannot open.

use madang_test::House;
use serde_json::{Value, json};

use super::{direct, hears, joining, people, refused, sees};
use crate::cast::does;
use crate::talk::{connect, house};

/// A public key as a browser makes it; the house looks at its shape alone.
fn public_key(mark: char) -> String {
    // 0x04, then 64 bytes: 87 characters of base64url.
    format!("BA{}", mark.to_string().repeat(85))
}

fn sealed_joining(device: &str, key: &str, mark: char) -> Value {
    let mut joining = joining(device, key);
    joining["public_key"] = json!(public_key(mark));
    joining
}

async fn begins(house: &House, token: &str, space: &str) -> Value {
    let body = json!({"video": true, "ring": true, "sealed": true});
    does(house, token, "POST", &format!("/spaces/{space}/call"), Some(body)).await["call"].clone()
}

async fn joins(house: &House, token: &str, call: &str, key: &str, mark: char) -> String {
    let path = format!("/calls/{call}/participants");
    let joined = does(house, token, "POST", &path, Some(sealed_joining("test", key, mark))).await;
    joined["participant"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_encrypt_is_kept_out_of_a_sealed_call_and_told_why() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    let mut ear = connect(&house, &token, json!({})).await.0;
    let begun = begins(&house, &house.token, &space).await;
    assert_eq!(begun["sealed"], true, "{begun}");
    let started = hears(&mut ear, "event", |it| it["event"]["type"] == "call.started").await;
    assert_eq!(started["event"]["body"]["sealed"], true, "the log says so");
    let call = begun["id"].as_str().expect("an id");
    let path = format!("/calls/{call}/participants");
    let bare = refused(&house, &token, "POST", &path, Some(joining("test", "one"))).await;
    assert_eq!(bare, (409, "call_sealed".into()));
    let mut odd = joining("test", "two");
    odd["public_key"] = json!("BAAA");
    assert_eq!(refused(&house, &token, "POST", &path, Some(odd)).await.1, "invalid");
    let seen = does(&house, &token, "GET", &format!("/calls/{call}"), None).await;
    assert_eq!(people(&seen["call"]), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_a_sealed_call_reach_whom_they_are_for_and_nobody_else() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = direct(&house, &house.token, &joon).await;
    let begun = begins(&house, &house.token, &space).await;
    let call = begun["id"].as_str().expect("an id");
    let hello = json!({});
    let mut nari = connect(&house, &house.token, hello.clone()).await.0;
    let mut ear = connect(&house, &token, hello.clone()).await.0;
    let mine = joins(&house, &house.token, call, "one", 'A').await;
    let theirs = joins(&house, &token, call, "two", 'E').await;
    let seen = sees(&mut nari, |it| people(it) == 2).await;
    let keys: Vec<_> =
        seen["participants"].as_array().expect("two").iter().map(|it| it["public_key"].clone()).collect();
    assert_eq!(keys, [json!(public_key('A')), json!(public_key('E'))]);

    let path = format!("/calls/{call}/participants/{mine}/keys");
    let keys = |epoch: u32, to: &str| {
        Some(json!({"epoch": epoch, "keys": [{"participant": to, "sealed": "c2VhbGVk"}]}))
    };
    let early = refused(&house, &house.token, "POST", &path, keys(2, &theirs)).await;
    assert_eq!(early, (409, "keys_stale".into()), "epochs have no gaps");
    let few = refused(&house, &house.token, "POST", &path, Some(json!({"epoch": 1, "keys": []}))).await;
    assert_eq!(few, (409, "keys_stale".into()), "an epoch is for everybody who is there");
    let foreign = refused(&house, &token, "POST", &path, keys(1, &theirs)).await;
    assert_eq!(foreign, (404, "participant_gone".into()), "nobody makes keys in another's name");
    does(&house, &house.token, "POST", &path, keys(1, &theirs)).await;
    let given = hears(&mut ear, "call_key", |_| true).await;
    assert_eq!(
        (given["from"].as_str(), given["participant"].as_str(), given["sealed"].as_str()),
        (Some(mine.as_str()), Some(theirs.as_str()), Some("c2VhbGVk"))
    );
    let state = sees(&mut nari, |it| it["epoch"]["n"] == 1).await;
    assert_eq!(state["epoch"]["members"].as_array().map(Vec::len), Some(2), "{state}");
    let second = refused(&house, &house.token, "POST", &path, keys(1, &theirs)).await;
    assert_eq!(second, (409, "keys_stale".into()), "of two who make an epoch one wins");
    let mut again = connect(&house, &token, hello).await.0;
    let kept = hears(&mut again, "call_key", |_| true).await;
    assert_eq!(kept["epoch"], 1, "a socket that comes back is given it again");

    // Whoever is gone gets nothing of the next epoch, and is in none.
    does(&house, &token, "DELETE", &format!("/calls/{call}/participants/{theirs}"), None).await;
    let late = refused(&house, &house.token, "POST", &path, keys(2, &theirs)).await;
    assert_eq!(late, (409, "keys_stale".into()));
    does(&house, &house.token, "POST", &path, Some(json!({"epoch": 2, "keys": []}))).await;
    let alone = sees(&mut nari, |it| it["epoch"]["n"] == 2).await;
    assert_eq!(alone["epoch"]["members"], json!([mine]));
}
