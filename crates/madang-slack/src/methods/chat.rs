//! Saying something.

use madang_app::NewMessage;
use madang_model::{Body, PersonId, Refusal, SpaceId};
use serde_json::{Map, json};

use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method, ts};

pub(super) static METHODS: &[Method] =
    &[method!("chat.postMessage", BotOrUser, ["chat:write"], post_message)];

async fn post_message(call: &Call) -> Answer {
    let space = addressed(call).await?;
    let seed = call.slack.fresh_word()?;
    let composed = call.slack.compose(&call.args, call.app_id(), &seed).await?;
    let thread = match call.args.text("thread_ts") {
        Some(_) => Some(call.message(space, "thread_ts", "thread_not_found").await?),
        None => None,
    };
    let new = NewMessage {
        client_id: call.args.text("client_msg_id"),
        text: composed.text,
        thread,
        also: call.args.flag("reply_broadcast") == Some(true),
        app: composed.part,
        ..NewMessage::default()
    };
    let event = match call.slack.app.post(call.person(), space, new.clone()).await {
        // An app that may write to every open space need not be in it.
        Err(madang_app::Error::Refusal(Refusal::NotAMember)) if call.grant.may("chat:write.public") => {
            call.slack.app.run(call.person(), space, None, madang_model::Command::JoinSpace).await?;
            call.slack.app.post(call.person(), space, new).await?
        }
        done => done?,
    };
    let Body::MessagePosted(posted) = &event.body else { return Err(Fail::new("internal_error")) };
    let at = ts::written(event.at_us);
    let message = json!({
        "type": "message",
        "user": id::written("U", event.author.0),
        "text": posted.text,
        "ts": at,
        "bot_id": id::written("B", event.author.0),
    });
    Ok(Map::from_iter([
        ("channel".into(), json!(id::written("C", space.0))),
        ("ts".into(), json!(at)),
        ("message".into(), message),
    ]))
}

/// Where a message goes: into a space, or to a person, with whom a direct space is begun.
async fn addressed(call: &Call) -> Result<SpaceId, Fail> {
    let name = call.args.text("channel").ok_or_else(|| Fail::new("channel_not_found"))?;
    if name.starts_with(['U', 'W'])
        && let Some(person) = call.slack.person_called(&name).await?
    {
        return direct(call, person).await;
    }
    call.space("channel").await
}

async fn direct(call: &Call, person: PersonId) -> Result<SpaceId, Fail> {
    Ok(call.slack.app.direct(call.person(), vec![person]).await?.space.facts.id)
}
