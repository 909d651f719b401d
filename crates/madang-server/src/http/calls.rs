//! Calls: begun in a space, joined, changed and ended. What happens in one comes by the socket
//! (docs/protocol/calls.md).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_app::calls::{Beginning, Seat};
use madang_model::permission::Right;
use madang_model::{CallId, ParticipantId, PersonId, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::call_keys::GiveKeys;
use crate::wire::call_numbers::CallNumbers;
use crate::wire::calls::{
    Call, CallAnswer, Calls, ChangeCall, ChangeParticipant, IceServer, JoinCall, JoinedCall, Lobby, Mute,
    ParticipantAnswer, React, Reanswer, Reoffer, SlotCounts, StartCall, source,
};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(start, __path_start, Policy::Space(Right::Call)),
        endpoint!(list, __path_list, Policy::Oneself).for_visitors(),
        endpoint!(lobby, __path_lobby, Policy::Call(Right::Call)).for_visitors(),
        endpoint!(change, __path_change, Policy::Call(Right::Moderate)),
        endpoint!(numbers, __path_numbers, Policy::Call(Right::Moderate)),
        endpoint!(end, __path_end, Policy::Call(Right::Moderate)),
        endpoint!(join, __path_join, Policy::Call(Right::Call)).for_visitors(),
        endpoint!(reoffer, __path_reoffer, Policy::Call(Right::Call)).for_visitors(),
        endpoint!(intend, __path_intend, Policy::Call(Right::Call)).for_visitors(),
        endpoint!(leave, __path_leave, Policy::Call(Right::Call)).for_visitors(),
        endpoint!(mute, __path_mute, Policy::Call(Right::Moderate)),
        endpoint!(admit, __path_admit, Policy::Call(Right::Moderate)),
        endpoint!(give_keys, __path_give_keys, Policy::Call(Right::Call)),
        endpoint!(record, __path_record, Policy::Call(Right::Moderate)),
        endpoint!(stop_recording, __path_stop_recording, Policy::Call(Right::Moderate)),
        endpoint!(decline, __path_decline, Policy::Call(Right::Call)).for_visitors(),
        endpoint!(react, __path_react, Policy::Call(Right::Call)).for_visitors(),
    ]
}

impl Doors {
    /// Relays, with credentials for whoever asks: those that were named, and our own.
    pub(super) fn relays(&self, person: PersonId) -> Vec<IceServer> {
        let now = self.app.clock.now_us();
        let named = self.config.turn.iter().flat_map(|it| it.servers(&madang_app::incident(), now));
        named.chain(self.relay.iter().flat_map(|it| it.servers(person, now))).collect()
    }
}

/// Begins a call in a space, or gives the one that runs there.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/call", tag = "calls", params(("id" = String, Path)), request_body = StartCall, responses((status = 200, body = CallAnswer)))]
async fn start(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<StartCall>,
) -> Result<Json<CallAnswer>> {
    let how = Beginning { video: body.video, ring: body.ring, sealed: body.sealed };
    let call = app.start_call(caller.person, space, how).await?;
    Ok(Json(CallAnswer { call: Call::new(&call) }))
}

/// The calls that run in one's spaces.
#[utoipa::path(get, path = "/api/v1/calls", tag = "calls", responses((status = 200, body = Calls)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Calls>> {
    Ok(Json(Calls { calls: app.calls_of(caller.person).await?.into_iter().map(Call::from).collect() }))
}

/// A running call, and what one needs to join it.
#[utoipa::path(get, path = "/api/v1/calls/{call}", tag = "calls", params(("call" = String, Path)), responses((status = 200, body = Lobby)))]
async fn lobby(State(doors): State<Doors>, caller: Caller, Path(call): Path<CallId>) -> Result<Json<Lobby>> {
    let (call, rights) = doors.app.call(caller.person, call).await?;
    Ok(Json(Lobby {
        ice_servers: doors.relays(caller.person),
        slots: SlotCounts::USUAL,
        rights: rights.into(),
        call: call.into(),
    }))
}

/// Locks a call, hands it over, or keeps guests from being seen. For its host and the hosts of its space.
#[utoipa::path(put, path = "/api/v1/calls/{call}", tag = "calls", params(("call" = String, Path)), request_body = ChangeCall, responses((status = 200, body = CallAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(call): Path<CallId>,
    Json(body): Json<ChangeCall>,
) -> Result<Json<CallAnswer>> {
    let call = app.change_call(caller.person, call, body.read()?).await?;
    Ok(Json(CallAnswer { call: Call::new(&call) }))
}

/// How the connections of everybody in a call are. For its host and the hosts of its space.
#[utoipa::path(get, path = "/api/v1/calls/{call}/numbers", tag = "calls", params(("call" = String, Path)), responses((status = 200, body = CallNumbers)))]
async fn numbers(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(call): Path<CallId>,
) -> Result<Json<CallNumbers>> {
    let numbers = app.call_numbers(caller.person, call).await?;
    Ok(Json(CallNumbers { participants: numbers.into_iter().map(Into::into).collect() }))
}

