//! A visitor at a desk asks for an agent whose app is closed. As a ring it is worth nothing later: it is handed to the
//! push services at once, and holds for as long as the agent is asked.

use std::sync::Arc;

use futures_util::StreamExt;
use madang_model::{PersonId, SpaceId};
use madang_store::desks;
use madang_store::log;
use madang_store::people;
use madang_store::push::{self, Subscription};
use serde_json::{Value, json};

use super::decide::settings;
use super::send::{SECOND_US, Taken};
use super::words::{Words, line};
use crate::app::App;
use crate::error::{Error, Result};
use crate::people::workspace;

/// Push services spoken with at once.
const AT_ONCE: usize = 8;
/// Characters of a name that are shown.
const NAME: usize = 60;

impl App {
    /// Tells the devices of an agent that are not in use; those that are ring by their sockets.
    pub(crate) fn push_offer(self: &Arc<Self>, agent: PersonId, space: SpaceId) {
        let app = self.clone();
        tokio::spawn(async move {
            if let Err(error) = app.push_offer_to(agent, space).await {
                tracing::warn!(%error, space.id = %space, "An agent could not be asked by push");
            }
        });
    }

    async fn push_offer_to(self: &Arc<Self>, agent: PersonId, space: SpaceId) -> Result<()> {
        let (app, now_us) = (self.clone(), self.clock.now_us());
        let told = self
            .db
            .read(move |conn| -> Result<Option<(Vec<Subscription>, Value, i64)>> {
                let mut devices = push::of_person(conn, agent, now_us)?;
                devices.retain(|it| !app.is_in_sight(it.session));
                let Some(record) = log::ticket(conn, space)?.filter(|_| !devices.is_empty()) else {
                    return Ok(None);
                };
                let Some(offer) = record.ticket.offered.filter(|it| it.agent == agent) else {
                    return Ok(None);
                };
                let house = workspace(conn)?;
                let known = people::by_ids(conn, house.id, &[agent, record.ticket.visitor])?;
                let name = |id| {
                    known.iter().find(|it| it.id == id).map_or_else(String::new, |it| line(&it.name, NAME))
                };
                let Some(me) = known.iter().find(|it| it.id == agent) else { return Ok(None) };
                let words = Words::of(&me.language);
                let desk =
                    desks::one(conn, record.ticket.desk)?.map(|it| it.settings.name).unwrap_or_default();
                let title = match settings(conn, agent)?["push_contents"] != false {
                    true => format!("{} · {}", name(record.ticket.visitor), line(&desk, NAME)),
                    false => house.name,
                };
                let path = format!("/agent/{space}");
                let notification = json!({
                    "title": title,
                    "body": words.asks_for_help(record.ticket.wants),
                    "navigate": format!("{}{path}", app.config.public_url),
                    "tag": format!("{space}/offer"),
                    "lang": words.code(),
                    "timestamp": now_us / 1_000,
                    "require_interaction": true,
                    "requireInteraction": true,
                    "renotify": true,
                    "data": {"kind": "offer", "path": path, "space": space, "lang": words.code()},
                });
                let seconds = (offer.until - now_us + SECOND_US - 1) / SECOND_US;
                let said = app.envelope(conn, agent, notification)?;
                Ok(Some((devices, said, seconds.max(1))))
            })
            .await?;
        let Some((devices, said, seconds)) = told else { return Ok::<(), Error>(()) };
        let topic = format!("{space}-offer");
        let sends = devices
            .into_iter()
            .map(|device| self.tell_of_offer(device, said.clone(), topic.clone(), seconds));
        futures_util::stream::iter(sends).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        Ok(())
    }

    async fn tell_of_offer(&self, device: Subscription, said: Value, topic: String, seconds: i64) {
        if let Taken::No(why) | Taken::Later(why, _) =
            self.hand_over(&device, &said, Some(&topic), seconds).await
        {
            tracing::warn!(session.id = %device.session, "A push service did not ask an agent: {why}");
        }
    }
}
