//! Reading a space: pages, events, threads, pins, files; and read marks.
//!
//! Everything goes through one gate, `readable`: may this person read this
//! space, now?

use std::sync::Arc;

use madang_model::card::Card;
use madang_model::permission::{Right, may};
use madang_model::refusal::Thing;
use madang_model::register::{Involvement, Key};
use madang_model::row::Row;
use madang_model::{Command, Event, FileId, PersonId, Refusal, Seq, SpaceId, limits};
use madang_store::db::Conn;
use madang_store::files::FileRecord;
use madang_store::log::{self, FoldedPage, SpaceRecord};
use madang_store::markers::{self, ReaderRecord};
use madang_store::registers::{self, Register};
use serde_json::json;

use crate::app::App;
use crate::error::{Error, Result};

/// The one gate of reading.
pub(crate) fn readable(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<SpaceRecord> {
    let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
    let actor = log::standing(conn, &record.facts, person)?;
    may(&actor, Right::Read, &record.facts)?;
    Ok(record)
}

/// The space, if the person may read it now.
pub(crate) fn readable_or_none(
    conn: &mut Conn,
    person: PersonId,
    space: SpaceId,
) -> Result<Option<SpaceRecord>> {
    match readable(conn, person, space) {
        Ok(record) => Ok(Some(record)),
        Err(Error::Refusal(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// As `readable`, and whether what agents keep among themselves is hidden from the person.
pub(crate) fn readable_with_sight(
    conn: &mut Conn,
    person: PersonId,
    space: SpaceId,
) -> Result<(SpaceRecord, bool)> {
    let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
    let actor = log::standing(conn, &record.facts, person)?;
    may(&actor, Right::Read, &record.facts)?;
    let outside = actor.is_outside(&record.facts);
    Ok((record, outside))
}

/// A row as somebody may see it: the visitor of a ticket sees nothing that is for its agents.
pub(crate) fn row_for(
    conn: &mut Conn,
    person: PersonId,
    record: &SpaceRecord,
    row: Option<Row>,
) -> Result<Option<Row>> {
    match row {
        Some(row) if row.staff => {
            let actor = log::standing(conn, &record.facts, person)?;
            Ok(Some(row).filter(|_| !actor.is_outside(&record.facts)))
        }
        row => Ok(row),
    }
}

/// As `readable`, and the person must be in the space.
pub(crate) fn joined(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<SpaceRecord> {
    let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
    may(&log::standing(conn, &record.facts, person)?, Right::Follow, &record.facts)?;
    Ok(record)
}

impl App {
    /// Page `n` of a space.
    ///
    /// # Errors
    /// `NotFound` for who may not read it, or what the store said.
    pub async fn page(self: &Arc<Self>, person: PersonId, space: SpaceId, n: i64) -> Result<FoldedPage> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let (record, outside) = readable_with_sight(conn, person, space)?;
                let mut page = log::page(conn, &app.keyring, &record, n)?;
                if outside {
                    page.rows.retain(|row| !row.staff);
                }
                Ok(page)
            })
            .await
    }

    /// The events after `after`, at most `limit` (1 to 500), and the head.
    ///
    /// # Errors
    /// As `page`.
    pub async fn events(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        after: Seq,
        limit: i64,
    ) -> Result<(Vec<Event>, Seq)> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let (record, outside) = readable_with_sight(conn, person, space)?;
                let limit = limit.clamp(1, 500);
                let mut events =
                    log::events(conn, &app.keyring, record.facts.workspace, space, after.max(0), limit)?;
                if outside {
                    events.iter_mut().filter(|it| it.staff).for_each(|it| *it = it.hidden());
                }
                Ok((events, record.facts.head))
            })
            .await
    }

    /// One message's row.
    ///
    /// # Errors
    /// As `page`.
    pub async fn message(self: &Arc<Self>, person: PersonId, space: SpaceId, seq: Seq) -> Result<Row> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = readable(conn, person, space)?;
                let row = log::row(conn, &app.keyring, &record, seq)?;
                row_for(conn, person, &record, row)?.ok_or_else(|| Refusal::NotFound(Thing::Message).into())
            })
            .await
    }

    /// A root message and all its replies.
    ///
    /// # Errors
    /// As `page`.
    pub async fn thread(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        root: Seq,
    ) -> Result<(Row, Vec<Row>)> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = readable(conn, person, space)?;
                let row = log::row(conn, &app.keyring, &record, root)?;
                let row = row_for(conn, person, &record, row)?.ok_or(Refusal::NotFound(Thing::Message))?;
                Ok((row, log::thread(conn, &app.keyring, &record, root)?))
            })
            .await
    }

    /// The pinned messages, newest pin first.
    ///
    /// # Errors
    /// As `page`.
    pub async fn pins(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<Vec<Row>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let (record, outside) = readable_with_sight(conn, person, space)?;
                let mut rows = log::pinned(conn, &app.keyring, &record)?;
                rows.retain(|row| !outside || !row.staff);
                Ok(rows)
            })
            .await
    }

    /// Files posted in the space, newest first, older than `before`.
    ///
    /// # Errors
    /// As `page`.
    pub async fn space_files(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        before: Option<FileId>,
        limit: i64,
    ) -> Result<Vec<FileRecord>> {
        self.db
            .read(move |conn| {
                let (_, outside) = readable_with_sight(conn, person, space)?;
                let before = before.unwrap_or(FileId(i64::MAX));
                let mut files = madang_store::files::of_space(conn, space, before, limit.clamp(1, 200))?;
                if outside {
                    let kept = madang_store::files::in_notes(conn, space)?;
                    files.retain(|it| !kept.contains(&it.file.id));
                }
                Ok(files)
            })
            .await
    }

    /// Every member's read marker.
    ///
    /// # Errors
    /// `ReceiptsOff` in a large space; else as `page`.
    pub async fn markers(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<Vec<(PersonId, Seq)>> {
        self.db
            .read(move |conn| {
                with_receipts(&readable(conn, person, space)?)?;
                Ok(markers::of_space(conn, space)?)
            })
            .await
    }

    /// Who has read a message, and who has not; its author left out.
    ///
    /// # Errors
    /// As `markers`.
    pub async fn readers(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        seq: Seq,
    ) -> Result<Vec<ReaderRecord>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = readable(conn, person, space)?;
                with_receipts(&record)?;
                let row = log::row(conn, &app.keyring, &record, seq)?;
                let row = row_for(conn, person, &record, row)?.ok_or(Refusal::NotFound(Thing::Message))?;
                let mut readers = markers::readers(conn, space, seq)?;
                readers.retain(|reader| reader.person != row.author);
                Ok(readers)
            })
            .await
    }

    /// Asks everybody who has not read the message to read it. Gives the event
    /// and how many were asked.
    ///
    /// # Errors
    /// As `markers`, or a refusal of the command.
    pub async fn remind(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        message: Seq,
    ) -> Result<(Option<Arc<Event>>, usize)> {
        let readers = self.readers(person, space, message).await?;
        let confirmed =
            match self.message(person, space, message).await?.message().and_then(|it| it.card.as_deref()) {
                Some(Card::Confirm(confirm)) => Some(confirm.people.clone()),
                _ => None,
            };
        // Where reading is to be confirmed, having read is not enough.
        let has_answered = |reader: &ReaderRecord| match &confirmed {
            Some(people) => people.iter().any(|(person, _)| *person == reader.person),
            None => reader.read,
        };
        let asked = readers.iter().filter(|reader| !has_answered(reader) && reader.person != person);
        let people: Vec<PersonId> = asked.map(|reader| reader.person).collect();
        let count = people.len();
        let event = self.run(person, space, None, Command::RemindReaders { message, people }).await?;
        Ok((event, count))
    }

    /// Moves the read marker forward, at most to the head.
    ///
    /// # Errors
    /// `NotAMember`, or what the store said.
    pub async fn read_to(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        seq: Seq,
    ) -> Result<Option<Register>> {
        let now_us = self.clock.now_us();
        self.db
            .write(move |tx| {
                let record = joined(tx, person, space)?;
                let head = record.facts.head;
                Ok(match markers::move_to(tx, space, person, seq.min(head), head, now_us)? {
                    Some(register) => Some(register),
                    None => registers::get(tx, person, &Key::Read(space))?.filter(|it| !it.value.is_null()),
                })
            })
            .await
    }

    /// Makes everything from the message at `seq` on unread again.
    ///
    /// # Errors
    /// `NotAMember`, or what the store said.
    pub async fn unread_from(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        seq: Seq,
    ) -> Result<Register> {
        self.db
            .write(move |tx| {
                let record = joined(tx, person, space)?;
                let head = record.facts.head;
                let put = markers::put_at(tx, space, person, seq.saturating_sub(1).clamp(0, head), head)?;
                Ok(put.ok_or(Refusal::NotAMember)?)
            })
            .await
    }

    /// Sets how much the person wants to hear of the space.
    ///
    /// # Errors
    /// `NotAMember`, or what the store said.
    pub async fn involve(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        level: Involvement,
    ) -> Result<Register> {
        self.db
            .write(move |tx| {
                joined(tx, person, space)?;
                Ok(markers::set_level(tx, space, person, level)?.ok_or(Refusal::NotAMember)?)
            })
            .await
    }

    /// Keeps an unsent text for the person's other devices. Of two, the one
    /// written later (`at`) stays.
    ///
    /// # Errors
    /// `NotAMember`, `TooLong`, or what the store said.
    pub async fn keep_draft(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        thread: Option<Seq>,
        text: String,
        at: i64,
    ) -> Result<Register> {
        if text.chars().count() > limits::MESSAGE_CHARS {
            return Err(Refusal::TooLong { what: "the draft", limit: limits::MESSAGE_CHARS }.into());
        }
        // A device whose clock is ahead must not win for ever.
        let at = at.min(self.clock.now_us());
        self.db
            .write(move |tx| {
                markers::hold(tx, space, person)?;
                joined(tx, person, space)?;
                let key = Key::Draft(space, thread);
                if let Some(kept) = registers::get(tx, person, &key)?
                    && kept.value["at"].as_i64().is_some_and(|kept_at| kept_at > at)
                {
                    return Ok(kept);
                }
                let text = text.replace('\0', "");
                let value = json!({"text": text, "at": at});
                Ok(registers::put(tx, person, &key, &value)?)
            })
            .await
    }

    /// Changes the person's settings key by key; null takes a key away.
    ///
    /// # Errors
    /// `TooLarge`, or what the store said.
    pub async fn change_settings(
        self: &Arc<Self>,
        person: PersonId,
        changes: serde_json::Map<String, serde_json::Value>,
    ) -> Result<Register> {
        const LIMIT: usize = 16_384;
        self.db
            .write(move |tx| {
                let kept = registers::get(tx, person, &Key::Settings)?;
                let mut settings = kept.and_then(|it| it.value.as_object().cloned()).unwrap_or_default();
                for (key, value) in &changes {
                    if value.is_null() {
                        settings.remove(key)
                    } else {
                        settings.insert(key.clone(), value.clone())
                    };
                }
                let value = serde_json::Value::Object(settings);
                if value.to_string().len() > LIMIT {
                    return Err(Refusal::TooLarge { limit: LIMIT as i64 }.into());
                }
                Ok(registers::put(tx, person, &Key::Settings, &value)?)
            })
            .await
    }

    /// One register of the person.
    ///
    /// # Errors
    /// What the store said.
    pub async fn register(self: &Arc<Self>, person: PersonId, key: Key) -> Result<Option<Register>> {
        self.db.read(move |conn| Ok(registers::get(conn, person, &key)?)).await
    }

    /// Registers that changed after `rev`, and the newest `rev`.
    ///
    /// # Errors
    /// What the store said.
    pub async fn registers(self: &Arc<Self>, person: PersonId, rev: i64) -> Result<(i64, Vec<Register>)> {
        self.db
            .read(move |conn| Ok((registers::rev(conn, person)?, registers::after(conn, person, rev)?)))
            .await
    }
}

fn with_receipts(space: &SpaceRecord) -> Result<(), Refusal> {
    if space.facts.members > limits::RECEIPT_MEMBERS { Err(Refusal::ReceiptsOff) } else { Ok(()) }
}
