//! Apps that are told over HTTP what happens: signed, in order, again if they did not take it, and all of it in the end.

use aws_lc_rs::hmac;
use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::receiver::{Receiver, Request, house};
use crate::talk::post;

/// Answers the question whether anybody is there.
pub async fn is_there(ear: &Receiver) {
    let mut request = ear.next().await;
    let asked = request.json();
    assert_eq!(asked["type"], "url_verification");
    request.answer("200 OK", &json!({"challenge": asked["challenge"]}).to_string()).await;
}

fn text(request: &Request) -> String {
    request.json()["event"]["text"].as_str().unwrap_or_default().to_owned()
}

fn manifest(url: &str) -> Value {
    json!({
        "display_information": {"name": "Ear"},
        "features": {"bot_user": {"display_name": "ear"}},
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history", "app_mentions:read"]}},
        "settings": {
            "event_subscriptions": {"request_url": url, "bot_events": ["message.channels", "app_mention"]},
        },
    })
}

/// Installs an app, and brings its bot into the first space. Gives its id and its credentials.
async fn installed(house: &House, url: &str) -> (String, Value) {
    let made = does(house, &house.token, "POST", "/apps", Some(json!({"manifest": manifest(url)}))).await;
    let (id, bot) = (made["app"]["id"].as_str().expect("an id"), made["app"]["bot"].as_str().expect("a bot"));
    let members = format!("/spaces/{}/members", house.space);
    does(house, &house.token, "POST", &members, Some(json!({"person": bot}))).await;
    (id.to_owned(), made["credentials"].clone())
}

