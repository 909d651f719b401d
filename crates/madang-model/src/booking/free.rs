//! The times that can be booked: opening hours without what is busy. Everything here is half-open, so that one meeting
//! may begin at the moment at which another ends.

use std::collections::HashMap;

use super::BookingSettings;
use crate::hours::Calendar;
use crate::id::PersonId;
use crate::refusal::Refusal;

const MINUTE_US: i64 = 60 * 1_000_000;
const DAY_US: i64 = 24 * 60 * MINUTE_US;

/// A time in which somebody cannot, in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    pub from_us: i64,
    /// Free again then.
    pub to_us: i64,
}

/// Somebody who takes bookings of a page.
#[derive(Debug, Clone)]
pub struct Taker {
    pub person: PersonId,
    busy: Vec<Busy>,
    /// When their bookings of this page begin, which count for the limit of a day.
    booked_us: Vec<i64>,
}

/// A time that can be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    pub start_us: i64,
    pub end_us: i64,
    /// Who could take it, in order of their ids.
    pub takers: Vec<PersonId>,
}

/// How much somebody does of a page already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Load {
    pub bookings: i64,
    /// When they were last booked; 0 for never.
    pub last_us: i64,
}

/// A page whose settings were understood.
#[derive(Debug, Clone)]
pub struct Free {
    calendar: Calendar,
    length_us: i64,
    step_us: i64,
    before_us: i64,
    after_us: i64,
    notice_us: i64,
    horizon_us: i64,
    per_day: usize,
}

/// In order and without overlaps; what is empty is left out.
#[must_use]
pub fn merged(mut all: Vec<Busy>) -> Vec<Busy> {
    all.retain(|it| it.from_us < it.to_us);
    all.sort_unstable();
    let mut kept: Vec<Busy> = Vec::with_capacity(all.len());
    for next in all {
        match kept.last_mut() {
            Some(last) if next.from_us <= last.to_us => last.to_us = last.to_us.max(next.to_us),
            _ => kept.push(next),
        }
    }
    kept
}

/// Whose turn it is: who has fewest bookings, then who was booked longest ago.
#[must_use]
pub fn turn(takers: &[PersonId], load: &HashMap<PersonId, Load>) -> Option<PersonId> {
    let of = |it: &PersonId| (load.get(it).copied().unwrap_or_default(), *it);
    takers.iter().copied().min_by_key(of)
}

impl Taker {
    #[must_use]
    pub fn new(person: PersonId, busy: Vec<Busy>, booked_us: Vec<i64>) -> Taker {
        Taker { person, busy: merged(busy), booked_us }
    }

    /// Whether nothing is in the way from one moment to another.
    fn can(&self, from_us: i64, to_us: i64) -> bool {
        let next = self.busy.partition_point(|it| it.to_us <= from_us);
        self.busy.get(next).is_none_or(|it| it.from_us >= to_us)
    }
}

impl Free {
    /// # Errors
    /// What is wrong with the hours.
    pub fn new(settings: &BookingSettings) -> Result<Free, Refusal> {
        let us = |minutes: u32| i64::from(minutes) * MINUTE_US;
        let step = if settings.every_minutes == 0 { settings.minutes } else { settings.every_minutes };
        Ok(Free {
            calendar: settings.hours.read()?,
            length_us: us(settings.minutes.max(1)),
            step_us: us(step.max(1)),
            before_us: us(settings.before_minutes),
            after_us: us(settings.after_minutes),
            notice_us: us(settings.notice_minutes),
            horizon_us: i64::from(settings.horizon_days) * DAY_US,
            per_day: settings.per_day as usize,
        })
    }

    /// What is busy for whoever has a booking that begins then, with what is kept free around it.
    #[must_use]
    pub fn around(&self, start_us: i64) -> Busy {
        Busy { from_us: start_us - self.before_us, to_us: start_us + self.length_us + self.after_us }
    }

    #[must_use]
    pub fn ends(&self, start_us: i64) -> i64 {
        start_us + self.length_us
    }

    /// Those that begin from one moment on and before another, at most so many. Times are counted from the beginning
    /// of each opening, so that they are the same ones whenever somebody looks.
    #[must_use]
    pub fn times(
        &self,
        takers: &[Taker],
        now_us: i64,
        (from_us, to_us): (i64, i64),
        most: usize,
    ) -> Vec<Time> {
        let first = from_us.max(now_us + self.notice_us);
        let last = to_us.min(now_us + self.horizon_us);
        let days: Vec<HashMap<_, usize>> = takers.iter().map(|it| self.days(it)).collect();
        let mut found = Vec::new();
        for open in self.calendar.openings(first).take_while(|it| it.from_us < last) {
            let skipped = (first - open.from_us).max(0);
            let steps = skipped.div_euclid(self.step_us) + i64::from(skipped.rem_euclid(self.step_us) != 0);
            let mut start_us = open.from_us + steps * self.step_us;
            while start_us < last && start_us + self.length_us <= open.to_us {
                let around = self.around(start_us);
                let day = self.calendar.date(start_us);
                let can = |(taker, days): &(&Taker, &HashMap<_, usize>)| {
                    let taken = day.and_then(|it| days.get(&it)).copied().unwrap_or_default();
                    (self.per_day == 0 || taken < self.per_day) && taker.can(around.from_us, around.to_us)
                };
                let mut free: Vec<PersonId> =
                    takers.iter().zip(&days).filter(can).map(|(it, _)| it.person).collect();
                if !free.is_empty() {
                    free.sort_unstable();
                    found.push(Time { start_us, end_us: start_us + self.length_us, takers: free });
                }
                if found.len() >= most {
                    return found;
                }
                start_us += self.step_us;
            }
        }
        found
    }

    /// Bookings of each day, on the clock of the hours.
    fn days(&self, taker: &Taker) -> HashMap<jiff::civil::Date, usize> {
        let mut days = HashMap::new();
        if self.per_day > 0 {
            for date in taker.booked_us.iter().filter_map(|it| self.calendar.date(*it)) {
                *days.entry(date).or_default() += 1;
            }
        }
        days
    }
}
