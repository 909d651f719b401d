//! How Slack says no: a code that its clients know, in an answer with status 200.

use std::borrow::Cow;

use madang_app::Error;
use madang_model::Refusal;
use madang_model::refusal::Thing;
use serde_json::{Map, Value, json};

/// Why a method was not done.
#[derive(Debug)]
pub struct Fail {
    pub code: Cow<'static, str>,
    /// What stands beside the code: `needed`, `provided`, `response_metadata`, `errors`.
    pub more: Map<String, Value>,
    /// Seconds to wait, for `ratelimited`.
    pub retry_after: Option<u64>,
    /// Something broke: the answer has status 500.
    pub is_fault: bool,
}

pub type Answer = Result<Map<String, Value>, Fail>;

impl Fail {
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>) -> Fail {
        Fail { code: code.into(), more: Map::new(), retry_after: None, is_fault: false }
    }

    /// With what clients write into their logs: `response_metadata.messages`.
    #[must_use]
    pub fn with_messages(mut self, messages: Vec<String>) -> Fail {
        let messages: Vec<String> = messages.into_iter().map(|it| format!("[ERROR] {it}")).collect();
        self.more.insert("response_metadata".into(), json!({"messages": messages}));
        self
    }

    /// An argument that is missing or means nothing.
    #[must_use]
    pub fn argument(name: &str, why: &str) -> Fail {
        Fail::new("invalid_arguments").with_messages(vec![format!("{why} [json-pointer:/{name}]")])
    }

    /// The code and what is said of it, for people.
    #[must_use]
    pub fn said(&self) -> String {
        let messages = self.more.get("response_metadata").and_then(|it| it["messages"].as_array());
        let messages: Vec<&str> = messages.into_iter().flatten().filter_map(Value::as_str).collect();
        match messages.is_empty() {
            true => self.code.to_string(),
            false => format!("{}: {}", self.code, messages.join("; ")),
        }
    }

    /// The answer's body.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = self.more.clone();
        body.insert("ok".into(), json!(false));
        body.insert("error".into(), json!(self.code));
        Value::Object(body)
    }
}

impl From<Refusal> for Fail {
    fn from(refusal: Refusal) -> Fail {
        let code: &'static str = match &refusal {
            Refusal::TooFast { seconds } => {
                return Fail { retry_after: Some(*seconds), ..Fail::new("ratelimited") };
            }
            Refusal::NotSignedIn => "invalid_auth",
            Refusal::NotFound(Thing::Space) => "channel_not_found",
            Refusal::NotFound(Thing::Message) | Refusal::MessageRemoved => "message_not_found",
            Refusal::NotFound(Thing::Person) => "user_not_found",
            Refusal::NotFound(Thing::File) => "file_not_found",
            Refusal::NotFound(_) => "not_found",
            Refusal::NotAMember => "not_in_channel",
            Refusal::NotAllowed(_) | Refusal::NotInTeam => "restricted_action",
            Refusal::SpaceArchived => "is_archived",
            Refusal::SpaceDeleted => "channel_not_found",
            Refusal::NotTheAuthor => "cant_update_message",
            Refusal::Empty => "no_text",
            Refusal::TooLong { .. } => "msg_too_long",
            Refusal::TooLarge { .. } => "file_too_large",
            Refusal::NotARoot => "thread_not_found",
            Refusal::EveryoneNotAllowed => "restricted_action",
            Refusal::DirectIsFixed => "method_not_supported_for_channel_type",
            Refusal::AlreadyIn => "already_in_channel",
            Refusal::FileNotUsable => "file_not_found",
            Refusal::TooMany { .. } => "too_many",
            _ => "invalid_arguments",
        };
        Fail::new(code).with_messages(vec![refusal.to_string()])
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Fail {
        match error {
            Error::Refusal(refusal) => refusal.into(),
            broken => {
                tracing::error!(error = %broken, "A Slack method broke");
                Fail { is_fault: true, ..Fail::new("internal_error") }
            }
        }
    }
}
