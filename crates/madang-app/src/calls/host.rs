//! What hosts do in a call: mute, take out, lock, hand over, end. The host of a call is who began it, then whoever has
//! been in longest; hosts of the space may do the same.

use std::sync::Arc;

use madang_model::permission::Right;
use madang_model::{CallId, ParticipantId, PersonId, Refusal};

use super::call::{Call, Participant};
use super::door::{Measured, Source};
use super::news::News;
use super::ring::unless_over;
use super::signal::Signal;
use super::start::asks;
use crate::app::App;
use crate::error::{Error, Result};

/// How a call is to be; what is not there stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hosting {
    pub locked: Option<bool>,
    /// To whom it is handed over.
    pub host: Option<ParticipantId>,
    pub guest_cameras: Option<bool>,
}

impl App {
    /// How the connections of everybody in a call are.
    ///
    /// # Errors
    /// `NotAllowed`, `CallOver`, a refusal of the space, or what the store said.
    pub async fn call_numbers(self: &Arc<Self>, host: PersonId, call: CallId) -> Result<Vec<Measured>> {
        self.hosted(host, call).await?;
        Ok(self.calls.media()?.clone().numbers(call).await)
    }

    /// A running call, for who hosts it or its space.
    pub(super) async fn hosted(self: &Arc<Self>, person: PersonId, call: CallId) -> Result<Call> {
        let call = self.may_be_in(person, call).await?;
        if call.is_hosted_by(person) {
            return Ok(call);
        }
        let space = call.space;
        match self.db.read(move |conn| asks(conn, person, space, Right::Moderate).map(drop)).await {
            Ok(()) => Ok(call),
            Err(Error::Refusal(_)) => Err(Refusal::NotAllowed("host").into()),
            Err(error) => Err(error),
        }
    }

    /// Silences somebody, at the entrance of the media server, until they turn it on again by their own hand.
    ///
    /// # Errors
    /// `NotAllowed`, `CallOver`, `ParticipantGone`, a refusal of the space, or what the store said.
    pub async fn mute_participant(
        self: &Arc<Self>,
        host: PersonId,
        call: CallId,
        participant: ParticipantId,
        source: Source,
    ) -> Result<()> {
        self.hosted(host, call).await?;
        let media = self.calls.media()?.clone();
        let muted = self.calls.change(call, |it| {
            let them = it.participant(participant)?;
            them.muted.insert(source);
            match source {
                Source::Microphone => them.microphone = false,
                Source::Camera => them.camera = false,
                Source::Screen | Source::ScreenAudio => {
                    them.muted.extend([Source::Screen, Source::ScreenAudio]);
                    them.screen = false;
                }
            }
            Ok(them.clone())
        })?;
        media.allow(call, participant, muted.rights, muted.muted.iter().copied().collect());
        media.sends(call, participant, muted.sources());
        Ok(())
    }

    /// Leaves with one's own device, or takes somebody out. Who left before has left.
    ///
    /// # Errors
    /// `NotAllowed`, `ParticipantGone`, a refusal of the space, or what the store said.
    pub async fn leave_call(
        self: &Arc<Self>,
        person: PersonId,
        call: CallId,
        participant: ParticipantId,
    ) -> Result<()> {
        let mut running = match self.may_be_in(person, call).await {
            Err(Error::Refusal(refusal)) => return unless_over(refusal),
            other => other?,
        };
        let waits = running.waiting.iter().find(|it| it.id == participant).map(Participant::person);
        let is_own = match waits {
            Some(who) => who == person,
            None => running.participant(participant)?.person() == person,
        };
        if !is_own {
            self.hosted(person, call).await?;
        }
        if let Some(who) = waits.filter(|_| !is_own) {
            self.calls.change(call, |it| Ok(it.turned_away.insert(who)))?;
        }
        self.drop_out(call, |it| it.id == participant);
        self.end_if_nobody_will_come(call).await;
        Ok(())
    }

    /// Lets somebody in who waits: their device is told, and joins.
    ///
    /// # Errors
    /// `NotAllowed`, `CallOver`, `ParticipantGone`, a refusal of the space, or what the store said.
    pub async fn admit_to_call(
        self: &Arc<Self>,
        host: PersonId,
        call: CallId,
        participant: ParticipantId,
    ) -> Result<()> {
        self.hosted(host, call).await?;
        let (from, to) = self.calls.change(call, |it| {
            let place = it.waiting.iter().position(|it| it.id == participant);
            let waited = it.waiting.remove(place.ok_or(Refusal::ParticipantGone)?);
            it.admitted.insert(waited.person());
            Ok((it.host.unwrap_or(participant), waited.seat))
        })?;
        self.calls.tell(News::Signal { call, from, to: vec![to], signal: Signal::Admitted });
        Ok(())
    }

    /// Locks a call, so that nobody new comes in, hands it over, or says whether guests may be seen.
    ///
    /// # Errors
    /// `NotAllowed`, `CallOver`, `ParticipantGone`, a refusal of the space, or what the store said.
    pub async fn change_call(
        self: &Arc<Self>,
        host: PersonId,
        call: CallId,
        change: Hosting,
    ) -> Result<Call> {
        self.hosted(host, call).await?;
        let media = self.calls.media()?.clone();
        let (now, changed) = self.calls.change(call, |it| {
            if let Some(to) = change.host {
                it.participant(to)?;
                it.host = Some(to);
            }
            it.locked = change.locked.unwrap_or(it.locked);
            let changed = change.guest_cameras.map(|cameras| it.show_guests(cameras));
            Ok((it.clone(), changed.unwrap_or_default()))
        })?;
        for them in changed {
            media.allow(call, them.id, them.rights, them.muted.iter().copied().collect());
            media.sends(call, them.id, them.sources());
        }
        Ok(now)
    }

    /// Ends a call for everybody. One that is over is over.
    ///
    /// # Errors
    /// `NotAllowed`, a refusal of the space, or what the store said.
    pub async fn end_call_for_all(self: &Arc<Self>, host: PersonId, call: CallId) -> Result<()> {
        match self.hosted(host, call).await {
            Err(Error::Refusal(refusal)) => return unless_over(refusal),
            other => drop(other?),
        }
        self.end_call(call, true).await;
        Ok(())
    }
}
