//! What guests do: they look for a time, take it, and move or cancel it by the secret address that their letter holds.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use madang_model::booking::{Free, Time, turn};
use madang_model::contact::ContactFacts;
use madang_model::meeting::{Wish, local, zone};
use madang_model::refusal::Thing;
use madang_model::space::{SpaceKind, create};
use madang_model::{BookingId, Command, ContactId, PersonId, Refusal, Seq, SpaceId, limits, name};
use madang_store::bookings::{self, BookingRecord, Opened, PageRecord};
use madang_store::contacts::{self, NewContact};
use madang_store::db::{Conn, Tx};
use madang_store::{StoreError, house, log, people, spaces};

use super::pages::{front_of, public_page};
use super::{PageFront, follow};
use crate::app::App;
use crate::attempts::{BOOK, LETTER};
use crate::error::{Error, Result};
use crate::meetings::MeetingWish;
use crate::meetings::letter::Occasion;
use crate::people::workspace;
use crate::run::check_client_id;
use crate::session::{fresh_secret, hash_of};

/// How long a stretch of time may be that is asked about: 45 days.
const WINDOW_US: i64 = 45 * 24 * 3_600 * 1_000_000;
/// How far ahead anything is asked about: 400 days.
const FAR_US: i64 = limits::AHEAD_US;
/// How far back bookings count for whose turn it is: 60 days.
const TURN_US: i64 = 60 * 24 * 3_600 * 1_000_000;
/// Whoever takes a booking is reminded by the meeting itself, so many minutes before it.
const REMIND: u32 = 60;

/// What a guest says who takes a time.
#[derive(Debug, Clone)]
pub struct NewBooking {
    /// Made once by the guest's device for this wish.
    pub client_id: String,
    pub start_us: i64,
    pub name: String,
    pub email: String,
    pub note: String,
    pub language: String,
    /// The guest's own time zone.
    pub zone: String,
}

/// Times, and the page they are of.
#[derive(Debug, Clone)]
pub struct Offered {
    pub front: PageFront,
    pub times: Vec<Time>,
}

/// A booking, and the secret address of its guest.
#[derive(Debug, Clone)]
pub struct Booked {
    pub secret: String,
    pub view: GuestView,
}

/// A booking as its guest sees it.
#[derive(Debug, Clone)]
pub struct GuestView {
    pub record: BookingRecord,
    pub front: PageFront,
    /// The name of who takes it.
    pub with: String,
    /// Where the call is joined, while it stands.
    pub join: Option<String>,
}

impl App {
    /// The times of a page that begin from one moment on and before another.
    ///
    /// # Errors
    /// `NotFound`, `BookingOff`, or what the store said.
    pub async fn offered_times(self: &Arc<Self>, key: &str, from_us: i64, to_us: i64) -> Result<Offered> {
        let (app, key) = (self.clone(), key.to_owned());
        self.db
            .read(move |conn| {
                let page = public_page(conn, &key)?;
                let times = match page.settings.on {
                    true => app.free_times(conn, &page, window(app.clock.now_us(), from_us, to_us), None)?,
                    false => Vec::new(),
                };
                Ok(Offered { front: front_of(conn, page)?, times })
            })
            .await
    }

