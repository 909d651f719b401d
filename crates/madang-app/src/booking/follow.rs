//! A booking is as its meeting is, whoever changed that: the guest by their address, or the host in the app.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

use madang_model::booking::Free;
use madang_model::{BookingId, Refusal, Seq, SpaceId};
use madang_store::bookings::{self, BookingRecord, PageRecord};
use madang_store::db::{Conn, Tx};
use madang_store::jobs;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::Result;
use crate::meetings::letter::Occasion;

/// What the secrets of guests are sealed as.
pub(super) const SECRET: &[u8] = b"secret of a booking";
const MINUTE_US: i64 = 60 * 1_000_000;
/// So long before it guests are reminded by mail: a day, and an hour.
const REMINDERS: [i64; 2] = [24 * 60, 60];

/// A booking and its page.
#[derive(Debug, Clone)]
pub(crate) struct BookedAt {
    pub record: BookingRecord,
    pub page: PageRecord,
}

/// A reminder that waits; it counts while the booking is when it was.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Reminder {
    booking: i64,
    start_us: i64,
}

/// Whoever booked stays invited: a meeting without them is cancelled, not changed.
pub(crate) fn keeps_guest(conn: &mut Conn, place: (SpaceId, Seq), guests: &[String]) -> Result<()> {
    let Some(booking) = bookings::of_meeting(conn, place)? else { return Ok(()) };
    if booking.email.is_empty() || guests.contains(&booking.email) {
        return Ok(());
    }
    let why = "whoever booked stays invited: cancel the meeting instead".into();
    Err(Refusal::Invalid { what: "guests", why }.into())
}

impl App {
    pub(crate) fn booked_at(&self, conn: &mut Conn, place: (SpaceId, Seq)) -> Result<Option<BookedAt>> {
        let Some(record) = bookings::of_meeting(conn, place)? else { return Ok(None) };
        let page = bookings::page_by_id(conn, record.page)?;
        Ok(page.map(|page| BookedAt { record, page }))
    }

    /// Has the booking of a meeting, if it is one, be as the meeting is in this transaction.
    pub(crate) fn booking_follows(&self, tx: &mut Tx, place: (SpaceId, Seq)) -> Result<()> {
        let Some(BookedAt { record, page }) = self.booked_at(tx, place)? else { return Ok(()) };
        let meeting = self.meeting_at(tx, place)?.meeting;
        if meeting.cancelled {
            bookings::cancel(tx, record.id)?;
            return Ok(());
        }
        let Some(next) = meeting.occurrences(i64::MIN, 1).into_iter().next() else { return Ok(()) };
        if (next.start_us, next.end_us) == (record.start_us, record.end_us) {
            return Ok(());
        }
        if bookings::is_taken(tx, record.taker, next.start_us, record.id)? {
            return Err(Refusal::SlotTaken.into());
        }
        let mut busy = Free::new(&page.settings)?.around(next.start_us);
        // The host may have made it longer or shorter than the page says.
        busy.to_us += next.end_us - Free::new(&page.settings)?.ends(next.start_us);
        bookings::set_time(tx, record.id, (next.start_us, next.end_us), busy)?;
        let record = BookingRecord { start_us: next.start_us, end_us: next.end_us, busy, ..record };
        self.plan_reminders(tx, &record)
    }

    pub(super) fn plan_reminders(&self, tx: &mut Tx, booking: &BookingRecord) -> Result<()> {
        let now_us = self.clock.now_us();
        let payload = serde_json::to_string(&Reminder { booking: booking.id.0, start_us: booking.start_us });
        let payload = payload.map_err(anyhow::Error::from)?;
        for minutes in REMINDERS {
            let at_us = booking.start_us - minutes * MINUTE_US;
            if at_us > now_us {
                jobs::insert(tx, self.ids.next(), "booking_reminder", &payload, at_us)?;
            }
        }
        Ok(())
    }

    /// Reminds a guest by mail, unless the booking was moved, cancelled, or has begun.
    pub(crate) async fn remind_of_booking(self: &Arc<Self>, reminder: Reminder) -> Result<()> {
        let (app, now_us) = (self.clone(), self.clock.now_us());
        self.db
            .write(move |tx| -> Result<()> {
                let Some(record) = bookings::one(tx, BookingId(reminder.booking))? else { return Ok(()) };
                let stands = !record.cancelled && record.start_us == reminder.start_us;
                if !stands || record.start_us <= now_us || record.email.is_empty() {
                    return Ok(());
                }
                let Some(page) = bookings::page_by_id(tx, record.page)? else { return Ok(()) };
                let letter = app.booking_reminder(tx, &BookedAt { record, page })?;
                app.post_letter(tx, &letter)
            })
            .await
    }

    /// The guest's secret, for their letters.
    pub(super) fn secret_of(&self, booking: &BookingRecord) -> Result<String> {
        let sealed = STANDARD.decode(&booking.secret).map_err(anyhow::Error::from)?;
        let plain = self.guest_links.unseal(SECRET, &sealed)?;
        Ok(String::from_utf8(plain).map_err(anyhow::Error::from)?)
    }

    /// Where a guest sees, moves and cancels a booking.
    pub(super) fn own_address(&self, booked: &BookedAt) -> Result<String> {
        let secret = self.secret_of(&booked.record)?;
        Ok(format!("{}/b/{}/{secret}", self.config.public_url, booked.page.key))
    }
}

/// Whether a letter of this kind says that the booking goes on.
pub(super) fn goes_on(occasion: &Occasion) -> bool {
    matches!(occasion, Occasion::Planned | Occasion::Changed)
}
