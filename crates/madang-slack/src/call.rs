//! One call of a method: who asks, for what, and what they may.

use std::sync::Arc;

use axum::http::HeaderMap;
use madang_app::apps::{Grant, GrantKind};
use madang_app::records::AppRecord;
use madang_model::{AppId, PersonId};
use serde_json::json;

use crate::Slack;
use crate::args::Args;
use crate::fail::Fail;
use crate::parts::SentFile;

/// A call whose token was looked at.
pub struct Call {
    pub slack: Slack,
    pub grant: Arc<Grant>,
    pub args: Args,
    /// What came between the parts of a form.
    pub file: Option<SentFile>,
    pub headers: HeaderMap,
}

/// Which tokens a method takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// None is needed.
    Anyone,
    /// A bot's or a person's.
    BotOrUser,
    Bot,
    User,
    /// `xapp-`.
    App,
    /// Any that there is.
    Any,
}

impl Tokens {
    #[must_use]
    pub fn take(self, kind: GrantKind) -> bool {
        match self {
            Tokens::Anyone | Tokens::Any => true,
            Tokens::BotOrUser => matches!(kind, GrantKind::Bot | GrantKind::User),
            Tokens::Bot => kind == GrantKind::Bot,
            Tokens::User => kind == GrantKind::User,
            Tokens::App => kind == GrantKind::App,
        }
    }
}

impl Call {
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.grant.person
    }

    #[must_use]
    pub fn app_id(&self) -> Option<AppId> {
        self.grant.app
    }

    /// Whether the token may this, by its own name or by a wider one.
    #[must_use]
    pub fn may(&self, scope: &str) -> bool {
        self.grant.scopes.as_ref().is_none_or(|granted| crate::scopes::gives(granted, scope))
    }

    /// Whether the token may one of these.
    ///
    /// # Errors
    /// `missing_scope`, with what would do and what there is.
    pub fn needs(&self, scopes: &[&str]) -> Result<(), Fail> {
        if scopes.is_empty() || scopes.iter().any(|it| self.may(it)) {
            return Ok(());
        }
        let mut fail = Fail::new("missing_scope");
        fail.more.insert("needed".into(), json!(scopes.join(",")));
        fail.more.insert("provided".into(), json!(self.grant.scopes.clone().unwrap_or_default().join(",")));
        Err(fail)
    }

    /// The app whose token it is.
    ///
    /// # Errors
    /// `not_allowed_token_type` for a token of no app.
    pub async fn app(&self) -> Result<AppRecord, Fail> {
        let id = self.grant.app.ok_or_else(|| Fail::new("not_allowed_token_type"))?;
        Ok(self.slack.app.installed(id).await?)
    }
}
