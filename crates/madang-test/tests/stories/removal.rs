//! Who was taken out sees nothing more.

use serde_json::{Value, json};

use crate::talk::{add, house, new_space, next, post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn invariant_7_removal_cuts_live_sockets_within_a_second() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let mut live = socket(&house, &token).await.expect("connected");
    post(&house, &house.token, &space, "안녕").await;
    let (status, _) = house
        .ask(Some(&house.token), "DELETE", &format!("/spaces/{space}/members/{joon}"), None)
        .await
        .expect("asked");
    assert_eq!(status, 200);
    post(&house, &house.token, &space, "비밀").await;
    let direct = json!({"people": [joon]});
    house.ask(Some(&house.token), "POST", "/directs", Some(direct)).await.expect("asked");
    // The direct space is the end mark: whatever was to come of the other one came before it.
    let mut last = Value::Null;
    loop {
        let frame = next(&mut live).await.expect("a frame").expect("still connected");
        if frame["type"] == "event" && frame["event"]["space"] == space.as_str() {
            assert!(!frame.to_string().contains("비밀"), "nothing comes after the removal");
            last = frame["event"]["type"].clone();
        } else if frame["type"] == "event" {
            break;
        }
    }
    assert_eq!(last, "member.left");
    let (status, _) =
        house.ask(Some(&token), "GET", &format!("/spaces/{space}/events"), None).await.expect("asked");
    assert_eq!(status, 404);
    // Out of the house: the session is over, the socket is closed, the token opens nothing.
    let (status, _) =
        house.ask(Some(&house.token), "DELETE", &format!("/people/{joon}"), None).await.expect("asked");
    assert_eq!(status, 204);
    while next(&mut live).await.expect("frames or the end").is_some() {}
    assert_eq!(house.ask(Some(&token), "GET", "/me", None).await.expect("asked").0, 401);
}
