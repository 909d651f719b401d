//! A device comes into a call: room is made for it, and the media server answers its offer.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use madang_model::permission::Role;
use madang_model::space::SpaceKind;
use madang_model::{CallId, ParticipantId, PersonId, Refusal, SpaceId, limits};
use madang_store::{log, people};

use super::call::{Call, Participant, State};
use super::door::{CallOffer, CallRights, MediaRefused, Slots, Source, Wants};
use super::news::{RingOver, Seat};
use crate::app::App;
use crate::error::{Error, Result};

/// What a device says when it comes.
#[derive(Debug, Clone)]
pub struct Join {
    pub offer: CallOffer,
    /// Made by the client: the same again is the same participant.
    pub key: String,
    /// What an earlier join of this device gave: it takes that place again.
    pub resume: Option<String>,
    pub microphone: bool,
    pub camera: bool,
    /// The public key that was made for this join, of a device that can take part in an end-to-end encrypted call.
    pub public_key: Option<String>,
}

/// What it gets.
#[derive(Debug, Clone)]
pub struct Joined {
    pub participant: ParticipantId,
    pub resume: String,
    pub answer: String,
    pub slots: Slots,
    pub call: Call,
}

impl App {
    /// Lets a device into a call.
    ///
    /// # Errors
    /// `CallOver`, `CallSealed`, `CallLocked`, `WaitingRoom` until a host lets them in, `CallsOff`, `TooMany`, `Invalid` for an offer that cannot be answered, a refusal of
    /// the space, or what the store said.
    pub async fn join_call(self: &Arc<Self>, seat: Seat, call: CallId, join: Join) -> Result<Joined> {
        crate::run::check_client_id(&join.key)?;
        let running = self.may_be_in(seat.person, call).await?;
        if let Some(joined) = joined_before(&running, &seat, &join.key) {
            return Ok(joined);
        }
        let public_key = running.accepts_key(join.public_key.as_deref())?;
        let media = self.calls.media()?.clone();
        let (guest, unknown) = self.is_guest(seat.person, running.space).await?;
        let new = Participant { public_key, ..self.newcomer(seat, guest, &join)? };
        let (id, resume) = (new.id, new.resume.clone());
        let (rights, sources) = self.make_room(call, new, join.resume.as_deref(), unknown)?;
        let answer = match media.join(call, id, rights, join.offer).await {
            Ok(answer) => answer,
            Err(refused) => {
                self.drop_out(call, |it| it.id == id);
                return Err(refused_by_media(refused));
            }
        };
        // Whoever was taken out meanwhile is out of the media server as well.
        let sdp = answer.sdp.as_str().into();
        let kept = self.calls.change(call, |it| {
            it.participant(id)?.answer = Some(sdp);
            Ok(it.clone())
        });
        let call_now = kept.inspect_err(|_| media.leave(call, id))?;
        media.sends(call, id, sources);
        self.note_who_is_in(&call_now);
        Ok(Joined { participant: id, resume, answer: answer.sdp, slots: answer.slots, call: call_now })
    }

    pub(super) fn newcomer(&self, seat: Seat, guest: bool, join: &Join) -> Result<Participant> {
        Ok(Participant {
            id: ParticipantId(self.ids.next()),
            seat,
            at_us: self.clock.now_us(),
            state: State::Connecting,
            microphone: join.microphone,
            camera: join.camera,
            screen: false,
            muted: BTreeSet::new(),
            hand: None,
            quality: None,
            program: None,
            public_key: None,
            given: None,
            state_since: self.clock.now_us(),
            guest,
            rights: CallRights::ALL,
            wants: Wants::default(),
            slots: None,
            key: join.key.clone(),
            resume: secret()?,
            answer: None,
        })
    }

