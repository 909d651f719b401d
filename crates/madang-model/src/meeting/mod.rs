//! Meetings: calls of a space that are planned. When they are is kept as people say it, a time on the clock of a zone
//! and how it repeats, so that nine o'clock stays nine o'clock when the clocks change.
//!
//! `repeat` knows the rules, `times` the moments they give. Zones are a table that is compiled in: no clock is read.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::limits;
use crate::position::Seq;
use crate::refusal::{Refusal, Thing};

mod repeat;
#[cfg(test)]
mod tests;
mod times;

pub use repeat::{Days, Ends, Every, Rule};
pub use times::{Due, Occurrence, local, zone};

/// Minutes before a meeting at which people can be reminded of it; 0 is at its start only.
pub const REMINDERS: [u32; 7] = [0, 5, 10, 15, 30, 60, 24 * 60];

/// A meeting as it is at this moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    pub title: String,
    /// The first one, on the clock of its zone: `2026-12-01T09:00:00`.
    pub start: String,
    /// An IANA time zone, such as `Asia/Seoul`.
    pub zone: String,
    pub minutes: u32,
    /// An RFC 5545 recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO,WE`; one meeting without it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub repeat: Option<String>,
    /// Minutes before it at which people are reminded; at its start they always are.
    #[serde(default)]
    pub remind: u32,
    /// Who is invited; everybody in the space if nobody is named.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub people: Vec<PersonId>,
    /// How many guests are invited by mail. Their addresses stand in no log.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub guests: u32,
    /// What is otherwise with single ones of a series.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<Change>,
    /// How often it was changed: the SEQUENCE of calendars.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub revision: u32,
    /// Never stored with it: folded in when it was cancelled.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub cancelled: bool,
}

/// One of a series that is at another time, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it would be by the rule, on the clock of the zone.
    pub occurrence: String,
    /// When it is; it is not without this.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub minutes: Option<u32>,
}

/// What decisions need to know of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingFacts {
    pub seq: Seq,
    /// Whose meeting it is.
    pub organiser: PersonId,
    pub meeting: Meeting,
}

/// A meeting as somebody wishes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    pub title: String,
    pub start: String,
    pub zone: String,
    pub minutes: u32,
    pub repeat: Option<String>,
    pub remind: u32,
    pub people: Vec<PersonId>,
    pub guests: u32,
}

impl Wish {
    /// As it is kept: everything in its one form, and the first one on a day that the rule names.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checked(&self, now_us: i64) -> Result<Meeting, Refusal> {
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
        if title.is_empty() {
            return Err(invalid("title", "say what the meeting is about"));
        }
        if title.chars().count() > limits::MEETING_TITLE_CHARS {
            return Err(Refusal::TooLong { what: "the title", limit: limits::MEETING_TITLE_CHARS });
        }
        let zone = zone(&self.zone)?;
        let mut start = local(&self.start)?;
        check_minutes(self.minutes)?;
        if !REMINDERS.contains(&self.remind) {
            return Err(invalid("remind", "choose 0, 5, 10, 15, 30, 60 or 1440 minutes"));
        }
        if self.people.len() > limits::MEETING_PEOPLE {
            return Err(Refusal::TooMany { what: "people", limit: limits::MEETING_PEOPLE });
        }
        let repeat = match &self.repeat {
            None => None,
            Some(text) => {
                let rule = Rule::parse(text, &zone)?;
                start = rule.first(start).ok_or_else(|| invalid("repeat", "no day fits this rule"))?;
                Some(rule.to_string())
            }
        };
        let mut people = self.people.clone();
        people.sort_unstable();
        people.dedup();
        let meeting = Meeting {
            title,
            start: times::written(start),
            zone: self.zone.clone(),
            minutes: self.minutes,
            repeat,
            remind: self.remind,
            people,
            guests: self.guests,
            ..Meeting::default()
        };
        if meeting.occurrences(now_us, 1).is_empty() {
            return Err(invalid("start", "the meeting would be over already"));
        }
        Ok(meeting)
    }
}

impl Meeting {
    /// The meeting after somebody wished it otherwise. What was said of single ones holds as long as the times by
    /// the rule are the same; none if nothing is otherwise.
    ///
    /// # Errors
    /// What is wrong with the wish.
    pub fn changed(&self, wish: &Wish, now_us: i64) -> Result<Option<Meeting>, Refusal> {
        let mut next = wish.checked(now_us)?;
        if (&next.start, &next.zone, &next.repeat) == (&self.start, &self.zone, &self.repeat) {
            next.changes.clone_from(&self.changes);
        }
        next.revision = self.revision;
        if next == *self {
            return Ok(None);
        }
        next.revision += 1;
        Ok(Some(next))
    }

    /// The meeting with one of its series at another time (`at`), or not at all.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn with_one(
        &self,
        occurrence: &str,
        at: Option<(&str, u32)>,
        now_us: i64,
    ) -> Result<Option<Meeting>, Refusal> {
        let occurrence = times::written(local(occurrence)?);
        if self.repeat.is_none() || !self.has(&occurrence) {
            return Err(Refusal::NotFound(Thing::Meeting));
        }
        let mut change = Change { occurrence, start: None, minutes: None };
        if let Some((start, minutes)) = at {
            check_minutes(minutes)?;
            change.start = Some(times::written(local(start)?));
            change.minutes = Some(minutes);
        }
        let mut next = self.clone();
        next.changes.retain(|it| it.occurrence != change.occurrence);
        let as_by_rule =
            change.start.as_ref() == Some(&change.occurrence) && change.minutes == Some(self.minutes);
        if !as_by_rule {
            next.changes.push(change);
        }
        next.changes.sort_by(|a, b| a.occurrence.cmp(&b.occurrence));
        if next == *self {
            return Ok(None);
        }
        if next.changes.len() > limits::MEETING_CHANGES {
            return Err(Refusal::TooMany { what: "changed meetings", limit: limits::MEETING_CHANGES });
        }
        if next.occurrences(now_us, 1).is_empty() {
            return Err(invalid("occurrence", "it is the last one: cancel the meeting"));
        }
        next.revision += 1;
        Ok(Some(next))
    }

    /// Whether somebody of the space is invited.
    #[must_use]
    pub fn invites(&self, person: PersonId) -> bool {
        self.people.is_empty() || self.people.contains(&person)
    }
}

fn check_minutes(minutes: u32) -> Result<(), Refusal> {
    match minutes {
        1..=limits::MEETING_MINUTES => Ok(()),
        _ => Err(invalid("minutes", "a meeting lasts from one minute to 24 hours")),
    }
}

pub(crate) fn invalid(what: &'static str, why: &str) -> Refusal {
    Refusal::Invalid { what, why: why.to_owned() }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
