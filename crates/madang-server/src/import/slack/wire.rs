//! The shapes in a Slack export, as far as they are used. What is missing in some exports has a default.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub id: String,
    #[serde(default)]
    pub team_id: Option<String>,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub real_name: Option<String>,
    #[serde(default)]
    pub deleted: bool,
    #[serde(default)]
    is_bot: bool,
    #[serde(default)]
    pub is_restricted: bool,
    #[serde(default)]
    pub is_ultra_restricted: bool,
    #[serde(default)]
    pub profile: Profile,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Profile {
    #[serde(default)]
    pub real_name: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
}

impl User {
    pub(super) fn is_bot(&self) -> bool {
        // Slack's own helper says that it is none.
        self.is_bot || self.id == "USLACKBOT"
    }

    /// The name that people saw.
    pub(super) fn shown(&self) -> String {
        let names = [&self.profile.display_name, &self.profile.real_name, &self.real_name];
        let named = names.into_iter().flatten().map(|it| it.trim()).find(|it| !it.is_empty());
        named.unwrap_or(if self.name.is_empty() { &self.id } else { &self.name }).to_owned()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Channel {
    pub id: String,
    #[serde(default)]
    pub name: Option<String>,
    /// Seconds since 1970.
    #[serde(default)]
    pub created: i64,
    #[serde(default)]
    pub creator: Option<String>,
    #[serde(default)]
    pub is_archived: bool,
    #[serde(default)]
    pub members: Vec<String>,
    #[serde(default)]
    pub topic: Option<Said>,
    #[serde(default)]
    pub purpose: Option<Said>,
    #[serde(default)]
    pub pins: Vec<Pin>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    pub value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pin {
    /// The `ts` of a message, or the id of a file.
    pub id: String,
    #[serde(default)]
    pub created: i64,
    #[serde(default)]
    pub user: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    pub subtype: Option<String>,
    pub ts: String,
    pub user: Option<String>,
    pub bot_id: Option<String>,
    pub username: Option<String>,
    pub user_profile: Option<Profile>,
    pub text: Option<String>,
    pub thread_ts: Option<String>,
    pub blocks: Vec<serde_json::Value>,
    pub attachments: Vec<Attachment>,
    pub files: Vec<File>,
    /// As older exports write it.
    pub file: Option<File>,
    pub reactions: Vec<Reaction>,
    pub edited: Option<Edited>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attachment {
    pub pretext: Option<String>,
    pub title: Option<String>,
    pub title_link: Option<String>,
    pub text: Option<String>,
    pub fallback: Option<String>,
    pub fields: Vec<Field>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Field {
    pub title: Option<String>,
    pub value: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub id: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub mimetype: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reaction {
    pub name: String,
    #[serde(default)]
    pub users: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Edited {
    #[serde(default)]
    pub ts: String,
}
