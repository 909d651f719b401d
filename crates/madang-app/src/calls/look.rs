//! What one may know of calls.

use std::collections::HashSet;
use std::sync::Arc;

use madang_model::permission::Right;
use madang_model::{CallId, PersonId, Refusal, SpaceId};
use madang_store::spaces;

use super::call::{Call, Participant};
use super::door::CallRights;
use super::news::Seat;
use super::start::asks;
use crate::app::App;
use crate::error::Result;

impl App {
    /// A running call, if the person may take part in it.
    pub(super) async fn may_be_in(self: &Arc<Self>, person: PersonId, call: CallId) -> Result<Call> {
        let call = self.calls.get(call).ok_or(Refusal::CallOver)?;
        let space = call.space;
        self.db.read(move |conn| asks(conn, person, space, Right::Call).map(drop)).await?;
        Ok(call)
    }

    /// A running call as this person sees it, and what they may do in it.
    ///
    /// # Errors
    /// `CallOver`, a refusal of the space, or what the store said.
    pub async fn call(self: &Arc<Self>, person: PersonId, call: CallId) -> Result<(Call, CallRights)> {
        let mut call = self.may_be_in(person, call).await?;
        let (guest, _) = self.is_guest(person, call.space).await?;
        let rights = call.rights_of(guest);
        if !call.is_hosted_by(person) {
            call.waiting.clear();
        }
        Ok((call, rights))
    }

    /// The calls that run in the person's spaces.
    ///
    /// # Errors
    /// What the store said.
    pub async fn calls_of(self: &Arc<Self>, person: PersonId) -> Result<Vec<Call>> {
        if self.calls.is_idle() {
            return Ok(Vec::new());
        }
        let mine: HashSet<SpaceId> = self
            .db
            .read(move |conn| -> Result<_> {
                Ok(spaces::heads(conn, person)?.into_iter().map(|(space, ..)| space).collect())
            })
            .await?;
        Ok(self.calls_in(person, &mine))
    }

    /// The calls that run in these spaces, which are the person's.
    pub fn calls_in(&self, person: PersonId, spaces: &HashSet<SpaceId>) -> Vec<Call> {
        let mut calls = self.calls.some(|it| spaces.contains(&it.space));
        calls.sort_by_key(|it| it.id);
        for call in &mut calls {
            if !call.is_hosted_by(person) {
                call.waiting.clear();
            }
        }
        calls
    }

    /// The participants at a seat, with the calls they are in, for a socket that comes back.
    pub fn seated(&self, seat: &Seat) -> Vec<(Call, Participant)> {
        let calls = self.calls.some(|it| it.seated(seat).is_some());
        let with = |call: Call| {
            let id = call.seated(seat)?;
            let found = call.participants.iter().find(|it| it.id == id)?.clone();
            Some((call, found))
        };
        calls.into_iter().filter_map(with).collect()
    }
}

impl Participant {
    /// What it was told last of its slots.
    pub fn last_slots(&self) -> Option<&super::door::Slots> {
        self.slots.as_ref()
    }

    pub fn wishes(&self) -> &super::door::Wants {
        &self.wants
    }
}
