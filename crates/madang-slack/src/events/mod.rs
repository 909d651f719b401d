//! What happened here as events of Slack's (<https://docs.slack.dev/reference/events>).
//!
//! One line of a log may be several of them (a message that names a bot is `message` and `app_mention`), or none that the
//! app asked for.

mod around;
mod elsewhere;
mod groups;
mod messages;
mod metadata;
mod spaces;

use madang_app::records::DeliveryRecord;
use madang_model::{Body, Event, PersonId, Refusal};
use serde_json::Value;

use crate::Slack;
use crate::fail::Fail;
use crate::talk::Known;
pub(crate) use around::Seen;

/// One event, and whose rights the app sees it with.
#[derive(Debug, Clone)]
pub struct Happened {
    pub event: Value,
    pub at_us: i64,
    pub seen_by: PersonId,
}

/// The events that this door can tell of, for the table in the docs: the name of the subscription, and what of it is
/// missing, if something is.
pub const EVENTS: &[(&str, Option<&str>)] = &[
    ("app_home_opened", None),
    ("app_mention", None),
    ("app_uninstalled", None),
    ("assistant_thread_started", Some("a thread begins with what somebody says to the app, and not before")),
    ("channel_archive", None),
    ("channel_created", None),
    ("channel_deleted", None),
    ("channel_left", None),
    ("channel_rename", None),
    ("channel_unarchive", None),
    ("file_created", Some("files come with messages")),
    ("file_shared", None),
    ("group_archive", None),
    ("group_deleted", None),
    ("group_left", None),
    ("group_rename", None),
    ("group_unarchive", None),
    ("im_created", None),
    ("link_shared", None),
    ("member_joined_channel", None),
    ("member_left_channel", None),
    ("message.app_home", None),
    ("message.channels", None),
    ("message.groups", None),
    ("message.im", None),
    ("message.mpim", None),
    ("message_metadata_deleted", Some("of changed messages: nothing is left of a removed one")),
    ("message_metadata_posted", None),
    ("message_metadata_updated", None),
    ("pin_added", None),
    ("pin_removed", None),
    ("reaction_added", None),
    ("reaction_removed", None),
    ("subteam_created", None),
    ("subteam_members_changed", None),
    ("subteam_self_added", None),
    ("subteam_self_removed", None),
    ("subteam_updated", None),
    ("team_join", None),
    ("team_rename", None),
    ("tokens_revoked", None),
    ("user_change", None),
    ("user_profile_changed", None),
];

impl Slack {
    /// What an app is told of a delivery, as events in their order.
    ///
    /// # Errors
    /// What the house said.
    pub async fn happened(&self, to: &Known, delivery: &DeliveryRecord) -> Result<Vec<Happened>, Fail> {
        if delivery.space.0 == 0 {
            return self.elsewhere(to, delivery).await;
        }
        let Some(seen) = self.sight(to, delivery).await? else {
            return Ok(self.left(to, delivery).into_iter().collect());
        };
        let Some(event) = self.event_at(&seen, delivery).await? else { return Ok(Vec::new()) };
        self.events_of(Some(to), &seen, &event).await
    }

    /// The line of the log.
    async fn event_at(&self, seen: &Seen, delivery: &DeliveryRecord) -> Result<Option<Event>, Fail> {
        let found = self.app.events(seen.by, delivery.space, delivery.seq - 1, 1).await;
        match found {
            Ok((events, _)) => Ok(events.into_iter().find(|it| it.seq == delivery.seq)),
            Err(madang_app::Error::Refusal(Refusal::NotFound(_))) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Events of one line, as `seen.by` may see it. For apps, and for sockets of old bots.
    pub(crate) async fn events_of(
        &self,
        to: Option<&Known>,
        seen: &Seen,
        event: &Event,
    ) -> Result<Vec<Happened>, Fail> {
        let told = match &event.body {
            Body::MessagePosted(posted) => self.posted(to, seen, event, posted).await?,
            Body::MessageEdited { message, .. } | Body::MessageUnfurled { message, .. } => {
                self.changed(to, seen, event, *message).await?
            }
            Body::MessageRemoved { message, thread } => self.removed(seen, event, *message, *thread).await?,
            Body::ReactionAdded { message, emoji } => {
                self.reacted(seen, event, "reaction_added", *message, emoji).await?
            }
            Body::ReactionRemoved { message, emoji } => {
                self.reacted(seen, event, "reaction_removed", *message, emoji).await?
            }
            Body::MessagePinned { message } => self.pinned(seen, event, "pin_added", *message).await?,
            Body::MessageUnpinned { message } => self.pinned(seen, event, "pin_removed", *message).await?,
            _ => self.of_space(seen, event).await?,
        };
        // Old bots are told of messages, and find in them what newer ones are told of apart.
        let wished = told.into_iter().filter(|(topic, _)| to.is_none_or(|to| seen.wishes(to, topic)));
        Ok(wished
            .map(|(_, event_value)| Happened { event: event_value, at_us: event.at_us, seen_by: seen.by })
            .collect())
    }
}
