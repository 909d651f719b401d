//! How push is doing, for those who run the house; whom push services may write to, and a look at all of one's own
//! devices.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::service::{Message, Service};
use super::{another_token, house, subscribe};
use crate::cast::does;

/// Whom the message says that one may write to (RFC 8292, 2.1).
fn contact(message: &Message) -> Value {
    let claims = message.headers["authorization"].split('.').nth(1).expect("three parts");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
    serde_json::from_slice::<Value>(&claims).expect("JSON")["sub"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_names_the_contact_and_looks_at_all_their_devices() {
    let mut service = Service::open().await;
    let house = house().await;
    let (phone, desk) = (service.device("phone"), service.device("desk"));
    subscribe(&house, &house.token, &phone).await;
    subscribe(&house, &another_token(&house, &house.token).await, &desk).await;
    let (_, joon) = house.member("joon").expect("joon");
    let joons = service.device("joon");
    subscribe(&house, &joon, &joons).await;
    let health = does(&house, &house.token, "GET", "/overview/push", None).await;
    assert_eq!(
        (&health["secure"], &health["devices"], &health["mine"]),
        (&json!(true), &json!(3), &json!(2))
    );
    assert_eq!(
        (&health["contact"], &health["chosen_contact"]),
        (&json!("mailto:madang@localhost"), &json!(""))
    );

    let chosen = json!({"push_contact": "mailto:nari@example.com"});
    does(&house, &house.token, "PATCH", "/workspace/settings", Some(chosen)).await;
    let looked = does(&house, &house.token, "POST", "/overview/push", Some(json!({"mark": "m1"}))).await;
    let tried = looked["tried"].as_array().expect("a list");
    assert_eq!(tried.len(), 2, "one's own devices and nobody else's: {looked}");
    assert!(tried.iter().all(|it| it["outcome"] == "sent"), "{looked}");
    assert_eq!(tried.iter().filter(|it| it["this"] == true).count(), 1);
    for _ in 0..2 {
        assert_eq!(contact(&service.next().await), "mailto:nari@example.com");
    }
    service.answers("403 Forbidden");
    let looked = does(&house, &house.token, "POST", "/overview/push", Some(json!({}))).await;
    assert!(looked["tried"][0]["said"].as_str().is_some_and(|it| it.starts_with("403")), "{looked}");
    let health = does(&house, &house.token, "GET", "/overview/push", None).await;
    assert_eq!((&health["failing"], &health["contact"]), (&json!(1), &json!("mailto:nari@example.com")));
    let wrong = json!({"push_contact": "nari"});
    let (status, answer) =
        house.ask(Some(&house.token), "PATCH", "/workspace/settings", Some(wrong)).await.expect("asked");
    assert_eq!((status, answer["error"]["code"].as_str()), (422, Some("invalid")));
    assert_eq!(house.ask(Some(&joon), "GET", "/overview/push", None).await.expect("asked").0, 403);
}
