//! A message in the reader's language, by a service of the administrator's choosing.
//!
//! The service speaks LibreTranslate's API (`POST /translate`, <https://docs.libretranslate.com>), which others offer
//! too. It is given what the message says, with names in place of mentions, and nothing about who asks or where it
//! stands. Nothing of the answer is kept here: a translation is asked for each time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, Seq, SpaceId};
use madang_store::log;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::error::Result;
use crate::outgoing::{Caps, Outgoing, Request};
use crate::reading::{readable, row_for};
use crate::text::plain;

/// Translations at once; whoever comes later waits for a turn.
const AT_ONCE: usize = 4;
/// A machine without a graphics card takes seconds for a long message.
const CAPS: Caps = Caps { time: Duration::from_secs(30), bytes: 1 << 20, cut: false, redirects: 0 };
/// Characters of a tag of a language (RFC 5646).
const TAG: usize = 35;

/// The service.
#[derive(Clone)]
pub struct Translator {
    url: Url,
    key: Option<String>,
    client: Outgoing,
}

// The key is nobody's business in a log.
impl std::fmt::Debug for Translator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Translator").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl Translator {
    /// The service at `address`, with or without `/translate` at its end.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the address.
    pub fn new(address: &str, key: Option<String>) -> std::result::Result<Translator, String> {
        let wrong = || format!("{address} is not an address such as http://127.0.0.1:5000");
        let base = address.trim_end_matches('/').trim_end_matches("/translate");
        let url: Url = format!("{base}/translate").parse().map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong());
        }
        Ok(Translator { url, key, client: Outgoing::anywhere() })
    }

    /// What `text` says in the language `to`.
    async fn translate(&self, text: &str, to: &str) -> std::result::Result<Translation, String> {
        let mut body = json!({"q": text, "source": "auto", "target": to, "format": "text"});
        if let Some(key) = &self.key {
            body["api_key"] = json!(key);
        }
        let request = Request {
            method: Method::POST,
            url: self.url.clone(),
            headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]),
            body: Bytes::from(body.to_string()),
        };
        let answer = self.client.send(request, CAPS).await.map_err(|failure| failure.to_string())?;
        if answer.status != StatusCode::OK {
            // Services say in `error` what they lack: a key, the language, time.
            let said: Option<Complaint> = serde_json::from_slice(&answer.body).ok();
            let why: String = said.map(|it| it.error).unwrap_or_default().chars().take(200).collect();
            return Err(format!("{} {why}", answer.status.as_u16()).trim_end().to_owned());
        }
        let told: Told =
            serde_json::from_slice(&answer.body).map_err(|_| "its answer is not understood".to_owned())?;
        Ok(Translation { text: told.translated_text, from: told.detected_language.map(|it| it.language) })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    translated_text: String,
    detected_language: Option<Detected>,
}

#[derive(Deserialize)]
struct Detected {
    language: String,
}

#[derive(Deserialize)]
struct Complaint {
    error: String,
}

/// Whose turn it is.
pub(crate) struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Turns(Semaphore::new(AT_ONCE))
    }
}

/// What a message says in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    pub text: String,
    /// The language it was found to be in, if the service says so.
    pub from: Option<String>,
}

impl App {
    /// Whether messages can be translated here.
    pub fn translates(&self) -> bool {
        self.config.translator.is_some()
    }

    /// What a message says in the language `to`, a tag such as `ko` or `zh-Hans`.
    ///
    /// # Errors
    /// `NotFound` for who may not read it, `MessageRemoved`, `Empty`, `NoTranslation`, `NotTranslated`, or what the
    /// store said.
    pub async fn translate(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        seq: Seq,
        to: &str,
    ) -> Result<Translation> {
        let fits = to.len() <= TAG && to.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if to.is_empty() || !fits {
            let why = "it is a tag of a language, such as ko".into();
            return Err(Refusal::Invalid { what: "to", why }.into());
        }
        let app = self.clone();
        let text = self
            .db
            .read(move |conn| -> Result<String> {
                let record = readable(conn, person, space)?;
                let row = log::row(conn, &app.keyring, &record, seq)?;
                let row = row_for(conn, person, &record, row)?.ok_or(Refusal::NotFound(Thing::Message))?;
                let message = row.message().ok_or(Refusal::NotFound(Thing::Message))?;
                if message.removed {
                    return Err(Refusal::MessageRemoved.into());
                }
                plain(conn, &row)
            })
            .await?;
        let translator = self.config.translator.as_ref().ok_or(Refusal::NoTranslation)?;
        if text.trim().is_empty() {
            return Err(Refusal::Empty.into());
        }
        let _turn = self.translations.0.acquire().await.expect("it is never closed");
        translator.translate(&text, to).await.map_err(|why| {
            tracing::warn!(why, "The translation service failed");
            Refusal::NotTranslated(why).into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_with_and_without_its_last_part() {
        for given in ["http://127.0.0.1:5000", "http://127.0.0.1:5000/", "http://127.0.0.1:5000/translate"] {
            let made = Translator::new(given, None).expect("an address");
            assert_eq!(made.url.as_str(), "http://127.0.0.1:5000/translate");
        }
        for wrong in ["", "localhost:5000", "ftp://here", "/translate"] {
            assert!(Translator::new(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_key_is_not_told() {
        let made = Translator::new("http://127.0.0.1:5000", Some("geheim".into())).expect("an address");
        assert!(!format!("{made:?}").contains("geheim"));
    }
}
