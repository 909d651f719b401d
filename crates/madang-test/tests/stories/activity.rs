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

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_named_by_a_message_is_told_once_however_often_it_is_edited() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let space = new_space(&house, &house.token, "closed").await;
    for name in ["joon", "mina"] {
        add(&house, &space, &format!("{name}@example.com")).await;
    }
    let seq = post(&house, &house.token, &space, &format!("<@{joon_id}> 봐 주세요")).await;
    let path = format!("/spaces/{space}/messages/{seq}");
    for text in [
        format!("<@{joon_id}> 꼭 봐 주세요"),
        "아무도 부르지 않아요".to_owned(),
        format!("<@{joon_id}> <@{mina_id}> 같이 봐 주세요"),
        format!("<@{joon_id}> <@{mina_id}> 내일까지 봐 주세요"),
    ] {
        does(&house, &house.token, "PATCH", &path, Some(json!({"text": text}))).await;
    }
    let of = |list: &serde_json::Value| {
        let items = list["items"].as_array().expect("items").clone();
        items.iter().filter(|it| it["message"] == json!(seq)).count()
    };
    for again in [false, true] {
        if again {
            house.rebuild().await.expect("rebuilt");
        }
        house.caught_up().await.expect("the follower comes to it");
        for token in [&joon, &mina] {
            assert_eq!(of(&does(&house, token, "GET", "/activity", None).await), 1, "built anew: {again}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_space_stands_is_told_to_those_who_may_read_it_and_from_its_log_alone() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, mina) = house.member("mina").expect("mina");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let path = format!("/spaces/{space}/standing");
    let plan = post(&house, &house.token, &space, "금요일에 출시해요").await;
    let reaction = format!("/spaces/{space}/messages/{plan}/reactions/white_check_mark");
    does(&house, &joon, "PUT", &reaction, None).await;
    does(&house, &house.token, "PUT", &format!("/spaces/{space}/messages/{plan}/pin"), None).await;
    let call = post(&house, &house.token, &space, &format!("<@{joon_id}> 견적 부탁해요")).await;
    let question = post(&house, &house.token, &space, "누가 발표해요?").await;
    let stands = does(&house, &joon, "GET", &path, None).await;
    assert_eq!(stands["pinned"], json!([plan]));
    assert_eq!(stands["decisions"], json!([plan]));
    assert_eq!(stands["questions"], json!([question]));
    assert_eq!(stands["awaited"], json!([{"person": joon_id, "message": call}]));
    assert_eq!(stands["rows"].as_array().map(Vec::len), Some(3), "{stands}");
    let (status, answer) = house.ask(Some(&mina), "GET", &path, None).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("not_found")));
    post(&house, &joon, &space, "네, 제가 할게요").await;
    does(&house, &house.token, "DELETE", &format!("/spaces/{space}/messages/{plan}"), None).await;
    let stands = does(&house, &joon, "GET", &path, None).await;
    for part in ["pinned", "decisions", "questions", "awaited", "rows"] {
        assert_eq!(stands[part], json!([]), "{part} of {stands}");
    }
}
