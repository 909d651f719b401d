//! What is wrong, comes twice, or never ends.

use std::collections::HashSet;

use serde_json::{Value, json};
use tokio_tungstenite::connect_async;

use super::Apps;
use crate::receiver::{Receiver, house};

async fn posted(apps: &Apps, url: &str, body: &Value) -> (u16, String) {
    let answer = apps.house.client.post(url).json(body).send().await.expect("asked");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_that_are_wrong_are_refused_at_every_door_and_nothing_is_said() {
    let ear = Receiver::open().await;
    let manifest = json!({
        "display_information": {"name": "Bori"},
        "features": {
            "bot_user": {"display_name": "bori"},
            "slash_commands": [{"command": "/try", "description": "Tries", "url": ear.url()}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "channels:read", "channels:history"]}},
    });
    let apps = Apps::at(house().await, manifest).await;
    let channel = &apps.channel;
    let typed = json!({"channel": channel, "command": "/try"});
    let (_, asked) = tokio::join!(apps.person("chat.command", typed), async {
        let mut asked = ear.next().await;
        asked.answer("200 OK", "").await;
        asked.body
    });
    let field = |name: &str| {
        form_urlencoded::parse(asked.as_bytes()).find(|it| it.0 == name).expect("a field").1.into_owned()
    };
    let said = apps.bot("chat.postMessage", json!({"channel": channel, "text": "the last"})).await;
    let person = apps.person("auth.test", json!({})).await["user_id"].clone();
    let button = |text: &str| {
        json!([{"type": "actions", "elements": [
        {"type": "button", "action_id": "b", "text": {"type": "plain_text", "text": text}}]}])
    };
    let wrong = [
        json!([{"type": "section"}]),
        json!([{"type": "nothing"}]),
        button(&"x".repeat(76)),
        Value::Array(vec![json!({"type": "divider"}); 51]),
        json!([{"type": "actions", "elements": [{"type": "plain_text"}]}]),
        json!([[[]]]),
    ];
    for blocks in wrong {
        for (method, more) in [
            ("chat.postMessage", json!({})),
            ("chat.update", json!({"ts": said["ts"]})),
            ("chat.postEphemeral", json!({"user": person})),
        ] {
            let mut arguments = json!({"channel": channel, "text": "x", "blocks": blocks});
            arguments.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
            let answer = apps.call(apps.bot_token(), method, arguments).await;
            assert_eq!(answer["error"], "invalid_blocks", "{method} {blocks}");
            let why = answer["response_metadata"]["messages"][0].as_str().expect("what is wrong");
            assert!(why.contains("[json-pointer:/blocks"), "{why}");
        }
        let hook = apps.app["webhook_urls"][0].as_str().expect("an address");
        let body = json!({"text": "x", "blocks": blocks});
        assert_eq!(posted(&apps, hook, &body).await, (400, "invalid_blocks".into()));
    }
    // An answer at its address counts, right or wrong: five, and no more.
    let reply = field("response_url");
    for _ in 0..4 {
        let (status, told) = posted(&apps, &reply, &json!({"blocks": [{"type": "nothing"}]})).await;
        assert!(status == 400 && told.contains("invalid_blocks"), "{told}");
    }
    let right = json!({"text": "for your eyes"});
    assert_eq!(posted(&apps, &reply, &right).await, (200, "ok".into()));
    let (status, told) = posted(&apps, &reply, &right).await;
    assert!(status == 404 && told.contains("used_url"), "{told}");
    let (status, told) = posted(&apps, &apps.house.page("/hooks/guess"), &right).await;
    assert!(status == 404 && told.contains("expired_url"), "{told}");
    let view = json!({"trigger_id": field("trigger_id"), "view": {"type": "modal", "blocks": [{"type": "nothing"}]}});
    assert_eq!(apps.refused("views.open", view).await, "invalid_arguments");

    let history = apps.bot("conversations.history", json!({"channel": channel, "limit": 1})).await;
    assert_eq!(history["messages"][0]["text"], "the last");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_good_once_is_good_once() {
    let apps = Apps::begun().await;
    let opened =
        apps.call(apps.app["app_token"].as_str().expect("a token"), "apps.connections.open", json!({}));
    let url = opened.await["url"].as_str().expect("an address").to_owned();
    let _link = connect_async(&url).await.expect("connected");
    let again = connect_async(&url).await.expect_err("its ticket was taken");
    assert!(again.to_string().contains("403"), "{again}");
    // A ticket for one kind of socket opens no other, and is gone then.
    let old = apps.person("rtm.connect", json!({})).await["url"].as_str().expect("an address").to_owned();
    connect_async(old.replace("/rtm/", "/link/")).await.expect_err("it is for another socket");
    connect_async(&old).await.expect_err("it was taken");

    let way = apps.bot("files.getUploadURLExternal", json!({"filename": "a.txt", "length": 4})).await;
    let url = way["upload_url"].as_str().expect("an address");
    let send = |bytes: &'static str| apps.house.client.post(url).body(bytes).send();
    assert_eq!(send("peas").await.expect("sent").text().await.expect("text"), "OK - 4");
    assert_ne!(send("beam").await.expect("sent").status(), 200, "its bytes are there");

    let message = json!({"channel": apps.channel, "text": "once", "client_msg_id": "6b1a3f0e"});
    let first = apps.person("chat.postMessage", message.clone()).await;
    assert_eq!(
        apps.person("chat.postMessage", message).await["ts"],
        first["ts"],
        "sent again after a lost answer"
    );
}

/// Follows the cursors of a method to their end; what they gave, each once.
async fn walked(apps: &Apps, method: &str, list: &str, arguments: Value) -> usize {
    let mut seen = HashSet::new();
    let mut arguments = arguments;
    loop {
        let page = apps.bot(method, arguments.clone()).await;
        for one in page[list].as_array().expect("a list") {
            assert!(seen.insert(one.to_string()), "{method} gave {one} twice");
        }
        assert!(seen.len() < 100, "{method} ends");
        let next = page["response_metadata"]["next_cursor"].as_str().expect("a cursor").to_owned();
        if next.is_empty() {
            return seen.len();
        }
        // Somebody goes on talking meanwhile: a walk into the past ends all the same.
        apps.person("chat.postMessage", json!({"channel": apps.channel, "text": next})).await;
        arguments["cursor"] = json!(next);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_walk_along_cursors_ends_and_a_cursor_is_good_for_its_own_method() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    for text in ["one", "two", "three"] {
        apps.bot("chat.postMessage", json!({"channel": channel, "text": text})).await;
    }
    apps.bot("conversations.create", json!({"name": "beds"})).await;
    assert!(
        walked(&apps, "conversations.history", "messages", json!({"channel": channel, "limit": 1})).await
            >= 3
    );
    assert_eq!(walked(&apps, "conversations.list", "channels", json!({"limit": 1})).await, 2);
    assert_eq!(
        walked(&apps, "conversations.members", "members", json!({"channel": channel, "limit": 1})).await,
        2
    );
    assert_eq!(walked(&apps, "users.list", "members", json!({"limit": 1})).await, 2);
    let page = apps.bot("conversations.history", json!({"channel": channel, "limit": 1})).await;
    let cursor = page["response_metadata"]["next_cursor"].clone();
    for (method, wrong) in [
        ("conversations.list", json!({"cursor": cursor})),
        ("users.list", json!({"cursor": cursor})),
        ("conversations.history", json!({"channel": channel, "cursor": "x".repeat(4_000)})),
        ("conversations.history", json!({"channel": channel, "cursor": "Y29udmVyc2F0aW9ucy5oaXN0b3J5Ong"})),
    ] {
        assert_eq!(apps.refused(method, wrong).await, "invalid_cursor", "{method}");
    }
    for limit in [-1, 0, 1_000_000] {
        apps.bot("conversations.history", json!({"channel": channel, "limit": limit})).await;
    }
}
