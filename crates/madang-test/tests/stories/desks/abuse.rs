//! Who is kept out of desks, and who shows first that coming costs them something.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_test::House;
use serde_json::{Value, json};

use super::{comes, desk};
use crate::cast::does;
use crate::talk::{house, post};

async fn begins(house: &House, key: &str, more: Value) -> (u16, Value) {
    let mut body = json!({"via": "page", "wants": "chat"});
    for (name, value) in more.as_object().expect("more") {
        body[name] = value.clone();
    }
    house.ask(None, "POST", &format!("/desk/{key}/visits"), Some(body)).await.expect("asked")
}

/// What a browser finds out.
fn solved(puzzle: &Value) -> String {
    use sha2::{Digest, Sha256};
    let text = |name: &str| puzzle[name].as_str().expect("text").to_owned();
    let hex = |bytes: &[u8]| bytes.iter().map(|it| format!("{it:02x}")).collect::<String>();
    let most = puzzle["maxnumber"].as_u64().expect("a number");
    let fits = |n: &u64| hex(&Sha256::digest(format!("{}{n}", text("salt")))) == text("challenge");
    let number = (0..=most).find(fits).expect("one fits");
    let answer = json!({"algorithm": "SHA-256", "challenge": text("challenge"), "number": number,
        "salt": text("salt"), "signature": text("signature")});
    STANDARD.encode(answer.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_blocked_comes_no_more_until_they_are_let_in() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (_, key) = desk(&house, &[&joon_id], json!({})).await;
    let (dara, space) = comes(&house, &key, "다라", "chat").await;
    let block = json!({"reason": "욕설", "days": 7});
    does(&house, &joon, "POST", &format!("/tickets/{space}/block"), Some(block)).await;
    let (status, _) = house.ask(Some(&dara), "GET", "/visit", None).await.expect("asked");
    assert_eq!(status, 401, "the visit is over");
    let (status, answer) = begins(&house, &key, json!({})).await;
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("kept_out")));
    assert_eq!(super::ticket(&house, &joon, &space).await["state"], "closed");

    let (status, _) = house.ask(Some(&joon), "GET", "/desks/blocks", None).await.expect("asked");
    assert_eq!(status, 403, "who manages desks");
    let list = does(&house, &house.token, "GET", "/desks/blocks", None).await;
    let first = &list["blocks"][0];
    assert_eq!(
        (&first["kind"], &first["shown"], &first["reason"]),
        (&json!("network"), &json!("다라"), &json!("욕설"))
    );
    assert!(!list.to_string().contains("127.0.0.1"));
    let id = first["id"].as_str().expect("an id");
    does(&house, &house.token, "DELETE", &format!("/desks/blocks/{id}"), None).await;
    assert_eq!(begins(&house, &key, json!({})).await.0, 201);
    let acts = does(&house, &house.token, "GET", "/audit?kind=desk", None).await.to_string();
    assert!(acts.contains("desk.visitor_blocked") && acts.contains("desk.visitor_unblocked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_under_load_wants_a_proof_of_work_that_is_good_once() {
    let house = house().await;
    let (_, key) = desk(&house, &[], json!({"proof": "always"})).await;
    let (status, answer) = begins(&house, &key, json!({})).await;
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("proof_needed")));
    let puzzle = does(&house, &house.token, "GET", &format!("/desk/{key}/challenge"), None).await;
    let proof = solved(&puzzle);
    let wrong =
        STANDARD.encode(STANDARD.decode(&proof).expect("base64").as_slice().escape_ascii().to_string());
    assert_eq!(begins(&house, &key, json!({"proof": wrong})).await.0, 403);
    assert_eq!(begins(&house, &key, json!({"proof": proof})).await.0, 201);
    assert_eq!(begins(&house, &key, json!({"proof": proof})).await.0, 403, "good once");
    // That of another desk is none here.
    let (_, other) = desk(&house, &[], json!({"proof": "always"})).await;
    let puzzle = does(&house, &house.token, "GET", &format!("/desk/{other}/challenge"), None).await;
    assert_eq!(begins(&house, &key, json!({"proof": solved(&puzzle)})).await.0, 403);

    // Where half of those wait who may, everybody shows one.
    let (_, busy) = desk(&house, &[], json!({"waiting_most": 2})).await;
    let (dara, space) = comes(&house, &busy, "다라", "chat").await;
    post(&house, &dara, &space, "안녕하세요").await;
    assert_eq!(begins(&house, &busy, json!({})).await.1["error"]["code"], "proof_needed");
}
