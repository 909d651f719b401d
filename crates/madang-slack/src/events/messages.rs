//! Messages, reactions and pins.

use madang_model::event::Posted;
use madang_model::row::Row;
use madang_model::{Event, PersonId, Seq};
use serde_json::{Value, json};

use super::around::Seen;
use super::metadata;
use crate::Slack;
use crate::fail::Fail;
use crate::scopes::Conversation;
use crate::shapes::{Around, Occasion, file_id, message, person_id};
use crate::talk::Known;
use crate::text::to_mrkdwn;
use crate::ts::written as ts;

/// A topic that is subscribed to, and the event.
pub(super) type Topics = Vec<(&'static str, Value)>;

/// How far back it is looked for what a message said before.
const BEFORE: Seq = 200;

impl Slack {
    /// The rows as an app reads them.
    pub(super) async fn shape(&self, seen: &Seen, row: Row) -> Result<Option<Value>, Fail> {
        let house = self.house().await?;
        let rows = [row];
        let around = Around::load(&self.app, house, seen.by, &seen.summary.space, &rows).await?;
        Ok(message(&rows[0], &around, Occasion::Event))
    }

    pub(super) async fn posted(
        &self,
        to: Option<&Known>,
        seen: &Seen,
        event: &Event,
        posted: &Posted,
    ) -> Result<Topics, Fail> {
        // As it was posted; what became of it since has events of its own.
        let Some(row) = Row::begun_by(event) else { return Ok(Vec::new()) };
        let links = links_of(&posted.text);
        let Some(mut shape) = self.shape(seen, row).await? else { return Ok(Vec::new()) };
        shape["channel"] = json!(seen.channel);
        shape["event_ts"] = json!(ts(event.at_us));
        let mut told = Vec::new();
        if let Some(begun) = assistant_thread(to, seen, event, posted) {
            // Its thread is that of the message, which some apps take for an assistant's only if it says so.
            shape["thread_ts"] = json!(ts(event.at_us));
            told.push(("assistant_thread_started", begun));
        }
        if seen.inside {
            let mut plain = shape.clone();
            plain["channel_type"] = json!(seen.channel_type());
            told.push((seen.messages(), plain));
        }
        let team = self.house().await?.team();
        told.extend(metadata::told(to, seen, event, &Value::Null, &shape, &team));
        let bot = to.and_then(|it| it.record.bot);
        if bot.is_some_and(|bot| bot != event.author && posted.mentions.contains(&bot)) {
            let mut mention = shape.clone();
            mention["type"] = json!("app_mention");
            if let Some(fields) = mention.as_object_mut() {
                fields.remove("subtype");
            }
            told.push(("app_mention", mention));
        }
        if let Some(to) = to.filter(|_| bot != Some(event.author)) {
            told.extend(link_shared(to, seen, event, &links, &shape).map(|it| ("link_shared", it)));
        }
        for file in &posted.files {
            let id = file_id(file.id);
            told.push((
                "file_created",
                json!({
                    "type": "file_created",
                    "file_id": id,
                    "user_id": person_id(event.author),
                    "file": {"id": id},
                    "event_ts": ts(event.at_us),
                }),
            ));
            told.push((
                "file_shared",
                json!({
                    "type": "file_shared",
                    "file_id": id,
                    "user_id": person_id(event.author),
                    "file": {"id": id},
                    "channel_id": seen.channel,
                    "event_ts": ts(event.at_us),
                }),
            ));
        }
        Ok(told)
    }

    /// A message that says something else now.
    pub(super) async fn changed(
        &self,
        to: Option<&Known>,
        seen: &Seen,
        event: &Event,
        of: Seq,
    ) -> Result<Topics, Fail> {
        let Ok(row) = self.app.message(seen.by, seen.space(), of).await else { return Ok(Vec::new()) };
        let previous = self.before(seen, event, row.clone()).await?;
        let Some(now) = self.shape(seen, row).await? else { return Ok(Vec::new()) };
        let team = self.house().await?.team();
        let metadata =
            metadata::told(to, seen, event, previous.as_ref().unwrap_or(&Value::Null), &now, &team);
        let told = json!({
            "type": "message",
            "subtype": "message_changed",
            "hidden": true,
            "channel": seen.channel,
            "channel_type": seen.channel_type(),
            "ts": ts(event.at_us),
            "event_ts": ts(event.at_us),
            "message": now,
            "previous_message": previous,
        });
        Ok(std::iter::once((seen.messages(), told)).chain(metadata).collect())
    }

    /// The message as it was before this event, as far as it is found.
    async fn before(&self, seen: &Seen, event: &Event, row: Row) -> Result<Option<Value>, Fail> {
        let (space, of) = (seen.space(), row.seq);
        let mut was = row;
        let (first, _) = self.app.events(seen.by, space, of - 1, 1).await?;
        let from = (event.seq - BEFORE).max(of);
        let (between, _) = self.app.events(seen.by, space, from, BEFORE).await?;
        let between = between.iter().filter(|it| it.seq < event.seq);
        if let Some(begun) = first.first().and_then(Row::begun_by) {
            was = begun;
            between.filter(|it| it.body.message() == Some(of)).for_each(|it| was.fold(it));
        }
        self.shape(seen, was).await
    }

    pub(super) async fn removed(
        &self,
        seen: &Seen,
        event: &Event,
        of: Seq,
        thread: Option<Seq>,
    ) -> Result<Topics, Fail> {
        let mut seqs = vec![of];
        seqs.extend(thread);
        let times = self.app.times_of(seen.by, seen.space(), seqs).await?;
        let Some((at, author)) = times.get(&of) else { return Ok(Vec::new()) };
        // What it said is gone, here too.
        let mut previous = json!({"type": "message", "user": person_id(*author), "ts": ts(*at), "text": ""});
        if let Some((root, _)) = thread.and_then(|it| times.get(&it)) {
            previous["thread_ts"] = json!(ts(*root));
        }
        let told = json!({
            "type": "message",
            "subtype": "message_deleted",
            "hidden": true,
            "channel": seen.channel,
            "channel_type": seen.channel_type(),
            "ts": ts(event.at_us),
            "event_ts": ts(event.at_us),
            "deleted_ts": ts(*at),
            "previous_message": previous,
        });
        Ok(vec![(seen.messages(), told)])
    }

    pub(super) async fn reacted(
        &self,
        seen: &Seen,
        event: &Event,
        topic: &'static str,
        of: Seq,
        emoji: &str,
    ) -> Result<Topics, Fail> {
        let Some((at, author)) = self.place_of(seen, of).await? else { return Ok(Vec::new()) };
        let told = json!({
            "type": topic,
            "user": person_id(event.author),
            "reaction": emoji,
            "item": {"type": "message", "channel": seen.channel, "ts": ts(at)},
            "item_user": person_id(author),
            "event_ts": ts(event.at_us),
        });
        Ok(vec![(topic, told)])
    }

    pub(super) async fn pinned(
        &self,
        seen: &Seen,
        event: &Event,
        topic: &'static str,
        of: Seq,
    ) -> Result<Topics, Fail> {
        let Ok(row) = self.app.message(seen.by, seen.space(), of).await else { return Ok(Vec::new()) };
        let shape = self.shape(seen, row).await?;
        let told = json!({
            "type": topic,
            "user": person_id(event.author),
            "channel_id": seen.channel,
            "item": {
                "type": "message",
                "channel": seen.channel,
                "created": event.at_us / 1_000_000,
                "created_by": person_id(event.author),
                "message": shape,
            },
            "event_ts": ts(event.at_us),
        });
        Ok(vec![(topic, told)])
    }

    async fn place_of(&self, seen: &Seen, of: Seq) -> Result<Option<(i64, PersonId)>, Fail> {
        Ok(self.app.times_of(seen.by, seen.space(), vec![of]).await?.get(&of).copied())
    }
}

/// What somebody says to an app that is an assistant, not in a thread, begins one.
fn assistant_thread(to: Option<&Known>, seen: &Seen, event: &Event, posted: &Posted) -> Option<Value> {
    let to = to.filter(|it| it.manifest.features.assistant_view.is_some())?;
    let is_said_to_it = seen.kind == Conversation::Im && seen.is_bot && to.record.bot != Some(event.author);
    if !is_said_to_it || posted.thread.is_some() {
        return None;
    }
    let at = ts(event.at_us);
    Some(json!({
        "type": "assistant_thread_started",
        "assistant_thread": {
            "user_id": person_id(event.author),
            "context": {},
            "channel_id": seen.channel,
            "thread_ts": at,
        },
        "event_ts": at,
    }))
}

/// The addresses in a text of ours.
fn links_of(text: &str) -> Vec<String> {
    let mrkdwn = to_mrkdwn(text, &|_| None);
    let pieces =
        mrkdwn.split('<').skip(1).filter_map(|it| it.split(['>', '|']).next().map(ToOwned::to_owned));
    pieces.filter(|it| it.starts_with("http://") || it.starts_with("https://")).collect()
}

/// What an app may show of links to its own domains.
fn link_shared(to: &Known, seen: &Seen, event: &Event, links: &[String], shape: &Value) -> Option<Value> {
    let domain = |url: &str| reqwest::Url::parse(url).ok()?.host_str().map(ToOwned::to_owned);
    let mine: Vec<Value> = links
        .iter()
        .filter_map(|url| {
            let host = domain(url)?;
            let domains = &to.manifest.features.unfurl_domains;
            let found = domains.iter().find(|it| host == **it || host.ends_with(&format!(".{it}")))?;
            Some(json!({"url": url, "domain": found}))
        })
        .collect();
    if mine.is_empty() {
        return None;
    }
    let mut told = json!({
        "type": "link_shared",
        "user": person_id(event.author),
        "channel": seen.channel,
        "message_ts": ts(event.at_us),
        "event_ts": ts(event.at_us),
        "links": mine,
        "source": "conversations_history",
        "is_bot_user_member": seen.is_bot && seen.inside,
    });
    if let Some(thread) = shape.get("thread_ts") {
        told["thread_ts"] = thread.clone();
    }
    Some(told)
}
