//! The calendars that people keep elsewhere: named by their address, read every quarter of an hour, and counted as busy.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use madang_model::refusal::Thing;
use madang_model::{CalendarId, PersonId, Refusal, limits, meeting, name};
use madang_store::jobs;
use madang_store::outer_calendars::{self, CalendarRecord};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};

use super::outer;
use crate::app::App;
use crate::attempts::CALENDAR;
use crate::error::Result;
use crate::outgoing::{Caps, Request};

/// What addresses are sealed as.
const ADDRESS: &[u8] = b"address of a calendar";
const DAY_US: i64 = 24 * 3_600 * 1_000_000;
/// How often they are read: 15 minutes.
const AGAIN_US: i64 = 15 * 60 * 1_000_000;
/// How far ahead: as far as can be booked, and a few days.
const AHEAD_US: i64 = (limits::BOOKING_DAYS as i64 + 7) * DAY_US;
const CAPS: Caps = Caps { time: Duration::from_secs(20), bytes: 8 << 20, cut: false, redirects: 3 };

/// A calendar as its owner sees it.
pub type CalendarAdded = CalendarRecord;

/// What a job knows of a calendar.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReadAgain {
    calendar: i64,
}

impl App {
    /// The calendars that somebody keeps elsewhere.
    ///
    /// # Errors
    /// What the store said.
    pub async fn outer_calendars(self: &Arc<Self>, person: PersonId) -> Result<Vec<CalendarAdded>> {
        self.db.read(move |conn| -> Result<_> { Ok(outer_calendars::of_person(conn, person)?) }).await
    }

    /// Names one, and reads it. What cannot be read is kept all the same, and says why.
    ///
    /// # Errors
    /// `Invalid` for what is no address outside, `TooMany`, `TooFast`, or what the store said.
    pub async fn add_calendar(
        self: &Arc<Self>,
        person: PersonId,
        called: &str,
        address: &str,
        zone: &str,
    ) -> Result<CalendarAdded> {
        let now_us = self.clock.now_us();
        self.attempts.count(CALENDAR, &person.to_string(), now_us)?;
        meeting::zone(zone)?;
        let url = self.calendar_address(address)?;
        let given = name::checked_or_empty(called)?;
        let shown = if given.is_empty() { url.host_str().unwrap_or_default().to_owned() } else { given };
        let id = CalendarId(self.ids.next());
        let record = CalendarRecord {
            id,
            person,
            name: shown,
            address: STANDARD.encode(self.guest_links.seal(ADDRESS, url.as_str().as_bytes())?),
            zone: zone.to_owned(),
            busy: Vec::new(),
            added_at: now_us,
            read_at: None,
            failure: None,
        };
        let app = self.clone();
        self.db
            .write(move |tx| {
                if outer_calendars::of_person(tx, person)?.len() >= limits::CALENDARS {
                    return Err(Refusal::TooMany { what: "calendars", limit: limits::CALENDARS }.into());
                }
                outer_calendars::insert(tx, &record)?;
                app.read_later(tx, id)
            })
            .await?;
        self.read_calendar(id).await?.ok_or_else(|| Refusal::NotFound(Thing::Calendar).into())
    }

    fn calendar_address(&self, address: &str) -> Result<Url> {
        let wrong = |why: String| Refusal::Invalid { what: "calendar address", why };
        let address = address.trim();
        // As calendar apps hand them out.
        let web = address.strip_prefix("webcal://").map(|rest| format!("https://{rest}"));
        let url = Url::parse(web.as_deref().unwrap_or(address))
            .map_err(|_| wrong("give the address of an .ics file".into()))?;
        self.outgoing.check(&url).map_err(|why| wrong(why.to_string()))?;
        Ok(url)
    }

    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn remove_calendar(self: &Arc<Self>, person: PersonId, id: CalendarId) -> Result<()> {
        let gone =
            self.db.write(move |tx| -> Result<_> { Ok(outer_calendars::remove(tx, person, id)?) }).await?;
        if gone { Ok(()) } else { Err(Refusal::NotFound(Thing::Calendar).into()) }
    }

    /// Reads one anew at once.
    ///
    /// # Errors
    /// `NotFound`, `TooFast`, or what the store said.
    pub async fn refresh_calendar(
        self: &Arc<Self>,
        person: PersonId,
        id: CalendarId,
    ) -> Result<CalendarAdded> {
        self.attempts.count(CALENDAR, &person.to_string(), self.clock.now_us())?;
        let found = self.db.read(move |conn| -> Result<_> { Ok(outer_calendars::one(conn, id)?) }).await?;
        if found.is_none_or(|it| it.person != person) {
            return Err(Refusal::NotFound(Thing::Calendar).into());
        }
        self.read_calendar(id).await?.ok_or_else(|| Refusal::NotFound(Thing::Calendar).into())
    }

    /// The job: reads it, and sees to it that it is read again while it is there.
    pub(crate) async fn read_calendar_again(self: &Arc<Self>, job: ReadAgain) -> Result<()> {
        let id = CalendarId(job.calendar);
        if self.read_calendar(id).await?.is_some() {
            let app = self.clone();
            self.db.write(move |tx| app.read_later(tx, id)).await?;
        }
        Ok(())
    }

    fn read_later(&self, tx: &mut madang_store::db::Tx, id: CalendarId) -> Result<()> {
        let payload = serde_json::to_string(&ReadAgain { calendar: id.0 }).map_err(anyhow::Error::from)?;
        let at = self.clock.now_us() + AGAIN_US;
        Ok(jobs::insert(tx, self.ids.next(), "outer_calendar", &payload, at)?)
    }

    /// Reads it now, and gives how it is then; none if it is not there any more.
    async fn read_calendar(self: &Arc<Self>, id: CalendarId) -> Result<Option<CalendarRecord>> {
        let found = self.db.read(move |conn| -> Result<_> { Ok(outer_calendars::one(conn, id)?) }).await?;
        let Some(record) = found else { return Ok(None) };
        let now_us = self.clock.now_us();
        let read = match self.fetched(&record).await {
            Ok(text) => {
                let window = (now_us - DAY_US, now_us + AHEAD_US);
                let zone = record.zone.clone();
                tokio::task::spawn_blocking(move || outer::busy(&text, &zone, window).map_err(str::to_owned))
                    .await
                    .unwrap_or_else(|_| Err("this calendar cannot be read".into()))
            }
            Err(why) => Err(why),
        };
        self.db
            .write(move |tx| -> Result<_> {
                match &read {
                    Ok(busy) => outer_calendars::put_busy(tx, id, busy, now_us)?,
                    Err(why) => outer_calendars::put_failure(tx, id, why)?,
                }
                Ok(outer_calendars::one(tx, id)?)
            })
            .await
    }

    async fn fetched(&self, record: &CalendarRecord) -> Result<String, String> {
        let damaged = || "the address cannot be opened any more: name it again".to_owned();
        let sealed = STANDARD.decode(&record.address).map_err(|_| damaged())?;
        let plain = self.guest_links.unseal(ADDRESS, &sealed).map_err(|_| damaged())?;
        let url = String::from_utf8(plain).ok().and_then(|it| Url::parse(&it).ok()).ok_or_else(damaged)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("text/calendar, */*;q=0.1"));
        let request = Request { method: Method::GET, url, headers, body: Bytes::new() };
        let answer = self.outgoing.send(request, CAPS).await.map_err(|why| why.to_string())?;
        if !answer.status.is_success() {
            return Err(format!("its server answered {}", answer.status.as_u16()));
        }
        String::from_utf8(answer.body.to_vec()).map_err(|_| "this calendar is not UTF-8".to_owned())
    }
}
