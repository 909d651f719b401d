//! Dialogs of the older kind: shown as modals, and told in their own words.

use serde_json::{Value, json};

use super::Apps;
use crate::receiver::{Receiver, house};
use crate::talk::{Socket, next, socket};

async fn shown() -> (Apps, Receiver) {
    let ear = Receiver::open().await;
    let url = ear.url();
    let apps = Apps::at(
        house().await,
        json!({
            "display_information": {"name": "Taxi"},
            "features": {
                "bot_user": {"display_name": "taxi"},
                "slash_commands": [{"command": "/ride", "description": "Calls one", "url": url}],
            },
            "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "channels:read"]}},
            "settings": {"interactivity": {"is_enabled": true, "request_url": url}},
        }),
    )
    .await;
    (apps, ear)
}

fn dialog() -> Value {
    json!({
        "callback_id": "ride", "title": "A ride", "submit_label": "Call", "state": "red", "notify_on_cancel": true,
        "elements": [
            {"type": "text", "label": "From", "name": "from"},
            {"type": "select", "label": "To", "name": "to", "data_source": "external"},
            {"type": "textarea", "label": "Notes", "name": "notes", "optional": true},
        ],
    })
}

/// Somebody types the command, and the app opens a dialog: what their device shows.
async fn rides(apps: &Apps, ear: &Receiver, device: &mut Socket) -> Value {
    let typed = json!({"channel": apps.channel, "command": "/ride", "client_token": "tab"});
    let (_, trigger) = tokio::join!(apps.person("chat.command", typed), async {
        let mut asked = ear.next().await;
        asked.answer("200 OK", "").await;
        let field = form_urlencoded::parse(asked.body.as_bytes()).find(|it| it.0 == "trigger_id");
        field.expect("a trigger").1.into_owned()
    });
    let open = json!({"trigger_id": trigger, "dialog": dialog().to_string()});
    apps.bot("dialog.open", open.clone()).await;
    assert_eq!(apps.refused("dialog.open", open).await, "trigger_expired", "it is good once");
    loop {
        let frame = next(device).await.expect("a frame").expect("connected");
        if frame["type"] == "view" {
            assert_eq!((&frame["action"], &frame["client"]), (&json!("open"), &json!("tab")));
            return frame["view"].clone();
        }
    }
}

/// Does something as nari while the app hears of it and answers: what it heard, and what nari was answered.
async fn heard(apps: &Apps, ear: &Receiver, method: &str, arguments: Value, answer: &str) -> (Value, Value) {
    tokio::join!(
        async {
            let mut asked = ear.next().await;
            asked.answer("200 OK", answer).await;
            let (_, payload) = form_urlencoded::parse(asked.body.as_bytes()).next().expect("a field");
            serde_json::from_str(&payload).expect("JSON")
        },
        apps.person(method, arguments)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_is_filled_in_refused_by_its_app_sent_and_closed() {
    let (apps, ear) = shown().await;
    let mut device = socket(&apps.house, &apps.house.token).await.expect("connected");
    let view = rides(&apps, &ear, &mut device).await;
    assert_eq!((&view["type"], &view["title"]["text"]), (&json!("modal"), &json!("A ride")));
    assert!(view.get("dialog").is_none(), "what is between the app and the house stays there");
    let id = &view["id"];

    let typed = json!({
        "container": {"type": "view", "view_id": id}, "block_id": "to", "action_id": "to", "value": "mar",
    });
    let options = json!({"options": [{"label": "The market", "value": "market"}]}).to_string();
    let (asked, offered) = heard(&apps, &ear, "blocks.suggestions", typed, &options).await;
    assert_eq!(
        (&asked["type"], &asked["name"], &asked["value"], &asked["callback_id"]),
        (&json!("dialog_suggestion"), &json!("to"), &json!("mar"), &json!("ride"))
    );
    assert_eq!(
        offered["options"][0],
        json!({"text": {"type": "plain_text", "text": "The market"}, "value": "market"})
    );

    // Without what must be there the app is not asked.
    let empty = apps.person("views.submit", json!({"view_id": id, "state": {"values": {}}})).await;
    assert_eq!(
        (&empty["response_action"], empty["errors"].as_object().map(|it| it.len())),
        (&json!("errors"), Some(2))
    );

    let filled = json!({"view_id": id, "state": {"values": {
        "from": {"from": {"type": "plain_text_input", "value": "home"}},
        "to": {"to": {"type": "external_select", "selected_option": {"value": "market"}}},
    }}});
    let errors = json!({"errors": [{"name": "from", "error": "Nobody drives there"}]}).to_string();
    let (told, answer) = heard(&apps, &ear, "views.submit", filled.clone(), &errors).await;
    assert_eq!((&told["type"], &told["state"]), (&json!("dialog_submission"), &json!("red")));
    assert_eq!(told["submission"], json!({"from": "home", "to": "market", "notes": null}));
    assert_eq!(told["channel"]["id"], apps.channel);
    assert_eq!(answer["errors"], json!({"from": "Nobody drives there"}));

    let (told, answer) = heard(&apps, &ear, "views.submit", filled.clone(), "").await;
    assert!(answer.get("response_action").is_none(), "{answer}");
    let reply = told["response_url"].as_str().expect("an address");
    let said =
        apps.house.client.post(reply).json(&json!({"text": "It comes", "response_type": "in_channel"}));
    assert_eq!(said.send().await.expect("asked").status(), 200);
    let history = apps.person("conversations.history", json!({"channel": apps.channel, "limit": 1})).await;
    assert_eq!(history["messages"][0]["text"], "It comes");
    let gone = apps.call(&apps.nari, "views.submit", filled).await;
    assert_eq!(gone["error"], "not_found", "it is closed");

    let view = rides(&apps, &ear, &mut device).await;
    let (told, _) = heard(&apps, &ear, "views.close", json!({"view_id": view["id"]}), "").await;
    assert_eq!((&told["type"], &told["state"]), (&json!("dialog_cancellation"), &json!("red")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_is_wrong_is_refused_with_what_is_wrong() {
    let (apps, _) = shown().await;
    for (change, error) in [
        (json!({"dialog": {"title": "x"}}), "validation_errors"),
        (json!({"dialog": "{"}), "invalid_arguments"),
        (json!({}), "missing_dialog"),
        (json!({"dialog": dialog()}), "missing_trigger"),
        (json!({"dialog": dialog(), "trigger_id": "1"}), "invalid_trigger"),
        (json!({"dialog": dialog(), "trigger_id": "1.2.3"}), "trigger_expired"),
    ] {
        assert_eq!(apps.refused("dialog.open", change).await, error);
    }
    let mut long = dialog();
    long["title"] = json!("a title of more than twenty-four letters");
    let answer =
        apps.call(apps.bot_token(), "dialog.open", json!({"dialog": long, "trigger_id": "1.2.3"})).await;
    assert!(answer["response_metadata"]["messages"][0].as_str().expect("why").contains("title"), "{answer}");
}
