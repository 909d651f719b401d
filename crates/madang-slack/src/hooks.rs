//! Incoming webhooks: whoever knows the address posts into its space. What senders compare is the two bytes `ok`, and the
//! words of what is wrong.

mod alerts;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use madang_app::NewMessage;
use serde_json::{Map, Value, json};

use crate::Slack;
use crate::args::Args;
use crate::fail::Fail;

/// Bytes of a message.
const BODY: usize = 1 << 20;

pub(crate) fn router<S: Clone + Send + Sync + 'static>(slack: &Slack) -> Router<S> {
    Router::new()
        .route("/services/{team}/{hook}/{secret}", post(hook))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(slack.clone())
}

async fn hook(
    State(slack): State<Slack>,
    Path((_team, _hook, secret)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let github = headers.get("x-github-event").and_then(|it| it.to_str().ok());
    match posted(&slack, &secret, kind, github, &body).await {
        Ok(()) => said(StatusCode::OK, "ok"),
        Err(fail) => refused(&fail),
    }
}

async fn posted(
    slack: &Slack,
    secret: &str,
    kind: &str,
    github: Option<&str>,
    body: &[u8],
) -> Result<(), Fail> {
    let (hook, bot) = slack.app.app_hook(secret).await?.ok_or_else(|| Fail::new("no_service"))?;
    slack.front.admits(bot)?;
    let sent = payload(kind, body)?;
    let Some(sent) = alerts::as_message(&sent, github).unwrap_or(Some(sent)) else { return Ok(()) };
    let args = Args(sent);
    let composed = slack.compose(&args, Some(hook.app)).await?;
    let thread = match args.text("thread_ts").as_deref().and_then(crate::ts::read) {
        Some(at) => slack.app.seq_at(hook.space, at).await?,
        None => None,
    };
    let new = NewMessage { text: composed.text, thread, app: composed.part, ..NewMessage::default() };
    slack.app.post(bot, hook.space, new).await?;
    Ok(())
}

/// The object that was sent, as JSON or in the field `payload` of a form, whatever the media type says.
fn payload(kind: &str, body: &[u8]) -> Result<Map<String, Value>, Fail> {
    let wrong = || Fail::new("invalid_payload");
    let json = if body.trim_ascii_start().starts_with(b"{") {
        body.to_vec()
    } else if kind.starts_with("application/json") {
        return Err(wrong());
    } else {
        let found = form_urlencoded::parse(body).find(|(name, _)| name == "payload");
        found.map(|(_, payload)| payload.into_owned().into_bytes()).ok_or_else(wrong)?
    };
    match serde_json::from_slice(&json) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(wrong()),
    }
}

fn refused(fail: &Fail) -> Response {
    let (status, word) = match fail.code.as_ref() {
        "no_service" => (StatusCode::NOT_FOUND, "no_service"),
        "channel_not_found" => (StatusCode::NOT_FOUND, "channel_not_found"),
        "is_archived" => (StatusCode::GONE, "channel_is_archived"),
        "not_in_channel" | "restricted_action" => (StatusCode::FORBIDDEN, "action_prohibited"),
        "ratelimited" => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
        "internal_error" => (StatusCode::INTERNAL_SERVER_ERROR, "rollup_error"),
        "no_text" => (StatusCode::BAD_REQUEST, "no_text"),
        "invalid_blocks" | "invalid_blocks_format" => (StatusCode::BAD_REQUEST, "invalid_blocks"),
        "invalid_attachments" => (StatusCode::BAD_REQUEST, "invalid_attachments"),
        "thread_not_found" => (StatusCode::BAD_REQUEST, "thread_not_found"),
        "msg_too_long" | "msg_blocks_too_long" => (StatusCode::BAD_REQUEST, "msg_too_long"),
        _ => (StatusCode::BAD_REQUEST, "invalid_payload"),
    };
    let mut response = said(status, word);
    if let Some(seconds) = fail.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn said(status: StatusCode, words: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "text/html")], words).into_response()
}

/// The object of a message with a text and attachments.
fn message(text: String, attachments: Vec<Value>) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("text".into(), json!(text));
    if !attachments.is_empty() {
        object.insert("attachments".into(), json!(attachments));
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_read_however_it_is_sent() {
        let text = |kind: &str, body: &str| payload(kind, body.as_bytes()).map(|it| it["text"].clone());
        assert_eq!(text("application/json", r#" {"text":"a"}"#).ok(), Some(json!("a")));
        let form = "application/x-www-form-urlencoded";
        assert_eq!(text(form, "payload=%7B%22text%22%3A%22a%22%7D").ok(), Some(json!("a")));
        assert_eq!(text("", r#"{"text":"a"}"#).ok(), Some(json!("a")));
        for (kind, wrong) in [("application/json", "text"), ("", "text=a"), ("", "[]"), ("", "{"), ("", "")] {
            assert_eq!(text(kind, wrong).expect_err("wrong").code, "invalid_payload", "{wrong}");
        }
    }
}
