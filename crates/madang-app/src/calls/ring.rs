//! Whom a call rings, and when it stops.

use std::collections::BTreeSet;
use std::sync::Arc;

use madang_model::register::Involvement;
use madang_model::space::SpaceKind;
use madang_model::{CallId, PersonId, Refusal, SpaceId, limits};
use madang_store::db::Conn;
use madang_store::{log, people, spaces};

use super::call::Call;
use super::news::{News, RingOver};
use crate::app::App;
use crate::error::Result;
use crate::push::{is_quiet, settings};

/// Whom a call is for.
#[derive(Debug, Default)]
pub(super) struct Called {
    /// Their devices ring.
    pub ringing: BTreeSet<PersonId>,
    /// It is their quiet hours: they find it among what they missed.
    quiet: BTreeSet<PersonId>,
}

impl Called {
    pub(super) fn all(&self) -> BTreeSet<PersonId> {
        self.ringing.union(&self.quiet).copied().collect()
    }
}

impl App {
    /// Everybody in the space whom a new call calls: nobody who wants to hear nothing of the space, and no programs.
    pub(super) fn called(
        &self,
        conn: &mut Conn,
        by: PersonId,
        space: SpaceId,
        wished: bool,
    ) -> Result<Called> {
        let mut called = Called::default();
        let Some(record) = log::space(conn, space)? else { return Ok(called) };
        let direct = matches!(record.facts.kind, SpaceKind::Direct | SpaceKind::Ticket);
        let rings = direct || (wished && record.facts.members <= limits::RING_MEMBERS);
        // People come to a meeting at its time; nobody is called to it.
        let rings = rings && !self.meets_now(conn, &record)?;
        if !rings {
            return Ok(called);
        }
        let now_us = self.clock.now_us();
        for person in people::in_space(conn, record.facts.workspace, space)? {
            let is_called = person.id != by && !person.bot && person.standing().is_some();
            let level = spaces::mine_one(conn, person.id, space)?.and_then(|it| it.me).map(|it| it.level);
            if !is_called || level.is_none_or(|it| it == Involvement::Nothing) {
                continue;
            }
            let quiet = is_quiet(&settings(conn, person.id)?, now_us);
            let among = if quiet { &mut called.quiet } else { &mut called.ringing };
            among.insert(person.id);
        }
        Ok(called)
    }

    /// Rings, on devices that are connected and on those that are told by push.
    pub(super) fn ring(self: &Arc<Self>, call: &Call, called: Called) {
        if called.ringing.is_empty() {
            return;
        }
        let people: Vec<PersonId> = called.ringing.into_iter().collect();
        self.calls.tell(News::Ring { call: Box::new(call.clone()), people: people.clone() });
        self.push_ring(call, people);
    }

    /// Rings these people no longer.
    pub(super) fn hush(self: &Arc<Self>, call: &Call, why: RingOver, people: Vec<PersonId>) {
        if people.is_empty() {
            return;
        }
        self.calls.tell(News::RingOver { call: call.id, why, people: people.clone() });
        self.push_ring_over(call, why, people);
    }

    /// Stops ringing on all devices of a person.
    ///
    /// # Errors
    /// `CallOver`, a refusal of the space, or what the store said.
    pub async fn decline_call(self: &Arc<Self>, person: PersonId, call: CallId) -> Result<()> {
        self.may_be_in(person, call).await?;
        let rang = self.calls.change(call, |it| {
            if it.called.contains(&person) {
                it.declined.insert(person);
            }
            Ok(it.ringing.remove(&person))
        })?;
        if let Some(call) = self.calls.get(call).filter(|_| rang) {
            self.hush(&call, RingOver::Declined, vec![person]);
        }
        Ok(())
    }

    /// The calls that ring a person at this moment, for a device that has just come.
    pub fn ringing(&self, person: PersonId) -> Vec<Call> {
        self.calls.some(|it| it.ringing.contains(&person))
    }

    /// The calls that have rung long enough ring no more.
    pub(super) fn stop_long_rings(self: &Arc<Self>, now_us: i64) {
        for call in self.calls.some(|it| !it.ringing.is_empty() && it.rings_until <= now_us) {
            let rang = self.calls.change(call.id, |it| Ok(std::mem::take(&mut it.ringing)));
            // A call that ended meanwhile has stopped ringing by its end.
            let Ok(rang) = rang else { continue };
            self.hush(&call, RingOver::Missed, rang.into_iter().collect());
        }
    }
}

/// What was refused because the call is over is no news to whoever ends it.
pub(super) fn unless_over(refusal: Refusal) -> Result<()> {
    if refusal == Refusal::CallOver { Ok(()) } else { Err(refusal.into()) }
}
