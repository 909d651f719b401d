//! Who is busy when: by meetings of the house, by other bookings, and by the calendars that they keep elsewhere.

use madang_model::booking::{Busy, Free, Taker, Time};
use madang_model::{PersonId, Refusal};
use madang_store::bookings::{self, BookingRecord, PageRecord};
use madang_store::db::Conn;
use madang_store::{log, outer_calendars};

use super::pages::may_take;
use crate::app::App;
use crate::error::Result;

/// What is kept free around a booking is a day at most.
const AROUND_US: i64 = 24 * 3_600 * 1_000_000;
/// Single ones of a series that are looked at.
const OCCURRENCES: usize = 1_000;
/// Times offered at once.
const MOST: usize = 3_000;

impl App {
    /// The times of a page that begin in a stretch of time. With a booking that is to be moved: those of who takes it,
    /// as if it were not there.
    pub(super) fn free_times(
        &self,
        conn: &mut Conn,
        page: &PageRecord,
        window: (i64, i64),
        moved: Option<&BookingRecord>,
    ) -> Result<Vec<Time>> {
        if !page.settings.on && moved.is_none() {
            return Err(Refusal::BookingOff.into());
        }
        let free = Free::new(&page.settings)?;
        let wide = (window.0 - AROUND_US, window.1 + 2 * AROUND_US);
        let who = match moved {
            Some(booking) => vec![booking.taker],
            None => page.settings.takers.clone(),
        };
        let mut takers = Vec::new();
        for person in who {
            if !may_take(conn, person)? {
                continue;
            }
            let busy = self.busy(conn, person, wide, moved)?;
            let but = moved.map(|it| it.id);
            let booked = bookings::starts(conn, page.id, person, wide.0, but)?;
            takers.push(Taker::new(person, busy, booked));
        }
        Ok(free.times(&takers, self.clock.now_us(), window, MOST))
    }

    fn busy(
        &self,
        conn: &mut Conn,
        person: PersonId,
        window: (i64, i64),
        but: Option<&BookingRecord>,
    ) -> Result<Vec<Busy>> {
        let mut busy = bookings::busy(conn, person, window, but.map(|it| it.id))?;
        for calendar in outer_calendars::of_person(conn, person)? {
            busy.extend(calendar.busy.into_iter().filter(|it| it.to_us > window.0 && it.from_us < window.1));
        }
        for space in log::meetings_of_person(conn, person, window.0)? {
            let Some(record) = log::space(conn, space)? else { continue };
            for found in log::meetings_of(conn, &self.keyring, &record, window.0)? {
                let mine = found.meeting.invites(person) || found.organiser == person;
                let moved = but.is_some_and(|it| (it.space, it.meeting) == (space, found.seq));
                if !mine || moved {
                    continue;
                }
                let all = found.meeting.occurrences(window.0, OCCURRENCES).into_iter();
                let within = all.take_while(|it| it.start_us < window.1);
                busy.extend(within.map(|it| Busy { from_us: it.start_us, to_us: it.end_us }));
            }
        }
        Ok(busy)
    }
}
