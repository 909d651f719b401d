//! Making booking pages, and what of them is shown to whom.

use std::sync::Arc;

use madang_model::audit::{Act, Object};
use madang_model::booking::BookingSettings;
use madang_model::permission::{HouseRight, Role, may_in_house};
use madang_model::refusal::Thing;
use madang_model::{BookingPageId, PersonId, Refusal, limits};
use madang_store::bookings::{self, BookingRecord, PageRecord};
use madang_store::db::{Conn, Tx};
use madang_store::{log, people};
use serde_json::json;

use crate::app::App;
use crate::audit::by;
use crate::desks::fresh_key;
use crate::error::Result;
use crate::people::workspace;
use crate::settings::may_here;

/// A page as those see it who made it, take its bookings, or manage desks.
#[derive(Debug, Clone)]
pub struct BookingPage {
    pub record: PageRecord,
    pub may_change: bool,
}

/// A page as everybody sees it.
#[derive(Debug, Clone)]
pub struct PageFront {
    pub record: PageRecord,
    pub workspace: String,
    /// The names of who takes it.
    pub takers: Vec<String>,
}

/// Whether somebody manages the pages of others and names others on theirs.
fn manages(conn: &mut Conn, person: PersonId) -> Result<bool> {
    let house = workspace(conn)?.id;
    Ok(may_in_house(log::standing_in_house(conn, house, person)?, HouseRight::ManageDesks).is_ok())
}

/// A page that takes bookings, for who may change it.
fn own_page(conn: &mut Conn, person: PersonId, id: BookingPageId) -> Result<PageRecord> {
    let page = bookings::page_by_id(conn, id)?.filter(|it| it.ended_at.is_none());
    let page = page.ok_or(Refusal::NotFound(Thing::BookingPage))?;
    match page.owner == person || manages(conn, person)? {
        true => Ok(page),
        false => Err(Refusal::NotFound(Thing::BookingPage).into()),
    }
}

/// A page by its public address, whether it takes bookings at the moment or not.
pub(super) fn public_page(conn: &mut Conn, key: &str) -> Result<PageRecord> {
    let page = bookings::page_by_key(conn, key)?.filter(|it| it.ended_at.is_none());
    Ok(page.ok_or(Refusal::NotFound(Thing::BookingPage))?)
}

/// Who may take bookings: somebody of the house who may bring guests in.
pub(super) fn may_take(conn: &mut Conn, person: PersonId) -> Result<bool> {
    let house = workspace(conn)?.id;
    let role = log::standing_in_house(conn, house, person)?;
    Ok(role.is_some_and(|it| it >= Role::Member) && may_here(conn, role, HouseRight::InviteGuest).is_ok())
}

/// People of the house take bookings; others than oneself are named by who manages desks.
fn check_takers(tx: &mut Tx, person: PersonId, settings: &BookingSettings) -> Result<()> {
    let house = workspace(tx)?.id;
    let role = log::standing_in_house(tx, house, person)?;
    may_here(tx, role, HouseRight::InviteGuest)?;
    if settings.takers != [person] {
        may_in_house(role, HouseRight::ManageDesks)?;
    }
    for taker in &settings.takers {
        if !may_take(tx, *taker)? {
            return Err(Refusal::NotFound(Thing::Person).into());
        }
    }
    Ok(())
}

