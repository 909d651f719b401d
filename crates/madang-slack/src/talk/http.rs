//! Over HTTP: signed as Slack signs (<https://docs.slack.dev/authentication/verifying-requests-from-slack>), through the
//! guarded client.

use aws_lc_rs::hmac;
use bytes::Bytes;
use madang_app::outgoing::{Answer, Caps, Failure, Request};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::{Known, Missed, PATIENCE, Reply};
use crate::Slack;

/// Bytes of an answer: a view with all it may have.
const ANSWER: usize = 1 << 20;
const CAPS: Caps = Caps { time: PATIENCE, bytes: ANSWER, cut: false, redirects: 2 };

impl Slack {
    pub(super) async fn post_signed(
        &self,
        to: &Known,
        url: &str,
        content_type: &'static str,
        body: Bytes,
        headers: HeaderMap,
    ) -> Result<Reply, Missed> {
        let answer = self.post_signed_raw(to, url, content_type, body, headers).await?;
        let no_retry = answer.headers.get("x-slack-no-retry").is_some_and(|it| it == "1");
        let status = answer.status.as_u16();
        if !answer.status.is_success() {
            return Err(Missed::Failed {
                status: Some(status),
                reason: "http_error",
                why: format!("it answered {status}"),
                no_retry,
            });
        }
        let body = serde_json::from_slice::<Value>(&answer.body).ok();
        // Words that are no JSON are words to be shown.
        let body = body.filter(|it| it.is_object()).or_else(|| {
            let text = String::from_utf8_lossy(&answer.body).trim().to_owned();
            (!text.is_empty()).then(|| serde_json::json!({"text": text}))
        });
        Ok(Reply { status: Some(status), body, no_retry })
    }

    pub(super) async fn post_signed_raw(
        &self,
        to: &Known,
        url: &str,
        content_type: &'static str,
        body: Bytes,
        mut headers: HeaderMap,
    ) -> Result<Answer, Missed> {
        let url: Url =
            url.parse().map_err(|_| failed("unknown_error", "its address is no address".into()))?;
        let seconds = self.app.clock.now_us() / 1_000_000;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        let signature = signature(&to.signing_secret, seconds, &body);
        for (name, value) in
            [("x-slack-request-timestamp", seconds.to_string()), ("x-slack-signature", signature)]
        {
            let value = HeaderValue::from_str(&value).expect("digits and letters are a header value");
            headers.insert(HeaderName::from_static(name), value);
        }
        let request = Request { method: Method::POST, url, headers, body };
        self.app.outgoing.send(request, CAPS).await.map_err(|failure| match &failure {
            Failure::TooSlow(_) => failed("http_timeout", failure.to_string()),
            Failure::Broken(_) => failed("connection_failed", failure.to_string()),
            Failure::Refused(why) if why.starts_with("it leads on") => {
                failed("too_many_redirects", failure.to_string())
            }
            Failure::Refused(_) | Failure::TooLong(_) => failed("unknown_error", failure.to_string()),
        })
    }
}

fn failed(reason: &'static str, why: String) -> Missed {
    Missed::Failed { status: None, reason, why, no_retry: false }
}

/// `v0=` and the HMAC with SHA-256 over version, time and body.
fn signature(secret: &str, seconds: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut signed = format!("v0:{seconds}:").into_bytes();
    signed.extend_from_slice(body);
    let tag = hmac::sign(&key, &signed);
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={hex}")
}

/// The fields of an object as a form.
pub(super) fn form_of(fields: &Value) -> String {
    let fields = fields.as_object().cloned().unwrap_or_default();
    let words: Vec<(String, String)> = fields
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        })
        .collect();
    let pairs: Vec<(&str, &str)> =
        words.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    form(&pairs)
}

pub(super) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_documentation() {
        // The example of the page named above.
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        assert_eq!(
            signature("8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618, body.as_bytes()),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        );
    }
}
