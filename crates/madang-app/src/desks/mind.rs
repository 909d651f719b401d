//! Minds the tickets that are not closed: says what is late, and lets go of who waited and left.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::desk::alarm;
use madang_model::desk::ticket::{State, Via, Wants};
use madang_model::hours::Calendar;
use madang_model::space::Routed;
use madang_model::{DeskId, PersonId, SpaceId};
use madang_store::db::Conn;
use madang_store::desks::{self, DeskRecord};
use madang_store::log::{self, TicketRecord};

use super::there::PATIENCE_US;
use crate::app::App;
use crate::error::Result;

/// What is to be said of a ticket.
struct News {
    record: TicketRecord,
    what: Routed,
}

impl App {
    /// Says what is to be said now; gives when something is next (microseconds).
    pub(super) async fn mind_tickets(self: &Arc<Self>, now_us: i64) -> Result<Option<i64>> {
        let app = self.clone();
        let (news, next_us) = self.db.read(move |conn| app.news_of_tickets(conn, now_us)).await?;
        for it in news {
            self.carry_out(it.record.space, it.record.ticket.agent, it.what).await?;
        }
        self.forget_the_gone();
        Ok(next_us)
    }

    fn news_of_tickets(&self, conn: &mut Conn, now_us: i64) -> Result<(Vec<News>, Option<i64>)> {
        let (mut news, mut next_us) = (Vec::new(), None::<i64>);
        let mut desks = Desks::default();
        for record in log::unfinished(conn)? {
            let mut moment = self.moment_of_leaving(&record);
            if moment.is_some_and(|it| it <= now_us) {
                news.push(News { record: record.clone(), what: Routed::Left });
                moment = None;
            }
            if let Some((desk, hours)) = desks.get(conn, record.ticket.desk)? {
                let due = alarm::due(&record.ticket, desk.settings.targets, hours);
                let late = due.late(&record.ticket, now_us);
                news.extend(late.map(|(target, due)| News {
                    record: record.clone(),
                    what: Routed::Overdue { target, due },
                }));
                moment = moment.into_iter().chain(due.next(&record.ticket, now_us)).min();
            }
            next_us = next_us.into_iter().chain(moment).min();
        }
        Ok((news, next_us))
    }

    /// When who waits is taken to have left: nobody who wrote and is answered in writing, and nobody who came by mail.
    fn moment_of_leaving(&self, record: &TicketRecord) -> Option<i64> {
        let ticket = &record.ticket;
        let looks_on = !ticket.spoke || ticket.wants != Wants::Chat;
        let may_leave = ticket.state == State::Waiting && looks_on && ticket.via != Via::Mail;
        if !may_leave {
            return None;
        }
        Some(self.gone_since(ticket.visitor)?.max(ticket.waiting_since) + PATIENCE_US)
    }
}

/// Desks that want to reach something, with their hours: each read once.
#[derive(Default)]
struct Desks(HashMap<DeskId, Option<(DeskRecord, Calendar)>>);

impl Desks {
    fn get(&mut self, conn: &mut Conn, id: DeskId) -> Result<Option<&(DeskRecord, Calendar)>> {
        if let std::collections::hash_map::Entry::Vacant(place) = self.0.entry(id) {
            let desk = desks::one(conn, id)?.filter(|it| it.settings.targets != Default::default());
            place.insert(desk.and_then(|it| it.settings.hours.read().ok().map(|hours| (it, hours))));
        }
        Ok(self.0[&id].as_ref())
    }
}

impl App {
    /// Visitor and agent are in a call together.
    pub(crate) fn met(self: &Arc<Self>, space: SpaceId, agent: PersonId) {
        let app = self.clone();
        tokio::spawn(async move {
            if let Err(error) = app.carry_out(space, None, Routed::Met { agent }).await {
                tracing::warn!(%error, space.id = %space, "That a visitor and an agent met could not be noted");
            }
        });
    }
}
