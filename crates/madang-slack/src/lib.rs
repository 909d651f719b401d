//! Speaks Slack: what its clients ask becomes our commands, and what happened here becomes its events.
//!
//! It translates at the two ends of the one path and nowhere else. No rule and no SQL. A request comes in at `door`,
//! with arguments in any of the shapes that clients send (`args`), for a method of the table in `methods`; a grant says
//! what its token may. What happened goes out by `deliver`, over HTTP or the sockets of `connect`.

pub mod args;
pub mod blocks;
pub mod call;
pub mod compose;
pub mod door;
pub mod fail;
pub mod front;
pub mod id;
pub mod manifest;
pub mod methods;
pub mod place;
pub mod provision;
pub mod scopes;
pub mod shapes;
pub mod text;
pub mod ts;

use std::sync::Arc;

use madang_app::App;

pub use front::Front;

/// The door for Slack's clients. Clones share it.
#[derive(Clone)]
pub struct Slack {
    shared: Arc<Shared>,
}

pub struct Shared {
    pub app: Arc<App>,
    pub front: Arc<dyn Front>,
}

impl std::ops::Deref for Slack {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Slack {
    #[must_use]
    pub fn new(app: Arc<App>, front: Arc<dyn Front>) -> Slack {
        Slack { shared: Arc::new(Shared { app, front }) }
    }

    /// Random letters and digits, for what must not be guessed.
    pub(crate) fn fresh_word(&self) -> Result<String, fail::Fail> {
        Ok(madang_app::apps::fresh_word(32)?)
    }

    /// The base of every method's address, with a slash at its end.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/api/", self.app.config.public_url)
    }
}
