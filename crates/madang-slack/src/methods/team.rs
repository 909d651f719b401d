//! The house and its teams, which are Slack's user groups.

use madang_app::records::TeamRecord;
use madang_model::TeamId;
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method, shapes};

pub(super) static METHODS: &[Method] = &[
    method!("team.info", BotOrUser, ["team:read"], info),
    method!("team.profile.get", BotOrUser, ["users.profile:read"], profile),
    method!("auth.teams.list", BotOrUser, [], teams),
    method!("emoji.list", BotOrUser, ["emoji:read"], emoji),
    method!("usergroups.list", BotOrUser, ["usergroups:read"], groups),
    method!(
        "usergroups.create",
        BotOrUser,
        ["usergroups:write"],
        create,
        "a team has a name, from which its handle is made, and no description"
    ),
    method!("usergroups.update", BotOrUser, ["usergroups:write"], update, "the name"),
    method!("usergroups.users.list", BotOrUser, ["usergroups:read"], users),
    method!("usergroups.users.update", BotOrUser, ["usergroups:write"], set_users),
];

async fn info(call: &Call) -> Answer {
    let house = call.house().await?;
    answer(json!({"team": {
        "id": house.team(),
        "name": house.name,
        "url": format!("{}/", house.url),
        "domain": house.domain(),
        "email_domain": "",
        "icon": {"image_default": true},
        "is_verified": false,
    }}))
}

/// There are no fields that a house makes for itself.
async fn profile(_: &Call) -> Answer {
    answer(json!({"profile": {"fields": [], "sections": []}}))
}

async fn teams(call: &Call) -> Answer {
    let house = call.house().await?;
    let team = json!({"id": house.team(), "name": house.name});
    answer(json!({"teams": [team], "response_metadata": {"next_cursor": ""}}))
}

/// This house has no emoji of its own.
async fn emoji(_: &Call) -> Answer {
    answer(json!({"emoji": {}, "cache_ts": "0"}))
}

async fn groups(call: &Call) -> Answer {
    let house = call.house().await?;
    let people = call.args.flag("include_users") == Some(true);
    let teams = call.slack.app.teams(call.person()).await?;
    let groups: Vec<Value> = teams.iter().map(|it| shapes::user_group(it, &house, people)).collect();
    answer(json!({"usergroups": groups}))
}

fn group_id(call: &Call) -> Result<TeamId, Fail> {
    let missing = || Fail::new("no_such_subteam");
    let named = call.args.text("usergroup").ok_or_else(missing)?;
    id::number("S", &named).map(TeamId).ok_or_else(missing)
}

async fn group(call: &Call) -> Result<TeamRecord, Fail> {
    let id = group_id(call)?;
    let teams = call.slack.app.teams(call.person()).await?;
    teams.into_iter().find(|it| it.id == id).ok_or_else(|| Fail::new("no_such_subteam"))
}

async fn shown(call: &Call, team: &TeamRecord) -> Answer {
    let house = call.house().await?;
    answer(json!({"usergroup": shapes::user_group(team, &house, true)}))
}

async fn create(call: &Call) -> Answer {
    let name = call.args.required("name")?;
    let team = call.slack.app.create_team(call.person(), &name).await?;
    shown(call, &team).await
}

async fn update(call: &Call) -> Answer {
    let team = group(call).await?;
    match call.args.text("name").filter(|it| *it != team.name) {
        Some(name) => {
            let team = call.slack.app.rename_team(call.person(), team.id, &name).await?;
            shown(call, &team).await
        }
        None => shown(call, &team).await,
    }
}

async fn users(call: &Call) -> Answer {
    let team = group(call).await?;
    let users: Vec<String> = team.members.iter().map(|it| shapes::person_id(*it)).collect();
    answer(json!({"users": users}))
}

async fn set_users(call: &Call) -> Answer {
    let mut team = group(call).await?;
    let wanted = call.people_in("users").await?;
    if wanted.is_empty() {
        return Err(Fail::new("no_users_provided"));
    }
    let app = &call.slack.app;
    for person in wanted.iter().filter(|it| !team.members.contains(it)) {
        app.join_team(call.person(), team.id, *person).await?;
    }
    for person in team.members.clone().iter().filter(|it| !wanted.contains(it)) {
        team = app.leave_team(call.person(), team.id, *person).await?;
    }
    shown(call, &group(call).await?).await
}
