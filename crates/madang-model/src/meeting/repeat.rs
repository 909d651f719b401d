//! How a meeting repeats: the part of RFC 5545 recurrence rules that people choose from. A rule that is none of these
//! is refused with words, never understood by half.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use super::invalid;
use crate::refusal::Refusal;

/// Names of weekdays as rules write them, from Monday on.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
/// How often a rule can skip.
const INTERVALS: i32 = 99;
/// How many meetings a rule can count.
const COUNTS: u32 = 1_000;
/// Steps without a day that fits, after which none will come: the 29th of February in eight years.
const BARREN: i32 = 120;

/// A rule that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub every: Every,
    pub interval: i32,
    pub ends: Ends,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    Day,
    /// On these days of the week; on that of the first meeting if none is named.
    Week(Vec<Weekday>),
    Month(Days),
    Year,
}

/// Which day of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Days {
    /// That of the first meeting.
    Same,
    /// The day of this number; months that have none are skipped. -1 is the last one.
    Number(i8),
    /// The first (1) to fourth or last (-1) of a weekday.
    Nth(i8, Weekday),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Never,
    /// After so many meetings.
    After(u32),
    /// None begins after this moment, in microseconds since 1970.
    Until(i64),
}

impl Rule {
    /// Reads a rule. An end that is a date holds to the end of that day in the zone.
    ///
    /// # Errors
    /// `Invalid`, with what is not understood.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Rule, Refusal> {
        let text = text.trim().to_ascii_uppercase();
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in text.trim_start_matches("RRULE:").split(';').filter(|it| !it.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| not_understood(part))?;
            if parts.iter().any(|(known, _)| *known == name) {
                return Err(not_understood(part));
            }
            parts.push((name, value));
        }
        let mut take = |name: &str| {
            parts.iter().position(|(known, _)| *known == name).map(|place| parts.swap_remove(place).1)
        };
        let frequency = take("FREQ").ok_or_else(|| invalid("repeat", "say FREQ"))?;
        let interval = match take("INTERVAL") {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|it| (1..=INTERVALS).contains(it))
                .ok_or_else(|| invalid("repeat", "INTERVAL is a number from 1 to 99"))?,
        };
        let (by_day, by_date) = (take("BYDAY"), take("BYMONTHDAY"));
        let every = match (frequency, by_day, by_date) {
            ("DAILY", None, None) => Every::Day,
            ("WEEKLY", days, None) => Every::Week(weekdays(days)?),
            ("MONTHLY", None, None) => Every::Month(Days::Same),
            ("MONTHLY", None, Some(number)) => Every::Month(day_number(number)?),
            ("MONTHLY", Some(day), None) => Every::Month(nth(day)?),
            ("YEARLY", None, None) => Every::Year,
            _ => return Err(not_understood(&text)),
        };
        let ends = match (take("COUNT"), take("UNTIL")) {
            (None, None) => Ends::Never,
            (Some(count), None) => Ends::After(
                count
                    .parse()
                    .ok()
                    .filter(|it| (1..=COUNTS).contains(it))
                    .ok_or_else(|| invalid("repeat", "COUNT is a number from 1 to 1000"))?,
            ),
            (None, Some(until)) => Ends::Until(until_us(until, zone)?),
            // RFC 5545, 3.3.10: they must not stand in one rule.
            (Some(_), Some(_)) => return Err(invalid("repeat", "give COUNT or UNTIL")),
        };
        // Weeks begin on Monday, as calendars take it when nothing is said.
        if take("WKST").is_some_and(|day| day != "MO") {
            return Err(not_understood("WKST"));
        }
        match parts.first() {
            Some((name, _)) => Err(not_understood(name)),
            None => Ok(Rule { every, interval, ends }),
        }
    }

    /// The first day from `start` on that the rule names, at the same time of day.
    #[must_use]
    pub fn first(&self, start: DateTime) -> Option<DateTime> {
        self.dates(start.date()).next().map(|date| DateTime::from_parts(date, start.time()))
    }

    /// The days of the series that begins with `first`, in order, whatever ends it.
    pub fn dates(&self, first: Date) -> impl Iterator<Item = Date> + use<> {
        let rule = self.clone();
        let mut barren = 0;
        (0..)
            .map_while(move |step| {
                let days = rule.step(first, step)?;
                let some = days.iter().any(|it| *it >= first);
                barren = if some { 0 } else { barren + 1 };
                (barren < BARREN).then_some(days)
            })
            .flatten()
            .filter(move |date| *date >= first)
    }

    /// The days of one step of the rule; none where the calendar ends.
    fn step(&self, first: Date, step: i32) -> Option<Vec<Date>> {
        let steps = i64::from(step) * i64::from(self.interval);
        match &self.every {
            Every::Day => first.checked_add(Span::new().try_days(steps).ok()?).ok().map(|it| vec![it]),
            Every::Week(days) => {
                let back = i64::from(first.weekday().to_monday_zero_offset());
                let monday = first.checked_sub(Span::new().days(back)).ok()?;
                let monday = monday.checked_add(Span::new().try_weeks(steps).ok()?).ok()?;
                let own = [first.weekday()];
                let days = if days.is_empty() { &own[..] } else { days };
                let offsets = days.iter().map(|it| i64::from(it.to_monday_zero_offset()));
                offsets.map(|it| monday.checked_add(Span::new().days(it)).ok()).collect()
            }
            Every::Month(days) => {
                let month = first.first_of_month().checked_add(Span::new().try_months(steps).ok()?).ok()?;
                Some(days.of(month, first.day()).into_iter().collect())
            }
            Every::Year => {
                let year = i16::try_from(i64::from(first.year()) + steps).ok().filter(|it| *it < 9_999)?;
                Some(Date::new(year, first.month(), first.day()).ok().into_iter().collect())
            }
        }
    }
}

