//! Meetings as they are planned and shown (docs/protocol/calls.md, "Meetings").

use madang_app::{MeetingWish, Planned};
use madang_model::meeting::{Change, Occurrence, Wish};
use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
pub struct PlanMeeting {
    /// Made once by the client for this wish; a repeat answers the same.
    pub client_id: String,
    pub title: String,
    /// The first one, on the clock of its zone: `2026-12-01T09:00`.
    pub start: String,
    /// An IANA time zone, such as `Asia/Seoul`.
    pub zone: String,
    /// How long it lasts, at most 1440.
    pub minutes: u32,
    /// An RFC 5545 recurrence rule; `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`.
    pub repeat: Option<String>,
    /// Minutes before it at which people are reminded: 0, 5, 10, 15, 30, 60 or 1440.
    #[serde(default)]
    pub remind: u32,
    /// Who of the space is invited; everybody if nobody is named.
    #[serde(default)]
    pub people: Vec<String>,
    /// Addresses of whom is invited from outside.
    #[serde(default)]
    pub guests: Vec<String>,
}

impl PlanMeeting {
    /// The client's id, and what is wished.
    ///
    /// # Errors
    /// `NotFound` for a person that none can be.
    pub fn wish(self) -> Result<(String, MeetingWish), Refusal> {
        let people = self.people.iter().map(|id| id.parse().map_err(|_| Refusal::NotFound(Thing::Person)));
        let wish = Wish {
            title: self.title,
            start: self.start,
            zone: self.zone,
            minutes: self.minutes,
            repeat: self.repeat,
            remind: self.remind,
            people: people.collect::<Result<Vec<PersonId>, _>>()?,
            guests: 0,
        };
        Ok((self.client_id, MeetingWish { wish, guests: self.guests }))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MoveMeeting {
    pub client_id: String,
    /// Its new time, on the clock of the meeting's zone.
    pub start: String,
    pub minutes: u32,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct OfSpace {
    /// Only those of this space, also those that others are invited to.
    pub space: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Once {
    /// Made once by the client for this wish.
    pub client_id: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Meetings {
    /// The next one first.
    pub meetings: Vec<Meeting>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingAnswer {
    pub meeting: Meeting,
}

/// A planned call of a space.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meeting {
    pub space: String,
    /// The event that planned it.
    pub seq: i64,
    pub organiser: String,
    /// When it was planned.
    pub at: i64,
    pub title: String,
    pub start: String,
    pub zone: String,
    pub minutes: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
    pub remind: u32,
    pub people: Vec<String>,
    /// How many are invited from outside.
    pub guest_count: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
    pub revision: u32,
    /// What is otherwise with single ones of a series.
    #[schema(value_type = Vec<Object>)]
    pub changes: Vec<Change>,
    /// The next ones that are not over, at most five.
    pub next: Vec<NextMeeting>,
    pub may_change: bool,
    /// Their addresses, for those who may change it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest_link: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NextMeeting {
    /// When it is by the rule, on the clock of the zone: its name in the series.
    pub occurrence: String,
    /// When it is, on that clock.
    pub local: String,
    /// Microseconds since 1970.
    pub start: i64,
    pub end: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
}

impl From<Occurrence> for NextMeeting {
    fn from(it: Occurrence) -> Self {
        NextMeeting {
            occurrence: it.name,
            local: it.local,
            start: it.start_us,
            end: it.end_us,
            moved: it.moved,
        }
    }
}

impl From<Planned> for Meeting {
    fn from(planned: Planned) -> Self {
        let record = planned.record;
        let meeting = record.meeting;
        Meeting {
            space: record.space.to_string(),
            seq: record.seq,
            organiser: record.organiser.to_string(),
            at: record.planned_at,
            title: meeting.title,
            start: meeting.start,
            zone: meeting.zone,
            minutes: meeting.minutes,
            repeat: meeting.repeat,
            remind: meeting.remind,
            people: meeting.people.iter().map(ToString::to_string).collect(),
            guest_count: meeting.guests,
            cancelled: meeting.cancelled,
            revision: meeting.revision,
            changes: meeting.changes,
            next: planned.next.into_iter().map(Into::into).collect(),
            may_change: planned.may_change,
            guests: planned.guests,
            guest_link: planned.guest_link,
        }
    }
}

/// The address at which a calendar app reads one's meetings.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarAddress {
    /// Shown this once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was made; null when there is none.
    pub made_at: Option<i64>,
}
