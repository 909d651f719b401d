//! How long messages are kept. Once a day what is older than its rule allows is
//! erased: removed by an event, as if somebody had removed it, and its text
//! destroyed in the log itself.
//!
//! A run may be stopped anywhere and goes on where it was: what was erased is
//! marked in the same transaction, and is not found again.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::permission::{HouseRight, Right, may, may_in_house};
use madang_model::{Body, PersonId, Refusal, SpaceId};
use madang_store::db::{Conn, Tx};
use madang_store::retention::{self, Due, RetentionRule};
use madang_store::{house, log};
use serde_json::json;

use crate::app::App;
use crate::audit::{by, by_somebody};
use crate::error::Result;
use crate::people::workspace;

const DAY_US: i64 = 24 * 3_600 * 1_000_000;
/// Ten years; longer is for ever.
const MOST_DAYS: i64 = 3_650;
/// Messages that are erased in one transaction.
const STEP: i64 = 100;
/// Messages that are erased in one run, so that mail does not wait for a first one; the next run goes on.
const RUN: i64 = 10_000;

/// A rule with the name of its space, where the reader may know it.
pub type NamedRule = (RetentionRule, Option<String>);

impl App {
    /// The rules of the house.
    ///
    /// # Errors
    /// `NotAllowed`, or what the store said.
    pub async fn retention(self: &Arc<Self>, reader: PersonId) -> Result<Vec<NamedRule>> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, reader)?, HouseRight::ManageRetention)?;
                let mut rules = Vec::new();
                for rule in retention::rules(conn, house)? {
                    let name = match rule.space {
                        Some(space) => name_of(conn, reader, space)?,
                        None => None,
                    };
                    rules.push((rule, name));
                }
                Ok(rules)
            })
            .await
    }

    /// Sets how long messages are kept, in the house or in one space. No `days` takes the rule away; 0 is for ever.
    ///
    /// # Errors
    /// `NotAllowed`, `NotFound`, `Invalid`, or what the store said.
    pub async fn set_retention(
        self: &Arc<Self>,
        person: PersonId,
        space: Option<SpaceId>,
        days: Option<i64>,
        keep_pinned: bool,
    ) -> Result<()> {
        check_days(days.unwrap_or(1))?;
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        self.db
            .write(move |tx| {
                let house = workspace(tx)?.id;
                may_in_house(log::standing_in_house(tx, house, person)?, HouseRight::ManageRetention)?;
                if let Some(space) = space {
                    visible(tx, person, space)?;
                }
                match days {
                    None => retention::forget(tx, house, space)?,
                    Some(days) => {
                        let rule = RetentionRule { space, days, keep_pinned, set_by: person, set_at: now_us };
                        retention::set(tx, house, &rule)?;
                    }
                }
                let object = space.map_or(Object::Nothing, Object::from);
                app.write_down(
                    tx,
                    by,
                    Act::RetentionChanged,
                    object,
                    json!({"days": days, "keep_pinned": keep_pinned}),
                )
            })
            .await
    }

    /// How many messages a rule would erase today, if it were set.
    ///
    /// # Errors
    /// As `set_retention`.
    pub async fn preview_retention(
        self: &Arc<Self>,
        person: PersonId,
        space: Option<SpaceId>,
        days: i64,
        keep_pinned: bool,
    ) -> Result<i64> {
        check_days(days)?;
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::ManageRetention)?;
                if days == 0 {
                    return Ok(0);
                }
                let spaces = match space {
                    Some(space) => {
                        visible(conn, person, space)?;
                        vec![space]
                    }
                    None => {
                        let own: Vec<_> =
                            retention::rules(conn, house)?.iter().filter_map(|it| it.space).collect();
                        retention::spaces(conn, house)?.into_iter().filter(|it| !own.contains(it)).collect()
                    }
                };
                let mut count = 0;
                for space in spaces {
                    count += retention::count_in(conn, space, now_us - days * DAY_US, keep_pinned)?;
                }
                Ok(count)
            })
            .await
    }

    /// Erases what is due, once a day.
    ///
    /// # Errors
    /// What the store said.
    pub(crate) async fn keep_retention(self: &Arc<Self>) -> Result<()> {
        let now_us = self.clock.now_us();
        let last = self.db.read(|conn| -> Result<_> { Ok(house::fact(conn, house::RETENTION_RAN)?) }).await?;
        if last.and_then(|text| text.parse::<i64>().ok()).is_some_and(|at| now_us - at < DAY_US) {
            return Ok(());
        }
        let erased = self.run_retention(now_us).await?;
        if erased > 0 {
            self.db.fold_log();
        }
        if erased >= RUN {
            return Ok(());
        }
        self.db
            .write(move |tx| -> Result<()> {
                Ok(house::set_fact(tx, house::RETENTION_RAN, &now_us.to_string())?)
            })
            .await
    }

    /// Erases what every rule says, as of a time, but little more than `RUN` messages; gives how many that were.
    ///
    /// # Errors
    /// What the store said.
    pub async fn run_retention(self: &Arc<Self>, now_us: i64) -> Result<i64> {
        let work = self
            .db
            .read(|conn| -> Result<Vec<(SpaceId, RetentionRule)>> {
                let Some(house) = house::workspaces(conn)?.first().map(|it| it.id) else {
                    return Ok(Vec::new());
                };
                let rules = retention::rules(conn, house)?;
                if rules.is_empty() {
                    return Ok(Vec::new());
                }
                let rule = |space| {
                    let own = rules.iter().find(|it| it.space == Some(space));
                    own.or_else(|| rules.iter().find(|it| it.space.is_none()))
                        .filter(|it| it.days > 0)
                        .copied()
                };
                let spaces = retention::spaces(conn, house)?;
                Ok(spaces.into_iter().filter_map(|space| Some((space, rule(space)?))).collect())
            })
            .await?;
        let mut total = 0;
        for (space, rule) in work {
            if total >= RUN {
                break;
            }
            let erased = match self.erase_older(space, rule, now_us - rule.days * DAY_US, RUN - total).await {
                Ok(erased) => erased,
                // A damaged space keeps no other one from its rule.
                Err(error) => {
                    tracing::error!(space.id = %space, %error, "Old messages of a space could not be erased");
                    continue;
                }
            };
            if erased > 0 {
                tracing::info!(space.id = %space, messages = erased, "Old messages were erased");
                let (app, by) = (self.clone(), by_somebody());
                let said = json!({"messages": erased, "days": rule.days});
                self.db
                    .write(move |tx| app.write_down(tx, by, Act::RetentionRan, space, said.clone()))
                    .await?;
            }
            total += erased;
        }
        Ok(total)
    }

    async fn erase_older(
        self: &Arc<Self>,
        space: SpaceId,
        rule: RetentionRule,
        before_us: i64,
        most: i64,
    ) -> Result<i64> {
        let (mut after, mut erased) = (0, 0);
        loop {
            let app = self.clone();
            let step = self.db.write(move |tx| -> Result<Vec<Due>> {
                let due = retention::due_in(tx, space, after, before_us, rule.keep_pinned, STEP)?;
                app.erase_messages(tx, rule.set_by, space, &due)?;
                Ok(due)
            });
            let step = step.await?;
            let Some(last) = step.last() else { return Ok(erased) };
            after = last.seq;
            erased += step.len() as i64;
            if erased >= most {
                return Ok(erased);
            }
        }
    }

    /// Removes messages by events in the name of `author`, and destroys their texts.
    pub(crate) fn erase_messages(
        &self,
        tx: &mut Tx,
        author: PersonId,
        space: SpaceId,
        due: &[Due],
    ) -> Result<()> {
        for message in due {
            // Read anew each time: what was appended moved its head.
            let Some(record) = log::space_locked(tx, space)? else { return Ok(()) };
            if !message.removed {
                let removal = Body::MessageRemoved { message: message.seq, thread: message.thread };
                self.append(tx, &record, author, None, vec![removal])?;
            }
            log::destroy_texts(tx, &self.keyring, &record, message.seq)?;
        }
        Ok(())
    }
}

fn check_days(days: i64) -> Result<()> {
    match days {
        0..=MOST_DAYS => Ok(()),
        _ => {
            Err(Refusal::Invalid { what: "days", why: format!("give 1 to {MOST_DAYS}, or 0 for ever") }
                .into())
        }
    }
}

/// A space that the person may see, also one that is archived.
fn visible(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<()> {
    let found = log::space(conn, space)?.ok_or(Refusal::NotFound(madang_model::refusal::Thing::Space))?;
    Ok(may(&log::standing(conn, &found.facts, person)?, Right::Read, &found.facts)?)
}

fn name_of(conn: &mut Conn, reader: PersonId, space: SpaceId) -> Result<Option<String>> {
    let Some(found) = log::space(conn, space)? else { return Ok(None) };
    let sees = may(&log::standing(conn, &found.facts, reader)?, Right::Read, &found.facts).is_ok();
    Ok(sees.then_some(found.facts.name))
}
