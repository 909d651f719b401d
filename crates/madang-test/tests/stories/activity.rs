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

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_to_ones_messages_while_one_was_out_is_not_told_and_not_counted() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let space = new_space(&house, &house.token, "open").await;
    let join = format!("/spaces/{space}/join");
    does(&house, &joon, "POST", &join, Some(json!({}))).await;
    let seq = post(&house, &joon, &space, "다녀올게요").await;
    let react = async |emoji: &str| {
        let path = format!("/spaces/{space}/messages/{seq}/reactions/{emoji}");
        does(&house, &house.token, "PUT", &path, Some(json!({}))).await;
    };
    does(&house, &house.token, "DELETE", &format!("/spaces/{space}/members/{joon_id}"), None).await;
    react("wave").await;
    does(&house, &joon, "POST", &join, Some(json!({}))).await;
    house.caught_up().await.expect("the follower comes to it");
    let list = does(&house, &joon, "GET", "/activity", None).await;
    assert_eq!(list["items"], json!([]), "he was out");

    react("tada").await;
    house.caught_up().await.expect("the follower comes to it");
    let list = does(&house, &joon, "GET", "/activity", None).await;
    let registers = does(&house, &joon, "GET", "/registers?after=0", None).await;
    let registers = registers["registers"].as_array().expect("a list");
    let counted = registers.iter().find(|it| it["key"] == "activity").expect("a register");
    assert_eq!((list["items"].as_array().map(Vec::len), &counted["value"]["unread"]), (Some(1), &json!(1)));
}
