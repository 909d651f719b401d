//! How it went at a desk: each round of each ticket is a line, and a report is what the lines of some days add up to.
//!
//! Waiting is counted in the desk's opening hours: who wrote at night waited from the morning on. From the button to the
//! face is counted by the clock on the wall, for somebody sat there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::ticket::{CloseReason, Target, Ticket, Via, Wants};
use crate::hours::Calendar;
use crate::id::{DeskId, PersonId};

/// One round of a ticket, from its opening to its end. Times are microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub round: u32,
    pub desk: DeskId,
    /// Who helped, last.
    pub agent: Option<PersonId>,
    pub via: Via,
    pub wants: Wants,
    pub language: String,
    pub opened_at: i64,
    pub assigned_at: Option<i64>,
    pub first_answer_at: Option<i64>,
    /// From the visitor's wish for a call to the moment both were in it, in microseconds.
    pub met_after: Option<i64>,
    pub closed_at: Option<i64>,
    pub closed_by: Option<CloseReason>,
    pub stars: Option<u8>,
    pub overdue: Vec<Target>,
}

impl Round {
    /// The round in which a ticket is.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Round {
        Round {
            round: ticket.round,
            desk: ticket.desk,
            // Whoever helped in an earlier round did not help in this one.
            agent: ticket.assigned_at.and(ticket.last_agent),
            via: ticket.via,
            wants: ticket.wants,
            language: ticket.language.clone(),
            opened_at: ticket.opened_at,
            assigned_at: ticket.assigned_at,
            first_answer_at: ticket.first_answer_at,
            met_after: ticket.met_after,
            closed_at: ticket.closed_at,
            closed_by: ticket.closed_by,
            stars: ticket.stars,
            overdue: ticket.overdue.clone(),
        }
    }

    /// It ended before anybody helped.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.closed_at.is_some() && self.assigned_at.is_none() && self.first_answer_at.is_none()
    }
}

/// What many durations come to, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    pub count: u32,
    pub median: i64,
    /// Nine of ten were not longer.
    pub p90: i64,
}

impl Spread {
    fn of(mut all: Vec<i64>) -> Spread {
        if all.is_empty() {
            return Spread::default();
        }
        all.sort_unstable();
        // The nearest rank: a duration that there was.
        let rank = |percent: usize| all[(all.len() * percent).div_ceil(100).max(1) - 1];
        Spread { count: u32::try_from(all.len()).unwrap_or(u32::MAX), median: rank(50), p90: rank(90) }
    }
}

/// How many were good enough, of those that are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    pub of: u32,
    pub reached: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Rounds that were opened.
    pub opened: u32,
    pub closed: u32,
    /// Closed before anybody helped.
    pub given_up: u32,
    /// Until an agent had it.
    pub wait: Spread,
    pub first_answer: Spread,
    /// From the button to the face.
    pub face: Spread,
    /// Until it was closed.
    pub resolution: Spread,
    /// How many gave one star, two, up to five.
    pub stars: [u32; 5],
    pub answered_in_time: Share,
    pub closed_in_time: Share,
}

/// Of a desk in some days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub all: Figures,
    /// By the day on which they were opened, `2026-11-27`, in the zone of the desk.
    pub days: BTreeMap<String, Figures>,
    /// How many were opened in each hour of each day of the week, from Sunday on.
    pub hours: [[u32; 24]; 7],
    pub ways: BTreeMap<Via, u32>,
    pub agents: BTreeMap<PersonId, Figures>,
}

