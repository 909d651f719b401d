//! What newcomers and readers see.

use serde_json::json;

use crate::talk::{house, next, post, socket};

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_sees_the_whole_history() {
    let house = house().await;
    for n in 0..70 {
        post(&house, &house.token, &house.space, &format!("글 {n}")).await;
    }
    let (_, mina) = house.member("mina").expect("mina");
    let (status, _) =
        house.ask(Some(&mina), "POST", &format!("/spaces/{}/join", house.space), None).await.expect("asked");
    assert_eq!(status, 200);
    let mut texts = Vec::new();
    for page in 0..2 {
        let path = format!("/spaces/{}/pages/{page}", house.space);
        let (_, answer) = house.ask(Some(&mina), "GET", &path, None).await.expect("asked");
        let rows = answer["rows"].as_array().expect("rows").clone();
        texts.extend(rows.iter().filter(|row| row["type"] == "message").map(|row| row["text"].to_string()));
    }
    assert_eq!(texts.len(), 70);
}

#[tokio::test(flavor = "multi_thread")]
async fn read_marks_only_move_forward_and_others_see_them() {
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    house.ask(Some(&token), "POST", &format!("/spaces/{}/join", house.space), None).await.expect("asked");
    let mut phone = socket(&house, &token).await.expect("connected");
    let mut nari = socket(&house, &house.token).await.expect("connected");
    let seq = post(&house, &house.token, &house.space, "읽어 주세요").await;
    let path = format!("/spaces/{}/read", house.space);
    for to in [seq, seq - 1, seq + 100] {
        let (_, answer) =
            house.ask(Some(&token), "PUT", &path, Some(json!({"seq": to}))).await.expect("asked");
        assert_eq!(answer["register"]["value"]["seq"], seq);
    }
    // The person's other device, and the others in the space, hear of it.
    let mine = loop {
        let frame = next(&mut phone).await.expect("a frame").expect("connected");
        if frame["type"] == "register" && frame["key"] == format!("read/{}", house.space) {
            break frame;
        }
    };
    assert_eq!(mine["value"]["seq"], seq);
    let seen = loop {
        let frame = next(&mut nari).await.expect("a frame").expect("connected");
        if frame["type"] == "receipts" {
            break frame;
        }
    };
    assert_eq!(seen["markers"], json!([[joon, seq]]));
    let path = format!("/spaces/{}/messages/{seq}/readers", house.space);
    let (_, readers) = house.ask(Some(&house.token), "GET", &path, None).await.expect("asked");
    assert_eq!(readers["read"][0]["person"], joon.as_str());
    assert_eq!(readers["unread"], json!([]));
}
