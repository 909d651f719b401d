//! Webhooks: what happened in spaces is written down for the addresses that wished to be told. What of it they are told is
//! read when it is sent.

use std::sync::Arc;

use madang_model::space::SpaceKind;
use madang_model::{Event, Seq, SpaceId, WebhookId};
use madang_store::db::{Conn, Tx};
use madang_store::log;
use madang_store::webhooks::{self, WebhookEvent};

use super::Follower;
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::webhooks::told_as;

pub(crate) struct Webhooks;

/// What addresses are to be told of one space.
pub(crate) struct Tellings {
    space: SpaceId,
    new: Vec<(WebhookId, WebhookEvent)>,
}

impl Follower for Webhooks {
    const NAME: &'static str = "webhooks";
    type Work = Tellings;

    fn prepare(&self, app: &App, conn: &mut Conn, events: &[Arc<Event>]) -> Result<Tellings> {
        let mut work = Tellings { space: SpaceId(0), new: Vec::new() };
        let told: Vec<_> =
            events.iter().filter_map(|it| Some((it, told_as(&it.body).filter(|_| !it.staff)?))).collect();
        let Some((first, _)) = told.first() else { return Ok(work) };
        let Ok(house) = workspace(conn) else { return Ok(work) };
        let wishes = webhooks::wishes(conn, house.id)?;
        if wishes.is_empty() {
            return Ok(work);
        }
        work.space = first.space;
        let is_open = log::space(conn, first.space)?.is_some_and(|it| it.facts.kind == SpaceKind::Open);
        for (event, name) in told {
            for wish in &wishes {
                let in_sight = wish.spaces.as_ref().map_or(is_open, |it| it.contains(&event.space));
                if in_sight && event.at_us >= wish.since && wish.events.iter().any(|it| it == name) {
                    work.new.push((wish.webhook, telling(app, event, name)));
                }
            }
        }
        Ok(work)
    }

    fn keep(&self, _app: &App, tx: &mut Tx, work: &Tellings) -> Result<()> {
        let Some((_, last)) = work.new.last() else { return Ok(()) };
        // Read again from the beginning, nothing is told twice.
        let before: Seq = webhooks::told(tx, work.space)?;
        for (hook, event) in work.new.iter().filter(|(_, it)| it.seq > before) {
            webhooks::tell(tx, *hook, event)?;
        }
        Ok(webhooks::set_told(tx, work.space, last.seq)?)
    }

    fn kept(&self, app: &App, work: &Tellings) {
        if !work.new.is_empty() {
            app.webhooks_changed();
        }
    }

    /// What was told stays told; how far that is, is remembered.
    fn clear(&self, tx: &mut Tx) -> Result<()> {
        Ok(webhooks::set_all_told(tx, Self::NAME)?)
    }
}

fn telling(app: &App, event: &Event, name: &str) -> WebhookEvent {
    WebhookEvent {
        id: app.ids.next(),
        event: name.to_owned(),
        about: "{}".into(),
        at_us: event.at_us,
        space: event.space,
        seq: event.seq,
    }
}
