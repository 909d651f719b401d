//! Letting people in from outside: what is a shared channel at Slack is a space with guests here.

use madang_app::Added;
use madang_model::SpaceRole;
use serde_json::{Value, json};

use super::asked::answer;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{id, method};

pub(super) static METHODS: &[Method] = &[method!(
    "conversations.inviteShared",
    BotOrUser,
    ["conversations.connect:write"],
    invite,
    "`emails`: each is invited as a guest of the space"
)];

/// Addresses of one call.
const MOST: usize = 20;

async fn invite(call: &Call) -> Answer {
    let summary = call.joined("channel", "").await?;
    let emails = call.args.list("emails");
    if emails.is_empty() {
        return Err(Fail::argument("emails", "missing required field: emails"));
    }
    if emails.len() > MOST {
        return Err(Fail::argument("emails", &format!("no more than {MOST} items allowed")));
    }
    let mut first: Option<Value> = None;
    for email in &emails {
        // An id would add somebody of the house, which is another method.
        if !email.contains('@') {
            return Err(Fail::new("invalid_email"));
        }
        let space = summary.space.facts.id;
        let done = call.slack.app.add_to_space(call.person(), space, email, SpaceRole::Member).await?;
        if let Added::Invited(invitation) = done {
            let mut shown = json!({"invite_id": id::written("I", invitation.record.id)});
            // The house cannot mail it: whoever invites hands it over.
            if let Some(url) = invitation.url {
                shown["url"] = json!(url);
            }
            first.get_or_insert(shown);
        }
    }
    let mut told = json!({"is_legacy_shared_channel": false});
    if let (Some(told), Some(Value::Object(first))) = (told.as_object_mut(), first) {
        told.extend(first);
    }
    answer(told)
}