/// Adds up what is known of rounds. Whether something was in time is known only where the desk has that target: `answer`
/// and `close` say so.
#[must_use]
pub fn report(rounds: &[Round], hours: &Calendar, zone: &TimeZone, (answer, close): (bool, bool)) -> Report {
    let mut report = Report::default();
    // What went on in an earlier ticket is counted there.
    let rounds: Vec<&Round> = rounds.iter().filter(|it| it.closed_by != Some(CloseReason::Merged)).collect();
    let (mut days, mut agents) = (BTreeMap::<_, Vec<&Round>>::new(), BTreeMap::<_, Vec<&Round>>::new());
    for &round in &rounds {
        let Ok(opened) = Timestamp::from_microsecond(round.opened_at) else { continue };
        let local = zone.to_datetime(opened);
        days.entry(local.date().to_string()).or_default().push(round);
        let weekday = usize::try_from(local.date().weekday().to_sunday_zero_offset()).unwrap_or_default();
        report.hours[weekday][usize::try_from(local.hour()).unwrap_or_default()] += 1;
        *report.ways.entry(round.via).or_default() += 1;
        if let Some(agent) = round.agent {
            agents.entry(agent).or_default().push(round);
        }
    }
    let figures = |rounds: &[&Round]| figures(rounds, hours, (answer, close));
    report.all = figures(&rounds);
    report.days = days.into_iter().map(|(day, rounds)| (day, figures(&rounds))).collect();
    report.agents = agents.into_iter().map(|(agent, rounds)| (agent, figures(&rounds))).collect();
    report
}

