//! Apps: what happened in spaces that an app sees is written down for it. What of it the app wished to hear, and in which
//! shape, is known to whoever tells it.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::space::SpaceKind;
use madang_model::{AppId, Body, Event, PersonId, Seq, SpaceId};
use madang_store::apps::deliveries::{self, NewDelivery};
use madang_store::apps::{self, AppRecord, grants};
use madang_store::db::{Conn, Tx};
use madang_store::log;

use super::Follower;
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

pub(crate) struct Apps;

/// What one app is to be told of one space.
pub(crate) struct Told {
    app: AppId,
    space: SpaceId,
    last: Seq,
    new: Vec<NewDelivery>,
}

impl Follower for Apps {
    const NAME: &'static str = "apps";
    type Work = Vec<Told>;

    fn prepare(&self, app: &App, conn: &mut Conn, events: &[Arc<Event>]) -> Result<Vec<Told>> {
        let Some(space) = events.first().map(|it| it.space) else { return Ok(Vec::new()) };
        let Ok(house) = workspace(conn) else { return Ok(Vec::new()) };
        let mut work = Vec::new();
        for record in apps::of_house(conn, house.id)? {
            if record.events.is_empty() {
                continue;
            }
            let sight = Sight::of(conn, &record, space)?;
            let mut new = Vec::new();
            for event in events.iter().filter(|it| is_told(&it.body) && sight.sees(it)) {
                new.push(NewDelivery {
                    id: app.ids.next(),
                    app: record.id,
                    space,
                    seq: event.seq,
                    kind: event.body.kind().to_owned(),
                    about: "{}".into(),
                    at_us: event.at_us,
                });
            }
            if let Some(last) = events.last().map(|it| it.seq).filter(|_| !new.is_empty()) {
                work.push(Told { app: record.id, space, last, new });
            }
        }
        Ok(work)
    }

    fn keep(&self, _app: &App, tx: &mut Tx, work: &Vec<Told>) -> Result<()> {
        for told in work {
            // Read again from the beginning, nothing is told twice.
            let before = deliveries::told(tx, told.app, told.space)?;
            for new in told.new.iter().filter(|it| it.seq > before) {
                deliveries::insert(tx, new)?;
            }
            deliveries::set_told(tx, told.app, told.space, told.last.max(before))?;
        }
        Ok(())
    }

    fn kept(&self, app: &App, work: &Vec<Told>) {
        if !work.is_empty() {
            app.new_app_deliveries.notify_one();
        }
    }

    /// What was told is remembered: nothing here can be built anew without telling it twice.
    fn clear(&self, _tx: &mut Tx) -> Result<()> {
        Ok(())
    }
}

/// What an app sees of a space.
struct Sight {
    since: i64,
    open: bool,
    /// Whether the bot, or somebody who let the app act for them, is in.
    inside: bool,
    bot: Option<PersonId>,
}

impl Sight {
    fn of(conn: &mut Conn, app: &AppRecord, space: SpaceId) -> Result<Sight> {
        let mut sight = Sight { since: app.created_at, open: false, inside: false, bot: app.bot };
        let Some(record) = log::space(conn, space)? else { return Ok(sight) };
        sight.open = record.facts.kind == SpaceKind::Open;
        let mut people: HashMap<PersonId, ()> = app.bot.into_iter().map(|it| (it, ())).collect();
        people.extend(grants::of_app(conn, app.id)?.into_iter().map(|it| (it.person, ())));
        for person in people.into_keys() {
            if log::standing(conn, &record.facts, person)?.membership.is_some() {
                sight.inside = true;
                break;
            }
        }
        Ok(sight)
    }

    fn sees(&self, event: &Event) -> bool {
        if event.at_us < self.since {
            return false;
        }
        let leaves = self.bot.is_some_and(|bot| event.body.is_leaving_of(bot));
        // That there is an open space, and what it is called, concerns everybody.
        let is_public = self.open && event.body.kind().starts_with("space.");
        self.inside || leaves || is_public
    }
}

/// Whether it is something that an app may wish to hear of.
fn is_told(body: &Body) -> bool {
    let kind = body.kind();
    let families = ["space.", "member.", "reaction."];
    families.iter().any(|it| kind.starts_with(it))
        || matches!(
            body,
            Body::MessagePosted(_)
                | Body::MessageEdited { .. }
                | Body::MessageUnfurled { .. }
                | Body::MessageRemoved { .. }
                | Body::MessagePinned { .. }
                | Body::MessageUnpinned { .. }
                | Body::CallStarted { .. }
                | Body::CallEnded { .. }
        )
}