    /// Whether this is a guest, and one of whom nobody in the house knows who they are: who came by a link, with a
    /// name and no address. The visitor of a ticket is waited for.
    pub(super) async fn is_guest(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<(bool, bool)> {
        self.db
            .read(move |conn| {
                let Some(record) = log::space(conn, space)? else { return Ok((true, true)) };
                if record.facts.kind == SpaceKind::Ticket {
                    return Ok((log::visitor_of(conn, space)? == Some(person), false));
                }
                let known = people::by_id(conn, record.facts.workspace, person)?;
                let guest =
                    known.as_ref().is_none_or(|it| it.standing().is_none_or(|role| role == Role::Guest));
                Ok((guest, guest && known.is_none_or(|it| it.email.is_none())))
            })
            .await
    }

    /// Takes a place in the call: the one that the device had before, if it comes back.
    fn make_room(
        self: &Arc<Self>,
        call: CallId,
        mut new: Participant,
        resume: Option<&str>,
        waits: bool,
    ) -> Result<(CallRights, Vec<Source>), Refusal> {
        let (person, now_us) = (new.person(), new.at_us);
        let room = self.calls.change(call, |it| {
            let is_before = |old: &&Participant| {
                let same_device = old.seat == new.seat && !new.seat.device.is_empty();
                old.person() == person && (resume == Some(old.resume.as_str()) || same_device)
            };
            let before = it.participants.iter().find(is_before).map(|old| old.id);
            if !it.may_come_in(person, waits)? {
                it.keep_waiting(new);
                return Ok(None);
            }
            if it.participants.len() >= limits::CALL_PARTICIPANTS {
                let limit = limits::CALL_PARTICIPANTS;
                return Err(Refusal::TooMany { what: "people in the call", limit });
            }
            let (id, hosted) = (new.id, before.is_some() && it.host == before);
            if let Some(old) = before.and_then(|old| it.take_out(old, now_us)) {
                (new.hand, new.at_us) = (old.hand, old.at_us);
            }
            new.rights = it.rights_of(new.guest);
            new.camera &= new.rights.camera;
            let may = (new.rights, new.sources());
            it.let_in(new);
            if hosted {
                it.host = Some(id);
            }
            it.declined.remove(&person);
            Ok(Some((before, it.ringing.remove(&person), may)))
        })?;
        let (before, answered, may) = room.ok_or(Refusal::WaitingRoom)?;
        if let Some(before) = before
            && let Ok(media) = self.calls.media()
        {
            media.leave(call, before);
        }
        if let Some(call) = self.calls.get(call).filter(|_| answered) {
            self.hush(&call, RingOver::Answered, vec![person]);
        }
        Ok(may)
    }

    /// A new offer of a device that is in the call, after a change of its network.
    ///
    /// # Errors
    /// `CallOver`, `ParticipantGone`, `Invalid` for an offer that cannot be answered.
    pub async fn renegotiate_call(
        self: &Arc<Self>,
        person: PersonId,
        call: CallId,
        participant: ParticipantId,
        offer: String,
    ) -> Result<String> {
        self.may_be_in(person, call).await?.own(person, participant)?;
        let media = self.calls.media()?.clone();
        media.renegotiate(call, participant, offer).await.map_err(refused_by_media)
    }

    /// Notes in the store who takes part, for a house that is stopped in the middle.
    pub(super) fn note_who_is_in(self: &Arc<Self>, call: &Call) {
        let (app, id, people) = (self.clone(), call.id, call.took_part.clone());
        let recorded = call.recording.clone();
        tokio::spawn(async move {
            let now_us = app.clock.now_us();
            let noted = app.db.write(move |tx| -> Result<()> {
                if let Some(recorded) = &recorded {
                    madang_store::recordings::set_people(tx, recorded.id, &recorded.people)?;
                }
                Ok(madang_store::log::note_call(tx, id, &people, now_us)?)
            });
            if let Err(error) = noted.await {
                tracing::warn!(%error, call.id = %id, "Who is in a call could not be noted");
            }
        });
    }
}

/// What the same request gave the first time.
fn joined_before(call: &Call, seat: &Seat, key: &str) -> Option<Joined> {
    let same = |it: &&Participant| it.key == key && it.seat.person == seat.person;
    let found = call.participants.iter().find(same)?;
    Some(Joined {
        participant: found.id,
        resume: found.resume.clone(),
        answer: found.answer.as_deref()?.to_owned(),
        slots: found.slots.clone().unwrap_or_default(),
        call: call.clone(),
    })
}

fn secret() -> Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(super) fn refused_by_media(refused: MediaRefused) -> Error {
    match refused {
        MediaRefused::CallOver => Refusal::CallOver.into(),
        MediaRefused::ParticipantGone => Refusal::ParticipantGone.into(),
        MediaRefused::BadOffer(why) => Refusal::Invalid { what: "the offer", why }.into(),
        MediaRefused::Full => {
            Refusal::TooMany { what: "people in the call", limit: limits::CALL_PARTICIPANTS }.into()
        }
        MediaRefused::Stopped => Refusal::CallsOff.into(),
    }
}