impl Days {
    /// RFC 5545, 3.3.10: a date that is none is skipped, not moved.
    fn of(&self, month: Date, same: i8) -> Option<Date> {
        match self {
            Days::Same => Date::new(month.year(), month.month(), same).ok(),
            Days::Number(-1) => Some(month.last_of_month()),
            Days::Number(number) => Date::new(month.year(), month.month(), *number).ok(),
            Days::Nth(nth, weekday) => month.nth_weekday_of_month(*nth, *weekday).ok(),
        }
    }
}

fn not_understood(part: &str) -> Refusal {
    invalid("repeat", &format!("{part} is not understood"))
}

fn weekday(text: &str) -> Result<Weekday, Refusal> {
    let place = WEEKDAYS.iter().position(|it| *it == text).ok_or_else(|| not_understood(text))?;
    let offset = i8::try_from(place).expect("a week has seven days");
    Ok(Weekday::from_monday_zero_offset(offset).expect("a week has seven days"))
}

fn weekdays(text: Option<&str>) -> Result<Vec<Weekday>, Refusal> {
    let mut days =
        text.map_or(Ok(Vec::new()), |text| text.split(',').map(weekday).collect::<Result<Vec<_>, _>>())?;
    days.sort_by_key(|it| it.to_monday_zero_offset());
    days.dedup();
    Ok(days)
}

fn day_number(text: &str) -> Result<Days, Refusal> {
    match text.parse() {
        Ok(number @ (-1 | 1..=31)) => Ok(Days::Number(number)),
        _ => Err(not_understood(text)),
    }
}

fn nth(text: &str) -> Result<Days, Refusal> {
    let cut = text
        .len()
        .checked_sub(2)
        .filter(|it| text.is_char_boundary(*it))
        .ok_or_else(|| not_understood(text))?;
    let (number, day) = text.split_at(cut);
    match number.parse() {
        Ok(number @ (-1 | 1..=4)) => Ok(Days::Nth(number, weekday(day)?)),
        _ => Err(not_understood(text)),
    }
}

/// `20261231`, `20261231T090000` on the clock of the zone, or `20261231T000000Z`.
fn until_us(text: &str, zone: &TimeZone) -> Result<i64, Refusal> {
    let wrong = || invalid("repeat", "UNTIL is a date such as 20261231");
    let (text, utc) = text.strip_suffix('Z').map_or((text, false), |it| (it, true));
    let at = match text.len() {
        8 => Date::strptime("%Y%m%d", text).map_err(|_| wrong())?.at(23, 59, 59, 0),
        15 => DateTime::strptime("%Y%m%dT%H%M%S", text).map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    let zone = if utc { TimeZone::UTC } else { zone.clone() };
    Ok(zone.to_timestamp(at).map_err(|_| wrong())?.as_microsecond())
}

/// As calendars read it; the end in UTC, as RFC 5545, 3.3.10 wants it where the start has a zone.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |day: &Weekday| WEEKDAYS[usize::from(day.to_monday_zero_offset().unsigned_abs())];
        match &self.every {
            Every::Day => write!(f, "FREQ=DAILY")?,
            Every::Week(_) => write!(f, "FREQ=WEEKLY")?,
            Every::Month(_) => write!(f, "FREQ=MONTHLY")?,
            Every::Year => write!(f, "FREQ=YEARLY")?,
        }
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match &self.every {
            Every::Week(days) if !days.is_empty() => {
                write!(f, ";BYDAY={}", days.iter().map(name).collect::<Vec<_>>().join(","))?;
            }
            Every::Month(Days::Number(number)) => write!(f, ";BYMONTHDAY={number}")?,
            Every::Month(Days::Nth(nth, day)) => write!(f, ";BYDAY={nth}{}", name(day))?,
            _ => {}
        }
        match self.ends {
            Ends::Never => Ok(()),
            Ends::After(count) => write!(f, ";COUNT={count}"),
            Ends::Until(us) => {
                let at = jiff::Timestamp::from_microsecond(us).map_err(|_| fmt::Error)?;
                write!(f, ";UNTIL={}", at.strftime("%Y%m%dT%H%M%SZ"))
            }
        }
    }
}
