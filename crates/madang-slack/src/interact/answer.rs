//! What an app answers: at once, in its acknowledgement, or later, at the address that it was given (`response_url`).

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use madang_app::NewMessage;
use madang_model::{Command, PersonId, Refusal};
use serde_json::{Value, json};

use super::ReplyTo;
use crate::Slack;
use crate::args::Args;
use crate::fail::Fail;
use crate::talk::Known;

/// `POST /hooks/WORD`.
pub(crate) async fn reply(
    State(slack): State<Slack>,
    Path(word): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let say = |status: StatusCode, error: &str| {
        (status, [(CONTENT_TYPE, "application/json")], json!({"ok": false, "error": error}).to_string())
            .into_response()
    };
    let Some(to) = slack.desk.replies.get(&word) else { return say(StatusCode::NOT_FOUND, "expired_url") };
    if !to.use_once() {
        return say(StatusCode::NOT_FOUND, "used_url");
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    // Many send JSON and name no type, or the one of forms.
    let content_type =
        if body.trim_ascii_start().starts_with(b"{") { "application/json" } else { content_type };
    let args = Args::read(query.as_deref(), content_type, &body).and_then(|args| {
        match args.json("payload", "invalid_payload")? {
            Some(Value::Object(inner)) => Ok(Args(inner)),
            _ => Ok(args),
        }
    });
    let done = async {
        let args = args?;
        let known = slack.known(to.app).await?;
        slack.answered(&known, &to, &args).await
    };
    match done.await {
        Ok(()) => (StatusCode::OK, "ok").into_response(),
        Err(fail) if fail.is_fault => say(StatusCode::INTERNAL_SERVER_ERROR, &fail.code),
        Err(fail) => say(StatusCode::BAD_REQUEST, &fail.code),
    }
}

impl Slack {
    /// Does what an app answered: says something, to all or to the one who asked, in the place of what was pressed, or
    /// takes that away.
    pub(super) async fn answered(&self, app: &Known, to: &ReplyTo, args: &Args) -> Result<(), Fail> {
        let bot = app.record.bot.ok_or_else(|| Fail::new("no_permission"))?;
        if args.flag("delete_original") == Some(true) {
            return self.take_away(bot, to).await;
        }
        let composed = self.compose(args, Some(to.app)).await?;
        if args.flag("replace_original") == Some(true) {
            if let Some(id) = &to.ephemeral {
                let place = (to.space, to.thread);
                self.show_ephemeral((bot, Some(to.app)), to.person, place, composed, Some(id.clone()))
                    .await?;
                return Ok(());
            }
            if let Some(message) = to.message {
                let command = Command::EditMessage { message, text: composed.text, app: composed.part };
                self.app.run(bot, to.space, None, command).await?;
                return Ok(());
            }
        }
        let thread = match args.text("thread_ts").as_deref().and_then(crate::ts::read) {
            Some(at) => self.app.seq_at(to.space, at).await?,
            None => to.thread,
        };
        if args.text("response_type").as_deref() == Some("in_channel") {
            let new = NewMessage {
                text: composed.text.clone(),
                app: composed.part.clone(),
                thread,
                ..NewMessage::default()
            };
            match self.post_as(bot, to, new).await {
                // Where the bot is not, and may not come by itself, only the one who asked hears it.
                Err(madang_app::Error::Refusal(Refusal::NotAMember | Refusal::NotFound(_))) => {}
                done => return Ok(done?),
            }
        }
        self.show_ephemeral((bot, Some(to.app)), to.person, (to.space, thread), composed, None).await?;
        Ok(())
    }

    async fn post_as(&self, bot: PersonId, to: &ReplyTo, new: NewMessage) -> Result<(), madang_app::Error> {
        match self.app.post(bot, to.space, new.clone()).await {
            Err(madang_app::Error::Refusal(Refusal::NotAMember)) => {
                self.app.run(bot, to.space, None, Command::JoinSpace).await?;
                self.app.post(bot, to.space, new).await?;
            }
            done => {
                done?;
            }
        }
        Ok(())
    }

    async fn take_away(&self, bot: PersonId, to: &ReplyTo) -> Result<(), Fail> {
        if let Some(id) = &to.ephemeral {
            self.hide_ephemeral(id);
        } else if let Some(message) = to.message {
            self.app.run(bot, to.space, None, Command::RemoveMessage { message }).await?;
        }
        Ok(())
    }
}
