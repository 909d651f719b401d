//! The moments of opening hours.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::AmbiguousOffset;

use super::{Calendar, Holiday, Span};

/// How many days are looked through for the next opening: longer than any holiday.
const FAR: i64 = 400;
const MINUTES_OF_A_DAY: i16 = 24 * 60;

/// A time without a break in which it is open, in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    pub from_us: i64,
    /// Not open any more then.
    pub to_us: i64,
}

/// How it is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Until a moment; none if it does not close within a year.
    Until(Option<i64>),
    /// It opens next at a moment; none if it does not within a year.
    From(Option<i64>),
}

impl Calendar {
    /// How it is at a moment.
    #[must_use]
    pub fn at(&self, now_us: i64) -> Open {
        let far_us = now_us + FAR * 24 * 3_600 * 1_000_000;
        match self.openings(now_us).next() {
            Some(it) if it.from_us <= now_us => Open::Until(Some(it.to_us).filter(|to| *to < far_us)),
            Some(it) => Open::From(Some(it.from_us)),
            None => Open::From(None),
        }
    }

    #[must_use]
    pub fn is_open(&self, now_us: i64) -> bool {
        matches!(self.at(now_us), Open::Until(_))
    }

    /// What the day is called on which a moment falls, if it is one that is not like others.
    #[must_use]
    pub fn day_name(&self, now_us: i64) -> Option<&str> {
        let today = self.date(now_us)?;
        self.other(today).map(|it| it.name.as_str()).filter(|it| !it.is_empty())
    }

    /// When it is open from a moment on, also what goes on then, in order and without overlaps. At most some 400 days
    /// are looked at.
    pub fn openings(&self, after_us: i64) -> impl Iterator<Item = Opening> + '_ {
        // What began two days before may go on still, where a clock went back.
        let first = self.date(after_us).and_then(|it| it.checked_sub(jiff::Span::new().days(2)).ok());
        let days = first.into_iter().flat_map(|it| it.series(jiff::Span::new().days(1)));
        let days = days.take(usize::try_from(FAR + 3).unwrap_or(usize::MAX));
        let mut all = days.flat_map(|day| self.of_day(day)).filter(move |it| it.to_us > after_us).peekable();
        std::iter::from_fn(move || {
            let mut open = all.next()?;
            // Midnight is no break, and a night shift may run into the morning's.
            while let Some(more) = all.next_if(|it| it.from_us <= open.to_us) {
                open.to_us = open.to_us.max(more.to_us);
            }
            Some(open)
        })
    }

    /// Microseconds of a stretch of time in which it is open. What lies more than some 400 days after its beginning
    /// does not count.
    #[must_use]
    pub fn worked(&self, from_us: i64, to_us: i64) -> i64 {
        let within = self.openings(from_us).take_while(|it| it.from_us < to_us);
        within.map(|it| (it.to_us.min(to_us) - it.from_us.max(from_us)).max(0)).sum()
    }

    /// The moment at which it will have been open for so many microseconds since another; none if that is more than
    /// some 400 days away.
    #[must_use]
    pub fn after_working(&self, from_us: i64, work_us: i64) -> Option<i64> {
        let mut left = work_us;
        for open in self.openings(from_us) {
            let from = open.from_us.max(from_us);
            if open.to_us - from >= left {
                return Some(from + left);
            }
            left -= open.to_us - from;
        }
        None
    }

    /// The day on which a moment falls.
    pub(crate) fn date(&self, at_us: i64) -> Option<Date> {
        Timestamp::from_microsecond(at_us).ok().map(|it| self.zone.to_datetime(it).date())
    }

    fn other(&self, day: Date) -> Option<&Holiday> {
        self.others.iter().rev().find(|it| it.holds(day))
    }

    fn of_day(&self, day: Date) -> Vec<Opening> {
        let weekday = usize::try_from(day.weekday().to_sunday_zero_offset()).unwrap_or_default();
        let shifts = self.other(day).map_or(&self.week[weekday], |it| &it.shifts);
        let opening = |it: &Span| {
            let (from_us, to_us) = (self.first(on(day, it.from)?)?, self.last(on(day, it.to)?)?);
            // The clock may jump over all of it.
            (from_us < to_us).then_some(Opening { from_us, to_us })
        };
        shifts.iter().filter_map(opening).collect()
    }

    /// When the clock first shows a time.
    fn first(&self, at: DateTime) -> Option<i64> {
        self.moment(at, false)
    }

    /// When the clock last shows a time.
    fn last(&self, at: DateTime) -> Option<i64> {
        self.moment(at, true)
    }

    fn moment(&self, at: DateTime, last: bool) -> Option<i64> {
        let shown = self.zone.to_ambiguous_timestamp(at);
        let moment = match shown.offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(at).ok()?,
            AmbiguousOffset::Fold { before, after } => {
                let offset = if last { after } else { before };
                offset.to_timestamp(at).ok()?
            }
            // With the offset from after it, a time in the gap comes before the jump.
            AmbiguousOffset::Gap { after, .. } => {
                let before = after.to_timestamp(at).ok()?;
                let jump = self.zone.following(before).next()?;
                jump.timestamp()
            }
        };
        Some(moment.as_microsecond())
    }
}

impl Holiday {
    fn holds(&self, day: Date) -> bool {
        if !self.yearly {
            return (self.from..=self.to).contains(&day);
        }
        let of_year = |it: Date| (it.month(), it.day());
        let (from, to, day) = (of_year(self.from), of_year(self.to), of_year(day));
        if self.from.year() == self.to.year() { from <= day && day <= to } else { from <= day || day <= to }
    }
}

/// A time of day, or of the day after.
fn on(day: Date, minutes: i16) -> Option<DateTime> {
    let (day, minutes) = if minutes >= MINUTES_OF_A_DAY {
        (day.tomorrow().ok()?, minutes - MINUTES_OF_A_DAY)
    } else {
        (day, minutes)
    };
    let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
    Some(day.at(hour, minute, 0, 0))
}
