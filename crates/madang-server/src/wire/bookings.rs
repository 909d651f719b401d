//! Booking pages, bookings and calendars kept elsewhere (docs/protocol/booking.md).

use madang_app::{Booked, BookingPage, CalendarAdded, GuestView, NewBooking, Offered, PageFront};
use madang_model::booking::{BookingSettings, Purpose, Time};
use madang_model::desk::Words;
use madang_store::bookings::BookingRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetBookingPage {
    #[schema(value_type = Object)]
    pub settings: BookingSettings,
}

/// A page as those see it who made it, take its bookings, or manage desks.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookingPageFull {
    pub id: String,
    pub key: String,
    /// Its public address.
    pub url: String,
    pub owner: String,
    #[schema(value_type = Object)]
    pub settings: BookingSettings,
    pub may_change: bool,
}

impl BookingPageFull {
    pub fn new(page: BookingPage, public_url: &str) -> BookingPageFull {
        BookingPageFull {
            id: page.record.id.to_string(),
            url: format!("{public_url}/b/{}", page.record.key),
            key: page.record.key,
            owner: page.record.owner.to_string(),
            settings: page.record.settings,
            may_change: page.may_change,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BookingPages {
    pub pages: Vec<BookingPageFull>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BookingPageAnswer {
    pub page: BookingPageFull,
}

/// A booking as the house sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Booking {
    pub id: String,
    pub page: String,
    /// What its page is called.
    pub title: String,
    /// Who takes it.
    pub taker: String,
    /// The space of its call, and the event that planned it.
    pub space: String,
    pub meeting: i64,
    /// Microseconds since 1970.
    pub start: i64,
    pub end: i64,
    pub name: String,
    pub email: String,
    pub note: String,
    /// The guest's own time zone.
    pub zone: String,
}

impl From<(BookingRecord, String)> for Booking {
    fn from((it, title): (BookingRecord, String)) -> Self {
        Booking {
            id: it.id.to_string(),
            page: it.page.to_string(),
            title,
            taker: it.taker.to_string(),
            space: it.space.to_string(),
            meeting: it.meeting,
            start: it.start_us,
            end: it.end_us,
            name: it.name,
            email: it.email,
            note: it.note,
            zone: it.zone,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Bookings {
    /// The next one first.
    pub bookings: Vec<Booking>,
}

/// A page as everybody sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookingFront {
    pub key: String,
    pub workspace: String,
    pub title: String,
    #[schema(value_type = String)]
    pub purpose: Purpose,
    #[schema(value_type = Object)]
    pub about: Words,
    pub minutes: u32,
    pub video: bool,
    pub asks_note: bool,
    #[schema(value_type = Object)]
    pub question: Words,
    /// The names of who takes it; one of them does.
    pub takers: Vec<String>,
    /// The time zone of its hours.
    pub zone: String,
    pub horizon_days: u32,
    /// One that is off takes no bookings.
    pub on: bool,
}

impl From<PageFront> for BookingFront {
    fn from(front: PageFront) -> Self {
        let settings = front.record.settings;
        BookingFront {
            key: front.record.key,
            workspace: front.workspace,
            title: settings.title,
            purpose: settings.purpose,
            about: settings.about,
            minutes: settings.minutes,
            video: settings.video,
            asks_note: settings.asks_note,
            question: settings.question,
            takers: front.takers,
            zone: settings.hours.zone,
            horizon_days: settings.horizon_days,
            on: settings.on,
        }
    }
}

/// A time that can be booked, in microseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreeTime {
    pub start: i64,
    pub end: i64,
}

impl From<Time> for FreeTime {
    fn from(it: Time) -> Self {
        FreeTime { start: it.start_us, end: it.end_us }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Within {
    /// Microseconds since 1970; times that begin then or later.
    pub from: i64,
    /// And before this, at most 45 days later.
    pub to: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BookingTimes {
    pub page: BookingFront,
    pub times: Vec<FreeTime>,
}

impl From<Offered> for BookingTimes {
    fn from(it: Offered) -> Self {
        BookingTimes { page: it.front.into(), times: it.times.into_iter().map(Into::into).collect() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TimesToMove {
    pub times: Vec<FreeTime>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Book {
    /// Made once by the client for this wish; a repeat answers the same.
    pub client_id: String,
    /// One of the times that were offered.
    pub start: i64,
    pub name: String,
    pub email: String,
    #[serde(default)]
    pub note: String,
    /// A BCP 47 tag: in which language letters are written.
    #[serde(default)]
    pub language: String,
    /// The guest's own IANA time zone.
    pub zone: String,
}

impl From<Book> for NewBooking {
    fn from(it: Book) -> Self {
        NewBooking {
            client_id: it.client_id,
            start_us: it.start,
            name: it.name,
            email: it.email,
            note: it.note,
            language: it.language,
            zone: it.zone,
        }
    }
}

/// A booking as its guest sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestBooking {
    pub page: BookingFront,
    /// The name of who takes it.
    pub with: String,
    pub start: i64,
    pub end: i64,
    /// As whom it was booked.
    pub name: String,
    pub note: String,
    pub zone: String,
    pub cancelled: bool,
    /// Where the call is joined, while it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
}

impl From<GuestView> for GuestBooking {
    fn from(view: GuestView) -> Self {
        GuestBooking {
            page: view.front.into(),
            with: view.with,
            start: view.record.start_us,
            end: view.record.end_us,
            name: view.record.name,
            note: view.record.note,
            zone: view.record.zone,
            cancelled: view.record.cancelled,
            join: view.join,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct GuestBookingAnswer {
    pub booking: GuestBooking,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BookedAnswer {
    /// By which the guest sees, moves and cancels it: `/b/{key}/{secret}` is the page of it.
    pub secret: String,
    pub booking: GuestBooking,
}

impl From<Booked> for BookedAnswer {
    fn from(it: Booked) -> Self {
        BookedAnswer { secret: it.secret, booking: it.view.into() }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MoveBooking {
    /// One of the times that were offered for it.
    pub start: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AddCalendar {
    /// The host of the address without one.
    #[serde(default)]
    pub name: String,
    /// The address of an `.ics` file.
    pub url: String,
    /// The time zone of what names none in it.
    pub zone: String,
}

/// A calendar that somebody keeps elsewhere. Its address is not told again.
#[derive(Debug, Serialize, ToSchema)]
pub struct OuterCalendar {
    pub id: String,
    pub name: String,
    pub added_at: i64,
    /// When it was last read; null if it never could be.
    pub read_at: Option<i64>,
    /// Why it cannot be read at the moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// How many times it has in which its owner is busy.
    pub busy: usize,
}

impl From<CalendarAdded> for OuterCalendar {
    fn from(it: CalendarAdded) -> Self {
        OuterCalendar {
            id: it.id.to_string(),
            name: it.name,
            added_at: it.added_at,
            read_at: it.read_at,
            failure: it.failure,
            busy: it.busy.len(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OuterCalendars {
    pub calendars: Vec<OuterCalendar>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OuterCalendarAnswer {
    pub calendar: OuterCalendar,
}
