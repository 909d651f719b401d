//! What falls due: reminders, messages that wait for their time, and meetings that are near. The times are kept in the store, so that a
//! restart forgets none; what came due meanwhile is done at the start.

use std::sync::Arc;
use std::time::Duration;

use madang_store::db::Tx;
use madang_store::push;
use madang_store::saved::{self, Place};
use madang_store::scheduled;
use madang_store::{log, registers, spaces, visit_letters};

use madang_model::register::Key;

use crate::app::App;
use crate::error::Result;
use crate::push::{quiet_ends, settings};

/// How long it sleeps at most: another process may have set a time.
const REST: Duration = Duration::from_secs(5);
/// Things of one transaction.
const BATCH: i64 = 32;

impl App {
    /// Does what falls due until the process ends.
    pub async fn watch_the_clock(self: Arc<Self>) {
        loop {
            let rest = match self.do_due().await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::error!(%error, "What fell due could not be done, it is tried again");
                    REST
                }
            };
            let _ = tokio::time::timeout(rest, self.new_due.notified()).await;
        }
    }

    /// Does what is due now; gives how long nothing will be.
    async fn do_due(self: &Arc<Self>) -> Result<Duration> {
        loop {
            let now_us = self.clock.now_us();
            let next = self.db.read(next_due).await?;
            match next {
                Some(at) if at <= now_us => self.do_some(now_us).await?,
                Some(at) => return Ok(Duration::from_micros((at - now_us).unsigned_abs()).min(REST)),
                None => return Ok(REST),
            }
        }
    }

    async fn do_some(self: &Arc<Self>, now_us: i64) -> Result<()> {
        let app = self.clone();
        let messages =
            self.db.read(move |conn| -> Result<_> { Ok(scheduled::due(conn, now_us, BATCH)?) }).await?;
        // Each in a transaction of its own: what is refused holds up nobody else's.
        for (person, id) in messages {
            let app = self.clone();
            self.db.write(move |tx| app.send_due(tx, person, &id, now_us)).await?;
        }
        self.tell_of_meetings(now_us, BATCH).await?;
        self.ask_again(now_us).await?;
        self.db
            .write(move |tx| -> Result<()> {
                for place in saved::due(tx, now_us, BATCH)? {
                    app.remind_of(tx, place, now_us)?;
                }
                for (place, told_at) in saved::push_due(tx, now_us, BATCH)? {
                    app.push_reminder(tx, place, told_at, now_us)?;
                }
                Ok(())
            })
            .await
    }

    /// Tells the devices of whoever was reminded, unless they looked at the list since. In quiet hours it waits until
    /// those are over.
    fn push_reminder(&self, tx: &mut Tx, place: Place, told_at: i64, now_us: i64) -> Result<()> {
        let (person, space, message) = place;
        let seen = registers::get(tx, person, &Key::Activity)?.and_then(|it| it.value["read_at"].as_i64());
        let gone = spaces::mine_one(tx, person, space)?.is_none_or(|it| it.me.is_none());
        if gone || seen.is_some_and(|at| at >= told_at) {
            return Ok(saved::push_at(tx, place, None)?);
        }
        match quiet_ends(&settings(tx, person)?, now_us) {
            Some(at) if at > now_us => return Ok(saved::push_at(tx, place, Some(at))?),
            // It is always quiet there.
            None => return Ok(saved::push_at(tx, place, None)?),
            Some(_) => {}
        }
        for device in push::of_person(tx, person, now_us)? {
            if !self.is_in_sight(device.session) {
                push::out_alone(tx, device.session, space, message, now_us)?;
            }
        }
        saved::push_at(tx, place, None)?;
        self.new_pushes.notify_one();
        Ok(())
    }
}

fn next_due(conn: &mut madang_store::db::Conn) -> Result<Option<i64>> {
    let follow_up = visit_letters::next_follow_up(conn)?;
    let all = [saved::next(conn)?, scheduled::next(conn)?, log::next_meeting(conn)?, follow_up];
    Ok(all.into_iter().flatten().min())
}
