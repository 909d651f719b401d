//! slack-morphism, as it was published: its types are the strictest of all clients, and refuse an answer that lacks a field
//! or has one of another kind.

use std::sync::Arc;

use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use slack_morphism::prelude::*;
use tokio::sync::mpsc;

use super::{Apps, BOT_SCOPES};
use crate::talk::PATIENCE;

type Connector = SlackClientHyperConnector<HttpConnector>;
type Client = SlackClient<Connector>;

/// What the library sends, from JSON.
fn of<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("it is what the library sends")
}

fn client(apps: &Apps) -> Arc<Client> {
    let connector = SlackClientHyperConnector::with_connector(HttpConnector::new());
    Arc::new(SlackClient::new(connector.with_slack_api_url(&apps.house.page("/api"))))
}

fn token(secret: &str) -> SlackApiToken {
    SlackApiToken::new(secret.to_owned().into())
}

async fn house() -> Apps {
    let scopes = [BOT_SCOPES, &["commands"]].concat();
    Apps::with_manifest(json!({
        "display_information": {"name": "Bori", "description": "Helps"},
        "features": {
            "bot_user": {"display_name": "bori"},
            "app_home": {"home_tab_enabled": true},
            "slash_commands": [{"command": "/water", "description": "Waters", "should_escape": false}],
            "shortcuts": [{"name": "Plant", "type": "global", "callback_id": "plant", "description": "Plants"}],
            "unfurl_domains": ["garden.example"],
        },
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {
            "socket_mode_enabled": true,
            "interactivity": {"is_enabled": true},
            "event_subscriptions": {"bot_events": [
                "message.channels", "app_mention", "reaction_added", "reaction_removed", "member_joined_channel",
                "member_left_channel", "channel_created", "channel_rename", "channel_archive", "channel_unarchive",
                "link_shared", "file_shared", "app_home_opened", "user_change", "pin_added",
            ]},
        },
    }))
    .await
}

