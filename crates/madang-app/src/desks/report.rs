//! How it went at a desk, for who stands at it and who manages desks.

use std::sync::Arc;

use jiff::tz::TimeZone;
use madang_model::desk::report::{self, Report, Round};
use madang_model::refusal::Thing;
use madang_model::{DeskId, PersonId, Refusal, limits};
use madang_store::db::Conn;
use madang_store::desks::{self, DeskRecord};
use madang_store::log::{self, RoundRecord};
use madang_store::people::{self, PersonRecord};

use super::set_up::{found, manager};
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;

/// Rounds that are read in one go.
const STEP: i64 = 1_000;

/// A report, and who the agents in it are.
#[derive(Debug, Clone)]
pub struct DeskReport {
    pub report: Report,
    pub agents: Vec<PersonRecord>,
    /// By whose clock the days and hours are.
    pub zone: String,
    /// Whether it tells of all agents, and not of whoever asks alone.
    pub whole: bool,
}

/// From a moment on and before another, in microseconds since 1970.
pub type Stretch = (i64, i64);

impl App {
    /// Adds up the rounds of a desk that were opened in a stretch of time. Of single agents it tells whoever manages
    /// desks; others find only themselves in it.
    ///
    /// # Errors
    /// `NotFound` for who neither stands there nor manages desks, `Invalid` for times that mean nothing, `TooMany`
    /// rounds, or what the store said.
    pub async fn desk_report(
        self: &Arc<Self>,
        person: PersonId,
        desk: DeskId,
        when: Stretch,
    ) -> Result<DeskReport> {
        let when = checked(when)?;
        let (desk, whole, rounds) = self
            .db
            .read(move |conn| -> Result<_> {
                let (record, whole) = reader(conn, person, desk)?;
                Ok((record, whole, all_rounds(conn, desk, when)?))
            })
            .await?;
        let hours = desk.settings.hours.clone();
        let targets = desk.settings.targets;
        let wanted = (targets.first_answer_minutes.is_some(), targets.close_minutes.is_some());
        let zone_name = hours.zone.clone();
        let mut report = tokio::task::spawn_blocking(move || -> Result<Report> {
            let zone = TimeZone::get(&hours.zone).unwrap_or(TimeZone::UTC);
            Ok(report::report(&rounds, &hours.read()?, &zone, wanted))
        })
        .await
        .map_err(|error| anyhow::anyhow!("a report broke: {error}"))??;
        if !whole {
            report.agents.retain(|agent, _| *agent == person);
        }
        let ids: Vec<PersonId> = report.agents.keys().copied().collect();
        let agents = self
            .db
            .read(move |conn| -> Result<_> {
                let house = workspace(conn)?.id;
                Ok(people::by_ids(conn, house, &ids)?)
            })
            .await?;
        Ok(DeskReport { report, agents, zone: zone_name, whole })
    }

    /// Rounds of a desk, oldest first, after one of them. Without the agents of others for who does not manage desks.
    ///
    /// # Errors
    /// As `desk_report`.
    pub async fn desk_rounds(
        self: &Arc<Self>,
        person: PersonId,
        desk: DeskId,
        when: Stretch,
        after: Option<RoundRecord>,
    ) -> Result<Vec<RoundRecord>> {
        let when = checked(when)?;
        self.db
            .read(move |conn| {
                let (_, whole) = reader(conn, person, desk)?;
                let mut rounds = log::rounds(conn, desk, when, after.as_ref(), STEP)?;
                for it in rounds.iter_mut().filter(|_| !whole) {
                    it.round.agent = it.round.agent.filter(|agent| *agent == person);
                }
                Ok(rounds)
            })
            .await
    }
}

fn checked((from_us, until_us): Stretch) -> Result<Stretch> {
    if from_us < until_us && until_us - from_us <= limits::REPORT_US {
        return Ok((from_us, until_us));
    }
    let why = "give a later time than from, at most 400 days".into();
    Err(Refusal::Invalid { what: "until", why }.into())
}

/// The desk, and whether the person may see how each agent did.
fn reader(conn: &mut Conn, person: PersonId, desk: DeskId) -> Result<(DeskRecord, bool)> {
    let record = found(conn, desk)?;
    let manages = manager(conn, person).is_ok();
    if !manages && !desks::standing(conn, desk)?.iter().any(|it| it.agent.person == person) {
        return Err(Refusal::NotFound(Thing::Desk).into());
    }
    Ok((record, manages))
}

fn all_rounds(conn: &mut Conn, desk: DeskId, when: Stretch) -> Result<Vec<Round>> {
    let (mut all, mut last) = (Vec::new(), None);
    loop {
        let step = log::rounds(conn, desk, when, last.as_ref(), STEP)?;
        let more = i64::try_from(step.len()).is_ok_and(|it| it == STEP);
        last = step.last().cloned();
        all.extend(step.into_iter().map(|it| it.round));
        if all.len() > limits::REPORT_ROUNDS {
            return Err(
                Refusal::TooMany { what: "rounds: choose fewer days", limit: limits::REPORT_ROUNDS }.into()
            );
        }
        if !more {
            return Ok(all);
        }
    }
}
