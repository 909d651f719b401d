//! Webhooks: addresses outside that are told when something changes, signed as <https://www.standardwebhooks.com> says.
//!
//! What is to be told of contacts is written down in the transaction that changes something (`tell_outside`), what
//! happens in spaces by the follower in `crates/madang-app/src/followers/webhooks.rs`. Both are read again when they
//! are sent (`read`): an address that was away for a day hears how things are then, and nothing of what was erased.
//! Each address is told in order (`send`), and what it was told can be looked at (`kept`); who they are is said in
//! `set_up`.

mod kept;
mod read;
mod send;
mod set_up;

pub use read::{About, Happened, InSpace, Telling, Who};
pub use send::{Sent, Shape};
pub use set_up::{Webhook, WebhookWish};

use madang_model::{Body, ContactId, SpaceId, WebhookId};
use madang_store::db::Tx;
use madang_store::webhooks::{self, WebhookEvent};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

/// What happened, as it is kept until it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event")]
pub(crate) enum Told {
    #[serde(rename = "contact.created")]
    ContactCreated { contact: ContactId },
    #[serde(rename = "contact.changed")]
    ContactChanged { contact: ContactId },
    #[serde(rename = "contact.merged")]
    ContactMerged { contact: ContactId, into: ContactId },
    #[serde(rename = "contact.erased")]
    ContactErased { contact: ContactId },
    #[serde(rename = "test")]
    Test,
}

/// The events that an address can be told of.
pub const EVENTS: &[&str] = &[
    "contact.created",
    "contact.changed",
    "contact.merged",
    "contact.erased",
    "message.posted",
    "message.edited",
    "message.removed",
    "reaction.added",
    "reaction.removed",
    "member.joined",
    "member.left",
    "space.created",
    "space.archived",
];

/// Those of a contact: what an address is told of that says nothing else.
const OF_CONTACTS: usize = 4;

/// The name under which something that happened in a space is told, if it is told at all.
pub(crate) fn told_as(body: &Body) -> Option<&'static str> {
    let kind = body.kind();
    EVENTS[OF_CONTACTS..].iter().find(|it| **it == kind).copied()
}

impl Told {
    fn event(self) -> &'static str {
        match self {
            Told::ContactCreated { .. } => "contact.created",
            Told::ContactChanged { .. } => "contact.changed",
            Told::ContactMerged { .. } => "contact.merged",
            Told::ContactErased { .. } => "contact.erased",
            Told::Test => "test",
        }
    }
}

impl App {
    /// Writes down for every address that wishes to know of it that something happened.
    pub(crate) fn tell_outside(&self, tx: &mut Tx, told: Told) -> Result<()> {
        let house = workspace(tx)?.id;
        let (event, at_us) = (told.event(), self.clock.now_us());
        for hook in webhooks::of_house(tx, house)? {
            if hook.active && hook.events.iter().any(|it| it == event) {
                self.tell_one(tx, hook.id, told, at_us)?;
            }
        }
        Ok(())
    }

    fn tell_one(&self, tx: &mut Tx, hook: WebhookId, told: Told, at_us: i64) -> Result<()> {
        let about = serde_json::to_string(&told).map_err(anyhow::Error::from)?;
        let event = WebhookEvent {
            id: self.ids.next(),
            event: told.event().into(),
            about,
            at_us,
            space: SpaceId(0),
            seq: 0,
        };
        Ok(webhooks::tell(tx, hook, &event)?)
    }

    /// Has it looked at what is to be told: call it when the transaction is over.
    pub(crate) fn webhooks_changed(&self) {
        self.new_tellings.notify_one();
    }
}