fn dialog(title: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": "plant",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Go"},
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*What* grows?"}},
            {"type": "input", "block_id": "name", "label": {"type": "plain_text", "text": "Name"},
             "element": {"type": "plain_text_input", "action_id": "name"}},
        ],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn its_types_take_what_messages_are_answered() {
    let apps = house().await;
    let (client, token) = (client(&apps), token(apps.bot_token()));
    let slack = client.open_session(&token);
    slack.api_test(&SlackApiTestRequest::new().with_foo("bar".into())).await.expect("api.test");
    let me = slack.auth_test().await.expect("auth.test");
    assert!(me.bot_id.is_some(), "{me:?}");
    let channel = &apps.channel;
    let blocks = json!([
        {"type": "section", "text": {"type": "mrkdwn", "text": "*tomato*"},
         "accessory": {"type": "button", "action_id": "b", "text": {"type": "plain_text", "text": "Water"}}},
        {"type": "divider"},
        {"type": "actions", "elements": [{"type": "datepicker", "action_id": "d"}]},
    ]);
    let new = of(json!({"channel": channel, "text": "tomato", "blocks": blocks}));
    let posted = slack.chat_post_message(&new).await.expect("chat.postMessage");
    assert_eq!(posted.message.content.blocks.map(|it| it.len()), Some(3));
    let at = posted.ts.clone();
    let reply =
        of(json!({"channel": channel, "thread_ts": at, "text": "*under* it <https://garden.example/1>"}));
    slack.chat_post_message(&reply).await.expect("a reply");
    let update =
        of(json!({"channel": channel, "ts": at, "text": "cucumber", "attachments": [{"text": "green"}]}));
    slack.chat_update(&update).await.expect("chat.update");
    let hint = of(json!({"channel": channel, "user": me.user_id, "text": "for you"}));
    slack.chat_post_ephemeral(&hint).await.expect("chat.postEphemeral");
    slack
        .chat_get_permalink(&of(json!({"channel": channel, "message_ts": at})))
        .await
        .expect("chat.getPermalink");
    let soon = of(
        json!({"channel": channel, "text": "later", "post_at": jiff::Timestamp::now().as_second() + 3_600}),
    );
    slack.chat_schedule_message(&soon).await.expect("chat.scheduleMessage");
    let listed =
        slack.chat_scheduled_messages_list(&of(json!({}))).await.expect("chat.scheduledMessages.list");
    assert_eq!(listed.scheduled_messages.len(), 1);
    let reaction = json!({"channel": channel, "name": "wave", "timestamp": at});
    slack.reactions_add(&of(reaction.clone())).await.expect("reactions.add");
    slack.reactions_get(&of(json!({"channel": channel, "timestamp": at}))).await.expect("reactions.get");
    slack.reactions_remove(&of(reaction)).await.expect("reactions.remove");
    slack.pins_add(&of(json!({"channel": channel, "timestamp": at}))).await.expect("pins.add");
    let pins = slack.pins_list(&of(json!({"channel": channel}))).await.expect("pins.list");
    assert_eq!(pins.items.len(), 1);
    slack.pins_remove(&of(json!({"channel": channel, "timestamp": at}))).await.expect("pins.remove");
    let begun = of(json!({"channel": channel, "thread_ts": at, "markdown_text": "It **gr"}));
    let begun = slack.chat_start_stream(&begun).await.expect("chat.startStream");
    let more = of(json!({"channel": channel, "ts": begun.ts, "markdown_text": "ows**"}));
    slack.chat_append_stream(&more).await.expect("chat.appendStream");
    slack.chat_stop_stream(&of(json!({"channel": channel, "ts": begun.ts}))).await.expect("chat.stopStream");
    let history = slack.conversations_history(&of(json!({"channel": channel}))).await.expect("history");
    assert_eq!(history.messages[0].origin.ts, at);
    let thread =
        slack.conversations_replies(&of(json!({"channel": channel, "ts": at}))).await.expect("replies");
    assert_eq!(thread.messages.len(), 3);
    slack.chat_delete(&of(json!({"channel": channel, "ts": at}))).await.expect("chat.delete");
    // What is refused it reads as what it is.
    let refused =
        slack.chat_delete(&of(json!({"channel": channel, "ts": "1.000001"}))).await.expect_err("no");
    let slack_morphism::errors::SlackClientError::ApiError(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.code, "message_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_types_take_what_people_spaces_files_and_views_are() {
    let apps = house().await;
    let (client, token) = (client(&apps), token(apps.bot_token()));
    let slack = client.open_session(&token);
    let people = slack.users_list(&of(json!({}))).await.expect("users.list");
    let nari = people.members.iter().find(|it| it.flags.is_bot != Some(true)).expect("nari").id.clone();
    slack.users_info(&of(json!({"user": nari}))).await.expect("users.info");
    slack.users_profile_get(&of(json!({"user": nari}))).await.expect("users.profile.get");
    slack.users_get_presence(&of(json!({"user": nari}))).await.expect("users.getPresence");
    let found = of(json!({"email": "nari@example.com"}));
    assert_eq!(slack.users_lookup_by_email(&found).await.expect("users.lookupByEmail").user.id, nari);
    slack.users_conversations(&of(json!({}))).await.expect("users.conversations");
    slack.team_info(&of(json!({}))).await.expect("team.info");
    slack.emoji_list().await.expect("emoji.list");
    slack.usergroups_list(&of(json!({"include_users": true}))).await.expect("usergroups.list");
    slack.conversations_list(&of(json!({}))).await.expect("conversations.list");
    let made = slack.conversations_create(&of(json!({"name": "beds"}))).await.expect("conversations.create");
    let beds = made.channel.id.clone();
    slack.conversations_invite(&of(json!({"channel": beds, "users": [nari]}))).await.expect("invite");
    let people = slack.conversations_members(&of(json!({"channel": beds}))).await.expect("members");
    assert_eq!(people.members.len(), 2);
    slack.conversations_rename(&of(json!({"channel": beds, "name": "rows"}))).await.expect("rename");
    slack.conversations_set_topic(&of(json!({"channel": beds, "topic": "Peas"}))).await.expect("setTopic");
    slack
        .conversations_set_purpose(&of(json!({"channel": beds, "purpose": "Peas"})))
        .await
        .expect("setPurpose");
    slack.conversations_info(&of(json!({"channel": beds}))).await.expect("conversations.info");
    slack.conversations_archive(&of(json!({"channel": beds}))).await.expect("archive");
    // The library's own way to this one asks for `conversations.setTopic`.
    apps.bot("conversations.unarchive", json!({"channel": beds})).await;
    slack.conversations_kick(&of(json!({"channel": beds, "user": nari}))).await.expect("kick");
    slack.conversations_open(&of(json!({"users": [nari]}))).await.expect("conversations.open");
    slack.conversations_open_full(&of(json!({"users": [nari], "return_im": true}))).await.expect("in full");

    let way = of(json!({"filename": "list.txt", "length": 5}));
    let way = slack.get_upload_url_external(&way).await.expect("files.getUploadURLExternal");
    let bytes =
        SlackApiFilesUploadViaUrlRequest::new(way.upload_url, b"peas\n".to_vec(), "text/plain".into());
    slack.files_upload_via_url(&bytes).await.expect("the bytes");
    let done = of(json!({"files": [{"id": way.file_id, "title": "A list"}], "channel_id": apps.channel}));
    let done = slack.files_complete_upload_external(&done).await.expect("files.completeUploadExternal");
    let file = done.files[0].id.clone();
    slack.files_info(&of(json!({"file": file}))).await.expect("files.info");
    slack.files_list(&of(json!({"channel": apps.channel}))).await.expect("files.list");
    let history = slack.conversations_history(&of(json!({"channel": apps.channel}))).await.expect("history");
    assert!(history.messages[0].content.files.is_some());
    slack.files_delete(&of(json!({"file": file}))).await.expect("files.delete");

    let home = json!({"type": "home", "blocks": dialog("x")["blocks"]});
    let shown =
        slack.views_publish(&of(json!({"user_id": nari, "view": home}))).await.expect("views.publish");
    assert!(shown.view.state_params.app_id.is_some());
}

/// What the library heard over its socket, in one line each.
type Heard = mpsc::UnboundedSender<String>;

async fn say(states: SlackClientEventsUserState, line: String) {
    let states = states.read().await;
    let out = states.get_user_state::<Heard>().expect("somebody listens");
    out.send(line).expect("somebody listens");
}

async fn event(
    told: SlackPushEventCallback,
    _: Arc<Client>,
    states: SlackClientEventsUserState,
) -> UserCallbackResult<()> {
    let line = match told.event {
        SlackEventCallbackBody::Unknown(value) => format!("not understood: {value}"),
        known => serde_json::to_value(&known)?["type"].as_str().unwrap_or_default().to_owned(),
    };
    say(states, line).await;
    Ok(())
}

async fn command(
    told: SlackCommandEvent,
    _: Arc<Client>,
    states: SlackClientEventsUserState,
) -> UserCallbackResult<SlackCommandEventResponse> {
    say(states, format!("command {} {}", told.command.0, told.text.clone().unwrap_or_default())).await;
    Ok(SlackCommandEventResponse::new(SlackMessageContent::new().with_text("watered".into())))
}

async fn interaction(
    told: SlackInteractionEvent,
    client: Arc<Client>,
    states: SlackClientEventsUserState,
) -> UserCallbackResult<()> {
    let line = match told {
        SlackInteractionEvent::Shortcut(pressed) => {
            let token = states.read().await.get_user_state::<SlackApiToken>().expect("a token").clone();
            let open = of(json!({"trigger_id": pressed.trigger_id, "view": dialog("Plant")}));
            client.open_session(&token).views_open(&open).await?;
            "shortcut".to_owned()
        }
        SlackInteractionEvent::ViewSubmission(sent) => {
            let value = sent.view.state_params.state.expect("a state");
            format!("submitted {}", serde_json::to_value(&value)?["values"]["name"]["name"]["value"])
        }
        SlackInteractionEvent::BlockActions(pressed) => {
            format!("pressed {}", pressed.actions.expect("actions")[0].action_id.0)
        }
        other => format!("{other:?}"),
    };
    say(states, line).await;
    Ok(())
}

/// Waits until the library has heard this line; whatever else it hears before, it must have understood.
async fn until(heard: &mut mpsc::UnboundedReceiver<String>, wanted: &str) {
    loop {
        let line = tokio::time::timeout(PATIENCE, heard.recv()).await;
        let line = line.unwrap_or_else(|_| panic!("{wanted} is heard")).expect("it is there");
        assert!(!line.starts_with("not understood"), "{line}");
        if line == wanted {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_socket_hears_what_happens_and_its_answers_are_heard() {
    let apps = house().await;
    let client = client(&apps);
    let (out, mut heard) = mpsc::unbounded_channel::<String>();
    let environment = SlackClientEventsListenerEnvironment::new(client.clone())
        .with_user_state(out)
        .with_user_state(token(apps.bot_token()));
    let callbacks = SlackSocketModeListenerCallbacks::new()
        .with_hello_events(|_, _, states| say(states, "hello".into()))
        .with_push_events(event)
        .with_command_events(command)
        .with_interaction_events(interaction);
    let config = SlackClientSocketModeConfig::new();
    let listener = SlackClientSocketModeListener::new(&config, Arc::new(environment), callbacks);
    listener.listen_for(&token(apps.app["app_token"].as_str().expect("a token"))).await.expect("listening");
    listener.start().await;
    until(&mut heard, "hello").await;

    let channel = &apps.channel;
    let bot = apps.app["bot_user_id"].as_str().expect("a bot");
    let said = json!({"channel": channel, "text": format!("<@{bot}> see <https://garden.example/peas>")});
    let said = apps.person("chat.postMessage", said).await;
    until(&mut heard, "app_mention").await;
    until(&mut heard, "link_shared").await;
    let reaction = json!({"channel": channel, "name": "wave", "timestamp": said["ts"]});
    apps.person("reactions.add", reaction.clone()).await;
    until(&mut heard, "reaction_added").await;
    apps.person("reactions.remove", reaction).await;
    until(&mut heard, "reaction_removed").await;
    apps.person("chat.update", json!({"channel": channel, "ts": said["ts"], "text": "changed"})).await;
    until(&mut heard, "message").await;
    apps.person("chat.delete", json!({"channel": channel, "ts": said["ts"]})).await;
    until(&mut heard, "message").await;
    let made = apps.person("conversations.create", json!({"name": "beds"})).await;
    until(&mut heard, "channel_created").await;
    let beds = &made["channel"]["id"];
    apps.person("conversations.rename", json!({"channel": beds, "name": "rows"})).await;
    until(&mut heard, "channel_rename").await;
    apps.person("conversations.invite", json!({"channel": beds, "users": bot})).await;
    until(&mut heard, "member_joined_channel").await;
    apps.person("conversations.archive", json!({"channel": beds})).await;
    until(&mut heard, "channel_archive").await;
    let app = apps.app["app_id"].as_str().expect("an app");
    apps.person("madang.home", json!({"app": app})).await;
    until(&mut heard, "app_home_opened").await;

    apps.person("chat.command", json!({"channel": channel, "command": "/water", "text": "peas"})).await;
    until(&mut heard, "command /water peas").await;
    apps.person("madang.shortcut", json!({"app": app, "callback_id": "plant"})).await;
    until(&mut heard, "shortcut").await;
    let button = json!([{"type": "actions", "block_id": "row", "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}]}]);
    let shown =
        apps.bot("chat.postMessage", json!({"channel": channel, "text": "?", "blocks": button})).await;
    let press = json!({
        "container": {"type": "message", "channel_id": channel, "message_ts": shown["ts"]},
        "actions": [{"block_id": "row", "action_id": "go", "type": "button"}],
    });
    apps.person("blocks.actions", press).await;
    until(&mut heard, "pressed go").await;
    listener.shutdown().await;
}
