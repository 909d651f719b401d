//! What one may know of meetings.

use std::sync::Arc;

use madang_model::meeting::Occurrence;
use madang_model::permission::{Right, may};
use madang_model::{PersonId, Seq, SpaceId};
use madang_store::db::Conn;
use madang_store::log::{self, MeetingRecord, SpaceRecord};
use madang_store::meetings;

use crate::app::App;
use crate::error::Result;
use crate::reading::{readable, readable_or_none};

/// How many of the next ones of a series are told.
const NEXT: usize = 5;
/// Meetings told of at once.
const MOST: usize = 500;
/// People come early, and calls run on: a space is taken for meeting from so long before a meeting.
const EARLY_US: i64 = 15 * 60 * 1_000_000;

/// A meeting as a person sees it.
#[derive(Debug, Clone)]
pub struct Planned {
    pub record: MeetingRecord,
    /// Those that are not over, in order.
    pub next: Vec<Occurrence>,
    pub may_change: bool,
    /// For those who may change it: whom it invites from outside, and their link.
    pub guests: Vec<String>,
    pub guest_link: Option<String>,
}

impl App {
    /// A meeting that was planned with the event `seq`.
    ///
    /// # Errors
    /// `NotFound`, a refusal of the space, or what the store said.
    pub async fn meeting(self: &Arc<Self>, person: PersonId, space: SpaceId, seq: Seq) -> Result<Planned> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = readable(conn, person, space)?;
                let found = app.meeting_at(conn, (space, seq))?;
                let mut planned = app.seen_by(conn, person, &record, found)?;
                if planned.may_change {
                    planned.guests = meetings::guests(conn, (space, seq))?;
                    planned.guest_link = app.guest_address(conn, (space, seq))?;
                }
                Ok(planned)
            })
            .await
    }

    /// The meetings that a person is invited to and that are not over, the next one first; of one space if it is
    /// named, then also those that others are invited to.
    ///
    /// # Errors
    /// A refusal of the space, or what the store said.
    pub async fn meetings(
        self: &Arc<Self>,
        person: PersonId,
        space: Option<SpaceId>,
    ) -> Result<Vec<Planned>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let spaces = match space {
                    Some(space) => vec![readable(conn, person, space)?],
                    None => app.spaces_with_meetings(conn, person)?,
                };
                let mut all = Vec::new();
                for record in &spaces {
                    for found in log::meetings_of(conn, &app.keyring, record, app.clock.now_us())? {
                        if space.is_some() || found.meeting.invites(person) || found.organiser == person {
                            all.push(app.seen_by(conn, person, record, found)?);
                        }
                    }
                }
                all.retain(|it| !it.next.is_empty());
                all.sort_by_key(|it| {
                    (it.next.first().map(|next| next.start_us), it.record.space, it.record.seq)
                });
                all.truncate(MOST);
                Ok(all)
            })
            .await
    }

    pub(super) fn spaces_with_meetings(&self, conn: &mut Conn, person: PersonId) -> Result<Vec<SpaceRecord>> {
        let mut spaces = Vec::new();
        for space in log::meetings_of_person(conn, person, self.clock.now_us())? {
            spaces.extend(readable_or_none(conn, person, space)?);
        }
        Ok(spaces)
    }

    fn seen_by(
        &self,
        conn: &mut Conn,
        person: PersonId,
        space: &SpaceRecord,
        record: MeetingRecord,
    ) -> Result<Planned> {
        let actor = log::standing(conn, &space.facts, person)?;
        let right = if record.organiser == person { Right::Call } else { Right::Moderate };
        let may_change = !record.meeting.cancelled && may(&actor, right, &space.facts).is_ok();
        let next = record.meeting.occurrences(self.clock.now_us(), NEXT);
        Ok(Planned { record, next, may_change, guests: Vec::new(), guest_link: None })
    }

    /// Whether a meeting of the space goes on or is near, so that its call rings for nobody: people know when it is.
    pub(crate) fn meets_now(&self, conn: &mut Conn, space: &SpaceRecord) -> Result<bool> {
        let now_us = self.clock.now_us();
        let planned = log::meetings_of(conn, &self.keyring, space, now_us)?;
        let next = planned.iter().flat_map(|it| it.meeting.occurrences(now_us, 1));
        Ok(next.map(|it| it.start_us).any(|at| at - EARLY_US <= now_us))
    }
}
