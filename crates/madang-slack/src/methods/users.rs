//! People.

use madang_app::records::PersonRecord;
use madang_model::PersonId;
use madang_model::name::fold;
use serde_json::{Value, json};

use super::asked::{answer, next};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::method;
use crate::methods::Method;
use crate::shapes::{self, House};

pub(super) static METHODS: &[Method] = &[
    method!("users.list", BotOrUser, ["users:read"], list),
    method!("users.info", BotOrUser, ["users:read"], info),
    method!("users.lookupByEmail", BotOrUser, ["users:read.email"], lookup_by_email),
    method!(
        "users.getPresence",
        BotOrUser,
        ["users:read"],
        get_presence,
        "nobody's presence is told: everybody is `away`"
    ),
    method!(
        "users.setPresence",
        BotOrUser,
        ["users:write"],
        set_presence,
        "does nothing: nobody's presence is told"
    ),
    method!(
        "users.setPhoto",
        User,
        ["users.profile:write"],
        set_photo,
        "the whole picture: it is not cropped"
    ),
    method!("users.identity", User, ["identity.basic"], identity),
    method!("users.profile.get", BotOrUser, ["users.profile:read"], profile_get),
    method!(
        "users.profile.set",
        User,
        ["users.profile:write"],
        profile_set,
        "only the name: there are no statuses and no fields of one's own"
    ),
    method!("users.deletePhoto", User, ["users.profile:write"], delete_photo),
    method!("bots.info", BotOrUser, ["users:read"], bots_info),
];

/// Whether the token may know addresses.
fn sees_addresses(call: &Call) -> bool {
    call.may("users:read.email")
}

async fn list(call: &Call) -> Answer {
    let limit = call.limit(500, 1_000).min(500);
    let after = match call.cursor("users.list")? {
        Some(at) => {
            let (id, name) = at.split_once('|').ok_or_else(|| Fail::new("invalid_cursor"))?;
            let id = id.parse().map_err(|_| Fail::new("invalid_cursor"))?;
            (name.to_owned(), PersonId(id))
        }
        None => (String::new(), PersonId(0)),
    };
    let people = call.slack.app.people(call.person(), String::new(), after, limit).await?;
    let full = people.len() as i64 == limit;
    let last = people.last().filter(|_| full).map(|it| format!("{}|{}", it.id.0, fold(&it.name)));
    let (house, bots) = (call.house().await?, call.slack.bots().await?);
    let address = sees_addresses(call);
    let members: Vec<Value> =
        people.iter().map(|it| shapes::user(it, &house, address, bots.get(&it.id).copied())).collect();
    let now = jiff::Timestamp::now().as_second();
    Ok(object! {"members": members, "cache_ts": now, "response_metadata": next("users.list", last)})
}

/// Somebody whom whoever asks may see.
async fn seen(call: &Call, person: PersonId) -> Result<PersonRecord, Fail> {
    let found = call.people(vec![person]).await?.remove(&person);
    found.ok_or_else(|| Fail::new("user_not_found"))
}

async fn user(call: &Call, person: &PersonRecord) -> Result<Value, Fail> {
    let house: House = call.house().await?;
    let app = call.app_of_bot(person).await?;
    Ok(shapes::user(person, &house, sees_addresses(call), app))
}

async fn info(call: &Call) -> Answer {
    let person = seen(call, call.person_of("user").await?).await?;
    answer(json!({"user": user(call, &person).await?}))
}

async fn lookup_by_email(call: &Call) -> Answer {
    let missing = || Fail::new("users_not_found");
    let email = call.args.text("email").filter(|it| it.contains('@')).ok_or_else(missing)?;
    let found =
        call.slack.app.person_named(call.person(), email.trim()).await.map_err(|error| match error {
            madang_app::Error::Refusal(_) => missing(),
            broken => broken.into(),
        })?;
    let person = seen(call, found).await.map_err(|_| missing())?;
    if person.removed {
        return Err(missing());
    }
    answer(json!({"user": user(call, &person).await?}))
}

