//! What people do with what apps show them: presses, choices, dialogs, commands, shortcuts.
//!
//! Slack's own clients use these methods, and so does ours: `chat.command`, `blocks.actions`, `views.submit` and their like.
//! The app is asked at once and has three seconds.

mod actions;
mod answer;
mod around;
mod commands;
mod dialog;
mod ephemeral;
mod fields;
mod home;
mod legacy;
mod shortcuts;
mod submit;
mod view;
mod views;

pub(crate) use answer::reply;
pub use ephemeral::Ephemeral;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use madang_model::{AppId, PersonId, Seq, SpaceId, ViewId};
use moka::sync::Cache;

use crate::Slack;
use crate::fail::Fail;
use crate::methods::Method;
use crate::talk::Missed;

/// How long a trigger is good. Slack gives three seconds; small machines are slower.
const TRIGGER: Duration = Duration::from_secs(10);
/// How long, and how often, an address to answer at is good.
const REPLIES: Duration = Duration::from_secs(30 * 60);
const REPLY_USES: u32 = 5;
/// How long what only one person sees can be pressed.
const EPHEMERAL: Duration = Duration::from_secs(24 * 3_600);

/// Leave to show somebody a dialog, once.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub app: AppId,
    pub person: PersonId,
    /// The tab in which they pressed something.
    pub client: Option<String>,
    /// The space in which they did, and the thread.
    pub place: Option<(SpaceId, Option<Seq>)>,
}

/// Where an answer goes that comes later.
#[derive(Debug)]
pub(crate) struct ReplyTo {
    pub app: AppId,
    /// Who pressed, or typed a command.
    pub person: PersonId,
    pub space: SpaceId,
    pub thread: Option<Seq>,
    /// What was pressed: a message of the log, or one for this person's eyes.
    pub message: Option<Seq>,
    pub ephemeral: Option<String>,
    used: AtomicU32,
}

impl ReplyTo {
    /// Counts a use; false when there were enough.
    pub(crate) fn use_once(&self) -> bool {
        self.used.fetch_add(1, Ordering::Relaxed) < REPLY_USES
    }
}

/// What is good for a while and kept nowhere: after a restart, people press again.
pub(crate) struct Desk {
    triggers: Cache<String, Trigger>,
    replies: Cache<String, Arc<ReplyTo>>,
    ephemerals: Cache<String, Arc<Ephemeral>>,
    /// The stack of dialogs that an app shows somebody.
    shown: Cache<(AppId, PersonId), ViewId>,
    /// The tab that shows a stack of dialogs, by the lowest.
    tabs: Cache<i64, String>,
}

impl Default for Desk {
    fn default() -> Self {
        Desk {
            triggers: Cache::builder().max_capacity(100_000).time_to_live(TRIGGER).build(),
            replies: Cache::builder().max_capacity(100_000).time_to_live(REPLIES).build(),
            ephemerals: Cache::builder().max_capacity(20_000).time_to_live(EPHEMERAL).build(),
            shown: Cache::builder().max_capacity(20_000).time_to_live(EPHEMERAL).build(),
            tabs: Cache::builder().max_capacity(20_000).time_to_live(EPHEMERAL).build(),
        }
    }
}

impl Slack {
    /// A fresh `trigger_id`.
    pub(crate) fn trigger(&self, trigger: Trigger) -> Result<String, Fail> {
        let word = format!("{}.{}.{}", self.app.ids.next(), trigger.app.0, self.fresh_word()?);
        self.desk.triggers.insert(word.clone(), trigger);
        Ok(word)
    }

    /// Takes a trigger up: good once, and for the app that it was given to.
    pub(crate) fn pulled(&self, word: &str, app: AppId) -> Result<Trigger, Fail> {
        // Its first part is a time: one that was given and is over is told from one that never was.
        let looks_right = word.splitn(3, '.').filter(|it| !it.is_empty()).count() == 3;
        match self.desk.triggers.remove(word) {
            Some(trigger) if trigger.app == app => Ok(trigger),
            None if looks_right => Err(Fail::new("expired_trigger_id")),
            _ => Err(Fail::new("invalid_trigger_id")),
        }
    }

    /// A fresh `response_url`.
    pub(crate) fn response_url(&self, to: ReplyTo) -> Result<String, Fail> {
        let word = self.fresh_word()?;
        self.desk.replies.insert(word.clone(), Arc::new(to));
        Ok(format!("{}/hooks/{word}", self.app.config.public_url))
    }
}

impl From<Missed> for Fail {
    fn from(missed: Missed) -> Fail {
        let why = match missed {
            Missed::Nowhere => "the app has no address for this".to_owned(),
            Missed::NotConnected => "the app is not connected".to_owned(),
            Missed::Failed { why, .. } => why,
        };
        Fail::new("post_error").with_messages(vec![why])
    }
}

/// The methods of this module.
pub(crate) fn methods() -> [&'static [Method]; 4] {
    [views::METHODS, dialog::METHODS, submit::METHODS, actions::METHODS]
}
