//! People and bots.

use madang_app::records::PersonRecord;
use madang_model::permission::Role;
use madang_model::{AppId, PersonId};
use serde_json::{Map, Value, json};

use super::names::{House, app_id, bot_id, file_id, handle, person_id};

/// A user. `address`: whether whoever asks may know how to write to them by mail. `app`: of a bot, whose it is.
#[must_use]
pub fn user(person: &PersonRecord, house: &House, address: bool, app: Option<AppId>) -> Value {
    let role = person.role;
    let mut user = json!({
        "id": person_id(person.id),
        "team_id": house.team(),
        "name": handle(&person.name, '.'),
        "deleted": person.removed,
        "real_name": person.name,
        "profile": profile(person, house, address, app),
        "is_admin": matches!(role, Some(Role::Owner | Role::Admin)),
        "is_owner": role == Some(Role::Owner),
        "is_primary_owner": false,
        "is_restricted": role == Some(Role::Guest),
        "is_ultra_restricted": false,
        "is_bot": person.bot,
        "is_app_user": false,
        "updated": person.changed_at / 1_000_000,
    });
    if !person.bot {
        user["locale"] = json!(if person.language == "ko" { "ko-KR" } else { "en-US" });
        user["is_email_confirmed"] = json!(person.email.is_some());
    }
    user
}

#[must_use]
pub fn profile(person: &PersonRecord, house: &House, address: bool, app: Option<AppId>) -> Value {
    let (first, last) = person.name.split_once(' ').unwrap_or((&person.name, ""));
    let mut profile = json!({
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "fields": {},
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": person.picture.map(file_id).unwrap_or_default(),
        "team": house.team(),
    });
    if let Some(email) = person.email.as_ref().filter(|_| address) {
        profile["email"] = json!(email);
    }
    if let Some(picture) = person.picture {
        for size in ["24", "32", "48", "72", "192", "512"] {
            profile[format!("image_{size}")] =
                json!(format!("{}/files-pri/{}-{}/avatar.png", house.url, house.team(), file_id(picture)));
        }
    }
    if person.bot {
        profile["bot_id"] = json!(bot_id(person.id));
        profile["always_active"] = json!(true);
        if let Some(app) = app {
            profile["api_app_id"] = json!(app_id(app));
        }
    }
    profile
}

/// A bot as `bots.info` and `bot_profile` show it.
#[must_use]
pub fn bot(
    person: PersonId,
    name: &str,
    removed: bool,
    updated_us: i64,
    app: Option<AppId>,
    house: &House,
) -> Value {
    let mut bot = object! {
        "id": bot_id(person),
        "deleted": removed,
        "name": name,
        "updated": updated_us / 1_000_000,
        "user_id": person_id(person),
        "team_id": house.team(),
        "icons": Map::new(),
    };
    if let Some(app) = app {
        bot.insert("app_id".into(), app_id(app).into());
    }
    bot.into()
}
