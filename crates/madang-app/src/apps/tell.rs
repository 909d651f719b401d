//! What apps are to be told: written down in the log's order, taken up by whoever speaks to them, and kept for some days.

use std::collections::HashSet;
use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::refusal::Thing;
use madang_model::{AppId, PersonId, Refusal, SpaceId};
use madang_store::apps::deliveries::{self, DeliveryRecord, NewDelivery};
use madang_store::apps::{self, AppRecord};
use madang_store::db::Tx;
use serde_json::{Value, json};

use super::manager;
use crate::app::App;
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::people::workspace;

const SECOND_US: i64 = 1_000_000;
/// What is told is kept for this long, told or not: three days.
const KEPT_US: i64 = 3 * 24 * 3_600 * SECOND_US;
/// Waits before a further try (Slack, Events API, "Retries"): at once, after a minute, after five.
const WAITS: [i64; 3] = [0, 60, 300];
/// Of so many at least, and less than one in twenty taken within an hour: the app is told no more.
const FEW: i64 = 20;
const HOUR_US: i64 = 3_600 * SECOND_US;

/// What waits, with the app that it is for.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub delivery: DeliveryRecord,
    pub app: AppRecord,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It concerns the app in nothing.
    Nothing,
    /// All of its parts were taken.
    Taken { status: Option<u16> },
    /// So many of its parts were taken.
    Part(usize),
    /// It was not taken.
    Refused {
        status: Option<u16>,
        fault: String,
        /// It is not tried again.
        give_up: bool,
        /// The app is there and does not want this: what comes after it does not wait.
        unwanted: bool,
        /// Whether an app that takes nothing is told no more.
        counts: bool,
        /// There are more parts, from this one on, which do not wait for it.
        next: Option<usize>,
    },
    /// There was nobody to tell it to; it is tried again in so many seconds, or when somebody connects.
    Nobody { seconds: i64 },
}

