//! Speaks Slack: what its clients ask becomes our commands, and what happened here becomes its events.
//!
//! It translates at the two ends of the one path and nowhere else. No rule and no SQL. A request comes in at `door`,
//! with arguments in any of the shapes that clients send (`args`), for a method of the table in `methods`; a grant says
//! what its token may. What happened goes out by `deliver`, over HTTP or the sockets of `talk`; what people do with what
//! apps show them is in `interact`.

#[macro_use]
mod object;

pub mod args;
pub mod blocks;
pub mod call;
pub mod compose;
pub mod content;
pub mod deliver;
pub mod door;
pub mod events;
pub mod fail;
pub mod front;
pub mod hooks;
pub mod id;
pub mod interact;
pub mod known;
pub mod manifest;
pub mod methods;
pub mod oauth;
pub mod parts;
pub mod place;
pub mod provision;
pub mod scopes;
pub mod shapes;
pub mod talk;
pub mod text;
pub mod ts;

use std::sync::Arc;
use std::time::Duration;

use madang_app::App;
use madang_model::{AppId, Seq, SpaceId};
use moka::sync::Cache;
use tokio::sync::Notify;

pub use front::Front;

/// The door for Slack's clients. Clones share it.
#[derive(Clone)]
pub struct Slack {
    shared: Arc<Shared>,
}

pub struct Shared {
    pub app: Arc<App>,
    pub front: Arc<dyn Front>,
    pub known: known::Known,
    pub sockets: talk::Sockets,
    /// Wakes whoever serves a socket, to say good-bye.
    pub(crate) stopping: Notify,
    /// Sockets that may be opened.
    pub(crate) tickets: talk::Tickets,
    /// Addresses that answered what they were asked.
    pub(crate) verified: Cache<(AppId, String), ()>,
    pub(crate) desk: interact::Desk,
    /// What apps are doing in threads, as they said; nothing takes longer than two minutes.
    pub(crate) statuses: Cache<(SpaceId, Seq, AppId), ()>,
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
        let shared = Shared {
            app,
            front,
            known: known::Known::default(),
            sockets: talk::Sockets::default(),
            stopping: Notify::new(),
            tickets: talk::Tickets::default(),
            verified: Cache::builder().max_capacity(10_000).build(),
            desk: interact::Desk::default(),
            statuses: Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(120)).build(),
        };
        Slack { shared: Arc::new(shared) }
    }

    /// The base of every method's address, with a slash at its end.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/api/", self.app.config.public_url)
    }

    /// Random letters and digits, for what must not be guessed.
    pub(crate) fn fresh_word(&self) -> Result<String, fail::Fail> {
        Ok(madang_app::apps::fresh_word(32)?)
    }

    /// Tells apps that are connected to connect again.
    pub fn say_goodbye(&self) {
        self.stopping.notify_waiters();
    }
}
