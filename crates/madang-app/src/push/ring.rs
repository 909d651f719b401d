//! A call rings on devices on which Madang is closed. It is worth nothing later, so it is written down nowhere: it is
//! handed to the push services at once, again while it rings if one is busy, and is gone with the call.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use madang_model::space::SpaceKind;
use madang_model::{PersonId, limits};
use madang_store::db::Conn;
use madang_store::people;
use madang_store::push::{self, Subscription};
use serde_json::{Value, json};

use super::decide::settings;
use super::send::{SECOND_US, Taken};
use super::words::{Words, line};
use crate::app::App;
use crate::calls::{Call, RingOver};
use crate::error::Result;
use crate::people::workspace;
use crate::reading::readable_or_none;

/// Push services spoken with at once.
const AT_ONCE: usize = 16;
/// Characters of a name that are shown.
const NAME: usize = 60;
/// What is told to a device that was off longer than this is told by the missed call.
const TTL_S: i64 = limits::RING_US / SECOND_US;
/// Seconds until a push service that is busy is asked again, if it names none.
const AGAIN_S: i64 = 3;

/// What a device is shown of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Ringing,
    Over(RingOver),
}

impl App {
    /// Rings on the devices of these people that are not in use; those that are ring by their sockets.
    pub(crate) fn push_ring(self: &Arc<Self>, call: &Call, people: Vec<PersonId>) {
        self.push_call(call, people, Shown::Ringing);
    }

    /// The notification that rings gives way to one that says why it does not ring any more. Who missed the call is
    /// told of that by the log's own push.
    pub(crate) fn push_ring_over(self: &Arc<Self>, call: &Call, why: RingOver, people: Vec<PersonId>) {
        if matches!(why, RingOver::Answered | RingOver::Declined) {
            self.push_call(call, people, Shown::Over(why));
        }
    }

    fn push_call(self: &Arc<Self>, call: &Call, people: Vec<PersonId>, shown: Shown) {
        let (app, call) = (self.clone(), call.clone());
        tokio::spawn(async move {
            if let Err(error) = app.push_call_to(&call, people, shown).await {
                tracing::warn!(%error, call.id = %call.id, "A call could not ring by push");
            }
        });
    }

    async fn push_call_to(self: &Arc<Self>, call: &Call, people: Vec<PersonId>, shown: Shown) -> Result<()> {
        let (app, about, now_us) = (self.clone(), call.clone(), self.clock.now_us());
        let told: Vec<(Subscription, Value)> = self
            .db
            .read(move |conn| {
                let mut told = Vec::new();
                for person in &people {
                    let mut devices = push::of_person(conn, *person, now_us)?;
                    devices.retain(|it| !app.is_in_sight(it.session));
                    if devices.is_empty() {
                        continue;
                    }
                    if let Some(said) = app.call_notification(conn, *person, &about, shown)? {
                        told.extend(devices.into_iter().map(|device| (device, said.clone())));
                    }
                }
                Ok::<_, crate::error::Error>(told)
            })
            .await?;
        let sends = told.into_iter().map(|(device, said)| self.tell_of_call(call, device, said, shown));
        futures_util::stream::iter(sends).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        Ok(())
    }

    /// Tells one device, again if its push service is busy, for as long as the call may ring there.
    async fn tell_of_call(self: &Arc<Self>, call: &Call, device: Subscription, said: Value, shown: Shown) {
        let topic = format!("{}-call", call.space);
        let until_us = self.clock.now_us() + limits::RING_US;
        let seconds_left = || (until_us - self.clock.now_us() + SECOND_US - 1) / SECOND_US;
        loop {
            let (why, wait_s) = match self.hand_over(&device, &said, Some(&topic), seconds_left()).await {
                Taken::Yes | Taken::Gone => return,
                Taken::Later(why, wait_s) => (why, wait_s.unwrap_or(AGAIN_S).max(1)),
                Taken::No(why) => (why, TTL_S),
            };
            tracing::warn!(session.id = %device.session, "A push service did not let a call ring: {why}");
            if wait_s >= seconds_left() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(wait_s.unsigned_abs())).await;
            // Meanwhile it was answered, on another device or by nobody.
            if shown == Shown::Ringing && !self.ringing(device.person).iter().any(|it| it.id == call.id) {
                return;
            }
        }
    }

    fn call_notification(
        &self,
        conn: &mut Conn,
        person: PersonId,
        call: &Call,
        shown: Shown,
    ) -> Result<Option<Value>> {
        let house = workspace(conn)?;
        let Some(space) = readable_or_none(conn, person, call.space)? else { return Ok(None) };
        let known = people::by_ids(conn, house.id, &[person, call.by])?;
        let known: HashMap<PersonId, people::PersonRecord> =
            known.into_iter().map(|it| (it.id, it)).collect();
        let Some(me) = known.get(&person) else { return Ok(None) };
        let words = Words::of(&me.language);
        let body = match shown {
            Shown::Ringing => words.rings(call.video),
            Shown::Over(RingOver::Answered) => words.answered_elsewhere(),
            Shown::Over(_) => words.declined(),
        };
        let title = match settings(conn, person)?["push_contents"] != false {
            true => {
                let who = known.get(&call.by).map_or_else(String::new, |it| line(&it.name, NAME));
                match space.facts.kind {
                    SpaceKind::Direct => who,
                    _ => format!("{who} · {}", line(&space.facts.name, NAME)),
                }
            }
            false => house.name,
        };
        let path = format!("/s/{}", call.space);
        let rings = shown == Shown::Ringing;
        let mut notification = json!({
            "title": title,
            "body": body,
            "navigate": format!("{}{path}", self.config.public_url),
            "tag": format!("{}/call", call.space),
            "lang": words.code(),
            "timestamp": call.at_us / 1_000,
            // It stays until somebody answers, and rings again where one was shown before.
            "require_interaction": rings,
            // The same as a service worker's `NotificationOptions` call it.
            "requireInteraction": rings,
            "renotify": rings,
            "silent": !rings,
            "data": {
                "kind": if rings { "call" } else { "call_over" }, "path": path, "space": call.space,
                "call": call.id, "video": call.video, "lang": words.code(),
            },
        });
        if rings {
            notification["actions"] = json!([
                {"action": "answer", "title": words.answer()},
                {"action": "decline", "title": words.decline()},
            ]);
        }
        self.envelope(conn, person, notification).map(Some)
    }
}
