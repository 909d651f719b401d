//! Reports of desks. Durations are microseconds.

use std::collections::BTreeMap;

use madang_app::DeskReport;
use madang_model::desk::report::{Figures as Sums, Share as Part, Spread as Stretch};
use madang_model::desk::ticket::Target;
use madang_store::log::RoundRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::person::Person;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct AskReport {
    /// Microseconds since 1970; rounds that were opened from here on.
    pub from: i64,
    /// Microseconds since 1970; rounds that were opened before.
    pub until: i64,
}

/// What many durations come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Spread {
    pub count: u32,
    pub median: i64,
    /// Nine of ten were not longer.
    pub p90: i64,
}

impl From<Stretch> for Spread {
    fn from(it: Stretch) -> Self {
        Spread { count: it.count, median: it.median, p90: it.p90 }
    }
}

/// How many reached a target, of those of which it is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct Share {
    pub of: u32,
    pub reached: u32,
}

impl From<Part> for Share {
    fn from(it: Part) -> Self {
        Share { of: it.of, reached: it.reached }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Figures {
    pub opened: u32,
    pub closed: u32,
    /// Closed before anybody helped.
    pub given_up: u32,
    /// Until an agent had it, in opening hours.
    pub wait: Spread,
    /// In opening hours.
    pub first_answer: Spread,
    /// From the wish for a call to the moment visitor and agent were in it together, by the clock.
    pub face: Spread,
    /// Until it was closed, in opening hours.
    pub resolution: Spread,
    /// How many gave one star, two, up to five.
    pub stars: Vec<u32>,
    pub answered_in_time: Share,
    pub closed_in_time: Share,
}

impl From<Sums> for Figures {
    fn from(it: Sums) -> Self {
        Figures {
            opened: it.opened,
            closed: it.closed,
            given_up: it.given_up,
            wait: it.wait.into(),
            first_answer: it.first_answer.into(),
            face: it.face.into(),
            resolution: it.resolution.into(),
            stars: it.stars.into(),
            answered_in_time: it.answered_in_time.into(),
            closed_in_time: it.closed_in_time.into(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DayFigures {
    /// By the clock of the desk: "2026-11-27".
    pub day: String,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AgentFigures {
    pub person: Person,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// By whose clock days and hours are.
    pub zone: String,
    pub all: Figures,
    /// Days on which a round was opened, in order.
    pub days: Vec<DayFigures>,
    /// How many were opened in each hour of each day of the week, from Sunday on.
    pub hours: Vec<Vec<u32>>,
    /// How many came which way: "widget", "page", …
    pub ways: BTreeMap<&'static str, u32>,
    /// Of each agent, for who manages desks; else of oneself.
    pub agents: Vec<AgentFigures>,
    /// Whether all agents are among them.
    pub whole: bool,
}

impl From<DeskReport> for Report {
    fn from(DeskReport { report, agents, zone, whole }: DeskReport) -> Self {
        let of = |mut figures: BTreeMap<_, Sums>| {
            let named = agents.iter().filter_map(move |it| Some((it, figures.remove(&it.id)?)));
            named.map(|(it, sums)| AgentFigures { person: Person::from(it), figures: sums.into() }).collect()
        };
        Report {
            zone,
            all: report.all.into(),
            days: report.days.into_iter().map(|(day, it)| DayFigures { day, figures: it.into() }).collect(),
            hours: report.hours.iter().map(|it| it.to_vec()).collect(),
            ways: report.ways.into_iter().map(|(via, count)| (via.as_str(), count)).collect(),
            agents: of(report.agents),
            whole,
        }
    }
}

/// The first line of the rounds as CSV. The mark before it tells spreadsheets that the text is UTF-8.
pub const ROUNDS_HEAD: &str = "\u{feff}ticket,number,round,via,wants,language,opened_at,assigned_at,first_answer_at,\
    button_to_face_seconds,closed_at,closed_by,agent,stars,first_answer_overdue,close_overdue\r\n";

/// A line of CSV (RFC 4180). Times are ISO 8601 in UTC. Nothing in it was written by a visitor.
pub fn round_line(record: &RoundRecord) -> String {
    let round = &record.round;
    let time = |us: Option<i64>| {
        us.and_then(|it| jiff::Timestamp::from_microsecond(it).ok())
            .map_or_else(String::new, |it| format!("{it:.0}"))
    };
    let late = |target| if round.overdue.contains(&target) { "1" } else { "0" };
    let text = |it: Option<String>| it.unwrap_or_default();
    let fields = [
        record.space.to_string(),
        record.number.to_string(),
        round.round.to_string(),
        round.via.as_str().to_owned(),
        round.wants.as_str().to_owned(),
        round.language.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '-').collect(),
        time(Some(round.opened_at)),
        time(round.assigned_at),
        time(round.first_answer_at),
        text(round.met_after.map(|it| format!("{}.{:03}", it / 1_000_000, it / 1_000 % 1_000))),
        time(round.closed_at),
        text(round.closed_by.map(|it| it.as_str().to_owned())),
        text(round.agent.map(|it| it.to_string())),
        text(round.stars.map(|it| it.to_string())),
        late(Target::FirstAnswer).to_owned(),
        late(Target::Close).to_owned(),
    ];
    fields.join(",") + "\r\n"
}
