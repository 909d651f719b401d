//! What agents hear of tickets while their app is closed: a visitor asks for them, or something is late. A ring is worth
//! nothing later: it is handed to the push services at once, and holds for as long as the agent is asked.

use std::sync::Arc;

use futures_util::StreamExt;
use madang_model::desk::ticket::Target;
use madang_model::{PersonId, SpaceId};
use madang_store::db::Conn;
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

/// What there is to hear of a ticket.
#[derive(Debug, Clone, Copy)]
enum News {
    /// A visitor asks for whoever hears it.
    Offer,
    Overdue(Target),
}

/// One notification, and how it is handed over.
struct Call {
    said: Value,
    topic: String,
    /// How long a push service keeps it.
    seconds: i64,
}

/// How long it is worth something that a ticket is late.
const OVERDUE_SECONDS: i64 = 3_600;

impl App {
    /// Asks an agent on their devices that are not in use; those that are ring by their sockets.
    pub(crate) fn push_offer(self: &Arc<Self>, agent: PersonId, space: SpaceId) {
        let app = self.clone();
        tokio::spawn(async move {
            if let Err(error) = app.push_ticket(vec![agent], space, News::Offer).await {
                tracing::warn!(%error, space.id = %space, "An agent could not be asked by push");
            }
        });
    }

    /// Tells the agent of a ticket that it is late; who can be reached at its desk, if nobody has it.
    pub(crate) fn push_overdue(self: &Arc<Self>, space: SpaceId, target: Target) {
        let app = self.clone();
        tokio::spawn(async move {
            let told = match app.who_minds(space).await {
                Ok(agents) => app.push_ticket(agents, space, News::Overdue(target)).await,
                Err(error) => Err(error),
            };
            if let Err(error) = told {
                tracing::warn!(%error, space.id = %space, "Agents could not be told that a ticket is late");
            }
        });
    }

    async fn who_minds(self: &Arc<Self>, space: SpaceId) -> Result<Vec<PersonId>> {
        self.db
            .read(move |conn| {
                let Some(record) = log::ticket(conn, space)? else { return Ok(Vec::new()) };
                if let Some(agent) = record.ticket.agent {
                    return Ok(vec![agent]);
                }
                let standing = desks::standing(conn, record.ticket.desk)?;
                Ok(standing.into_iter().filter(|it| it.reachable).map(|it| it.agent.person).collect())
            })
            .await
    }

    async fn push_ticket(self: &Arc<Self>, agents: Vec<PersonId>, space: SpaceId, news: News) -> Result<()> {
        let (app, now_us) = (self.clone(), self.clock.now_us());
        let calls = self
            .db
            .read(move |conn| -> Result<Vec<(Subscription, Arc<Call>)>> {
                let mut calls = Vec::new();
                for agent in agents {
                    let mut devices = push::of_person(conn, agent, now_us)?;
                    devices.retain(|it| !app.is_in_sight(it.session));
                    if devices.is_empty() {
                        continue;
                    }
                    if let Some(call) = app.call_of(conn, agent, space, news)?.map(Arc::new) {
                        calls.extend(devices.into_iter().map(|it| (it, call.clone())));
                    }
                }
                Ok(calls)
            })
            .await?;
        let sends = calls.into_iter().map(|(device, call)| self.tell_of_ticket(device, call));
        futures_util::stream::iter(sends).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        Ok::<(), Error>(())
    }

    /// What an agent is told; nothing if it does not hold any more.
    fn call_of(&self, conn: &mut Conn, agent: PersonId, space: SpaceId, news: News) -> Result<Option<Call>> {
        let Some(record) = log::ticket(conn, space)? else { return Ok(None) };
        let house = workspace(conn)?;
        let known = people::by_ids(conn, house.id, &[agent, record.ticket.visitor])?;
        let name =
            |id| known.iter().find(|it| it.id == id).map_or_else(String::new, |it| line(&it.name, NAME));
        let Some(me) = known.iter().find(|it| it.id == agent) else { return Ok(None) };
        let (words, now_us) = (Words::of(&me.language), self.clock.now_us());
        let (body, kind, seconds) = match news {
            News::Offer => {
                let Some(offer) = record.ticket.offered.filter(|it| it.agent == agent) else {
                    return Ok(None);
                };
                let seconds = (offer.until - now_us + SECOND_US - 1) / SECOND_US;
                (words.asks_for_help(record.ticket.wants), "offer", seconds.max(1))
            }
            News::Overdue(target) => (words.overdue(target), "overdue", OVERDUE_SECONDS),
        };
        let desk = desks::one(conn, record.ticket.desk)?.map(|it| it.settings.name).unwrap_or_default();
        let title = match settings(conn, agent)?["push_contents"] != false {
            true => format!("{} · {}", name(record.ticket.visitor), line(&desk, NAME)),
            false => house.name,
        };
        let path = format!("/agent/{space}");
        let rings = matches!(news, News::Offer);
        let notification = json!({
            "title": title,
            "body": body,
            "navigate": format!("{}{path}", self.config.public_url),
            "tag": format!("{space}/{kind}"),
            "lang": words.code(),
            "timestamp": now_us / 1_000,
            "require_interaction": rings,
            "requireInteraction": rings,
            "renotify": rings,
            "data": {"kind": kind, "path": path, "space": space, "lang": words.code()},
        });
        let said = self.envelope(conn, agent, notification)?;
        Ok(Some(Call { said, topic: format!("{space}-{kind}"), seconds }))
    }

    async fn tell_of_ticket(&self, device: Subscription, call: Arc<Call>) {
        if let Taken::No(why) | Taken::Later(why, _) =
            self.hand_over(&device, &call.said, Some(&call.topic), call.seconds).await
        {
            tracing::warn!(session.id = %device.session, "A push service did not tell an agent: {why}");
        }
    }
}