impl App {
    /// The pages that somebody made or takes bookings of; all for whoever manages desks.
    ///
    /// # Errors
    /// What the store said.
    pub async fn booking_pages(self: &Arc<Self>, person: PersonId) -> Result<Vec<BookingPage>> {
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let manages = manages(conn, person)?;
                let all = bookings::pages(conn, house)?.into_iter();
                let seen =
                    |it: &PageRecord| manages || it.owner == person || it.settings.takers.contains(&person);
                Ok(all
                    .filter(seen)
                    .map(|it| BookingPage { may_change: manages || it.owner == person, record: it })
                    .collect())
            })
            .await
    }

    /// Makes a page.
    ///
    /// # Errors
    /// What is wrong with the settings, `NotAllowed`, `TooMany`, or what the store said.
    pub async fn create_booking_page(
        self: &Arc<Self>,
        person: PersonId,
        settings: BookingSettings,
    ) -> Result<BookingPage> {
        let settings = settings.checked()?;
        let (app, by, now_us, key) = (self.clone(), by(person), self.clock.now_us(), fresh_key()?);
        self.db
            .write(move |tx| {
                check_takers(tx, person, &settings)?;
                let house = workspace(tx)?.id;
                if bookings::pages(tx, house)?.len() >= limits::BOOKING_PAGES {
                    return Err(
                        Refusal::TooMany { what: "booking pages", limit: limits::BOOKING_PAGES }.into()
                    );
                }
                let (id, settings) = (BookingPageId(app.ids.next()), settings.clone());
                let record = PageRecord {
                    id,
                    workspace: house,
                    key: key.clone(),
                    owner: person,
                    settings,
                    ended_at: None,
                };
                bookings::insert_page(tx, &record, now_us)?;
                let about = json!({"name": record.settings.title});
                app.write_down(tx, by, Act::BookingPageMade, Object::BookingPage(id), about)?;
                Ok(BookingPage { record, may_change: true })
            })
            .await
    }

    /// One page, for whoever may change it.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn booking_page(self: &Arc<Self>, person: PersonId, id: BookingPageId) -> Result<BookingPage> {
        self.db
            .read(move |conn| Ok(BookingPage { record: own_page(conn, person, id)?, may_change: true }))
            .await
    }

    /// Changes what a page is. Bookings that were made stand as they are.
    ///
    /// # Errors
    /// As `create_booking_page`; `NotFound`.
    pub async fn change_booking_page(
        self: &Arc<Self>,
        person: PersonId,
        id: BookingPageId,
        settings: BookingSettings,
    ) -> Result<BookingPage> {
        let settings = settings.checked()?;
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        self.db
            .write(move |tx| {
                let record = own_page(tx, person, id)?;
                // Who was named by somebody who may is not named anew.
                if record.settings.takers != settings.takers {
                    check_takers(tx, person, &settings)?;
                }
                bookings::change_page(tx, id, &settings, now_us)?;
                let about = json!({"name": settings.title});
                app.write_down(tx, by, Act::BookingPageChanged, Object::BookingPage(id), about)?;
                let record = PageRecord { settings: settings.clone(), ..record };
                Ok(BookingPage { record, may_change: true })
            })
            .await
    }

    /// Ends a page. Bookings that were made stand as they are.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn end_booking_page(self: &Arc<Self>, person: PersonId, id: BookingPageId) -> Result<()> {
        let (app, by, now_us) = (self.clone(), by(person), self.clock.now_us());
        self.db
            .write(move |tx| {
                let record = own_page(tx, person, id)?;
                if bookings::end_page(tx, id, now_us)? {
                    let about = json!({"name": record.settings.title});
                    app.write_down(tx, by, Act::BookingPageEnded, Object::BookingPage(id), about)?;
                }
                Ok(())
            })
            .await
    }

    /// Bookings that are not over, the next one first: those that somebody takes, of pages that they made, and all for
    /// whoever manages desks. With the titles of their pages.
    ///
    /// # Errors
    /// What the store said.
    pub async fn bookings(self: &Arc<Self>, person: PersonId) -> Result<Vec<(BookingRecord, String)>> {
        let now_us = self.clock.now_us();
        self.db
            .read(move |conn| {
                let house = workspace(conn)?.id;
                let all = manages(conn, person)?;
                let mut found = Vec::new();
                for record in bookings::coming(conn, house, (person, all), now_us)? {
                    let page = bookings::page_by_id(conn, record.page)?;
                    found.push((record, page.map(|it| it.settings.title).unwrap_or_default()));
                }
                Ok(found)
            })
            .await
    }

    /// The address of a page by its key, while it takes bookings.
    pub(crate) fn booking_address(&self, conn: &mut Conn, key: Option<&str>) -> Result<Option<String>> {
        let Some(key) = key else { return Ok(None) };
        let page = bookings::page_by_key(conn, key)?;
        let open = page.filter(|it| it.ended_at.is_none() && it.settings.on);
        Ok(open.map(|it| format!("{}/b/{}", self.config.public_url, it.key)))
    }

    /// A page as its public address shows it.
    ///
    /// # Errors
    /// `NotFound`, or what the store said.
    pub async fn booking_front(self: &Arc<Self>, key: &str) -> Result<PageFront> {
        let key = key.to_owned();
        self.db
            .read(move |conn| {
                let record = public_page(conn, &key)?;
                front_of(conn, record)
            })
            .await
    }
}

pub(super) fn front_of(conn: &mut Conn, record: PageRecord) -> Result<PageFront> {
    let house = workspace(conn)?;
    let mut takers = Vec::new();
    for taker in &record.settings.takers {
        let person = people::by_id(conn, house.id, *taker)?.filter(|it| it.standing().is_some());
        takers.extend(person.map(|it| it.name));
    }
    Ok(PageFront { record, workspace: house.name, takers })
}
