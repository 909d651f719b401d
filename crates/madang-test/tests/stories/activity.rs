//! Activity: what concerns somebody is told once.

use serde_json::json;

use crate::cast::does;
use crate::talk::{add, house, new_space, post};

#[tokio::test(flavor = "multi_thread")]
async fn a_mention_in_a_reply_that_is_also_sent_to_the_space_is_told_once() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let root = post(&house, &joon, &space, "뿌리").await;
    let path = format!("/spaces/{space}/messages");
    for also in [true, false] {
        let body = json!({"text": format!("<@{joon_id}> 봐 주세요"), "thread": root, "also": also});
        does(&house, &house.token, "POST", &path, Some(body)).await;
    }
    house.caught_up().await.expect("the follower comes to it");
    let list = does(&house, &joon, "GET", "/activity", None).await;
    let items = list["items"].as_array().expect("items");
    let told: Vec<_> = items.iter().filter(|it| it["thread"] == json!(root)).collect();
    assert_eq!(told.len(), 2, "one line for each reply, though he wrote the first message too: {list}");
    assert!(told.iter().all(|it| it["kind"] == "mention"), "{list}");
    // Newest first. Devices leave to the list of spaces what stands in the main line.
    assert_eq!((&told[0]["also"], &told[1]["also"]), (&json!(null), &json!(true)), "{list}");
}
