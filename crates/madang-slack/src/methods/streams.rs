//! Answers that grow while they are written: begun, added to, and ended. Each addition is an edit of the message.

use std::sync::LazyLock;
use std::time::Duration;

use madang_app::NewMessage;
use madang_model::app_part::AppPart;
use madang_model::{Command, Seq, SpaceId};
use serde_json::{Value, json};

use super::asked::answer;
use super::chat::{addressed, post, thread_of};
use crate::args::Args;
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::methods::Method;
use crate::{method, shapes, ts};

pub(super) static METHODS: &[Method] = &[
    method!("chat.startStream", BotOrUser, ["chat:write"], start, "texts; tasks and plans are left out"),
    method!("chat.appendStream", BotOrUser, ["chat:write"], append, "texts; tasks and plans are left out"),
    method!("chat.stopStream", BotOrUser, ["chat:write"], stop, "texts, blocks and metadata"),
];

/// The Markdown of what is being written: a part of it may end in the middle of a word or a mark. What nobody adds to for
/// an hour is taken to have ended.
static WRITTEN: LazyLock<moka::sync::Cache<(SpaceId, Seq), String>> = LazyLock::new(|| {
    moka::sync::Cache::builder().max_capacity(10_000).time_to_idle(Duration::from_secs(3_600)).build()
});

/// What stands in a message that has no words yet.
const NOTHING_YET: &str = "…";

/// The Markdown of a call: `markdown_text`, and the texts among `chunks`.
fn words(args: &Args) -> Result<String, Fail> {
    let mut words = args.text("markdown_text").unwrap_or_default();
    if let Some(Value::Array(chunks)) = args.json("chunks", "invalid_chunks")? {
        for chunk in chunks.iter().filter(|it| it["type"] == "markdown_text") {
            words.push_str(chunk["text"].as_str().unwrap_or_default());
        }
    }
    Ok(words)
}

async fn start(call: &Call) -> Answer {
    let place = addressed(call).await?;
    let space = place.facts.id;
    let words = words(&call.args)?;
    let text = if words.trim().is_empty() { NOTHING_YET.to_owned() } else { words.clone() };
    let composed = composed(call, &text, &Args::default()).await?;
    let thread = thread_of(call, space).await?.map(|it| it.seq);
    let new = NewMessage { text: composed.text, thread, app: composed.part, ..NewMessage::default() };
    let event = post(call, space, new).await?;
    WRITTEN.insert((space, event.seq), words);
    answer(json!({"channel": shapes::channel_id(&place), "ts": ts::written(event.at_us)}))
}

async fn composed(call: &Call, markdown: &str, more: &Args) -> Result<crate::compose::Composed, Fail> {
    let mut args = more.clone();
    args.0.insert("markdown_text".into(), json!(markdown));
    call.slack.compose(&args, call.app_id()).await
}

/// What is written so far, with more behind it.
async fn grown(call: &Call, more: &Args) -> Answer {
    let summary = call.conversation("channel", "").await?;
    let space = summary.space.facts.id;
    let row = call.row(&summary, "ts").await?;
    if row.author != call.person() {
        return Err(Fail::new("cant_update_message"));
    }
    let before = WRITTEN.get(&(space, row.seq)).ok_or_else(|| Fail::new("message_not_in_streaming_state"))?;
    let whole = format!("{before}{}", words(&call.args)?);
    let text = if whole.trim().is_empty() { NOTHING_YET } else { &whole };
    let composed = composed(call, text, more).await?;
    let app = composed.part.filter(|it| **it != AppPart::default());
    let command = Command::EditMessage { message: row.seq, text: composed.text, app };
    call.slack.app.run(call.person(), space, None, command).await?;
    WRITTEN.insert((space, row.seq), whole);
    let row = call.slack.app.message(call.person(), space, row.seq).await?;
    let message = call.one_shown(&summary, &row).await?;
    answer(
        json!({"channel": shapes::channel_id(&summary.space), "ts": ts::written(row.at), "message": message}),
    )
}

async fn append(call: &Call) -> Answer {
    let mut done = grown(call, &Args::default()).await?;
    done.remove("message");
    Ok(done)
}

async fn stop(call: &Call) -> Answer {
    let mut more = Args::default();
    for name in ["blocks", "metadata"] {
        if let Some(value) = call.args.0.get(name) {
            more.0.insert(name.into(), value.clone());
        }
    }
    let done = grown(call, &more).await?;
    let summary = call.conversation("channel", "").await?;
    let row = call.row(&summary, "ts").await?;
    WRITTEN.invalidate(&(summary.space.facts.id, row.seq));
    Ok(done)
}
