//! The activity list of a person, as the follower `activity` keeps it.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::{Body, PersonId, Seq, SpaceId};
use madang_store::activity::{self, ActivityRecord};
use madang_store::db::Conn;
use madang_store::log::{self, SpaceRecord};
use madang_store::registers::Register;

use crate::app::App;
use crate::error::Result;
use crate::reading::readable_or_none;
use crate::text;

/// One line with what a list shows of it.
#[derive(Debug, Clone)]
pub struct Line {
    pub record: ActivityRecord,
    /// The beginning of the message it is about.
    pub text: Option<String>,
    pub emoji: Option<String>,
    pub thread: Option<Seq>,
    /// It stands in the main line too.
    pub also: bool,
}

impl App {
    /// Newest first, before a time (microseconds), at most `limit` (1 to 100);
    /// and the time before which there may be more. What the person may not
    /// read any more is left out.
    ///
    /// # Errors
    /// What the store said.
    pub async fn activity(
        self: &Arc<Self>,
        person: PersonId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<(Vec<Line>, Option<i64>)> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let limit = limit.clamp(1, 100);
                let records = activity::of_person(conn, person, before.unwrap_or(i64::MAX), limit)?;
                let last = records.last().filter(|_| records.len() as i64 == limit).map(|it| it.at_us);
                let mut spaces: HashMap<SpaceId, Option<SpaceRecord>> = HashMap::new();
                let mut lines = Vec::with_capacity(records.len());
                for record in records {
                    if let std::collections::hash_map::Entry::Vacant(place) = spaces.entry(record.space) {
                        place.insert(readable_or_none(conn, person, record.space)?);
                    }
                    if let Some(space) = spaces.get(&record.space).and_then(Option::as_ref) {
                        lines.push(app.line(conn, space, record)?);
                    }
                }
                Ok((lines, last))
            })
            .await
    }

    fn line(&self, conn: &mut Conn, space: &SpaceRecord, record: ActivityRecord) -> Result<Line> {
        let mut line = Line { record, text: None, emoji: None, thread: None, also: false };
        if line.record.message == 0 {
            return Ok(line);
        }
        if let Some(row) = log::row(conn, &self.keyring, space, line.record.message)? {
            line.text = Some(text::beginning(&row));
            line.thread = row.message().and_then(|message| message.thread);
            line.also = row.message().is_some_and(|message| message.also);
            line.emoji = row.message().and_then(|message| {
                message
                    .reactions
                    .iter()
                    .find(|it| it.people.iter().any(|(_, seq)| *seq == line.record.seq))
                    .map(|it| it.emoji.clone())
            });
        } else if line.record.kind.starts_with("meeting_") {
            line.text = self.title_of_meeting(conn, space, line.record.seq)?;
        }
        Ok(line)
    }

    /// What an event about a meeting says that it is about.
    fn title_of_meeting(&self, conn: &mut Conn, space: &SpaceRecord, seq: Seq) -> Result<Option<String>> {
        let (id, house) = (space.facts.id, space.facts.workspace);
        let said = log::event(conn, &self.keyring, house, id, seq)?.map(|it| it.body);
        Ok(said.and_then(|said| match said {
            Body::MeetingPlanned(meeting) | Body::MeetingChanged { meeting, .. } => Some(meeting.title),
            Body::MeetingCancelled { title, .. } | Body::MeetingDue { title, .. } => Some(title),
            _ => None,
        }))
    }

    /// Marks everything up to a time as seen.
    ///
    /// # Errors
    /// What the store said.
    pub async fn read_activity(self: &Arc<Self>, person: PersonId, at: i64) -> Result<Register> {
        let app = self.clone();
        let at = at.min(self.clock.now_us());
        self.db.write(move |tx| app.refresh_activity(tx, person, Some(at))).await
    }
}
