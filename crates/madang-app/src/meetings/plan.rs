//! Meetings are planned, changed and cancelled. Whoever is invited by mail is told in the transaction that does it.

use std::sync::Arc;

use madang_model::meeting::Wish;
use madang_model::refusal::Thing;
use madang_model::{Command, Event, PersonId, Refusal, Seq, SpaceId, limits, name};
use madang_store::db::Tx;
use madang_store::log::{self, MeetingRecord};
use madang_store::{meetings, spaces};

use super::letter::{Occasion, Told};
use crate::app::App;
use crate::error::Result;
use crate::run::check_client_id;

/// A meeting as somebody wishes it, with whom they invite from outside.
#[derive(Debug, Clone)]
pub struct MeetingWish {
    pub wish: Wish,
    /// Addresses.
    pub guests: Vec<String>,
}

impl MeetingWish {
    fn checked(mut self) -> Result<MeetingWish> {
        let mut guests = self.guests.iter().map(|it| name::email(it)).collect::<Result<Vec<_>, _>>()?;
        guests.sort_unstable();
        guests.dedup();
        if guests.len() > limits::MEETING_GUESTS {
            return Err(Refusal::TooMany { what: "guests", limit: limits::MEETING_GUESTS }.into());
        }
        self.wish.guests = u32::try_from(guests.len()).unwrap_or(u32::MAX);
        self.guests = guests;
        Ok(self)
    }
}

impl App {
    /// Plans a call of a space. A repeat gives the first answer.
    ///
    /// # Errors
    /// A refusal of the space, `Invalid` and `TooMany` for what cannot be a meeting, or what the store said.
    pub async fn plan_meeting(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        client_id: String,
        wish: MeetingWish,
    ) -> Result<Arc<Event>> {
        check_client_id(&client_id)?;
        let (app, wish, now_us) = (self.clone(), wish.checked()?, self.clock.now_us());
        let event = self
            .write_once(move |tx| {
                if let Some(event) = app.answered_before(tx, person, space, Some(&client_id))? {
                    return Ok(event);
                }
                are_here(tx, space, &wish.wish.people)?;
                if log::waiting_meetings(tx, space, now_us)? >= limits::MEETINGS {
                    let limit = limits::MEETINGS as usize;
                    return Err(Refusal::TooMany { what: "meetings", limit }.into());
                }
                let command = Command::PlanMeeting(Box::new(wish.wish.clone()));
                let events = app.run_in(tx, person, space, Some(&client_id), &command)?;
                let event = events.into_iter().next().expect("planning adds one event");
                app.invite_guests(tx, person, (space, event.seq), &wish.guests)?;
                let told = app.told_by_mail(tx, (space, event.seq))?;
                app.mail_meeting(tx, person, (space, event.seq), &Occasion::Planned, &told)?;
                Ok(event)
            })
            .await?;
        self.new_due.notify_one();
        Ok(event)
    }

    /// Wishes a meeting otherwise. None if it is so already.
    ///
    /// # Errors
    /// As `plan_meeting`, `NotFound`, or `MeetingCancelled`.
    pub async fn change_meeting(
        self: &Arc<Self>,
        person: PersonId,
        place: (SpaceId, Seq),
        client_id: String,
        wish: MeetingWish,
    ) -> Result<Option<Arc<Event>>> {
        check_client_id(&client_id)?;
        let (app, wish) = (self.clone(), wish.checked()?);
        let event = self
            .write_once(move |tx| {
                if let Some(event) = app.answered_before(tx, person, place.0, Some(&client_id))? {
                    return Ok(Some(event));
                }
                app.change_meeting_in(tx, person, place, Some(&client_id), &wish)
            })
            .await?;
        self.new_due.notify_one();
        Ok(event)
    }

