//! The moments of a meeting: what the clock of its zone and its rule give.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::repeat::{Ends, Rule};
use super::{Meeting, invalid};
use crate::refusal::Refusal;

/// The zones that are compiled in: the same on every machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

const MINUTE_US: i64 = 60 * 1_000_000;
/// How a time on a clock is written.
const LOCAL: &str = "%Y-%m-%dT%H:%M:%S";
/// How many of the next ones a reminder can be of: one is never set further ahead than a day.
const NEAR: usize = 8;

/// One time that a meeting takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// When it is by the rule, on the clock of the zone: its name within the series.
    pub name: String,
    /// When it is, on the clock of the zone.
    pub local: String,
    /// Microseconds since 1970.
    pub start_us: i64,
    pub end_us: i64,
    pub moved: bool,
}

/// The next time at which people are told of a meeting, and of which of its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub at_us: i64,
    pub occurrence: Occurrence,
}

/// # Errors
/// `Invalid` for a zone that nobody knows.
pub fn zone(name: &str) -> Result<TimeZone, Refusal> {
    ZONES.get(name).map_err(|_| invalid("zone", "give a time zone such as Asia/Seoul"))
}

/// A time on a clock: `2026-12-01T09:00` or with seconds.
///
/// # Errors
/// `Invalid`.
pub fn local(text: &str) -> Result<DateTime, Refusal> {
    let whole = if text.len() == 16 { format!("{text}:00") } else { text.to_owned() };
    DateTime::strptime(LOCAL, &whole)
        .ok()
        .filter(|it| (2000..2200).contains(&it.year()))
        .ok_or_else(|| invalid("start", "give a time such as 2026-12-01T09:00"))
}

pub(super) fn written(at: DateTime) -> String {
    at.strftime(LOCAL).to_string()
}

impl Meeting {
    /// Those that end after a moment, in order of their start, at most so many.
    #[must_use]
    pub fn occurrences(&self, after_us: i64, most: usize) -> Vec<Occurrence> {
        if self.cancelled {
            return Vec::new();
        }
        let Some((zone, all)) = self.by_rule() else { return Vec::new() };
        let changed = |name: &str| self.changes.iter().any(|it| it.occurrence == name);
        let mut found: Vec<Occurrence> = all
            .filter(|at| !changed(&written(*at)))
            .filter_map(|at| occurrence(&zone, at, at, self.minutes))
            .filter(|it| it.end_us > after_us)
            .take(most)
            .collect();
        for change in &self.changes {
            let (Some(start), Ok(name)) = (&change.start, local(&change.occurrence)) else { continue };
            let Ok(start) = local(start) else { continue };
            let moved = occurrence(&zone, name, start, change.minutes.unwrap_or(self.minutes));
            found.extend(moved.filter(|it| it.end_us > after_us));
        }
        found.sort_by_key(|it| it.start_us);
        found.truncate(most);
        found
    }

    /// Whether the rule gives one at this time on the clock.
    pub(super) fn has(&self, name: &str) -> bool {
        let Some((_, mut all)) = self.by_rule() else { return false };
        let Ok(wanted) = local(name) else { return false };
        all.find(|it| *it >= wanted) == Some(wanted)
    }

    /// When the last of them is over; none for one that goes on.
    #[must_use]
    pub fn ends_us(&self) -> Option<i64> {
        let (zone, all) = self.by_rule()?;
        if self.rule(&zone).is_some_and(|it| it.ends == Ends::Never) {
            return None;
        }
        let last = all.last().and_then(|at| occurrence(&zone, at, at, self.minutes));
        let moved = self.occurrences(i64::MIN, usize::MAX);
        last.iter().chain(&moved).map(|it| it.end_us).max()
    }

    /// When people are told of it next, after a moment.
    #[must_use]
    pub fn due_after(&self, after_us: i64) -> Option<Due> {
        let early = i64::from(self.remind) * MINUTE_US;
        let near = self.occurrences(after_us, NEAR).into_iter();
        let all = near.flat_map(|it| [it.start_us - early, it.start_us].map(|at| (at, it.clone())));
        let next = all.filter(|(at, _)| *at > after_us).min_by_key(|(at, _)| *at);
        next.map(|(at_us, occurrence)| Due { at_us, occurrence })
    }

    /// What people are told of when reminders are due from `since_us` on: the one whose time came last and that is
    /// not over. None when all are over: nobody is told of what they cannot come to.
    #[must_use]
    pub fn due_between(&self, since_us: i64, now_us: i64) -> Option<Occurrence> {
        let early = i64::from(self.remind) * MINUTE_US;
        self.occurrences(now_us, NEAR)
            .into_iter()
            .filter_map(|it| {
                let came = [it.start_us - early, it.start_us]
                    .into_iter()
                    .filter(|at| (since_us..=now_us).contains(at));
                came.max().map(|at| (at, it))
            })
            .max_by_key(|(at, _)| *at)
            .map(|(_, it)| it)
    }

    fn rule(&self, zone: &TimeZone) -> Option<Rule> {
        self.repeat.as_ref().and_then(|text| Rule::parse(text, zone).ok())
    }

    /// The times by the rule, on the clock of the zone, whatever became of single ones.
    fn by_rule(&self) -> Option<(TimeZone, Box<dyn Iterator<Item = DateTime>>)> {
        let (zone, start) = (zone(&self.zone).ok()?, local(&self.start).ok()?);
        let Some(rule) = self.rule(&zone) else {
            return Some((zone, Box::new(std::iter::once(start))));
        };
        let all = rule.dates(start.date()).map(move |date| DateTime::from_parts(date, start.time()));
        let all = all.take_while(|it| it.year() < 2200);
        let all: Box<dyn Iterator<Item = DateTime>> = match rule.ends {
            Ends::Never => Box::new(all),
            Ends::After(count) => Box::new(all.take(count as usize)),
            Ends::Until(until) => {
                let zone = zone.clone();
                Box::new(all.take_while(move |at| moment(&zone, *at).is_some_and(|it| it <= until)))
            }
        };
        Some((zone, all))
    }
}

/// RFC 5545, 3.3.5: a time that the clock skips is read with the offset from before, one that it shows twice is the
/// first.
fn moment(zone: &TimeZone, at: DateTime) -> Option<i64> {
    zone.to_ambiguous_timestamp(at).compatible().ok().map(|it| it.as_microsecond())
}

fn occurrence(zone: &TimeZone, name: DateTime, at: DateTime, minutes: u32) -> Option<Occurrence> {
    let start_us = moment(zone, at)?;
    Some(Occurrence {
        name: written(name),
        local: written(at),
        start_us,
        end_us: start_us + i64::from(minutes) * MINUTE_US,
        moved: name != at,
    })
}
