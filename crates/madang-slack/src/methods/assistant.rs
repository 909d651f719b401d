//! Apps that are talked to as assistants (<https://docs.slack.dev/ai/developing-agents>): what they are doing, and what one
//! might say to them, on the devices of who is there. Nothing of it is kept.

use madang_model::space::SpaceKind;
use madang_model::{AppId, PersonId, Seq, SpaceId};
use serde_json::{Value, json};

use super::asked::{answer, root_of};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{Slack, method};

pub(super) static METHODS: &[Method] = &[
    method!("assistant.threads.setStatus", Bot, ["assistant:write", "chat:write"], set_status),
    method!(
        "assistant.threads.setSuggestedPrompts",
        Bot,
        ["assistant:write", "chat:write"],
        set_prompts,
        "shown on the devices that are connected"
    ),
    method!(
        "assistant.threads.setTitle",
        Bot,
        ["assistant:write", "chat:write"],
        set_title,
        "taken and not shown, with a `warning`: threads have no names here"
    ),
];

/// Characters of a status, and of what one might say.
const STATUS: usize = 200;
const PROMPT: usize = 3_000;
/// What one might say, at once.
const PROMPTS: usize = 4;
const LOADING: usize = 10;

/// A thread that an app may speak of: one of a space that it is in.
struct Thread {
    app: AppId,
    space: SpaceId,
    seq: Option<Seq>,
    /// Whose devices are to hear of it.
    people: Vec<PersonId>,
}

async fn thread(call: &Call) -> Result<Thread, Fail> {
    let app = call.app_id().ok_or_else(|| Fail::new("not_allowed_token_type"))?;
    let summary = call.joined("channel_id", "").await?;
    let space = summary.space.facts.id;
    let seq = match call.args.text("thread_ts") {
        Some(_) => {
            let seq = call.message(space, "thread_ts", "thread_not_found").await?;
            let row = call.slack.app.message(call.person(), space, seq).await;
            Some(root_of(&row.map_err(|_| Fail::new("thread_not_found"))?))
        }
        None => None,
    };
    let people =
        call.slack.who_is_in(call.person(), space, summary.space.facts.kind, &summary.people).await?;
    Ok(Thread { app, space, seq, people })
}

/// A text of at most so many characters.
fn bounded(text: &Value, most: usize, pointer: &str) -> Result<String, Fail> {
    let text = text.as_str().unwrap_or_default().to_owned();
    match text.chars().count() <= most {
        true => Ok(text),
        false => Err(Fail::argument(pointer, &format!("must be less than {} characters", most + 1))),
    }
}

async fn set_status(call: &Call) -> Answer {
    let thread = thread(call).await?;
    let seq = thread.seq.ok_or_else(|| Fail::argument("thread_ts", "missing required field: thread_ts"))?;
    let status = bounded(&json!(call.args.text("status").unwrap_or_default()), STATUS, "status")?;
    let loading = call.args.list("loading_messages");
    if loading.len() > LOADING {
        return Err(Fail::argument("loading_messages", &format!("no more than {LOADING} items allowed")));
    }
    let mut frame = json!({
        "type": "assistant", "space": thread.space, "thread": seq, "app": thread.app, "status": status,
    });
    if !loading.is_empty() && !status.is_empty() {
        frame["loading_messages"] = json!(loading);
    }
    let key = (thread.space, seq, thread.app);
    match status.is_empty() {
        true => call.slack.statuses.invalidate(&key),
        false => call.slack.statuses.insert(key, ()),
    }
    thread.people.iter().for_each(|it| call.slack.front.show(*it, &frame));
    answer(json!({}))
}

async fn set_prompts(call: &Call) -> Answer {
    let thread = thread(call).await?;
    let given = call.args.json("prompts", "invalid_arguments")?;
    let given = given.as_ref().and_then(Value::as_array).filter(|it| it.len() <= PROMPTS);
    let given = given.ok_or_else(|| {
        Fail::argument("prompts", &format!("must provide an array of no more than {PROMPTS} items"))
    })?;
    let mut prompts = Vec::new();
    for (at, one) in given.iter().enumerate() {
        let title = bounded(&one["title"], STATUS, &format!("prompts/{at}/title"))?;
        let message = bounded(&one["message"], PROMPT, &format!("prompts/{at}/message"))?;
        if title.is_empty() || message.is_empty() {
            return Err(Fail::argument(&format!("prompts/{at}"), "needs a title and a message"));
        }
        prompts.push(json!({"title": title, "message": message}));
    }
    let mut frame = json!({
        "type": "assistant_prompts", "space": thread.space, "app": thread.app, "prompts": prompts,
    });
    if let Some(seq) = thread.seq {
        frame["thread"] = json!(seq);
    }
    if let Some(title) = call.args.text("title") {
        frame["title"] = json!(bounded(&json!(title), STATUS, "title")?);
    }
    thread.people.iter().for_each(|it| call.slack.front.show(*it, &frame));
    answer(json!({}))
}

async fn set_title(call: &Call) -> Answer {
    thread(call).await?;
    call.args.required("title")?;
    let warning = "title_not_shown";
    answer(json!({"warning": warning, "response_metadata": {"warnings": [warning]}}))
}

impl Slack {
    /// Whoever is in a space beside the one who asks.
    async fn who_is_in(
        &self,
        by: PersonId,
        space: SpaceId,
        kind: SpaceKind,
        direct: &[PersonId],
    ) -> Result<Vec<PersonId>, Fail> {
        let mut people = match kind {
            SpaceKind::Direct => direct.to_vec(),
            _ => self.app.members(by, space).await?.0.into_iter().map(|it| it.1.id).collect(),
        };
        people.retain(|it| *it != by);
        Ok(people)
    }

    /// An app has said something in a thread: whatever it was doing is done.
    pub(crate) async fn assistant_has_spoken(
        &self,
        by: PersonId,
        app: AppId,
        space: SpaceId,
        thread: Seq,
    ) -> Result<(), Fail> {
        if self.statuses.remove(&(space, thread, app)).is_none() {
            return Ok(());
        }
        let summary = self.app.space(by, space).await?;
        let frame = json!({"type": "assistant", "space": space, "thread": thread, "app": app, "status": ""});
        let people = self.who_is_in(by, space, summary.space.facts.kind, &summary.people).await?;
        people.iter().for_each(|it| self.front.show(*it, &frame));
        Ok(())
    }
}
