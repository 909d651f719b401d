//! Opening hours: when a desk is staffed, an expert can be booked, a target counts. Kept as people say them, times on
//! the clock of a zone; `shifts` works out the moments.
//!
//! A shift belongs to the day on which it begins: one from 22:00 to 02:00 on Friday goes on until two on Saturday,
//! also if Saturday is a holiday. It begins when the clock first shows its time, and ends when the clock last shows
//! it; where the clock jumps over a time, that is the moment of the jump.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::meeting::{invalid, zone};
use crate::refusal::Refusal;

mod shifts;
#[cfg(test)]
mod tests;

pub use shifts::{Open, Opening};

/// Shifts in a week.
const SHIFTS: usize = 100;
/// Shifts of one other day.
const OTHER_SHIFTS: usize = 12;
/// Days that are otherwise.
const OTHERS: usize = 500;
const NAME_CHARS: usize = 80;
/// How a time is written that ends a day.
const MIDNIGHT: &str = "24:00";

/// When it is open. Nothing of it is open never.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// An IANA time zone, such as `Asia/Seoul`.
    pub zone: String,
    /// A week like any other.
    #[serde(default)]
    pub week: Vec<Weekly>,
    /// Days that are otherwise: holidays, and longer or shorter ones. The last that names a day is what holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
}

/// A shift of some days of the week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weekly {
    /// 0 is Sunday.
    pub days: Vec<i8>,
    #[serde(flatten)]
    pub shift: Shift,
}

/// From a time on the clock to another: `09:00` to `18:00`. One that ends before it begins, or then, ends the day
/// after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    pub from: String,
    /// Not open any more then; `24:00` is the end of the day.
    pub to: String,
}

/// Days that are not like others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// The first day: `2027-01-01`.
    pub from: String,
    /// The last day; the first is the only one without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Each year again. The 29th of February is then a day of leap years.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub yearly: bool,
    /// Such as the name of a holiday.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// When it is open; closed without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<Shift>,
}

/// Hours that were understood.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// By day of the week, from Sunday on.
    week: [Vec<Span>; 7],
    others: Vec<Holiday>,
}

/// Minutes from the beginning of the day on which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    from: i16,
    /// Beyond 24 × 60 for what ends the day after.
    to: i16,
}

#[derive(Debug, Clone)]
struct Holiday {
    from: Date,
    to: Date,
    yearly: bool,
    name: String,
    shifts: Vec<Span>,
}

impl Hours {
    /// Understands them.
    ///
    /// # Errors
    /// `Invalid` or `TooMany`, with what is wrong and what to do.
    pub fn read(&self) -> Result<Calendar, Refusal> {
        let zone = zone(&self.zone)?;
        at_most("shifts", self.week.len(), SHIFTS)?;
        at_most("days that are otherwise", self.others.len(), OTHERS)?;
        let mut week: [Vec<Span>; 7] = Default::default();
        for weekly in &self.week {
            let span = weekly.shift.read()?;
            if weekly.days.is_empty() {
                return Err(invalid("days", "name a day of the week, from 0 for Sunday to 6 for Saturday"));
            }
            for day in &weekly.days {
                let known = usize::try_from(*day).ok().and_then(|day| week.get_mut(day));
                let known = known.ok_or_else(|| invalid("days", "a day of the week is 0 (Sunday) to 6"))?;
                if !known.contains(&span) {
                    known.push(span);
                }
            }
        }
        for shifts in &mut week {
            in_order(shifts)?;
        }
        let others = self.others.iter().map(Other::read).collect::<Result<_, _>>()?;
        Ok(Calendar { zone, week, others })
    }
}

impl Shift {
    fn read(&self) -> Result<Span, Refusal> {
        let from = minutes(&self.from).filter(|it| *it < 24 * 60);
        let from = from.ok_or_else(|| invalid("from", "give a time from 00:00 to 23:59"))?;
        let to = minutes(&self.to).ok_or_else(|| invalid("to", "give a time from 00:00 to 24:00"))?;
        Ok(Span { from, to: if to > from { to } else { to + 24 * 60 } })
    }
}

impl Other {
    fn read(&self) -> Result<Holiday, Refusal> {
        let from = day(&self.from)?;
        let to = self.to.as_deref().map_or(Ok(from), day)?;
        // Those of each year may go from one into the next: 24 December to 2 January.
        if to < from {
            return Err(invalid("to", "the last day is not before the first"));
        }
        if self.yearly && to >= from.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX) {
            return Err(invalid("to", "days of each year are less than a year"));
        }
        if self.name.chars().count() > NAME_CHARS {
            return Err(Refusal::TooLong { what: "the name of the day", limit: NAME_CHARS });
        }
        at_most("shifts of a day", self.shifts.len(), OTHER_SHIFTS)?;
        let mut shifts = self.shifts.iter().map(Shift::read).collect::<Result<Vec<_>, _>>()?;
        in_order(&mut shifts)?;
        Ok(Holiday { from, to, yearly: self.yearly, name: self.name.clone(), shifts })
    }
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Result<(), Refusal> {
    if count > limit { Err(Refusal::TooMany { what, limit }) } else { Ok(()) }
}

/// Two shifts of one day that overlap are a slip of whoever wrote them, and which of them is not for us to guess.
fn in_order(shifts: &mut [Span]) -> Result<(), Refusal> {
    shifts.sort_unstable();
    match shifts.windows(2).any(|two| two[1].from < two[0].to) {
        true => Err(invalid("shifts", "two of one day overlap: make them one, or part them")),
        false => Ok(()),
    }
}

fn minutes(text: &str) -> Option<i16> {
    if text == MIDNIGHT {
        return Some(24 * 60);
    }
    let time = Time::strptime("%H:%M", text).ok().filter(|_| text.len() == MIDNIGHT.len())?;
    Some(i16::from(time.hour()) * 60 + i16::from(time.minute()))
}

fn day(text: &str) -> Result<Date, Refusal> {
    let day = Date::strptime("%Y-%m-%d", text).ok().filter(|it| (2000..2200).contains(&it.year()));
    day.ok_or_else(|| invalid("date", "give a date such as 2027-01-01"))
}