    /// Takes a time. A repeat of the same wish gives the same booking.
    ///
    /// # Errors
    /// `SlotTaken` when it is not free any more, `BookingOff`, `TooMany` of one address, `TooFast`, what is wrong with
    /// the name or the address, or what the store said.
    pub async fn book(self: &Arc<Self>, key: &str, new: NewBooking, from: Option<IpAddr>) -> Result<Booked> {
        let new = new.checked()?;
        let (app, key, now_us, secret) =
            (self.clone(), key.to_owned(), self.clock.now_us(), fresh_secret("")?);
        if let Some(from) = from {
            self.attempts.count(BOOK, &from.to_string(), now_us)?;
        }
        self.attempts.count(LETTER, &new.email, now_us)?;
        let booked = self.write_once(move |tx| {
            let page = public_page(tx, &key)?;
            // One after the other, also by two pages of the same person.
            house::lock_people(tx, page.workspace)?;
            if let Some(record) = bookings::by_client(tx, page.id, &new.client_id)? {
                let secret = app.secret_of(&record)?;
                return Ok(Booked { secret, view: app.guest_view(tx, record)? });
            }
            if bookings::of_address(tx, page.id, &new.email, now_us)? >= limits::BOOKINGS_OF_ONE {
                let limit = usize::try_from(limits::BOOKINGS_OF_ONE).unwrap_or(usize::MAX);
                return Err(Refusal::TooMany { what: "bookings", limit }.into());
            }
            let time = app.free_at(tx, &page, new.start_us, None)?;
            let loads = bookings::loads(tx, page.id, now_us - TURN_US)?;
            let taker = turn(&time.takers, &loads).ok_or(Refusal::SlotTaken)?;
            let record = app.take(tx, &page, taker, &new, &secret)?;
            Ok(Booked { secret: secret.clone(), view: app.guest_view(tx, record)? })
        });
        let booked = booked.await.map_err(faster)?;
        self.new_due.notify_one();
        Ok(booked)
    }

    fn take(
        &self,
        tx: &mut Tx,
        page: &PageRecord,
        taker: PersonId,
        new: &NewBooking,
        secret: &str,
    ) -> Result<BookingRecord> {
        let space = self.booking_space(tx, page, taker, new)?;
        let wish = meeting_wish(page, taker, &new.name, &new.email, new.start_us)?;
        let command = Command::PlanMeeting(Box::new(wish.wish.clone()));
        let events = self.run_in(tx, taker, space, None, &command)?;
        let place = (space, events.first().map(|it| it.seq).expect("planning adds one event"));
        self.invite_guests(tx, taker, place, &wish.guests)?;
        let id = BookingId(self.ids.next());
        let free = Free::new(&page.settings)?;
        let record = BookingRecord {
            id,
            page: page.id,
            taker,
            space,
            meeting: place.1,
            start_us: new.start_us,
            end_us: free.ends(new.start_us),
            busy: free.around(new.start_us),
            cancelled: false,
            name: new.name.clone(),
            email: new.email.clone(),
            note: new.note.clone(),
            language: new.language.clone(),
            zone: new.zone.clone(),
            secret: STANDARD.encode(self.guest_links.seal(follow::SECRET, secret.as_bytes())?),
            created_at: self.clock.now_us(),
        };
        let opened = Opened { client_id: new.client_id.clone(), secret_hash: hash_of(secret) };
        bookings::insert(tx, &record, &opened)?;
        self.guest_is_contact(tx, page, new)?;
        let told = self.told_by_mail(tx, place)?;
        self.mail_meeting(tx, taker, place, &Occasion::Planned, &told)?;
        self.plan_reminders(tx, &record)?;
        Ok(record)
    }

    /// The house knows who booked, by an address that proves nothing yet.
    fn guest_is_contact(&self, tx: &mut Tx, page: &PageRecord, new: &NewBooking) -> Result<()> {
        if contacts::by_email(tx, page.workspace, &new.email)?.is_some() {
            return Ok(());
        }
        let facts = ContactFacts {
            name: new.name.clone(),
            email: Some(new.email.clone()),
            ..ContactFacts::default()
        };
        let contact = NewContact { id: ContactId(self.ids.next()), workspace: page.workspace, facts };
        Ok(contacts::insert(tx, &contact, self.clock.now_us())?)
    }

    /// A closed space of its own: no guest is to meet what others wrote, or see that they came.
    fn booking_space(
        &self,
        tx: &mut Tx,
        page: &PageRecord,
        taker: PersonId,
        new: &NewBooking,
    ) -> Result<SpaceId> {
        let title: String =
            format!("{} · {}", new.name, page.settings.title).chars().take(limits::NAME_CHARS).collect();
        let bodies = create(taker, SpaceKind::Closed, &title, &[])?;
        let id = SpaceId(self.ids.next());
        spaces::insert(tx, id, page.workspace, SpaceKind::Closed, title.trim(), None, self.clock.now_us())?;
        let record = log::space_locked(tx, id)?.expect("it was inserted in this transaction");
        self.append(tx, &record, taker, None, bodies)?;
        Ok(id)
    }