/// Who is there is told to nobody.
async fn get_presence(call: &Call) -> Answer {
    if call.args.is_given("user") {
        seen(call, call.person_of("user").await?).await?;
    }
    answer(json!({"presence": "away"}))
}

async fn identity(call: &Call) -> Answer {
    let person = call.slack.app.person(call.person()).await?;
    let house = call.house().await?;
    let mut user = json!({"name": person.name, "id": shapes::person_id(person.id)});
    if let Some(email) = person.email.filter(|_| call.may("identity.email")) {
        user["email"] = json!(email);
    }
    answer(json!({"user": user, "team": {"id": house.team(), "name": house.name}}))
}

async fn profile_get(call: &Call) -> Answer {
    let person = match call.args.is_given("user") {
        true => seen(call, call.person_of("user").await?).await?,
        false => call.slack.app.person(call.person()).await?,
    };
    let own = person.id == call.person();
    let app = call.app_of_bot(&person).await?;
    let profile = shapes::profile(&person, &call.house().await?, own || sees_addresses(call), app);
    answer(json!({"profile": profile}))
}

async fn profile_set(call: &Call) -> Answer {
    let mut wished = call.args.json("profile", "invalid_profile")?.unwrap_or_else(|| json!({}));
    if let (Some(name), Some(value)) = (call.args.text("name"), call.args.text("value")) {
        wished[name] = json!(value);
    }
    if call.args.is_given("user") && call.person_of("user").await? != call.person() {
        return Err(Fail::new("cant_edit_others"));
    }
    let name = ["real_name", "display_name"].iter().find_map(|key| wished[*key].as_str());
    let Some(name) = name.filter(|it| !it.trim().is_empty()) else {
        // What is not there is not set in silence.
        return Err(Fail::new("invalid_profile"));
    };
    let person = call.slack.app.change_profile(call.person(), Some(name.to_owned()), None).await?;
    let profile = shapes::profile(&person, &call.house().await?, true, None);
    answer(json!({"profile": profile, "username": shapes::handle(&person.name, '.')}))
}

/// Who is there is told to nobody, so there is nothing to set.
async fn set_presence(call: &Call) -> Answer {
    match call.args.required("presence")?.as_str() {
        "auto" | "away" => answer(json!({})),
        _ => Err(Fail::new("invalid_presence")),
    }
}

async fn set_photo(call: &Call) -> Answer {
    let image = call.file.as_ref().ok_or_else(|| Fail::argument("image", "missing required field: image"))?;
    let name = image.name.clone().unwrap_or_else(|| "photo".to_owned());
    let file = super::files::taken_in(call, &name, image.content.clone()).await?;
    let set = call.slack.app.set_my_picture(call.person(), Some(file.id)).await;
    set.map_err(|error| match error {
        madang_app::Error::Refusal(madang_model::Refusal::FileNotUsable) => Fail::new("bad_image"),
        other => other.into(),
    })?;
    let person = call.slack.app.person(call.person()).await?;
    answer(json!({"profile": shapes::profile(&person, &call.house().await?, true, None)}))
}

async fn delete_photo(call: &Call) -> Answer {
    call.slack.app.set_my_picture(call.person(), None).await?;
    answer(json!({}))
}

async fn bots_info(call: &Call) -> Answer {
    let bots = call.slack.bots().await?;
    let person = match call.args.is_given("bot") {
        true => call.person_of("bot").await.map_err(|_| Fail::new("bot_not_found"))?,
        false => call.person(),
    };
    let app = match bots.get(&person) {
        Some(app) => *app,
        // Just installed, perhaps.
        None => *call.slack.bots_anew().await?.get(&person).ok_or_else(|| Fail::new("bot_not_found"))?,
    };
    let record = seen(call, person).await.map_err(|_| Fail::new("bot_not_found"))?;
    let bot =
        shapes::bot(person, &record.name, record.removed, record.changed_at, Some(app), &call.house().await?);
    answer(json!({"bot": bot}))
}
