//! The address at which a calendar app reads all of a person's meetings. Whoever has it reads their titles and times,
//! so it is shown once, kept as a hash, and ended at any time.

use std::sync::Arc;

use madang_model::{PersonId, Refusal, Seq, SpaceId};
use madang_store::{log, meetings, people};

use super::ics::{self, Entry, Method};
use crate::app::App;
use crate::error::Result;
use crate::people::workspace;
use crate::reading::readable;
use crate::session::{fresh_secret, hash_of};

/// So long a meeting stays in a calendar after it was over: 60 days in microseconds.
const STAYS_US: i64 = 60 * 24 * 3_600 * 1_000_000;

impl App {
    /// A new address; one from before leads nowhere.
    ///
    /// # Errors
    /// What the store said.
    pub async fn make_calendar(self: &Arc<Self>, person: PersonId) -> Result<(String, i64)> {
        let (secret, now_us) = (fresh_secret("")?, self.clock.now_us());
        let hash = hash_of(&secret);
        self.db.write(move |tx| -> Result<_> { Ok(meetings::put_feed(tx, person, &hash, now_us)?) }).await?;
        Ok((format!("{}/api/v1/calendar/{secret}", self.config.public_url), now_us))
    }

    /// When the person's address was made; none if there is none.
    ///
    /// # Errors
    /// What the store said.
    pub async fn calendar_made(self: &Arc<Self>, person: PersonId) -> Result<Option<i64>> {
        self.db.read(move |conn| -> Result<_> { Ok(meetings::feed_made(conn, person)?) }).await
    }

    /// The address leads nowhere any more.
    ///
    /// # Errors
    /// What the store said.
    pub async fn end_calendar(self: &Arc<Self>, person: PersonId) -> Result<()> {
        self.db.write(move |tx| -> Result<_> { Ok(meetings::forget_feed(tx, person)?) }).await
    }

    /// All meetings of whoever has this address, as a calendar.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn calendar_of(self: &Arc<Self>, secret: &str) -> Result<String> {
        let (app, hash) = (self.clone(), hash_of(secret));
        self.db
            .read(move |conn| {
                let person = meetings::whose_feed(conn, &hash)?.ok_or(Refusal::LinkInvalid)?;
                let house = workspace(conn)?;
                let here = people::by_id(conn, house.id, person)?.and_then(|it| it.standing());
                here.ok_or(Refusal::LinkInvalid)?;
                let now_us = app.clock.now_us();
                let mut entries = Vec::new();
                for space in log::meetings_of_person(conn, person, now_us - STAYS_US)? {
                    let Some(record) = crate::reading::readable_or_none(conn, person, space)? else {
                        continue;
                    };
                    let found = log::meetings_of(conn, &app.keyring, &record, now_us - STAYS_US)?;
                    let mine = |it: &log::MeetingRecord| it.meeting.invites(person) || it.organiser == person;
                    entries.extend(found.into_iter().filter(mine).map(|it| app.entry(it)));
                }
                Ok(ics::calendar(Method::Publish, &house.name, &entries))
            })
            .await
    }

    /// One meeting as a calendar file.
    ///
    /// # Errors
    /// `NotFound`, a refusal of the space, or what the store said.
    pub async fn meeting_file(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        seq: Seq,
    ) -> Result<String> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                readable(conn, person, space)?;
                let found = app.meeting_at(conn, (space, seq))?;
                let house = workspace(conn)?.name;
                Ok(ics::calendar(Method::Publish, &house, &[app.entry(found)]))
            })
            .await
    }

    /// A meeting as a calendar of somebody in the space shows it.
    pub(crate) fn entry(&self, record: madang_store::log::MeetingRecord) -> Entry {
        let url = format!("{}/s/{}/m/{}", self.config.public_url, record.space, record.seq);
        Entry { record, url, organiser: None, attendee: None, one: None }
    }
}