impl App {
    /// Tells one app of something that stands in no log. Call `apps_are_told` when the transaction is over.
    ///
    /// # Errors
    /// What the store said.
    pub async fn tell_app(self: &Arc<Self>, id: AppId, kind: &'static str, about: Value) -> Result<()> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<()> {
                let new = NewDelivery {
                    id: app.ids.next(),
                    app: id,
                    space: SpaceId(0),
                    seq: 0,
                    kind: kind.to_owned(),
                    about: about.to_string(),
                    at_us: app.clock.now_us(),
                };
                Ok(deliveries::insert(tx, &new)?)
            })
            .await?;
        self.new_app_deliveries.notify_one();
        Ok(())
    }

    /// Tells every app that wishes to hear of this kind. Call `apps_are_told` when the transaction is over.
    pub(crate) fn tell_apps(&self, tx: &mut Tx, kind: &'static str, about: &Value) -> Result<()> {
        let house = workspace(tx)?.id;
        for app in apps::of_house(tx, house)?.iter().filter(|it| it.events.iter().any(|it| it == kind)) {
            let new = NewDelivery {
                id: self.ids.next(),
                app: app.id,
                space: SpaceId(0),
                seq: 0,
                kind: kind.to_owned(),
                about: about.to_string(),
                at_us: self.clock.now_us(),
            };
            deliveries::insert(tx, &new)?;
        }
        Ok(())
    }

    /// There may be something new for apps.
    pub fn apps_are_told(&self) {
        self.new_app_deliveries.notify_one();
    }

    /// Waits until there may be something new for an app, or until `most` is over.
    pub async fn apps_may_be_told(&self, most: std::time::Duration) {
        let _ = tokio::time::timeout(most, self.new_app_deliveries.notified()).await;
    }

    /// What waits and is due: of each app and space the first. `begun` is what is being told already.
    ///
    /// # Errors
    /// What the store said.
    pub async fn app_deliveries_due(
        self: &Arc<Self>,
        limit: usize,
        begun: HashSet<i64>,
    ) -> Result<Vec<Waiting>> {
        let now_us = self.clock.now_us();
        let most = i64::try_from(limit + begun.len()).unwrap_or(i64::MAX);
        self.db
            .read(move |conn| -> Result<_> {
                let mut waiting = Vec::new();
                for delivery in deliveries::due(conn, now_us, most)? {
                    if begun.contains(&delivery.id) {
                        continue;
                    }
                    if let Some(app) = apps::one(conn, delivery.app)? {
                        waiting.push(Waiting { delivery, app });
                    }
                }
                Ok(waiting)
            })
            .await
    }

    /// Writes down how it went.
    ///
    /// # Errors
    /// What the store said.
    pub async fn app_was_told(self: &Arc<Self>, delivery: DeliveryRecord, told: Told) -> Result<()> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<()> {
                let (id, now_us) = (delivery.id, app.clock.now_us());
                match &told {
                    Told::Nothing => deliveries::nothing(tx, id)?,
                    Told::Taken { status } => deliveries::taken(tx, id, status.map(i64::from), now_us)?,
                    Told::Part(parts) => deliveries::part(tx, id, i64::try_from(*parts).unwrap_or(i64::MAX))?,
                    Told::Nobody { seconds } => {
                        deliveries::later(tx, delivery.app, now_us + seconds * SECOND_US)?
                    }
                    Told::Refused { status, fault, give_up, unwanted, counts, next } => {
                        let status = status.map(i64::from);
                        let wait = WAITS.get(usize::try_from(delivery.tries).unwrap_or(usize::MAX));
                        if let Some(next) = next {
                            if !give_up {
                                deliveries::part_aside(tx, id, app.ids.next(), now_us, status, fault)?;
                            }
                            let next = i64::try_from(*next).unwrap_or(i64::MAX);
                            return Ok(deliveries::part(tx, id, next)?);
                        }
                        match wait.filter(|_| !give_up) {
                            Some(wait) => {
                                // Once more at once, in order; then aside.
                                let aside = *unwanted || delivery.tries > 0;
                                let at = now_us + wait * SECOND_US;
                                deliveries::again(tx, id, at, status, fault, aside)?;
                            }
                            None => {
                                deliveries::failed(tx, id, status, fault, now_us)?;
                                if *counts {
                                    app.suspend_if_dead(tx, delivery.app, now_us)?;
                                }
                            }
                        }
                    }
                }
                Ok(())
            })
            .await
    }

    fn suspend_if_dead(&self, tx: &mut Tx, id: AppId, now_us: i64) -> Result<()> {
        let (ended, taken) = deliveries::outcomes(tx, id, now_us - HOUR_US)?;
        if ended < FEW || taken * 20 >= ended {
            return Ok(());
        }
        let Some(record) = apps::one(tx, id)?.filter(|it| it.suspended_at.is_none()) else { return Ok(()) };
        apps::suspend(tx, id, Some(now_us))?;
        let about = json!({"name": record.name, "ended": ended, "taken": taken});
        self.write_down(tx, by_somebody(), Act::AppSuspended, Object::App(id), about)
    }

    /// It is told again, with all that waited.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn resume_app(self: &Arc<Self>, person: PersonId, id: AppId) -> Result<()> {
        let (app, by) = (self.clone(), by(person));
        self.db
            .write(move |tx| -> Result<()> {
                manager(tx, Some(person))?;
                let record = apps::one(tx, id)?.ok_or(Refusal::NotFound(Thing::App))?;
                apps::suspend(tx, id, None)?;
                deliveries::wake(tx, id)?;
                app.write_down(tx, by, Act::AppResumed, Object::App(id), json!({"name": record.name}))
            })
            .await?;
        self.new_app_deliveries.notify_one();
        Ok(())
    }

    /// Whatever waits for this app is due: somebody has connected.
    ///
    /// # Errors
    /// What the store said.
    pub async fn wake_app(self: &Arc<Self>, id: AppId) -> Result<()> {
        self.db.write(move |tx| -> Result<()> { Ok(deliveries::wake(tx, id)?) }).await?;
        self.new_app_deliveries.notify_one();
        Ok(())
    }

    /// The newest things that the app was told or is to be told, before `before`.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn app_deliveries(
        self: &Arc<Self>,
        person: PersonId,
        id: AppId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<DeliveryRecord>> {
        self.db
            .read(move |conn| -> Result<_> {
                manager(conn, Some(person))?;
                Ok(deliveries::of_app(conn, id, before, limit)?)
            })
            .await
    }

    /// Tells the app something once more.
    ///
    /// # Errors
    /// `NotFound` when there is nothing of that number, `NotAllowed`, or what the store said.
    pub async fn replay_delivery(self: &Arc<Self>, person: PersonId, id: AppId, delivery: i64) -> Result<()> {
        self.db
            .write(move |tx| -> Result<()> {
                manager(tx, Some(person))?;
                if !deliveries::replay(tx, id, delivery)? {
                    return Err(Refusal::NotFound(Thing::Delivery).into());
                }
                Ok(())
            })
            .await?;
        self.new_app_deliveries.notify_one();
        Ok(())
    }

    /// Forgets what is older than three days. For the hourly sweep.
    ///
    /// # Errors
    /// What the store said.
    pub async fn forget_old_deliveries(self: &Arc<Self>) -> Result<()> {
        let before = self.clock.now_us() - KEPT_US;
        while self.db.write(move |tx| -> Result<_> { Ok(deliveries::forget_old(tx, before)?) }).await? {}
        Ok(())
    }
}
