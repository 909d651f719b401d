//! What a person keeps for later, with or without a reminder.

use std::collections::HashMap;
use std::sync::Arc;

use madang_model::refusal::Thing;
use madang_model::row::Row;
use madang_model::{Command, Draft, Event, PersonId, Refusal, Seq, SpaceId, limits};
use madang_store::db::Tx;
use madang_store::log::{self, SpaceRecord};
use madang_store::markers;
use madang_store::registers::Register;
use madang_store::saved::{self, Place, SavedRecord};

use crate::app::App;
use crate::error::{Error, Result};
use crate::reading::{joined, readable_or_none, row_for};

/// A message kept for later, as it reads at this moment.
#[derive(Debug, Clone)]
pub struct Kept {
    pub record: SavedRecord,
    pub row: Row,
}

impl App {
    /// Keeps a message for later; with a time, the person is reminded of it then. Another time takes the place of
    /// the one before.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn save(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        message: Seq,
        remind_at: Option<i64>,
    ) -> Result<Register> {
        let app = self.clone();
        let now_us = self.clock.now_us();
        check_ahead("remind_at", remind_at, now_us)?;
        let register = self
            .db
            .write(move |tx| {
                markers::hold(tx, space, person)?;
                let record = joined(tx, person, space)?;
                let row = log::row(tx, &app.keyring, &record, message)?;
                let row = row_for(tx, person, &record, row)?;
                match row.as_ref().and_then(Row::message) {
                    None => return Err(Refusal::NotFound(Thing::Message).into()),
                    Some(row) if row.removed => return Err(Refusal::MessageRemoved.into()),
                    Some(_) => {}
                }
                let place = (person, space, message);
                if !saved::is_there(tx, place)? && saved::count(tx, person)? >= limits::SAVED {
                    let limit = limits::SAVED as usize;
                    return Err(Error::from(Refusal::TooMany { what: "saved messages", limit }));
                }
                let register = saved::put(tx, place, now_us, remind_at)?;
                app.refresh_activity(tx, person, None)?;
                Ok(register)
            })
            .await?;
        self.new_due.notify_one();
        Ok(register)
    }

    /// Writes something into one's own notes, to be reminded of it then: both, or neither.
    ///
    /// # Errors
    /// As `save`, and what refuses the message.
    pub async fn remind_oneself(
        self: &Arc<Self>,
        person: PersonId,
        text: String,
        remind_at: i64,
    ) -> Result<Arc<Event>> {
        let app = self.clone();
        let now_us = self.clock.now_us();
        check_ahead("remind_at", Some(remind_at), now_us)?;
        let event = self
            .write_once(move |tx| {
                let space = app.own_notes_in(tx, person)?;
                markers::hold(tx, space, person)?;
                if saved::count(tx, person)? >= limits::SAVED {
                    let limit = limits::SAVED as usize;
                    return Err(Error::from(Refusal::TooMany { what: "saved messages", limit }));
                }
                let draft = Draft { text: text.clone(), ..Draft::default() };
                let said = app.run_in(tx, person, space, None, &Command::PostMessage(draft))?;
                let said = said.into_iter().next().expect("posting adds one event");
                saved::put(tx, (person, space, said.seq), now_us, Some(remind_at))?;
                app.refresh_activity(tx, person, None)?;
                Ok(said)
            })
            .await?;
        self.new_due.notify_one();
        Ok(event)
    }

    /// Keeps it no longer.
    ///
    /// # Errors
    /// As `save`.
    pub async fn unsave(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        message: Seq,
    ) -> Result<Option<Register>> {
        let app = self.clone();
        self.db
            .write(move |tx| {
                markers::hold(tx, space, person)?;
                joined(tx, person, space)?;
                let register = saved::take_out(tx, (person, space, message))?;
                app.refresh_activity(tx, person, None)?;
                Ok(register)
            })
            .await
    }

    /// Everything the person keeps and may still read, what was saved last first.
    ///
    /// # Errors
    /// What the store said.
    pub async fn saved(self: &Arc<Self>, person: PersonId) -> Result<Vec<Kept>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let records = saved::of_person(conn, person)?;
                let mut wanted: HashMap<SpaceId, Vec<Seq>> = HashMap::new();
                for record in &records {
                    wanted.entry(record.space).or_default().push(record.message);
                }
                let mut rows: HashMap<(SpaceId, Seq), Row> = HashMap::new();
                for (space, seqs) in wanted {
                    let Some(record): Option<SpaceRecord> = readable_or_none(conn, person, space)? else {
                        continue;
                    };
                    let found = log::rows_at(conn, &app.keyring, &record, &seqs)?;
                    rows.extend(found.into_iter().map(|row| ((space, row.seq), row)));
                }
                Ok(records
                    .into_iter()
                    .filter_map(|record| {
                        let row = rows.remove(&(record.space, record.message))?;
                        Some(Kept { record, row })
                    })
                    .collect())
            })
            .await
    }

    /// Reminds somebody whose time has come: a line in the activity list, and their devices are told next.
    pub(crate) fn remind_of(&self, tx: &mut Tx, place: Place, now_us: i64) -> Result<()> {
        if saved::tell(tx, place, now_us)? {
            self.refresh_activity(tx, place.0, None)?;
        }
        Ok(())
    }
}

/// Whether a time is one that may be set.
pub(crate) fn check_ahead(what: &'static str, at_us: Option<i64>, now_us: i64) -> Result<()> {
    match at_us {
        Some(at) if at <= 0 || at > now_us + limits::AHEAD_US => {
            Err(Refusal::Invalid { what, why: "give a time within 400 days, in microseconds".into() }.into())
        }
        _ => Ok(()),
    }
}
