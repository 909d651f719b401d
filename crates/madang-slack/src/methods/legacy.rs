//! The names that conversations had by kind before `conversations.*`: old programs still call them. Each is the newer method,
//! asked for one kind, with its answer under the old name.

use serde_json::{Value, json};

use super::{conversations as now, history};
use crate::args::Args;
use crate::call::Call;
use crate::fail::Answer;
use crate::method;
use crate::methods::Method;

pub(super) static METHODS: &[Method] = &[
    method!("channels.list", BotOrUser, ["channels:read"], channels_list),
    method!("channels.info", BotOrUser, ["channels:read"], now::info),
    method!("channels.create", BotOrUser, ["channels:manage"], now::create),
    method!("channels.join", BotOrUser, ["channels:join"], channels_join),
    method!("channels.leave", BotOrUser, ["channels:manage"], now::leave),
    method!("channels.invite", BotOrUser, ["channels:manage"], invite),
    method!("channels.kick", BotOrUser, ["channels:manage"], now::kick),
    method!("channels.rename", BotOrUser, ["channels:manage"], now::rename),
    method!("channels.archive", BotOrUser, ["channels:manage"], now::archive),
    method!("channels.unarchive", BotOrUser, ["channels:manage"], now::unarchive),
    method!("channels.setTopic", BotOrUser, ["channels:manage"], now::set_topic),
    method!("channels.setPurpose", BotOrUser, ["channels:manage"], now::set_purpose),
    method!("channels.history", BotOrUser, ["channels:history"], history::history),
    method!("channels.replies", BotOrUser, ["channels:history"], replies),
    method!("channels.mark", BotOrUser, ["channels:manage"], history::mark),
    method!("groups.list", BotOrUser, ["groups:read"], groups_list),
    method!("groups.info", BotOrUser, ["groups:read"], group_info),
    method!("groups.create", BotOrUser, ["groups:write"], groups_create),
    method!("groups.leave", BotOrUser, ["groups:write"], now::leave),
    method!("groups.invite", BotOrUser, ["groups:write"], group_invite),
    method!("groups.kick", BotOrUser, ["groups:write"], now::kick),
    method!("groups.rename", BotOrUser, ["groups:write"], now::rename),
    method!("groups.archive", BotOrUser, ["groups:write"], now::archive),
    method!("groups.unarchive", BotOrUser, ["groups:write"], now::unarchive),
    method!("groups.setTopic", BotOrUser, ["groups:write"], now::set_topic),
    method!("groups.setPurpose", BotOrUser, ["groups:write"], now::set_purpose),
    method!("groups.history", BotOrUser, ["groups:history"], history::history),
    method!("groups.replies", BotOrUser, ["groups:history"], replies),
    method!("groups.mark", BotOrUser, ["groups:write"], history::mark),
    method!("im.list", BotOrUser, ["im:read"], im_list),
    method!("im.open", BotOrUser, ["im:write"], im_open),
    method!("im.close", BotOrUser, ["im:write"], now::close),
    method!("im.history", BotOrUser, ["im:history"], history::history),
    method!("im.replies", BotOrUser, ["im:history"], replies),
    method!("im.mark", BotOrUser, ["im:write"], history::mark),
    method!("mpim.list", BotOrUser, ["mpim:read"], mpim_list),
    method!("mpim.open", BotOrUser, ["mpim:write"], mpim_open),
    method!("mpim.close", BotOrUser, ["mpim:write"], now::close),
    method!("mpim.history", BotOrUser, ["mpim:history"], history::history),
    method!("mpim.replies", BotOrUser, ["mpim:history"], replies),
    method!("mpim.mark", BotOrUser, ["mpim:write"], history::mark),
];

/// The same call with some arguments otherwise.
fn with(call: &Call, arguments: Value) -> Call {
    let mut args = Args(call.args.0.clone());
    args.0.extend(arguments.as_object().cloned().unwrap_or_default());
    Call {
        slack: call.slack.clone(),
        grant: call.grant.clone(),
        args,
        file: call.file.clone(),
        headers: call.headers.clone(),
    }
}

fn renamed(done: Answer, from: &str, to: &str) -> Answer {
    done.map(|mut answer| {
        if let Some(value) = answer.remove(from) {
            answer.insert(to.to_owned(), value);
        }
        answer
    })
}

/// All at once, as the old methods gave them.
async fn listed(call: &Call, kind: &str, key: &str) -> Answer {
    let limit = call.limit(1_000, 1_000);
    let call = with(call, json!({"types": kind, "limit": limit}));
    renamed(now::list(&call).await, "channels", key)
}

async fn channels_list(call: &Call) -> Answer {
    listed(call, "public_channel", "channels").await
}

async fn groups_list(call: &Call) -> Answer {
    listed(call, "private_channel", "groups").await
}

async fn im_list(call: &Call) -> Answer {
    listed(call, "im", "ims").await
}

async fn mpim_list(call: &Call) -> Answer {
    listed(call, "mpim", "groups").await
}

async fn group_info(call: &Call) -> Answer {
    renamed(now::info(call).await, "channel", "group")
}

async fn groups_create(call: &Call) -> Answer {
    renamed(now::create(&with(call, json!({"is_private": true}))).await, "channel", "group")
}

async fn channels_join(call: &Call) -> Answer {
    let name = call.args.text("name").or_else(|| call.args.text("channel"));
    now::join(&with(call, json!({"channel": name}))).await
}

async fn invite(call: &Call) -> Answer {
    now::invite(&with(call, json!({"users": call.args.text("user")}))).await
}

async fn group_invite(call: &Call) -> Answer {
    renamed(invite(call).await, "channel", "group")
}

async fn replies(call: &Call) -> Answer {
    history::replies(&with(call, json!({"ts": call.args.text("thread_ts")}))).await
}

async fn im_open(call: &Call) -> Answer {
    now::open(&with(call, json!({"users": call.args.text("user")}))).await
}

async fn mpim_open(call: &Call) -> Answer {
    renamed(now::open(call).await, "channel", "group")
}
