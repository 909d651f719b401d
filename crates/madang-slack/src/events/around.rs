//! With whose eyes an app sees a space, and what it wished to hear of it.

use madang_app::Summary;
use madang_app::records::DeliveryRecord;
use madang_model::{PersonId, SpaceId};

use crate::Slack;
use crate::fail::Fail;
use crate::scopes::Conversation;
use crate::shapes;
use crate::talk::Known;

/// A space as somebody sees it in whose name the app is told.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub by: PersonId,
    pub is_bot: bool,
    pub inside: bool,
    pub summary: Summary,
    pub channel: String,
    pub kind: Conversation,
}

impl Seen {
    pub(crate) fn new(by: PersonId, is_bot: bool, summary: Summary) -> Seen {
        Seen {
            by,
            is_bot,
            inside: summary.me.is_some(),
            channel: shapes::channel_id(&summary.space),
            kind: shapes::kind_of(&summary.space),
            summary,
        }
    }

    pub(super) fn space(&self) -> SpaceId {
        self.summary.space.facts.id
    }

    /// `channel`, `group`, `im` or `mpim`.
    pub(super) fn channel_type(&self) -> &'static str {
        match self.kind {
            Conversation::Channel => "channel",
            Conversation::Group => "group",
            Conversation::Im => "im",
            Conversation::Mpim => "mpim",
        }
    }

    /// The subscription for messages of such a space.
    pub(super) fn messages(&self) -> &'static str {
        match self.kind {
            Conversation::Channel => "message.channels",
            Conversation::Group => "message.groups",
            Conversation::Im => "message.im",
            Conversation::Mpim => "message.mpim",
        }
    }

    /// Whether the app asked to be told of this, for its bot or for the people who let it act for them.
    pub(super) fn wishes(&self, to: &Known, topic: &str) -> bool {
        let subscriptions = &to.manifest.settings.event_subscriptions;
        let wished = if self.is_bot { &subscriptions.bot_events } else { &subscriptions.user_events };
        wished.iter().any(|it| it == topic)
    }
}

impl Slack {
    /// The bot's eyes where it is in, else those of somebody in there who let the app act for them, else the bot's if the
    /// space is open. None where the app sees nothing any more.
    pub(super) async fn sight(&self, to: &Known, delivery: &DeliveryRecord) -> Result<Option<Seen>, Fail> {
        let mut open = None;
        if let Some(bot) = to.record.bot
            && let Ok(summary) = self.app.space(bot, delivery.space).await
        {
            if summary.me.is_some() {
                return Ok(Some(Seen::new(bot, true, summary)));
            }
            open = Some(Seen::new(bot, true, summary));
        }
        if !to.manifest.settings.event_subscriptions.user_events.is_empty() {
            for grant in self.app.grants_of_app(to.record.id).await? {
                if grant.kind != "user" {
                    continue;
                }
                if let Ok(summary) = self.app.space(grant.person, delivery.space).await
                    && summary.me.is_some()
                {
                    return Ok(Some(Seen::new(grant.person, false, summary)));
                }
            }
        }
        Ok(open)
    }
}