/// Ends a call for everybody. For its host and the hosts of its space.
#[utoipa::path(delete, path = "/api/v1/calls/{call}", tag = "calls", params(("call" = String, Path)), responses((status = 204)))]
async fn end(State(app): State<Arc<App>>, caller: Caller, Path(call): Path<CallId>) -> Result<StatusCode> {
    app.end_call_for_all(caller.person, call).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins to record a call; everybody in it is told. For its host and the hosts of its space, where the workspace allows
/// it.
#[utoipa::path(put, path = "/api/v1/calls/{call}/recording", tag = "calls", params(("call" = String, Path)), responses((status = 200, body = CallAnswer)))]
async fn record(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(call): Path<CallId>,
) -> Result<Json<CallAnswer>> {
    let call = app.start_recording(caller.person, call).await?;
    Ok(Json(CallAnswer { call: Call::new(&call) }))
}

/// Stops recording a call. What was recorded comes into the space as a message.
#[utoipa::path(delete, path = "/api/v1/calls/{call}/recording", tag = "calls", params(("call" = String, Path)), responses((status = 204)))]
async fn stop_recording(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(call): Path<CallId>,
) -> Result<StatusCode> {
    app.stop_recording(caller.person, call).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Comes into a call with a device: its offer is answered.
#[utoipa::path(post, path = "/api/v1/calls/{call}/participants", tag = "calls", params(("call" = String, Path)), request_body = JoinCall, responses((status = 200, body = JoinedCall)))]
async fn join(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(call): Path<CallId>,
    Json(body): Json<JoinCall>,
) -> Result<Json<JoinedCall>> {
    let seat = Seat { person: caller.person, session: caller.session, device: body.device.clone() };
    let joined = app.join_call(seat, call, body.read()?).await?;
    Ok(Json(JoinedCall {
        participant: joined.participant.to_string(),
        resume: joined.resume,
        answer: joined.answer,
        call: Call::new(&joined.call),
        slots: joined.slots.slots.iter().map(Into::into).collect(),
    }))
}

/// A new offer of a device that is in the call, after a change of its network.
#[utoipa::path(post, path = "/api/v1/calls/{call}/participants/{participant}/offer", tag = "calls", params(("call" = String, Path), ("participant" = String, Path)), request_body = Reoffer, responses((status = 200, body = Reanswer)))]
async fn reoffer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((call, participant)): Path<(CallId, ParticipantId)>,
    Json(body): Json<Reoffer>,
) -> Result<Json<Reanswer>> {
    let answer = app.renegotiate_call(caller.person, call, participant, body.offer).await?;
    Ok(Json(Reanswer { answer }))
}

/// Says how one is to be in a call: what is sent, what is seen, the hand.
#[utoipa::path(put, path = "/api/v1/calls/{call}/participants/{participant}", tag = "calls", params(("call" = String, Path), ("participant" = String, Path)), request_body = ChangeParticipant, responses((status = 200, body = ParticipantAnswer)))]
async fn intend(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((call, participant)): Path<(CallId, ParticipantId)>,
    Json(body): Json<ChangeParticipant>,
) -> Result<Json<ParticipantAnswer>> {
    let now = app.change_participant(caller.person, call, participant, body.read()?).await?;
    Ok(Json(ParticipantAnswer { participant: (&now).into() }))
}

/// Leaves a call with one's own device; hosts take others out.
#[utoipa::path(delete, path = "/api/v1/calls/{call}/participants/{participant}", tag = "calls", params(("call" = String, Path), ("participant" = String, Path)), responses((status = 204)))]
async fn leave(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((call, participant)): Path<(CallId, ParticipantId)>,
) -> Result<StatusCode> {
    app.leave_call(caller.person, call, participant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Silences somebody until they turn it on again by their own hand. For hosts.
#[utoipa::path(post, path = "/api/v1/calls/{call}/participants/{participant}/mute", tag = "calls", params(("call" = String, Path), ("participant" = String, Path)), request_body = Mute, responses((status = 204)))]
async fn mute(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((call, participant)): Path<(CallId, ParticipantId)>,
    Json(body): Json<Mute>,
) -> Result<StatusCode> {
    app.mute_participant(caller.person, call, participant, source(&body.source)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets somebody in who waits. For hosts.
#[utoipa::path(post, path = "/api/v1/calls/{call}/participants/{participant}/admit", tag = "calls", params(("call" = String, Path), ("participant" = String, Path)), responses((status = 204)))]
async fn admit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((call, participant)): Path<(CallId, ParticipantId)>,
) -> Result<StatusCode> {
    app.admit_to_call(caller.person, call, participant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hands the secret of a new epoch to everybody in an end-to-end encrypted call, sealed to each of them.
#[utoipa::path(post, path = "/api/v1/calls/{call}/participants/{participant}/keys", tag = "calls", params(("call" = String, Path), ("participant" = String, Path)), request_body = GiveKeys, responses((status = 204)))]
async fn give_keys(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((call, participant)): Path<(CallId, ParticipantId)>,
    Json(body): Json<GiveKeys>,
) -> Result<StatusCode> {
    app.give_keys(caller.person, call, participant, body.read()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops ringing on all of one's devices.
#[utoipa::path(post, path = "/api/v1/calls/{call}/decline", tag = "calls", params(("call" = String, Path)), responses((status = 204)))]
async fn decline(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(call): Path<CallId>,
) -> Result<StatusCode> {
    app.decline_call(caller.person, call).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows everybody in the call an emoji for a moment.
#[utoipa::path(post, path = "/api/v1/calls/{call}/reactions", tag = "calls", params(("call" = String, Path)), request_body = React, responses((status = 204)))]
async fn react(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(call): Path<CallId>,
    Json(body): Json<React>,
) -> Result<StatusCode> {
    let seat = Seat { person: caller.person, session: caller.session, device: body.device };
    app.react_in_call(&seat, call, &body.emoji).await?;
    Ok(StatusCode::NO_CONTENT)
}
