//! Programs that were written for Slack, at this house.

mod abuse;
mod dialogs;
mod doings;
mod files;
mod keeping;
mod methods;
mod rust;
mod webhooks;

use madang_test::House;
use serde_json::{Value, json};

/// A house with an app in its first space.
pub struct Apps {
    pub house: House,
    /// What `madang app create` printed.
    pub app: Value,
    /// The id of the first space, as Slack's clients write it.
    pub channel: String,
    /// A token with the rights of the owner.
    pub nari: String,
}

const BOT_SCOPES: &[&str] = &[
    "chat:write",
    "chat:write.public",
    "chat:write.customize",
    "channels:read",
    "channels:history",
    "channels:manage",
    "channels:join",
    "groups:read",
    "groups:history",
    "groups:write",
    "im:read",
    "im:history",
    "im:write",
    "mpim:read",
    "mpim:history",
    "mpim:write",
    "users:read",
    "users:read.email",
    "users.profile:read",
    "reactions:read",
    "reactions:write",
    "pins:read",
    "pins:write",
    "files:read",
    "files:write",
    "team:read",
    "emoji:read",
    "usergroups:read",
    "usergroups:write",
    "links:write",
    "links:read",
    "bookmarks:read",
    "bookmarks:write",
    "remote_files:read",
    "remote_files:write",
    "remote_files:share",
    "incoming-webhook",
];

impl Apps {
    pub async fn begun() -> Apps {
        Apps::with_scopes(BOT_SCOPES).await
    }

    pub async fn with_scopes(scopes: &[&str]) -> Apps {
        Apps::with_manifest(json!({
            "display_information": {"name": "Bori", "description": "Helps"},
            "features": {"bot_user": {"display_name": "bori"}},
            "oauth_config": {"scopes": {"bot": scopes}},
            "settings": {"socket_mode_enabled": true},
        }))
        .await
    }

    pub async fn with_manifest(manifest: Value) -> Apps {
        let mut house = House::set_up().expect("a house");
        house.start().await.expect("it serves");
        Apps::at(house, manifest).await
    }

    /// At a house that serves already.
    pub async fn at(house: House, manifest: Value) -> Apps {
        let file = house.data().join("manifest.json");
        std::fs::write(&file, manifest.to_string()).expect("written");
        let file = file.to_str().expect("text").to_owned();
        let space = house.space.clone();
        let app = house
            .command(&["app", "create", "--manifest", &file, "--space", &space, "--json"])
            .expect("an app");
        let made = house
            .command(&["token", "create", "--person", "nari@example.com", "--kind", "slack-user", "--json"])
            .expect("a token");
        let nari = made["token"].as_str().expect("a token").to_owned();
        let mut apps = Apps { house, app, channel: String::new(), nari };
        let listed = apps.bot("conversations.list", json!({})).await;
        apps.channel = listed["channels"][0]["id"].as_str().expect("a channel").to_owned();
        apps
    }

    pub fn bot_token(&self) -> &str {
        self.app["bot_token"].as_str().expect("a token")
    }

    /// Calls a method with JSON; the answer, whatever it is.
    pub async fn call(&self, token: &str, method: &str, arguments: Value) -> Value {
        let url = self.house.page(&format!("/api/{method}"));
        let answer = self.house.client.post(url).bearer_auth(token).json(&arguments).send().await;
        let answer = answer.expect("asked");
        assert_eq!(answer.status(), 200, "{method}");
        answer.json().await.expect("JSON")
    }

    /// As the bot; it must be done.
    pub async fn bot(&self, method: &str, arguments: Value) -> Value {
        let answer = self.call(self.bot_token(), method, arguments).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer
    }

    /// As nari; it must be done.
    pub async fn person(&self, method: &str, arguments: Value) -> Value {
        let answer = self.call(&self.nari, method, arguments).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer
    }

    /// The error that the bot gets.
    pub async fn refused(&self, method: &str, arguments: Value) -> String {
        let answer = self.call(self.bot_token(), method, arguments).await;
        assert_eq!(answer["ok"], false, "{method}: {answer}");
        answer["error"].as_str().expect("a code").to_owned()
    }
}
