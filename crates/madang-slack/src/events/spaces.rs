//! Spaces, and who is in them.

use madang_app::records::DeliveryRecord;
use madang_model::row::Row;
use madang_model::{Body, Event, PersonId};
use serde_json::{Value, json};

use super::Happened;
use super::around::Seen;
use super::messages::Topics;
use crate::Slack;
use crate::fail::Fail;
use crate::scopes::Conversation;
use crate::shapes::{channel_id_of, handle, made_at, person_id};
use crate::talk::Known;
use crate::ts::written as ts;

impl Slack {
    pub(super) async fn of_space(&self, seen: &Seen, event: &Event) -> Result<Topics, Fail> {
        let at = ts(event.at_us);
        let user = person_id(event.author);
        let is_public = seen.kind == Conversation::Channel;
        let pick = |public: &'static str, private: &'static str| if is_public { public } else { private };
        let mut told: Topics = Vec::new();
        match &event.body {
            Body::MemberJoined { person, .. } => {
                let inviter = (*person != event.author).then_some(user);
                told.push((
                    "member_joined_channel",
                    self.member("member_joined_channel", seen, *person, inviter, &at).await?,
                ));
            }
            Body::MemberLeft { person } => {
                told.push((
                    "member_left_channel",
                    self.member("member_left_channel", seen, *person, None, &at).await?,
                ));
            }
            Body::SpaceCreated { .. } if is_public => {
                let channel = self.named(seen, &user);
                told.push((
                    "channel_created",
                    json!({"type": "channel_created", "channel": channel, "event_ts": at}),
                ));
            }
            Body::SpaceCreated { .. } if seen.kind == Conversation::Im => {
                let channel = json!({"id": seen.channel, "created": event.at_us / 1_000_000});
                let event = json!({"type": "im_created", "user": user, "channel": channel, "event_ts": at});
                told.push(("im_created", event));
            }
            Body::SpaceChanged { name: Some(_), .. } => {
                let topic = pick("channel_rename", "group_rename");
                let channel = self.named(seen, &user);
                told.push((topic, json!({"type": topic, "channel": channel, "event_ts": at})));
            }
            Body::SpaceArchived {} => {
                told.push(plain(pick("channel_archive", "group_archive"), seen, &user, &at))
            }
            Body::SpaceUnarchived {} => {
                told.push(plain(pick("channel_unarchive", "group_unarchive"), seen, &user, &at));
            }
            Body::SpaceDeleted { .. } => {
                told.push(plain(pick("channel_deleted", "group_deleted"), seen, &user, &at))
            }
            _ => {}
        }
        // It stands in the history too, as a message with a subtype; that two people begin to talk is no message.
        if seen.inside
            && seen.kind != Conversation::Im
            && let Some(row) = Row::begun_by(event)
            && let Some(mut shape) = self.shape(seen, row).await?
        {
            shape["channel"] = json!(seen.channel);
            shape["channel_type"] = json!(seen.channel_type());
            shape["event_ts"] = json!(at);
            told.push((seen.messages(), shape));
        }
        Ok(told)
    }

    async fn member(
        &self,
        topic: &'static str,
        seen: &Seen,
        person: PersonId,
        inviter: Option<String>,
        at: &str,
    ) -> Result<Value, Fail> {
        let mut told = json!({
            "type": topic,
            "user": person_id(person),
            "channel": seen.channel,
            "channel_type": if seen.kind == Conversation::Channel { "C" } else { "G" },
            "team": self.house().await?.team(),
            "event_ts": at,
        });
        if let Some(inviter) = inviter {
            told["inviter"] = json!(inviter);
        }
        Ok(told)
    }

    fn named(&self, seen: &Seen, creator: &str) -> Value {
        let name = handle(&seen.summary.space.facts.name, '-');
        let created = made_at(seen.summary.space.facts.id.0);
        json!({
            "id": seen.channel,
            "name": name,
            "name_normalized": name,
            "created": created,
            "creator": creator,
            "is_channel": seen.kind == Conversation::Channel,
            "is_private": seen.kind != Conversation::Channel,
        })
    }

    /// The bot was taken out of a space that it does not see any more: that alone it is told.
    pub(super) fn left(&self, to: &Known, delivery: &DeliveryRecord) -> Option<Happened> {
        let bot = to.record.bot.filter(|_| delivery.kind == "member.left")?;
        let topic = "group_left";
        let wished = &to.manifest.settings.event_subscriptions.bot_events;
        if !wished.iter().any(|it| it == topic) {
            return None;
        }
        let channel = channel_id_of(delivery.space, madang_model::space::SpaceKind::Closed, 0);
        let event = json!({"type": topic, "channel": channel, "event_ts": ts(delivery.at_us)});
        Some(Happened { event, at_us: delivery.at_us, seen_by: bot })
    }
}

fn plain(topic: &'static str, seen: &Seen, user: &str, at: &str) -> (&'static str, Value) {
    (topic, json!({"type": topic, "channel": seen.channel, "user": user, "event_ts": at}))
}