async fn deliveries(house: &House, app: &str) -> Vec<Value> {
    let all = does(house, &house.token, "GET", &format!("/apps/{app}/deliveries"), None).await;
    all["deliveries"].as_array().expect("deliveries").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_told_in_order_signed_and_again_until_it_takes_it_also_after_a_restart() {
    let mut house = house().await;
    let ear = Receiver::open().await;
    let (app, secrets) = installed(&house, &ear.url()).await;
    is_there(&ear).await;
    // That its bot came in stands in the history too.
    assert_eq!(ear.takes("200 OK").await.json()["event"]["subtype"], "channel_join");

    post(&house, &house.token, &house.space, "하나").await;
    post(&house, &house.token, &house.space, "둘").await;
    let first = ear.takes("503 Busy").await;
    assert_eq!((text(&first), first.header("x-slack-retry-num")), ("하나".to_owned(), None));
    let again = ear.takes("200 OK").await;
    assert_eq!(text(&again), "하나", "what comes after it waits for it");
    assert_eq!(again.json()["event_id"], first.json()["event_id"]);
    assert_eq!(
        (again.header("x-slack-retry-num"), again.header("x-slack-retry-reason")),
        (Some("1"), Some("http_error"))
    );
    assert_eq!(again.header("content-type"), Some("application/json"));
    let signed = format!("v0:{}:{}", again.header("x-slack-request-timestamp").expect("a time"), again.body);
    let secret = secrets["signing_secret"].as_str().expect("a secret");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
    let hex: String = tag.as_ref().iter().map(|it| format!("{it:02x}")).collect();
    assert_eq!(again.header("x-slack-signature"), Some(format!("v0={hex}").as_str()));
    assert_eq!(text(&ear.takes("200 OK").await), "둘");

    // A mention is two events, each told once, and each with an id of its own.
    let bot = secrets["bot_user_id"].as_str().expect("a bot").to_owned();
    let bot_id = does(&house, &house.token, "GET", &format!("/apps/{app}"), None).await["app"]["bot"].clone();
    let call = format!("<@{}> 배포해 줘", bot_id.as_str().expect("a bot"));
    post(&house, &house.token, &house.space, &call).await;
    let (message, mention) = (ear.takes("200 OK").await.json(), ear.takes("200 OK").await.json());
    assert_eq!(
        (&message["event"]["type"], &mention["event"]["type"]),
        (&json!("message"), &json!("app_mention"))
    );
    assert_eq!(mention["event"]["text"], format!("<@{bot}> 배포해 줘"));
    assert_ne!(message["event_id"], mention["event_id"]);

    // It hangs: the house goes on, tries again, and says why.
    post(&house, &house.token, &house.space, "셋").await;
    let hangs = ear.next().await;
    let again = ear.next().await;
    assert_eq!(again.header("x-slack-retry-reason"), Some("http_timeout"));
    assert_eq!(text(&again), "셋");
    // The house stops before it is answered, and tells it after.
    house.stop().await.expect("it stops");
    drop((hangs, again));
    house.start().await.expect("it serves again");
    is_there(&ear).await;
    // What was told when it stopped may be told once more: it had not been taken.
    let mut told = ear.takes("200 OK").await;
    assert_eq!(text(&told), "셋");
    post(&house, &house.token, &house.space, "넷").await;
    told = ear.takes("200 OK").await;
    assert_eq!(text(&told), "넷");

    // Whoever manages apps sees how it went, and has something told again.
    let all = deliveries(&house, &app).await;
    let states: Vec<&Value> = all.iter().map(|it| &it["state"]).collect();
    assert!(states.iter().skip(1).all(|it| **it == json!("taken")), "{all:?}");
    let is_over = |it: &&Value| it["state"] == "taken" && it["fault"].is_null();
    let three = all.iter().find(|it| is_over(it) && it["event"] == "message.posted").expect("one");
    let replay = format!("/apps/{app}/deliveries/{}/replay", three["id"].as_str().expect("a number"));
    does(&house, &house.token, "POST", &replay, Some(json!({}))).await;
    assert!(ear.takes("200 OK").await.json()["event_id"].as_str().expect("an id").starts_with("Ev"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_inside_is_told_nothing_and_an_app_that_takes_nothing_is_told_no_more() {
    let mut house = House::set_up().expect("a house");
    house.start().await.expect("it serves");
    // Nobody allowed that programs on this machine are asked.
    let ear = Receiver::open().await;
    let (app, _) = installed(&house, &ear.url()).await;
    post(&house, &house.token, &house.space, "안에서").await;
    let fault = loop {
        let all = deliveries(&house, &app).await;
        if let Some(fault) = all.iter().find_map(|it| it["fault"].as_str()) {
            break fault.to_owned();
        }
    };
    assert!(fault.contains("only https is spoken with the outside"), "{fault}");
    // An app that wishes not to be told again is not.
    let wrong = json!({"manifest": {"display_information": {"name": ""}}});
    let (status, answer) = house.ask(Some(&house.token), "POST", "/apps", Some(wrong)).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (422, &json!("invalid")), "{answer}");
    assert!(answer["error"]["message"].as_str().expect("words").contains("display_information"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_app_opens_nothing_of_the_native_api_and_ends_with_the_app() {
    let house = house().await;
    let ear = Receiver::open().await;
    let (app, secrets) = installed(&house, &ear.url()).await;
    let slack = async |token: &str| {
        let asked =
            house.client.post(house.page("/api/auth.test")).bearer_auth(token).send().await.expect("asked");
        assert_eq!(asked.status(), 200, "Slack says no with 200");
        asked.json::<Value>().await.expect("JSON")
    };
    let bot = secrets["bot_token"].as_str().expect("a token").to_owned();
    assert_eq!(slack(&bot).await["ok"], true);
    for token in ["bot_token", "app_token"] {
        let token = secrets[token].as_str();
        assert_eq!(house.ask(token, "GET", "/me", None).await.expect("asked").0, 401);
    }
    // What it is told by is shown once, and its tokens never again.
    let look = does(&house, &house.token, "GET", &format!("/apps/{app}"), None).await.to_string();
    assert!(!look.contains(&bot) && !look.contains(secrets["signing_secret"].as_str().expect("a secret")));
    does(&house, &house.token, "DELETE", &format!("/apps/{app}"), None).await;
    assert_eq!(slack(&bot).await["error"], "invalid_auth");
    let audit = does(&house, &house.token, "GET", "/audit?kind=app", None).await.to_string();
    assert!(audit.contains("app.installed") && audit.contains("app.removed"), "{audit}");
    // A member who does not manage apps installs none.
    let (_, joon) = house.member("joon").expect("joon");
    let wish = json!({"manifest": manifest(&ear.url())});
    assert_eq!(house.ask(Some(&joon), "POST", "/apps", Some(wish)).await.expect("asked").0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_may_not_is_refused_by_name() {
    let house = house().await;
    let ear = Receiver::open().await;
    let (_, secrets) = installed(&house, &ear.url()).await;
    let ask = async |token: &str, method: &str, body: Value| {
        let token = secrets[token].as_str().expect("a token");
        let asked = house.client.post(house.page(&format!("/api/{method}"))).bearer_auth(token).json(&body);
        asked.send().await.expect("asked").json::<Value>().await.expect("JSON")
    };
    let answer = ask("bot_token", "rtm.connect", json!({})).await;
    assert_eq!(
        (&answer["error"], &answer["needed"]),
        (&json!("missing_scope"), &json!("rtm:stream,client,bot"))
    );
    assert!(answer["provided"].as_str().expect("scopes").contains("chat:write"));
    assert_eq!(ask("bot_token", "apps.connections.open", json!({})).await["error"], "not_allowed_token_type");
    assert_eq!(ask("app_token", "chat.postMessage", json!({})).await["error"], "not_allowed_token_type");
    // It is told over HTTP: a socket is not for it.
    assert_eq!(ask("app_token", "apps.connections.open", json!({})).await["error"], "access_denied");
    // Nobody opens a dialog without a press, and none twice.
    let view = json!({"type": "modal", "title": {"type": "plain_text", "text": "?"}, "blocks": []});
    let open = json!({"trigger_id": "1.2.3", "view": view});
    assert_eq!(ask("bot_token", "views.open", open).await["error"], "expired_trigger_id");
    let open = json!({"trigger_id": "guess", "view": view});
    assert_eq!(ask("bot_token", "views.open", open).await["error"], "invalid_trigger_id");
    // A page elsewhere cannot use the session of a browser, and a link cannot either.
    let cookie = format!("madang={}", house.token);
    let linked =
        house.client.get(house.page("/api/auth.test")).header("cookie", &cookie).send().await.expect("asked");
    assert_eq!(linked.json::<Value>().await.expect("JSON")["error"], "not_authed");
    let foreign = house.client.post(house.page("/api/auth.test")).header("cookie", &cookie);
    let foreign = foreign.header("sec-fetch-site", "cross-site").send().await.expect("asked");
    assert_eq!(foreign.status(), 403);
}
