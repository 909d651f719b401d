//! Webhooks about spaces: signed, in order, nothing lost and nothing told twice under another name.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::receiver::{Receiver, Request, house};
use crate::talk::{add, new_space, post};

const ALL: [&str; 8] = [
    "message.posted",
    "message.edited",
    "message.removed",
    "reaction.added",
    "reaction.removed",
    "member.joined",
    "member.left",
    "space.created",
];

async fn hook(house: &House, wish: Value) -> (String, String) {
    let made = does(house, &house.token, "POST", "/webhooks", Some(wish)).await;
    let word = |name: &str| made["webhook"][name].as_str().expect("a word").to_owned();
    (word("id"), word("secret"))
}

async fn deliveries(house: &House, hook: &str) -> Vec<Value> {
    let all = does(house, &house.token, "GET", &format!("/webhooks/{hook}/deliveries"), None).await;
    all["deliveries"].as_array().expect("deliveries").clone()
}

/// The kind of what was told, and the text of its message.
fn said(request: &Request) -> (String, String) {
    let told = request.json();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (word(&told["type"]), word(&told["data"]["message"]["text"]))
}

fn is(kind: &str, text: &str) -> (String, String) {
    (kind.to_owned(), text.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_spaces_is_told_signed_and_in_order_also_after_a_crash() {
    let mut house = house().await;
    let ear = Receiver::open().await;
    post(&house, &house.token, &house.space, "예전 일").await;
    let (id, secret) = hook(&house, json!({"url": ear.url(), "events": ALL})).await;

    post(&house, &house.token, &house.space, "하나").await;
    let first = ear.takes("503 Busy").await;
    // It is tried again in a while; the house falls over before.
    while deliveries(&house, &id).await[0]["tries"] != 1 {}
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    let again = ear.takes("200 OK").await;
    assert_eq!(said(&again), is("message.posted", "하나"));
    assert_eq!(first.header("webhook-id"), again.header("webhook-id"));
    let name = |part: &str| again.header(part).expect("the header").to_owned();
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a key")).expect("base 64");
    let signed = format!("{}.{}.{}", name("webhook-id"), name("webhook-timestamp"), again.body);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    assert_eq!(name("webhook-signature"), format!("v1,{}", STANDARD.encode(tag.as_ref())));
    let told = again.json();
    assert_eq!(told["data"]["space"]["id"], house.space);
    assert_eq!((&told["data"]["by"]["name"], &told["data"]["by"]["bot"]), (&json!("나리"), &json!(false)));

    // While it does not take something, what comes after waits, and it hears how things are when it does.
    let two = post(&house, &house.token, &house.space, "둘").await;
    assert_eq!(said(&ear.takes("500 Broken").await), is("message.posted", "둘"));
    let at = format!("/spaces/{}/messages/{two}", house.space);
    does(&house, &house.token, "PATCH", &at, Some(json!({"text": "둘이요"}))).await;
    does(&house, &house.token, "PUT", &format!("{at}/reactions/%F0%9F%91%8D"), None).await;
    assert_eq!(said(&ear.takes("200 OK").await), is("message.posted", "둘이요"));
    assert_eq!(said(&ear.takes("200 OK").await), is("message.edited", "둘이요"));
    let reaction = ear.takes("200 OK").await.json();
    assert_eq!((&reaction["type"], &reaction["data"]["emoji"]), (&json!("reaction.added"), &json!("+1")));
    assert_eq!(reaction["data"]["message"]["seq"], two);
    does(&house, &house.token, "DELETE", &at, None).await;
    let removed = ear.takes("200 OK").await;
    assert_eq!(removed.json()["data"]["message"], json!({"seq": two, "removed": true}));
    let (joon, _) = house.member("joon").expect("joon");
    add(&house, &house.space, "joon@example.com").await;
    assert_eq!(ear.takes("200 OK").await.json()["data"]["person"]["id"], joon);

    // What it was told can be looked at, and told once more as the same thing.
    let all = loop {
        let all = deliveries(&house, &id).await;
        if all.iter().all(|it| it["state"] == "taken") {
            break all;
        }
    };
    let oldest = all.last().expect("one")["id"].as_str().expect("an id").to_owned();
    does(&house, &house.token, "POST", &format!("/webhooks/{id}/deliveries/{oldest}/replay"), None).await;
    assert_eq!(ear.takes("200 OK").await.header("webhook-id"), first.header("webhook-id"));

    // Whoever reads the log again from its beginning tells nothing twice.
    house.stop().await.expect("it stops");
    house.command(&["rebuild", "webhooks"]).expect("rebuilt");
    house.start().await.expect("it serves");
    house.caught_up().await.expect("all was read");
    post(&house, &house.token, &house.space, "끝").await;
    assert_eq!(said(&ear.takes("410 Gone").await), is("message.posted", "끝"));
    // It wishes to hear nothing any more.
    loop {
        let all = does(&house, &house.token, "GET", "/webhooks", None).await;
        if all["webhooks"][0]["active"] == false {
            break;
        }
    }
    let audit = does(&house, &house.token, "GET", "/audit?kind=webhook", None).await.to_string();
    assert!(audit.contains("webhook.stopped"), "{audit}");
    assert_eq!(deliveries(&house, &id).await[0]["state"], "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_hears_of_open_spaces_or_of_those_that_whoever_made_it_reads() {
    let house = house().await;
    let ear = Receiver::open().await;
    let (_, mina) = house.member("mina").expect("mina");
    let closed = new_space(&house, &house.token, "closed").await;
    let minas = new_space(&house, &mina, "closed").await;
    let (joon, _) = house.member("joon").expect("joon");
    let direct = does(&house, &house.token, "POST", "/directs", Some(json!({"people": [joon]}))).await;
    let direct = direct["space"]["id"].as_str().expect("an id").to_owned();
    let events = json!(["message.posted"]);

    let refused = async |spaces: Value| {
        let wish = Some(json!({"url": ear.url(), "events": events, "spaces": spaces}));
        house.ask(Some(&house.token), "POST", "/webhooks", wish).await.expect("asked").0
    };
    assert_eq!(refused(json!([minas])).await, 404, "what one does not read is not there");
    assert_eq!(refused(json!([direct])).await, 422);
    assert_eq!(refused(json!([])).await, 422);

    let (id, _) = hook(&house, json!({"url": ear.url(), "events": events})).await;
    post(&house, &house.token, &closed, "안에서").await;
    post(&house, &house.token, &direct, "둘이서").await;
    post(&house, &house.token, &house.space, "마당에서").await;
    assert_eq!(said(&ear.takes("200 OK").await), is("message.posted", "마당에서"));
    let wish = Some(json!({"spaces": [closed]}));
    let path = format!("/webhooks/{id}");
    let changed = does(&house, &house.token, "PATCH", &path, wish).await;
    assert_eq!(changed["webhook"]["spaces"], json!([closed]));
    post(&house, &house.token, &house.space, "마당에서").await;
    post(&house, &house.token, &closed, "다시 안에서").await;
    assert_eq!(said(&ear.takes("200 OK").await), is("message.posted", "다시 안에서"));

    // Another administrator, who does not read it, leads it nowhere else, and may switch it off.
    let role = Some(json!({"role": "admin"}));
    let people = does(&house, &house.token, "GET", "/people?q=mina", None).await;
    let person = people["people"][0]["id"].as_str().expect("mina").to_owned();
    does(&house, &house.token, "PATCH", &format!("/people/{person}"), role).await;
    let elsewhere = Some(json!({"url": format!("{}?to=mina", ear.url())}));
    let (status, _) = house.ask(Some(&mina), "PATCH", &path, elsewhere).await.expect("asked");
    assert_eq!(status, 404);
    let off = does(&house, &mina, "PATCH", &path, Some(json!({"active": false}))).await;
    assert_eq!(off["webhook"]["active"], false);
}
