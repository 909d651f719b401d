//! How it leaves: again later, never twice, and to nobody who is gone.

use serde_json::{Value, json};

use super::service::Service;
use super::{another_token, house, mention, space_of, subscribe, tag};
use crate::cast::does;
use crate::talk::post;

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_push_service_is_asked_again_and_a_device_that_is_gone_is_forgotten() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let space = space_of(&house, &["joon"]).await;
    service.answers("503 Service Unavailable\r\nretry-after: 1");
    service.answers("429 Too Many Requests\r\nretry-after: 1");
    let seq = mention(&house, &space, &joon).await;
    for _ in 0..3 {
        let said = phone.reads(&service.next().await, &key);
        assert_eq!(said["notification"]["data"]["seq"], seq);
    }
    service.answers("410 Gone");
    mention(&house, &space, &joon).await;
    phone.reads(&service.next().await, &key);
    while does(&house, &token, "GET", "/me/push", None).await["subscribed"] == true {}
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_4_push_built_anew_tells_nothing_twice() {
    let mut service = Service::open().await;
    let mut house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let space = space_of(&house, &["joon"]).await;
    mention(&house, &space, &joon).await;
    assert_eq!(tag(&phone.reads(&service.next().await, &key)), space);
    house.caught_up().await.expect("nobody is behind");
    house.stop().await.expect("it stops");
    house.command(&["rebuild", "push"]).expect("rebuilt");
    house.start().await.expect("it serves");
    house.caught_up().await.expect("nobody is behind");
    // The key outlives the process: devices need not subscribe again.
    assert_eq!(does(&house, &token, "GET", "/me/push", None).await["key"], key.as_str());
    let seq = mention(&house, &space, &joon).await;
    let said = phone.reads(&service.next().await, &key);
    assert_eq!(said["notification"]["data"]["seq"], seq, "what was told before is not told again");
    let body = said["notification"]["body"].as_str().expect("text");
    assert!(body.starts_with("2 new messages"), "and is still counted: {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_ends_with_its_session() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let (mina, minas) = house.member("mina").expect("mina");
    let (revoked, ended) = (another_token(&house, &token).await, another_token(&house, &token).await);
    let (old, older, kept, hers) =
        (service.device("old"), service.device("older"), service.device("kept"), service.device("hers"));
    subscribe(&house, &revoked, &old).await;
    subscribe(&house, &ended, &older).await;
    let key = subscribe(&house, &minas, &hers).await;
    let space = space_of(&house, &["joon", "mina"]).await;
    // One is signed out, a new password ends the other, and Mina is taken out of the house.
    does(&house, &revoked, "DELETE", "/session", None).await;
    let change = json!({"current": "joon likes the garden", "password": "a garden with a wall around"});
    does(&house, &token, "POST", "/me/password", Some(change)).await;
    house.command(&["person", "remove", "mina@example.com"]).expect("removed");
    subscribe(&house, &token, &kept).await;
    post(&house, &house.token, &space, &format!("<@{joon}> <@{mina}> 모두 들리나요")).await;
    kept.reads(&service.next().await, &key);
    mention(&house, &space, &joon).await;
    kept.reads(&service.next().await, &key);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_no_contents_in_notifications_gets_none() {
    let mut service = Service::open().await;
    let house = house().await;
    let (joon, token) = house.member("joon").expect("joon");
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let space = space_of(&house, &["joon"]).await;
    does(&house, &token, "PATCH", "/me/settings", Some(json!({"push_contents": false}))).await;
    mention(&house, &space, &joon).await;
    let said = phone.reads(&service.next().await, &key);
    assert_eq!(said["notification"]["title"], "한빛");
    assert_eq!(said["notification"]["body"], "A new message");
    assert!(!said.to_string().contains("나리") && !said.to_string().contains("정원"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_to_the_device_that_asks_and_says_what_became_of_it() {
    let mut service = Service::open().await;
    let house = house().await;
    let (_, token) = house.member("joon").expect("joon");
    let test = Some(json!({"mark": "m1"}));
    let tried = does(&house, &token, "POST", "/me/push/test", test.clone()).await;
    assert_eq!(tried, json!({"outcome": "none"}));
    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let tried = does(&house, &token, "POST", "/me/push/test", test.clone()).await;
    assert_eq!(tried, json!({"outcome": "sent"}));
    let said = phone.reads(&service.next().await, &key);
    assert_eq!(said["notification"]["data"]["mark"], "m1");
    service.answers("403 Forbidden");
    let tried = does(&house, &token, "POST", "/me/push/test", test).await;
    assert_eq!(tried["outcome"], "refused");
    assert!(tried["said"].as_str().is_some_and(|it| it.contains("403")), "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_push_service_outside_is_told_and_only_with_keys_that_fit() {
    let service = Service::open().await;
    let house = crate::talk::house().await;
    let good = service.device("phone").subscription();
    let with = |field: &str, value: &str| -> Value {
        let mut body = good.clone();
        match field {
            "endpoint" => body["endpoint"] = value.into(),
            key => {
                body["endpoint"] = "https://push.example.net/x".into();
                body["keys"][key] = value.into();
            }
        }
        body
    };
    let cases = [
        good.clone(),
        with("endpoint", "https://127.0.0.1/x"),
        with("endpoint", "https://[::ffff:10.0.0.1]/x"),
        with("endpoint", "http://push.example.net/x"),
        with("endpoint", "https://push.example.net:8443/x"),
        with("endpoint", "no address"),
        with("p256dh", "AAAA"),
        with("p256dh", &"A".repeat(87)),
        with("auth", "AAAA"),
    ];
    for body in cases {
        let asked =
            house.ask(Some(&house.token), "PUT", "/me/push", Some(body.clone())).await.expect("asked");
        assert_eq!((asked.0, &asked.1["error"]["code"]), (422, &json!("invalid")), "{body}");
    }
    let fine = with("auth", good["keys"]["auth"].as_str().expect("a secret"));
    does(&house, &house.token, "PUT", "/me/push", Some(fine)).await;
    does(&house, &house.token, "DELETE", "/me/push", None).await;
    assert_eq!(does(&house, &house.token, "GET", "/me/push", None).await["subscribed"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_sends_somebody_a_notification_and_says_what_became_of_it() {
    let mut service = Service::open().await;
    let house = house().await;
    let (_, token) = house.member("joon").expect("joon");
    let doctor = |who: &str| {
        let asked = ["doctor", "--json", "--outgoing-allowed", "127.0.0.1", "--push", who];
        let output = house.reads(&asked, b"").expect("it runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        let lines = report["lines"].as_array().expect("lines").clone();
        let test = lines.into_iter().find(|it| it["about"] == "push test").expect("a line about it");
        (test["fine"] == true, test["text"].as_str().expect("words").to_owned())
    };
    let (fine, said) = doctor("nobody@example.com");
    assert!(!fine && said.contains("nobody here"), "{said}");
    let (fine, said) = doctor("joon@example.com");
    assert!(!fine && said.contains("no device"), "{said}");

    let phone = service.device("phone");
    let key = subscribe(&house, &token, &phone).await;
    let (fine, said) = doctor("joon@example.com");
    assert!(fine, "{said}");
    assert_eq!(service.next().await.to, "", "whether the push service is there");
    phone.reads(&service.next().await, &key);
    service.answers("200 OK");
    service.answers("403 Forbidden");
    let (fine, said) = doctor("joon@example.com");
    assert!(!fine && said.contains("was not told"), "{said}");
    service.answers("200 OK");
    service.answers("410 Gone");
    let (fine, said) = doctor("joon@example.com");
    assert!(!fine && said.contains("is gone"), "{said}");
    assert_eq!(does(&house, &token, "GET", "/me/push", None).await["subscribed"], false);
}
