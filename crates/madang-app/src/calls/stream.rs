//! Programs in a call: OBS that sends (WHIP), a display on a wall that shows (WHEP). Each is a participant for whoever
//! made its token, which is for one space and opens nothing else.

use std::sync::Arc;

use madang_model::audit::Act;
use madang_model::permission::Right;
use madang_model::refusal::Thing;
use madang_model::{ParticipantId, PersonId, Refusal, SessionId, SpaceId, limits};
use madang_store::{sessions, streams};
use serde_json::json;

pub use madang_store::streams::StreamRecord;

use super::call::{Call, Participant};
use super::door::{CallOffer, CallRights, Source, Track, Want, Wants};
use super::join::{Join, Joined, refused_by_media};
use super::news::Seat;
use super::seal::Use;
use super::start::asks;
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::session::{Kind, hash_of};

/// More tokens than anybody's programs need in one space.
const MOST: usize = 20;
/// Pixels of a display on a wall.
const HEIGHT: u32 = 1080;

/// What makes a participant a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub name: String,
    /// It shows the call, else it sends to it.
    pub shows: bool,
    /// The m-line on which it shows pictures.
    pub(super) picture: Option<String>,
}

impl App {
    /// Makes a token by which a program comes into the calls of a space. Its secret is in this answer only.
    ///
    /// # Errors
    /// `TooMany`, a refusal of the space, or what the store said.
    pub async fn make_stream(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        shows: bool,
        name: String,
    ) -> Result<(SessionId, String)> {
        let app = self.clone();
        self.db
            .write(move |tx| {
                asks(tx, person, space, Right::Call)?;
                if streams::of_person(tx, person, space)?.len() >= MOST {
                    return Err(Refusal::TooMany { what: "tokens", limit: MOST }.into());
                }
                let made = app.open_session(tx, person, Kind::Stream, &name)?;
                streams::insert(tx, made.0, space, shows)?;
                app.write_down(tx, by(person), Act::TokenMade, made.0, json!({"label": name}))?;
                Ok(made)
            })
            .await
    }

    /// The person's tokens for a space.
    ///
    /// # Errors
    /// A refusal of the space, or what the store said.
    pub async fn my_streams(self: &Arc<Self>, person: PersonId, space: SpaceId) -> Result<Vec<StreamRecord>> {
        self.db
            .read(move |conn| {
                asks(conn, person, space, Right::Call)?;
                Ok(streams::of_person(conn, person, space)?)
            })
            .await
    }

    /// Ends one of them; the program is out of the call at once.
    ///
    /// # Errors
    /// `NotFound`, a refusal of the space, or what the store said.
    pub async fn end_stream(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        stream: SessionId,
    ) -> Result<()> {
        let app = self.clone();
        let ended = self
            .db
            .write(move |tx| -> Result<bool> {
                asks(tx, person, space, Right::Call)?;
                let mine = streams::of_person(tx, person, space)?;
                let Some(mine) = mine.into_iter().find(|it| it.id == stream) else { return Ok(false) };
                app.write_down(tx, by(person), Act::TokenEnded, stream, json!({"label": mine.label}))?;
                Ok(sessions::end(tx, person, stream)?)
            })
            .await?;
        if ended { Ok(()) } else { Err(Refusal::NotFound(Thing::Session).into()) }
    }

    /// What a program may do by its token.
    ///
    /// # Errors
    /// `NotSignedIn`, or what the store said.
    pub async fn stream_of(self: &Arc<Self>, secret: &str, shows: bool) -> Result<StreamRecord> {
        let hash = hash_of(secret);
        let found = self.db.read(move |conn| -> Result<_> { Ok(streams::by_token(conn, &hash)?) }).await?;
        Ok(found.filter(|it| it.shows == shows).ok_or(Refusal::StreamUnknown)?)
    }