    /// The time that begins at a moment, if it can be taken.
    fn free_at(
        &self,
        conn: &mut Conn,
        page: &PageRecord,
        start_us: i64,
        moved: Option<&BookingRecord>,
    ) -> Result<Time> {
        let window = window(self.clock.now_us(), start_us, start_us.saturating_add(1));
        let found = self.free_times(conn, page, window, moved)?;
        Ok(found.into_iter().find(|it| it.start_us == start_us).ok_or(Refusal::SlotTaken)?)
    }

    /// A booking, for whoever has its secret.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn booked(self: &Arc<Self>, secret: &str) -> Result<GuestView> {
        let (app, hash) = (self.clone(), hash_of(secret));
        self.db
            .read(move |conn| {
                let record = bookings::by_secret(conn, &hash)?.ok_or(Refusal::LinkInvalid)?;
                app.guest_view(conn, record)
            })
            .await
    }

    /// The times to which a booking could be moved.
    ///
    /// # Errors
    /// `LinkInvalid`, `BookingOver`, or what the store said.
    pub async fn times_to_move(
        self: &Arc<Self>,
        secret: &str,
        from_us: i64,
        to_us: i64,
    ) -> Result<Vec<Time>> {
        let (app, hash) = (self.clone(), hash_of(secret));
        self.db
            .read(move |conn| {
                let (record, page) = app.standing_booking(conn, &hash)?;
                app.free_times(conn, &page, window(app.clock.now_us(), from_us, to_us), Some(&record))
            })
            .await
    }

    /// The guest takes another time instead.
    ///
    /// # Errors
    /// `LinkInvalid`, `BookingOver`, `SlotTaken`, `TooFast`, or what the store said.
    pub async fn move_booking(self: &Arc<Self>, secret: &str, start_us: i64) -> Result<GuestView> {
        let (app, hash) = (self.clone(), hash_of(secret));
        self.attempts.count(BOOK, secret, self.clock.now_us())?;
        let moved = self.write_once(move |tx| {
            let house = workspace(tx)?.id;
            house::lock_people(tx, house)?;
            let (record, page) = app.standing_booking(tx, &hash)?;
            if record.start_us == start_us {
                return app.guest_view(tx, record);
            }
            app.free_at(tx, &page, start_us, Some(&record))?;
            let mut wish = meeting_wish(&page, record.taker, &record.name, &record.email, start_us)?;
            wish.guests = madang_store::meetings::guests(tx, (record.space, record.meeting))?;
            wish.wish.guests = u32::try_from(wish.guests.len()).unwrap_or(u32::MAX);
            app.change_meeting_in(tx, record.taker, (record.space, record.meeting), None, &wish)?;
            let record = bookings::one(tx, record.id)?.ok_or(Refusal::LinkInvalid)?;
            app.guest_view(tx, record)
        });
        let view = moved.await.map_err(faster)?;
        self.new_due.notify_one();
        Ok(view)
    }

    /// The guest does not come. Done when it is done already.
    ///
    /// # Errors
    /// `LinkInvalid`, `BookingOver` when the time has passed, or what the store said.
    pub async fn cancel_booking(self: &Arc<Self>, secret: &str) -> Result<GuestView> {
        let (app, hash) = (self.clone(), hash_of(secret));
        let view = self
            .db
            .write(move |tx| -> Result<_> {
                let record = bookings::by_secret(tx, &hash)?.ok_or(Refusal::LinkInvalid)?;
                if !record.cancelled {
                    app.standing_booking(tx, &hash)?;
                    let (place, command) =
                        ((record.space, record.meeting), Command::CancelMeeting { meeting: record.meeting });
                    app.run_meeting_in(tx, record.taker, place, None, &command, &Occasion::Cancelled)?;
                }
                let record = bookings::one(tx, record.id)?.ok_or(Refusal::LinkInvalid)?;
                app.guest_view(tx, record)
            })
            .await?;
        self.new_due.notify_one();
        Ok(view)
    }

    /// The calendar file of a booking, for whoever has its secret.
    ///
    /// # Errors
    /// `LinkInvalid`, or what the store said.
    pub async fn booking_file(self: &Arc<Self>, secret: &str) -> Result<String> {
        let (app, hash) = (self.clone(), hash_of(secret));
        self.db
            .read(move |conn| {
                let record = bookings::by_secret(conn, &hash)?.ok_or(Refusal::LinkInvalid)?;
                app.file_of(conn, &record)
            })
            .await
    }

    /// A booking that goes on, and its page.
    fn standing_booking(&self, conn: &mut Conn, hash: &[u8; 32]) -> Result<(BookingRecord, PageRecord)> {
        let record = bookings::by_secret(conn, hash)?.ok_or(Refusal::LinkInvalid)?;
        if record.cancelled || record.end_us <= self.clock.now_us() {
            return Err(Refusal::BookingOver.into());
        }
        let page = bookings::page_by_id(conn, record.page)?.ok_or(Refusal::NotFound(Thing::BookingPage))?;
        Ok((record, page))
    }

    fn guest_view(&self, conn: &mut Conn, record: BookingRecord) -> Result<GuestView> {
        let page = bookings::page_by_id(conn, record.page)?.ok_or(Refusal::NotFound(Thing::BookingPage))?;
        let house = workspace(conn)?.id;
        let with = people::by_id(conn, house, record.taker)?.map(|it| it.name).unwrap_or_default();
        let place: (SpaceId, Seq) = (record.space, record.meeting);
        let join = if record.cancelled { None } else { self.guest_address(conn, place)? };
        Ok(GuestView { with, join, front: front_of(conn, page)?, record })
    }
}

