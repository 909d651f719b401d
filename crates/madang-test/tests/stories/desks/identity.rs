//! A site says who is signed in there, and whoever is known goes on where they were.

use jsonwebtoken::{EncodingKey, Header, encode, get_current_timestamp};
use madang_test::House;
use serde_json::{Value, json};

use super::{comes, desk, events};
use crate::cast::does;
use crate::talk::{house, post};

/// What the server of a site signs for its page.
pub fn signed(secret: &str, key: &str, who: &str, seconds: i64) -> String {
    let exp = get_current_timestamp().checked_add_signed(seconds).expect("a time");
    let claims = json!({"sub": who, "name": "다라", "email": "dara@shop.example", "aud": key, "exp": exp});
    encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes())).expect("signed")
}

async fn arrives(house: &House, key: &str, identity: &str) -> (u16, Value) {
    let body =
        json!({"name": "stranger", "language": "ko", "via": "widget", "wants": "chat", "identity": identity});
    house.ask(None, "POST", &format!("/desk/{key}/visits"), Some(body)).await.expect("asked")
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_else(|| panic!("{name} in {answer}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_on_a_site_goes_on_in_one_ticket_from_every_device() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (id, key) = desk(&house, &[&joon_id], json!({})).await;
    let made = does(&house, &house.token, "POST", &format!("/desks/{id}/secret"), None).await;
    let secret = text(&made, "secret");
    let kept = does(&house, &house.token, "GET", &format!("/desks/{id}"), None).await;
    assert!(kept["desk"]["secret_at"].is_i64() && !kept.to_string().contains(&secret), "shown once");

    let (status, begun) = arrives(&house, &key, &signed(&secret, &key, "42", 60)).await;
    assert_eq!((status, &begun["me"]["name"]), (201, &json!("다라")), "{begun}");
    let (phone, space) = (text(&begun, "token"), text(&begun, "space"));
    post(&house, &phone, &space, "전화로 시작했어요").await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/take"), None).await;
    does(&house, &joon, "POST", &format!("/tickets/{space}/close"), None).await;

    // Another device, another day: the same person, the same space, the next round.
    let (status, again) = arrives(&house, &key, &signed(&secret, &key, "42", 60)).await;
    assert_eq!((status, &again["space"], &again["ticket"]["round"]), (201, &json!(space), &json!(2)));
    assert_eq!(again["me"]["id"], begun["me"]["id"]);
    assert_ne!(text(&again, "token"), phone);
    let (_, other) = arrives(&house, &key, &signed(&secret, &key, "43", 60)).await;
    assert_ne!(other["space"], json!(space), "somebody else");

    // What is not right is said, and nobody is helped as a stranger instead.
    let waiting = async || {
        does(&house, &house.token, "GET", &format!("/desk/{key}"), None).await["desk"]["waiting"].clone()
    };
    let before = waiting().await;
    for (identity, code) in [
        (signed("mdk_another", &key, "42", 60), "identity_wrong"),
        (signed(&secret, "otherdesk", "42", 60), "identity_wrong"),
        (signed(&secret, &key, "42", -3_600), "identity_over"),
        ("".into(), "identity_wrong"),
    ] {
        let (status, answer) = arrives(&house, &key, &identity).await;
        assert_eq!((status, &answer["error"]["code"]), (403, &json!(code)), "{answer}");
    }
    assert_eq!(waiting().await, before);

    // A new secret ends the old one, and without one nothing is believed.
    let newer =
        text(&does(&house, &house.token, "POST", &format!("/desks/{id}/secret"), None).await, "secret");
    assert_eq!(arrives(&house, &key, &signed(&secret, &key, "42", 60)).await.0, 403);
    assert_eq!(arrives(&house, &key, &signed(&newer, &key, "42", 60)).await.0, 201);
    does(&house, &house.token, "DELETE", &format!("/desks/{id}/secret"), None).await;
    assert_eq!(arrives(&house, &key, &signed(&newer, &key, "42", 60)).await.0, 403);
    let acts = does(&house, &house.token, "GET", "/audit?kind=desk", None).await.to_string();
    assert!(acts.contains("desk.secret_made") && acts.contains("desk.secret_ended"), "{acts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_on_the_site_later_brings_along_what_was_said() {
    let house = house().await;
    let (joon_id, joon) = house.member("joon").expect("joon");
    let (id, key) = desk(&house, &[&joon_id], json!({})).await;
    let secret =
        text(&does(&house, &house.token, "POST", &format!("/desks/{id}/secret"), None).await, "secret");
    let (_, begun) = arrives(&house, &key, &signed(&secret, &key, "42", 60)).await;
    let (home, space) = (text(&begun, "token"), text(&begun, "space"));
    post(&house, &home, &space, "지난달에 물었어요").await;
    does(&house, &home, "POST", "/visit/close", Some(json!({}))).await;

    let (dara, new) = comes(&house, &key, "", "chat").await;
    post(&house, &dara, &new, "로그인하기 전에 물었어요").await;
    does(&house, &joon, "POST", &format!("/tickets/{new}/take"), None).await;
    post(&house, &joon, &new, "찾아볼게요").await;
    let note = json!({"text": "단골이에요", "note": true});
    does(&house, &joon, "POST", &format!("/spaces/{new}/messages"), Some(note)).await;
    let said = events(&house, &joon, &new).await;
    let at = |text: &str| said.iter().find(|it| it["body"]["text"] == text).expect("said")["at"].clone();

    let token = signed(&secret, &key, "42", 60);
    let known = does(&house, &dara, "POST", "/visit/identify", Some(json!({"identity": token}))).await;
    assert_eq!((&known["space"], &known["ticket"]["state"]), (&json!(space), &json!("open")), "{known}");
    assert_eq!(known["ticket"]["agent"]["id"], json!(joon_id), "the agent goes along");
    let all = events(&house, &joon, &space).await;
    let words: Vec<_> = all.iter().filter(|it| it["type"] == "message.posted").collect();
    let texts: Vec<_> = words.iter().map(|it| it["body"]["text"].as_str().expect("text")).collect();
    assert_eq!(texts, ["지난달에 물었어요", "로그인하기 전에 물었어요", "찾아볼게요", "단골이에요"]);
    assert_eq!(words[1]["author"], begun["me"]["id"]);
    assert_eq!((&words[2]["author"], &words[2]["at"]), (&json!(joon_id), &at("찾아볼게요")));
    assert_eq!(words[3]["staff"], true, "a note stays one");
    let hers = events(&house, &text(&known, "token"), &space).await;
    assert!(!hers.iter().any(|it| it["body"]["text"] == "단골이에요"));
    let merged = events(&house, &joon, &new).await;
    assert!(merged.iter().any(|it| it["body"]["by"] == "merged"), "{merged:?}");

    // Whose visit is somebody else's already is not made another's.
    let wrong = json!({"identity": signed(&secret, &key, "43", 60)});
    let (status, _) = house.ask(Some(&home), "POST", "/visit/identify", Some(wrong)).await.expect("asked");
    assert_eq!(status, 403);
}
