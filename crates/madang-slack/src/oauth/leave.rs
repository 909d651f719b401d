//! What an app asks of a person, and what they decided. Only the person's own client asks this, never an app in their
//! name: a token that an app got lets nobody into more.

use std::fmt::Write;

use madang_app::apps::Leave;
use madang_app::records::AppRecord;
use madang_model::SpaceId;
use madang_model::permission::{HouseRight, may_in_house};
use serde_json::{Map, Value, json};

use super::client::{app_of, manifest_of};
use crate::call::Call;
use crate::fail::{Answer, Fail};
use crate::{id, scopes};

/// Characters of `state` and of what else goes there and back.
const LONGEST: usize = 2_000;

/// What an app asks for, looked at.
struct Asked {
    record: AppRecord,
    bot: Vec<String>,
    user: Vec<String>,
    /// Where the answer goes.
    back: String,
    leave: Leave,
    state: Option<String>,
}

impl Asked {
    async fn read(call: &Call) -> Result<Asked, Fail> {
        if call.app_id().is_some() {
            return Err(Fail::new("not_allowed_token_type"));
        }
        let record = app_of(&call.slack, &call.args.required("client_id")?).await?;
        let manifest = manifest_of(&record)?;
        // Exactly as it was written down: what is merely alike may belong to somebody else.
        let named = call.args.text("redirect_uri").filter(|it| !it.is_empty());
        let known = &manifest.oauth_config.redirect_urls;
        let back = match &named {
            Some(named) => known.iter().find(|it| *it == named),
            None => known.first(),
        };
        let back = back.ok_or_else(|| Fail::new("bad_redirect_uri"))?.clone();
        let (bot, user) = (words(call, "scope"), words(call, "user_scope"));
        let unknown = bot.iter().chain(&user).find(|it| !scopes::is_known(it));
        if unknown.is_some() || (bot.is_empty() && user.is_empty()) {
            return Err(Fail::new("invalid_scope"));
        }
        if call.args.text("team").is_some_and(|it| id::number("T", &it).is_none()) {
            return Err(Fail::new("invalid_team"));
        }
        let challenge = match (call.args.text("code_challenge"), call.args.text("code_challenge_method")) {
            (None, _) => None,
            (Some(challenge), Some(method)) if method == "S256" => Some(challenge),
            (Some(_), _) => return Err(Fail::argument("code_challenge_method", "only S256 is taken")),
        };
        let state = call.args.text("state");
        let nonce = call.args.text("nonce");
        if [&state, &nonce, &challenge].into_iter().flatten().any(|it| it.len() > LONGEST) {
            return Err(Fail::argument("state", "it is too long"));
        }
        let leave = Leave {
            bot_scopes: bot.clone(),
            person_scopes: user.clone(),
            redirect_uri: named.unwrap_or_default(),
            challenge,
            space: None,
            nonce,
        };
        Ok(Asked { record, bot, user, back, leave, state })
    }

    /// The address to which the person goes back, with an answer.
    fn back_with(&self, name: &str, value: &str) -> String {
        let mut back = self.back.clone();
        let mut add = |name: &str, value: &str| {
            let mark = if back.contains('?') { '&' } else { '?' };
            // Writing into a text cannot fail.
            let _ = write!(back, "{mark}{name}={}", escaped(value));
        };
        add(name, value);
        if let Some(state) = &self.state {
            add("state", state);
        }
        back
    }
}

/// What is wanted, for the page that asks the person.
pub(super) async fn asked(call: &Call) -> Answer {
    let asked = Asked::read(call).await?;
    let app = &call.slack.app;
    let role = app.person(call.person()).await?.standing();
    let for_bot = !asked.bot.is_empty();
    let right = if for_bot { HouseRight::ManageApps } else { HouseRight::SeePeople };
    let workspace = app.workspace().await?.map(|it| it.name);
    let host = asked.back.split("://").nth(1).unwrap_or_default().split(['/', '?']).next();
    Ok(Map::from_iter([
        (
            "app".into(),
            json!({"id": asked.record.id, "name": asked.record.name, "description": asked.record.description}),
        ),
        ("workspace".into(), json!(workspace)),
        ("bot".into(), json!(asked.bot)),
        ("user".into(), json!(asked.user)),
        ("host".into(), json!(host)),
        // For which space its webhook is made, the person says.
        ("wants_space".into(), json!(asked.bot.iter().any(|it| it == "incoming-webhook"))),
        ("may".into(), json!(may_in_house(role, right).is_ok())),
        ("back".into(), json!(asked.back_with("error", "access_denied"))),
    ]))
}

/// The person lets it in, or does not.
pub(super) async fn decided(call: &Call) -> Answer {
    let mut asked = Asked::read(call).await?;
    let back = match call.args.flag("allow") {
        Some(true) => {
            asked.leave.space = space_of(call, &asked)?;
            let code = call.slack.app.let_app_in(call.person(), asked.record.id, asked.leave.clone()).await?;
            asked.back_with("code", &code)
        }
        Some(false) => asked.back_with("error", "access_denied"),
        None => return Err(Fail::argument("allow", "true or false is missing")),
    };
    Ok(Map::from_iter([("redirect".into(), Value::String(back))]))
}

fn space_of(call: &Call, asked: &Asked) -> Result<Option<SpaceId>, Fail> {
    if !asked.bot.iter().any(|it| it == "incoming-webhook") {
        return Ok(None);
    }
    let named = call.args.required("space")?;
    let number = id::number("CDG", &named).map(SpaceId).or_else(|| named.parse().ok());
    number.map(Some).ok_or_else(|| Fail::new("channel_not_found"))
}

/// Scopes with commas or spaces between them.
fn words(call: &Call, name: &str) -> Vec<String> {
    let text = call.args.text(name).unwrap_or_default();
    let mut words: Vec<String> =
        text.split([',', ' ', '+']).filter(|it| !it.is_empty()).map(ToOwned::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// As a value of a query (RFC 3986, 2.3).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            _ => {
                // Writing into a text cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_goes_back_opens_no_second_value() {
        assert_eq!(escaped("a b&code=x#"), "a%20b%26code%3Dx%23");
        assert_eq!(escaped("마_~-.9"), "%EB%A7%88_~-.9");
    }
}