fn figures(rounds: &[&Round], hours: &Calendar, (answer, close): (bool, bool)) -> Figures {
    let count = |of: &dyn Fn(&Round) -> bool| {
        u32::try_from(rounds.iter().filter(|it| of(it)).count()).unwrap_or(u32::MAX)
    };
    let until = |moment: &dyn Fn(&Round) -> Option<i64>| {
        let each = rounds.iter().filter_map(|it| Some(hours.worked(it.opened_at, moment(it)?)));
        Spread::of(each.collect())
    };
    // One that is still open and not late yet may be either.
    let share = |wanted: bool, target: Target, done: &dyn Fn(&Round) -> bool| {
        let late = |it: &Round| it.overdue.contains(&target);
        if !wanted {
            return Share::default();
        }
        let reached = count(&|it| done(it) && !late(it));
        Share { of: reached + count(&late), reached }
    };
    let mut stars = [0; 5];
    for given in rounds.iter().filter_map(|it| it.stars) {
        stars[usize::from(given.clamp(1, 5)) - 1] += 1;
    }
    Figures {
        opened: count(&|_| true),
        closed: count(&|it| it.closed_at.is_some()),
        given_up: count(&Round::is_given_up),
        wait: until(&|it| it.assigned_at),
        first_answer: until(&|it| it.first_answer_at),
        face: Spread::of(rounds.iter().filter_map(|it| it.met_after).collect()),
        resolution: until(&|it| it.closed_at.filter(|_| !it.is_given_up())),
        stars,
        answered_in_time: share(answer, Target::FirstAnswer, &|it| it.first_answer_at.is_some()),
        closed_in_time: share(close, Target::Close, &|it| it.closed_at.is_some() && !it.is_given_up()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::desk::ticket::Opening;
    use crate::event::{Body, Event};
    use crate::hours::{Hours, Shift, Weekly};
    use crate::id::SpaceId;

    /// A time on the clock of Seoul.
    pub(crate) fn at(text: &str) -> i64 {
        let local: jiff::civil::DateTime = text.parse().expect("a time");
        let zone = TimeZone::get("Asia/Seoul").expect("a zone");
        zone.to_timestamp(local).expect("a moment").as_microsecond()
    }

    fn event(at_us: i64, body: Body) -> Event {
        Event { space: SpaceId(1), seq: 3, author: PersonId(9), client_id: None, at_us, staff: false, body }
    }

    pub(crate) fn ticket(opened_us: i64) -> Ticket {
        let opening = Opening {
            desk: DeskId(5),
            round: 1,
            via: Via::Widget,
            wants: Wants::Video,
            language: "ko".into(),
            skill: None,
            page: None,
        };
        let begun = event(opened_us, Body::TicketOpened(Box::new(opening.clone())));
        Ticket::begun(&begun, &opening)
    }

    fn hours() -> Calendar {
        let shift = Shift { from: "09:00".into(), to: "18:00".into() };
        let week = vec![Weekly { days: vec![1, 2, 3, 4, 5], shift }];
        Hours { zone: "Asia/Seoul".into(), week, others: Vec::new() }.read().expect("hours")
    }

    fn helped(opened: &str, assigned: &str, closed: &str, agent: i64, stars: u8) -> Round {
        let ticket = ticket(at(opened));
        Round {
            agent: Some(PersonId(agent)),
            assigned_at: Some(at(assigned)),
            first_answer_at: Some(at(assigned)),
            met_after: Some(12_000_000),
            closed_at: Some(at(closed)),
            closed_by: Some(CloseReason::Agent),
            stars: Some(stars),
            ..Round::of(&ticket)
        }
    }

    fn seoul() -> TimeZone {
        TimeZone::get("Asia/Seoul").expect("a zone")
    }

    #[test]
    fn a_round_is_what_its_ticket_says_of_this_round() {
        let mut ticket = ticket(at("2026-11-26 10:00"));
        ticket.apply(&event(at("2026-11-26 10:00:09"), Body::TicketMet { agent: PersonId(7) }));
        let round = Round::of(&ticket);
        assert_eq!(round.met_after, Some(9_000_000));
        assert_eq!(round.first_answer_at, Some(at("2026-11-26 10:00:09")), "a face is an answer");
        ticket.last_agent = Some(PersonId(7));
        assert_eq!(Round::of(&ticket).agent, None, "who helped the last time");
        ticket.apply(&event(at("2026-11-26 10:05"), Body::TicketMet { agent: PersonId(7) }));
        assert_eq!(Round::of(&ticket).met_after, Some(9_000_000), "the first time counts");
    }

    #[test]
    fn waiting_is_counted_in_opening_hours_and_faces_by_the_clock() {
        let rounds = [
            helped("2026-11-26 10:00", "2026-11-26 10:02", "2026-11-26 10:30", 7, 5),
            // Written on Thursday night, answered on Friday morning.
            helped("2026-11-26 23:00", "2026-11-27 09:04", "2026-11-27 09:10", 8, 3),
        ];
        let report = report(&rounds, &hours(), &seoul(), (false, false));
        let minutes = |count: i64| count * 60_000_000;
        assert_eq!(report.all.wait, Spread { count: 2, median: minutes(2), p90: minutes(4) });
        assert_eq!(report.all.resolution, Spread { count: 2, median: minutes(10), p90: minutes(30) });
        assert_eq!(report.all.face, Spread { count: 2, median: 12_000_000, p90: 12_000_000 });
        assert_eq!(report.all.stars, [0, 0, 1, 0, 1]);
        assert_eq!(report.days["2026-11-26"].opened, 2, "by the day in the zone of the desk");
        assert_eq!((report.hours[4][10], report.hours[4][23]), (1, 1));
        assert_eq!(report.agents[&PersonId(7)].opened, 1);
        assert_eq!(report.all.answered_in_time, Share::default(), "the desk has no such target");
    }

    #[test]
    fn who_left_was_not_helped_and_what_goes_on_may_still_be_in_time() {
        let opened = Round::of(&ticket(at("2026-11-26 10:00")));
        let left = Round {
            closed_at: Some(at("2026-11-26 10:03")),
            closed_by: Some(CloseReason::Idle),
            ..opened.clone()
        };
        let late = Round { overdue: vec![Target::FirstAnswer], ..opened.clone() };
        let good = helped("2026-11-26 11:00", "2026-11-26 11:01", "2026-11-26 11:05", 7, 4);
        let gone_on = Round { closed_by: Some(CloseReason::Merged), ..left.clone() };
        let all = [opened, left, late, good, gone_on];
        let figures = report(&all, &hours(), &seoul(), (true, true)).all;
        assert_eq!((figures.opened, figures.closed, figures.given_up), (4, 2, 1));
        assert_eq!(figures.answered_in_time, Share { of: 2, reached: 1 });
        assert_eq!(figures.closed_in_time, Share { of: 1, reached: 1 });
        assert_eq!(figures.resolution.count, 1);
    }

    #[test]
    fn a_clock_that_goes_back_shows_an_hour_twice() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        // 2026-10-25: 02:30 in summer time, and an hour later 02:30 again.
        let first: Timestamp = "2026-10-25T00:30:00Z".parse().expect("a moment");
        let rounds = [0, 3_600_000_000].map(|later| Round::of(&ticket(first.as_microsecond() + later)));
        let report = report(&rounds, &hours(), &zone, (false, false));
        assert_eq!(report.hours[0][2], 2);
        assert_eq!(report.days["2026-10-25"].opened, 2);
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(report(&[], &hours(), &seoul(), (true, true)), Report::default());
    }
}
