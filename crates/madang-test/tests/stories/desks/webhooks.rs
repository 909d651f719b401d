//! Webhooks: an address outside is told what changes, signed and in order, also what happened while it was away.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::cast::does;
use crate::receiver::{Receiver, house};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_told_what_changes_signed_and_in_order_also_after_it_was_away() {
    let house = house().await;
    let ear = Receiver::open().await;
    let url = format!("{}?key=1", ear.url());
    let made = does(&house, &house.token, "POST", "/webhooks", Some(json!({"url": url}))).await;
    let hook = made["webhook"]["id"].as_str().expect("an id").to_owned();
    let secret = made["webhook"]["secret"].as_str().expect("a secret").to_owned();
    let all = does(&house, &house.token, "GET", "/webhooks", None).await;
    assert!(!all.to_string().contains(&secret), "it is shown once");

    let contact = does(&house, &house.token, "POST", "/contacts", Some(json!({"name": "하나"}))).await;
    let id = contact["contact"]["id"].as_str().expect("an id").to_owned();
    // The address is away for a moment, and hears of it again.
    let first = ear.takes("503 Busy").await;
    let facts = json!({"name": "둘", "email": "two@example.com"});
    does(&house, &house.token, "PUT", &format!("/contacts/{id}"), Some(facts)).await;
    let again = ear.takes("200 OK").await;
    assert_eq!(first.header("webhook-id"), again.header("webhook-id"));
    assert_eq!(again.json()["type"], "contact.created");
    assert_eq!(again.json()["data"]["contact"]["name"], "둘", "it hears how it is");
    let changed = ear.takes("204 No Content").await;
    assert_eq!(changed.json()["type"], "contact.changed");
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a key")).expect("base 64");
    let said = format!(
        "{}.{}.{}",
        changed.header("webhook-id").expect("the header"),
        changed.header("webhook-timestamp").expect("the header"),
        changed.body
    );
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), said.as_bytes());
    assert_eq!(
        changed.header("webhook-signature").expect("the header"),
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    );

    // A test is sent at once, and whatever comes of it is told.
    let path = format!("/webhooks/{hook}/test");
    let (tested, request) =
        tokio::join!(does(&house, &house.token, "POST", &path, None), ear.takes("404 Not Found"));
    assert_eq!((&tested["taken"], &tested["status"]), (&json!(false), &json!(404)));
    assert_eq!(request.json()["type"], "test");

    // What is erased is told by its id alone.
    let erase = format!("/contacts/{id}/erase");
    let ((), request) = tokio::join!(
        async { drop(does(&house, &house.token, "POST", &erase, None).await) },
        ear.takes("200 OK")
    );
    assert_eq!(
        (&request.json()["type"], &request.json()["data"]),
        (&json!("contact.erased"), &json!({"contact": id}))
    );
    assert!(!request.body.contains("two@example.com"));

    // Switched off it hears nothing, and a new key is another one.
    let path = format!("/webhooks/{hook}");
    let off = json!({"active": false, "new_secret": true});
    let off = does(&house, &house.token, "PATCH", &path, Some(off)).await;
    assert_eq!((&off["webhook"]["active"], &off["webhook"]["waiting"]), (&json!(false), &json!(0)));
    assert_ne!(off["webhook"]["secret"], json!(secret));
    does(&house, &house.token, "POST", "/contacts", Some(json!({"name": "셋"}))).await;
    let all = does(&house, &house.token, "GET", "/webhooks", None).await;
    assert_eq!(all["webhooks"][0]["waiting"], 0);
    let audit = does(&house, &house.token, "GET", "/audit?kind=webhook", None).await.to_string();
    assert!(audit.contains("127.0.0.1") && !audit.contains("key=1"), "an address may hold a secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_inside_is_refused() {
    let house = crate::talk::house().await;
    for url in [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://me:pw@x.example/",
        "x",
    ] {
        let body = Some(json!({"url": url}));
        let (status, answer) = house.ask(Some(&house.token), "POST", "/webhooks", body).await.expect("asked");
        assert_eq!((status, &answer["error"]["code"]), (422, &json!("invalid")), "{url}");
    }
    let body = Some(json!({"url": "https://hooks.example.com/", "events": ["moon.rises"]}));
    let (status, _) = house.ask(Some(&house.token), "POST", "/webhooks", body).await.expect("asked");
    assert_eq!(status, 422);
}