impl NewBooking {
    fn checked(mut self) -> Result<NewBooking> {
        check_client_id(&self.client_id)?;
        self.name = name::checked(&self.name)?;
        self.email = name::email(&self.email)?;
        self.note = self.note.replace('\0', "").trim().to_owned();
        if self.note.chars().count() > limits::BOOKING_NOTE {
            return Err(Refusal::TooLong { what: "the note", limit: limits::BOOKING_NOTE }.into());
        }
        zone(&self.zone)?;
        self.language = if self.language.starts_with("ko") { "ko".into() } else { "en".into() };
        Ok(self)
    }
}

/// The meeting of a booking, on the clock of the page. Where that shows a time twice and the second is meant, it is
/// written in UTC, since a time on a clock is read as the first.
fn meeting_wish(
    page: &PageRecord,
    taker: PersonId,
    guest: &str,
    email: &str,
    start_us: i64,
) -> Result<MeetingWish> {
    let at = Timestamp::from_microsecond(start_us).map_err(anyhow::Error::from)?;
    let written = |name: &str| -> Result<String> {
        Ok(zone(name)?.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string())
    };
    let own = &page.settings.hours.zone;
    let start = written(own)?;
    let read = zone(own)?.to_ambiguous_timestamp(local(&start)?).compatible();
    let (zone, start) = match read {
        Ok(read) if read == at => (own.clone(), start),
        _ => ("UTC".to_owned(), written("UTC")?),
    };
    let title = format!("{} · {guest}", page.settings.title);
    let wish = Wish {
        title: title.chars().take(limits::MEETING_TITLE_CHARS).collect(),
        start,
        zone,
        minutes: page.settings.minutes,
        repeat: None,
        remind: REMIND,
        people: vec![taker],
        guests: 1,
    };
    Ok(MeetingWish { wish, guests: vec![email.to_owned()] })
}

/// What may be asked about: not long ago, not in years, and not for long.
fn window(now_us: i64, from_us: i64, to_us: i64) -> (i64, i64) {
    let from_us = from_us.clamp(now_us - WINDOW_US, now_us + FAR_US);
    (from_us, to_us.clamp(from_us, from_us + WINDOW_US))
}

/// Two who pressed at the same moment: the store keeps one of them.
fn faster(error: Error) -> Error {
    match error {
        Error::Store(StoreError::Unique(_)) => Refusal::SlotTaken.into(),
        other => other,
    }
}
