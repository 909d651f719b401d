//! What apps do beside saying something: calls they hold elsewhere, what they are doing as assistants, what clients of
//! people ask at their start, and tokens that end while a socket is open.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::{Apps, BOT_SCOPES};
use crate::cast::{does, middle};
use crate::receiver::{Receiver, house};
use crate::talk::{PATIENCE, Socket, next, socket};

/// What a device is shown next of this type.
async fn frame(device: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = next(device).await.expect("a frame").expect("connected");
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// The newest message of the first space.
async fn newest(apps: &Apps) -> Value {
    let limit = json!({"channel": apps.channel, "limit": 1});
    apps.person("conversations.history", limit).await["messages"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_shown_and_its_message_changes_with_it() {
    let apps = Apps::with_scopes(&[BOT_SCOPES, &["calls:read", "calls:write"]].concat()).await;
    let person = apps.person("auth.test", json!({})).await["user_id"].clone();
    let new = json!({
        "external_unique_id": "round-1", "join_url": "https://calls.example/1", "title": "The round",
        "desktop_app_join_url": "callapp://join/1", "external_display_id": "0815",
        "users": [{"slack_id": person}, {"external_id": "x-1", "display_name": "Bomi"}],
    });
    let made = apps.bot("calls.add", new.clone()).await;
    let id = made["call"]["id"].as_str().expect("an id").to_owned();
    assert!(
        id.starts_with('R') && made["call"]["users"].as_array().is_some_and(|it| it.len() == 2),
        "{made}"
    );
    assert_eq!(apps.refused("calls.add", new).await, "external_unique_id_exists");
    let harmful = json!({"external_unique_id": "2", "join_url": "javascript:alert(1)"});
    assert_eq!(apps.refused("calls.add", harmful).await, "invalid_arguments");

    let blocks = json!([{"type": "call", "call_id": id}]);
    let shown = apps.bot("chat.postMessage", json!({"channel": apps.channel, "blocks": blocks})).await;
    let call = |message: &Value| message["blocks"][0]["call"]["v1"].clone();
    let first = call(&shown["message"]);
    assert_eq!((&first["name"], &first["has_ended"]), (&json!("The round"), &json!(false)));
    assert_eq!(first["active_participants"][0]["display_name"], "나리");
    // Who does not draw blocks reads what it is and where.
    let path = format!("/spaces/{}/events?after=0", apps.house.space);
    let text = does(&apps.house, &apps.house.token, "GET", &path, None).await;
    assert!(text.to_string().contains("The round\\nhttps://calls.example/1"));
    let nobodys = json!({"channel": apps.channel, "blocks": [{"type": "call", "call_id": "R1"}]});
    assert_eq!(apps.refused("chat.postMessage", nobodys).await, "invalid_blocks");

    let gone = json!({"id": id, "users": [{"external_id": "x-1"}]});
    assert_eq!(
        apps.refused("calls.participants.add", gone.clone()).await,
        "invalid_arguments",
        "it has no name"
    );
    apps.bot("calls.participants.remove", gone).await;
    apps.bot("calls.update", json!({"id": id, "title": "The long round"})).await;
    let second = call(&newest(&apps).await);
    assert_eq!(second["name"], "The long round");
    assert_eq!(second["active_participants"].as_array().map(Vec::len), Some(1));
    assert_eq!(second["all_participants"].as_array().map(Vec::len), Some(2));
    apps.bot("calls.end", json!({"id": id, "duration": 60})).await;
    let last = call(&newest(&apps).await);
    assert_eq!(last["has_ended"], true);
    assert_eq!(last["date_end"].as_i64(), last["date_start"].as_i64().map(|it| it + 60));
    assert_eq!(apps.bot("calls.info", json!({"id": id})).await["call"]["external_unique_id"], "round-1");
    assert_eq!(apps.refused("calls.info", json!({"id": "R1"})).await, "call_not_found");
    assert_eq!(
        apps.call(&apps.nari, "calls.info", json!({"id": id})).await["error"],
        "not_allowed_token_type",
        "a call is its app's"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assistant_says_what_it_is_doing_and_what_one_might_ask() {
    let ear = Receiver::open().await;
    let manifest = json!({
        "display_information": {"name": "Sage"},
        "features": {
            "bot_user": {"display_name": "sage"},
            "assistant_view": {"assistant_description": "Knows", "suggested_prompts": []},
        },
        "oauth_config": {"scopes": {"bot": [
            "assistant:write", "chat:write", "im:history", "im:read", "channels:read", "channels:history",
        ]}},
        "settings": {"event_subscriptions": {
            "request_url": ear.url(), "bot_events": ["assistant_thread_started", "message.im"],
        }},
    });
    let apps = Apps::at(house().await, manifest).await;
    let bot = apps.app["bot_user_id"].clone();
    let opened = apps.person("conversations.open", json!({"users": bot})).await;
    let im = opened["channel"]["id"].clone();
    let asked = apps.person("chat.postMessage", json!({"channel": im, "text": "When do peas grow?"})).await;
    crate::apps::is_there(&ear).await;
    let begun = ear.takes("200 OK").await.json()["event"].clone();
    assert_eq!(begun["type"], "assistant_thread_started", "{begun}");
    let thread = &begun["assistant_thread"];
    assert_eq!(
        (&begun["type"], &thread["channel_id"], &thread["thread_ts"]),
        (&json!("assistant_thread_started"), &im, &asked["ts"])
    );
    let told = ear.takes("200 OK").await.json()["event"].clone();
    assert_eq!((&told["type"], &told["thread_ts"]), (&json!("message"), &asked["ts"]));

    let mut device = socket(&apps.house, &apps.house.token).await.expect("connected");
    let here = |more: Value| {
        let mut all = json!({"channel_id": im, "thread_ts": asked["ts"]});
        all.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        all
    };
    let status = here(json!({"status": "is thinking", "loading_messages": ["Digging", "Sowing"]}));
    apps.bot("assistant.threads.setStatus", status).await;
    let shown = frame(&mut device, "assistant").await;
    assert_eq!((&shown["status"], &shown["loading_messages"][1]), (&json!("is thinking"), &json!("Sowing")));
    assert!(shown["thread"].is_i64() && shown["app"].is_string(), "{shown}");
    let prompts = json!({"title": "Ask", "prompts": [{"title": "Beans", "message": "When do beans grow?"}]});
    apps.bot("assistant.threads.setSuggestedPrompts", here(prompts)).await;
    let offered = frame(&mut device, "assistant_prompts").await;
    assert_eq!(offered["prompts"][0]["message"], "When do beans grow?");
    let titled = apps.bot("assistant.threads.setTitle", here(json!({"title": "Peas"}))).await;
    assert_eq!(titled["warning"], "title_not_shown");
    // Its answer ends what it was doing.
    let answer = json!({"channel": im, "thread_ts": asked["ts"], "text": "In spring"});
    apps.bot("chat.postMessage", answer).await;
    assert_eq!(frame(&mut device, "assistant").await["status"], "");

    let beds = apps.person("conversations.create", json!({"name": "beds"})).await["channel"]["id"].clone();
    for (method, more, error) in [
        ("setStatus", json!({"status": "x".repeat(201)}), "invalid_arguments"),
        ("setStatus", json!({"status": "x", "thread_ts": "1.5"}), "thread_not_found"),
        ("setSuggestedPrompts", json!({"prompts": [{"title": "x"}]}), "invalid_arguments"),
        ("setSuggestedPrompts", json!({"prompts": "x"}), "invalid_arguments"),
        ("setStatus", json!({"status": "x", "channel_id": beds}), "not_in_channel"),
    ] {
        assert_eq!(apps.refused(&format!("assistant.threads.{method}"), here(more)).await, error, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_people_learn_at_their_start_what_is_new() {
    let apps = Apps::begun().await;
    let channel = &apps.channel;
    let said = apps.bot("chat.postMessage", json!({"channel": channel, "text": "new"})).await;
    let of_it = |counts: &Value| {
        let channels = counts["channels"].as_array().expect("channels");
        channels.iter().find(|it| it["id"] == **channel).expect("the channel").clone()
    };
    let before = of_it(&apps.person("client.counts", json!({})).await);
    assert_eq!((&before["has_unreads"], &before["latest"]), (&json!(true), &said["ts"]));
    apps.person("conversations.mark", json!({"channel": channel, "ts": said["ts"]})).await;
    let after = of_it(&apps.person("client.counts", json!({})).await);
    assert_eq!((&after["has_unreads"], &after["last_read"]), (&json!(false), &said["ts"]));
    let booted = apps.person("client.userBoot", json!({})).await;
    assert_eq!(booted["self"]["profile"]["email"], "nari@example.com");
    assert!(booted["channels"].as_array().is_some_and(|it| it.iter().any(|it| it["id"] == **channel)));
    let viewed = apps.person("conversations.view", json!({"channel": channel, "limit": 1})).await;
    assert_eq!(viewed["history"]["messages"][0]["text"], "new");
    assert_eq!(viewed["users"][0]["is_bot"], true);
    assert_eq!(apps.bot("team.preferences.list", json!({})).await["msg_edit_window_mins"], -1);

    let shared = json!({"channel": channel, "emails": ["guest@example.com"]});
    let shared = apps.person("conversations.inviteShared", shared).await;
    assert!(shared["invite_id"].as_str().is_some_and(|it| it.starts_with('I')) && shared["url"].is_string());
    let path = format!("/spaces/{}/members", apps.house.space);
    let members = does(&apps.house, &apps.house.token, "GET", &path, None).await;
    assert!(members.to_string().contains("guest@example.com"));
    for (arguments, error) in [
        (json!({"channel": channel}), "invalid_arguments"),
        (json!({"channel": channel, "emails": ["nobody"]}), "invalid_email"),
    ] {
        assert_eq!(apps.call(&apps.nari, "conversations.inviteShared", arguments).await["error"], error);
    }
    assert_eq!(
        apps.call(&apps.nari, "functions.completeSuccess", json!({})).await["error"],
        "unknown_method"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sockets_of_a_token_are_cut_when_it_ends() {
    let apps = Apps::begun().await;
    let app = apps.app["id"].as_str().expect("an id").to_owned();
    let mut times = Vec::new();
    for _ in 0..3 {
        let path = format!("/apps/{app}/tokens");
        let made = does(&apps.house, &apps.house.token, "POST", &path, Some(json!({"kind": "app"}))).await;
        let opened =
            apps.call(made["token"].as_str().expect("a token"), "apps.connections.open", json!({})).await;
        let (mut link, _) =
            connect_async(opened["url"].as_str().expect("an address")).await.expect("connected");
        let hello = link.next().await.expect("a frame").expect("a frame");
        assert!(hello.to_text().expect("text").contains("hello"));
        let all = does(&apps.house, &apps.house.token, "GET", &format!("/apps/{app}"), None).await;
        let youngest =
            all["app"]["tokens"].as_array().expect("tokens").iter().filter(|it| it["kind"] == "app");
        let youngest = youngest.max_by_key(|it| it["id"].as_str().map(ToOwned::to_owned)).expect("a token");
        let path = format!("/apps/{app}/tokens/{}", youngest["id"].as_str().expect("an id"));
        let ended = Instant::now();
        does(&apps.house, &apps.house.token, "DELETE", &path, None).await;
        let bye = loop {
            match tokio::time::timeout(PATIENCE, link.next()).await.expect("it ends") {
                Some(Ok(Message::Text(text))) => break text.to_string(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        };
        assert!(bye.contains("link_disabled"), "{bye}");
        times.push(ended.elapsed());
    }
    // The command line ends all of them while the house serves.
    let opened =
        apps.call(apps.app["app_token"].as_str().expect("a token"), "apps.connections.open", json!({}));
    let (mut link, _) =
        connect_async(opened.await["url"].as_str().expect("an address")).await.expect("connected");
    link.next().await.expect("a frame").expect("hello");
    let ended = Instant::now();
    apps.house.command(&["app", "remove", &app, "--json"]).expect("removed");
    while let Some(Ok(_)) = tokio::time::timeout(PATIENCE, link.next()).await.expect("it ends") {}
    times.push(ended.elapsed());
    assert!(middle(times.clone()) < Duration::from_secs(1), "{times:?}");
}
