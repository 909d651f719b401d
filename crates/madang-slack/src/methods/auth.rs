//! Who one is.

use serde_json::{Map, json};

use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method};

pub(super) static METHODS: &[Method] = &[
    method!("api.test", Anyone, [], api_test),
    method!("auth.test", Any, [], auth_test),
    method!("apps.connections.open", App, ["connections:write"], crate::talk::open),
    method!("rtm.connect", BotOrUser, ["rtm:stream", "client", "bot"], crate::talk::rtm::connect),
    method!(
        "rtm.start",
        BotOrUser,
        ["rtm:stream", "client", "bot"],
        crate::talk::rtm::connect,
        "without the lists of everything: users.list and conversations.list have them"
    ),
];

/// Answers what it was asked.
async fn api_test(call: &Call) -> Answer {
    if let Some(error) = call.args.text("error") {
        let mut fail = Fail::new(error);
        fail.more.insert("args".into(), json!(call.args.0));
        return Err(fail);
    }
    let mut args = call.args.0.clone();
    args.remove("token");
    Ok(Map::from_iter([("args".into(), json!(args))]))
}

async fn auth_test(call: &Call) -> Answer {
    let app = &call.slack.app;
    let workspace = app.workspace().await?.ok_or_else(|| Fail::new("team_not_found"))?;
    let me = app.person(call.person()).await?;
    let mut answer = Map::from_iter([
        // Some clients take it and add `api/`: there the methods must be.
        ("url".into(), json!(format!("{}/", app.config.public_url))),
        ("team".into(), json!(workspace.name)),
        ("user".into(), json!(me.name)),
        ("team_id".into(), json!(id::written("T", workspace.id.0))),
        ("user_id".into(), json!(id::written("U", me.id.0))),
        ("is_enterprise_install".into(), json!(false)),
    ]);
    if me.bot {
        answer.insert("bot_id".into(), json!(id::written("B", me.id.0)));
    }
    if let Some(app) = call.app_id() {
        answer.insert("app_id".into(), json!(id::written("A", app.0)));
    }
    Ok(answer)
}