    /// As `change_meeting`, inside the caller's transaction.
    pub(crate) fn change_meeting_in(
        &self,
        tx: &mut Tx,
        person: PersonId,
        place: (SpaceId, Seq),
        client_id: Option<&str>,
        wish: &MeetingWish,
    ) -> Result<Option<Arc<Event>>> {
        are_here(tx, place.0, &wish.wish.people)?;
        crate::booking::keeps_guest(tx, place, &wish.guests)?;
        let before = self.told_by_mail(tx, place)?;
        let guests = meetings::guests(tx, place)?;
        let command = Command::ChangeMeeting { meeting: place.1, wish: Box::new(wish.wish.clone()) };
        let event = self.run_in(tx, person, place.0, client_id, &command)?.into_iter().next();
        if event.is_none() && guests == wish.guests {
            return Ok(None);
        }
        self.invite_guests(tx, person, place, &wish.guests)?;
        self.booking_follows(tx, place)?;
        let after = self.told_by_mail(tx, place)?;
        let out: Vec<Told> = before.into_iter().filter(|it| !after.contains(it)).collect();
        self.mail_meeting(tx, person, place, &Occasion::Uninvited, &out)?;
        self.mail_meeting(tx, person, place, &Occasion::Changed, &after)?;
        Ok(event)
    }

    /// Sets one of a series to another time (on the clock of its zone, and minutes), or leaves it out.
    ///
    /// # Errors
    /// As `change_meeting`.
    pub async fn change_one_meeting(
        self: &Arc<Self>,
        person: PersonId,
        place: (SpaceId, Seq),
        client_id: String,
        occurrence: String,
        at: Option<(String, u32)>,
    ) -> Result<Option<Arc<Event>>> {
        let occasion = match at {
            Some(_) => Occasion::Changed,
            None => Occasion::OneCancelled(occurrence.clone()),
        };
        let command = Command::ChangeOneMeeting { meeting: place.1, occurrence, at };
        self.run_meeting(person, place, client_id, command, occasion).await
    }

    /// The meeting does not take place, none of a series.
    ///
    /// # Errors
    /// As `change_meeting`.
    pub async fn cancel_meeting(
        self: &Arc<Self>,
        person: PersonId,
        place: (SpaceId, Seq),
        client_id: String,
    ) -> Result<Option<Arc<Event>>> {
        let command = Command::CancelMeeting { meeting: place.1 };
        self.run_meeting(person, place, client_id, command, Occasion::Cancelled).await
    }

    async fn run_meeting(
        self: &Arc<Self>,
        person: PersonId,
        place: (SpaceId, Seq),
        client_id: String,
        command: Command,
        occasion: Occasion,
    ) -> Result<Option<Arc<Event>>> {
        check_client_id(&client_id)?;
        let app = self.clone();
        let event = self
            .write_once(move |tx| {
                if let Some(event) = app.answered_before(tx, person, place.0, Some(&client_id))? {
                    return Ok(Some(event));
                }
                app.run_meeting_in(tx, person, place, Some(&client_id), &command, &occasion)
            })
            .await?;
        self.new_due.notify_one();
        Ok(event)
    }

    /// As `run_meeting`, inside the caller's transaction.
    pub(crate) fn run_meeting_in(
        &self,
        tx: &mut Tx,
        person: PersonId,
        place: (SpaceId, Seq),
        client_id: Option<&str>,
        command: &Command,
        occasion: &Occasion,
    ) -> Result<Option<Arc<Event>>> {
        let event = self.run_in(tx, person, place.0, client_id, command)?.into_iter().next();
        if event.is_some() {
            self.booking_follows(tx, place)?;
            let told = self.told_by_mail(tx, place)?;
            self.mail_meeting(tx, person, place, occasion, &told)?;
        }
        if matches!(occasion, Occasion::Cancelled) {
            self.end_guest_link(tx, person, place)?;
        }
        Ok(event)
    }

    pub(crate) fn meeting_at(
        &self,
        tx: &mut madang_store::db::Conn,
        (space, seq): (SpaceId, Seq),
    ) -> Result<MeetingRecord> {
        let record = log::space(tx, space)?.ok_or(Refusal::NotFound(Thing::Space))?;
        let found = log::meeting(tx, &self.keyring, &record, seq)?;
        Ok(found.ok_or(Refusal::NotFound(Thing::Meeting))?)
    }
}

/// Whoever is invited by name is in the space.
fn are_here(tx: &mut Tx, space: SpaceId, people: &[PersonId]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let members: Vec<PersonId> = spaces::members(tx, space)?.into_iter().map(|it| it.person).collect();
    match people.iter().all(|it| members.contains(it)) {
        true => Ok(()),
        false => Err(Refusal::NotFound(Thing::Person).into()),
    }
}
