//! Examples of questions about apps.

use madang_test::House;
use serde_json::{Value, json};

use crate::cast::does;
use crate::talk::new_space;

fn manifest() -> Value {
    json!({
        "display_information": {"name": "Matrix"},
        "features": {"bot_user": {"display_name": "matrix"}},
        "settings": {
            "socket_mode_enabled": true,
            "event_subscriptions": {"bot_events": ["channel_created"]},
        },
        "oauth_config": {"scopes": {"bot": ["chat:write"], "user": ["chat:write"]}},
    })
}

/// A body that means something to a route about apps.
pub fn body(path: &str, space: &str) -> Value {
    match path {
        "/apps" | "/apps/{app}" => json!({"manifest": manifest()}),
        "/apps/{app}/tokens" => json!({"kind": "bot"}),
        "/apps/{app}/webhooks" => json!({"space": space}),
        _ => json!({}),
    }
}

/// The path with an app that is there, and with what is to be ended or told again of it.
pub async fn path(house: &House, path: &str, method: &str) -> String {
    let made = does(house, &house.token, "POST", "/apps", Some(json!({"manifest": manifest()}))).await;
    let app = made["app"]["id"].as_str().expect("an id").to_owned();
    let mut path = path.replace("{app}", &app).replace("{delivery}", &delivery(house, &app, path).await);
    if path.contains("{token}") {
        let token = made["app"]["tokens"][0]["id"].as_str().expect("a token");
        path = path.replace("{token}", token);
    }
    if path.contains("{webhook}") && method == "DELETE" {
        let made_at = format!("/apps/{app}/webhooks");
        does(house, &house.token, "POST", &made_at, Some(json!({"space": house.space}))).await;
        let look = does(house, &house.token, "GET", &format!("/apps/{app}"), None).await;
        path = path.replace("{webhook}", look["app"]["webhooks"][0]["id"].as_str().expect("a webhook"));
    }
    path
}

/// Something that the app is to be told: an open space was made.
async fn delivery(house: &House, app: &str, path: &str) -> String {
    if !path.contains("{delivery}") {
        return String::new();
    }
    new_space(house, &house.token, "open").await;
    loop {
        let all = does(house, &house.token, "GET", &format!("/apps/{app}/deliveries"), None).await;
        if let Some(id) = all["deliveries"][0]["id"].as_str() {
            return id.to_owned();
        }
    }
}