    /// Lets a program into the call that runs in its space. One that comes again takes its place.
    ///
    /// # Errors
    /// `NoCall`, `CallLocked`, `OffInSealedCall`, `CallsOff`, `TooMany`, `Invalid` for an offer that cannot be
    /// answered, a refusal of the space, or what the store said.
    pub async fn join_stream(self: &Arc<Self>, stream: StreamRecord, sdp: String) -> Result<Joined> {
        let (person, space) = (stream.person, stream.space);
        self.db.read(move |conn| asks(conn, person, space, Right::Call).map(drop)).await?;
        let media = self.calls.media()?.clone();
        let call = self.calls.in_space(space).ok_or(Refusal::NoCall)?;
        call.allows(Use::Stream)?;
        let offer = shaped(media.read_unnamed(sdp).map_err(refused_by_media)?);
        let new = self.program(&stream, &offer)?;
        let (call, id, rights, sources) = (call.id, new.id, new.rights, new.sources());
        let resume = new.resume.clone();
        self.drop_out(call, |it| it.seat.session == stream.id);
        self.calls.change(call, |it| {
            if it.locked && !it.took_part.contains(&person) {
                return Err(Refusal::CallLocked);
            }
            if it.participants.len() >= limits::CALL_PARTICIPANTS {
                let limit = limits::CALL_PARTICIPANTS;
                return Err(Refusal::TooMany { what: "people in the call", limit });
            }
            it.let_in(new);
            Ok(())
        })?;
        let answer = media.join(call, id, rights, offer).await.map_err(|refused| {
            self.drop_out(call, |it| it.id == id);
            refused_by_media(refused)
        })?;
        media.sends(call, id, sources);
        let now = self.calls.get(call).ok_or(Refusal::CallOver)?;
        self.steer_displays(&now);
        Ok(Joined { participant: id, resume, answer: answer.sdp, slots: answer.slots, call: now })
    }

    fn program(&self, stream: &StreamRecord, offer: &CallOffer) -> Result<Participant> {
        let seat = Seat { person: stream.person, session: stream.id, device: "stream".into() };
        let join = Join {
            offer: offer.clone(),
            key: stream.id.to_string(),
            resume: None,
            microphone: false,
            camera: false,
            public_key: None,
        };
        let picture = offer.receive.iter().find(|(_, is_video)| *is_video).map(|(mid, _)| mid.clone());
        let program = Program { name: stream.label.clone(), shows: stream.shows, picture };
        let rights =
            CallRights { microphone: false, camera: false, screen: !stream.shows, see: stream.shows };
        let new = self.newcomer(seat, false, &join)?;
        Ok(Participant { screen: !stream.shows, rights, program: Some(program), ..new })
    }

    /// Takes a program out. One that is out is out.
    pub fn leave_stream(self: &Arc<Self>, stream: &StreamRecord, participant: ParticipantId) {
        if let Some(call) = self.calls.in_space(stream.space) {
            self.drop_out(call.id, |it| it.id == participant && it.seat.session == stream.id);
        }
    }

    /// Whether a program is in a call under this id.
    ///
    /// # Errors
    /// `ParticipantGone`.
    pub fn stream_is_in(&self, stream: &StreamRecord, participant: ParticipantId) -> Result<()> {
        let call = self.calls.in_space(stream.space);
        let is_in = |it: &Participant| it.id == participant && it.seat.session == stream.id;
        match call.is_some_and(|it| it.participants.iter().any(is_in)) {
            true => Ok(()),
            false => Err(Refusal::ParticipantGone.into()),
        }
    }

    /// Shows on displays what matters at this moment.
    pub(super) fn steer_displays(&self, call: &Call) {
        let Ok(media) = self.calls.media() else { return };
        for it in &call.participants {
            let Some(mid) = it.program.as_ref().and_then(|it| it.picture.clone()) else { continue };
            let before = it.wants.slots.first().and_then(|it| it.track);
            let track = call.on_display(before);
            let wants =
                Wants { slots: vec![Want { mid, track, height: HEIGHT, priority: 3 }], low_data: false };
            if it.wants == wants {
                continue;
            }
            self.calls.touch(call.id, it.id, |now| {
                if let Ok(them) = now.participant(it.id) {
                    them.wants = wants.clone();
                }
            });
            media.want(call.id, it.id, wants);
        }
    }
}

impl Call {
    /// A shared screen, else whoever speaks, else whom it showed before, else the first who is seen.
    fn on_display(&self, before: Option<Track>) -> Option<Track> {
        let seen = |it: &&Participant| it.camera;
        let all = &self.participants;
        let screen = all.iter().rev().find(|it| it.screen).map(|it| (it.id, Source::Screen));
        let camera = || {
            let speaks = all.iter().filter(seen).find(|it| Some(it.id) == self.speaker);
            let stays = || all.iter().filter(seen).find(|it| before == Some((it.id, Source::Camera)));
            speaks.or_else(stays).or_else(|| all.iter().find(seen)).map(|it| (it.id, Source::Camera))
        };
        screen.or_else(camera)
    }
}

/// What a program sends is shown as a screen is: whole, and first.
fn shaped(offer: CallOffer) -> CallOffer {
    let publish = offer.publish.into_iter().filter_map(|(mid, source)| match source {
        Source::Microphone => Some((mid, Source::ScreenAudio)),
        Source::Camera => Some((mid, Source::Screen)),
        Source::Screen | Source::ScreenAudio => None,
    });
    CallOffer { publish: publish.collect(), ..offer }
}
