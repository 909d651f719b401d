//! Meetings: planned, changed and cancelled; as calendar files, and at an address for calendar apps.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::App;
use madang_model::permission::Right;
use madang_model::refusal::Thing;
use madang_model::{Refusal, Seq, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::meetings::{
    CalendarAddress, MeetingAnswer, Meetings, MoveMeeting, OfSpace, Once, PlanMeeting,
};
use crate::wire::messages::EventAnswer;

/// By whoever planned it, and whoever manages the space.
const CHANGE: Policy = Policy::Message(Right::Call, Some(Right::Moderate));

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Oneself),
        endpoint!(plan, __path_plan, Policy::Space(Right::Call)),
        endpoint!(get, __path_get, Policy::Space(Right::Read)),
        endpoint!(change, __path_change, CHANGE),
        endpoint!(cancel, __path_cancel, CHANGE),
        endpoint!(move_one, __path_move_one, CHANGE),
        endpoint!(cancel_one, __path_cancel_one, CHANGE),
        endpoint!(file, __path_file, Policy::Space(Right::Read)),
        endpoint!(address, __path_address, Policy::Oneself),
        endpoint!(make_address, __path_make_address, Policy::Oneself),
        endpoint!(end_address, __path_end_address, Policy::Oneself),
        endpoint!(feed, __path_feed, Policy::Opening),
    ]
}

/// The meetings that one is invited to and that are not over, in all one's spaces or in one.
#[utoipa::path(get, path = "/api/v1/meetings", tag = "meetings", params(OfSpace), responses((status = 200, body = Meetings)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<OfSpace>,
) -> Result<Json<Meetings>> {
    let space = query.space.map(|id| id.parse().map_err(|_| Refusal::NotFound(Thing::Space))).transpose()?;
    let meetings = app.meetings(caller.person, space).await?.into_iter().map(Into::into).collect();
    Ok(Json(Meetings { meetings }))
}

/// Plans a call of the space. Its event is `meeting.planned`; whoever is invited and wants mail gets a calendar file.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/meetings", tag = "meetings", params(("id" = String, Path)), request_body = PlanMeeting, responses((status = 200, body = EventAnswer)))]
async fn plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<PlanMeeting>,
) -> Result<Json<EventAnswer>> {
    let (client_id, wish) = body.wish()?;
    Ok(Json(Some(app.plan_meeting(caller.person, space, client_id, wish).await?).into()))
}

/// A meeting, with its next times.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/meetings/{seq}", tag = "meetings", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = MeetingAnswer)))]
async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq)): Path<(SpaceId, Seq)>,
) -> Result<Json<MeetingAnswer>> {
    Ok(Json(MeetingAnswer { meeting: app.meeting(caller.person, space, seq).await?.into() }))
}

/// Wishes a meeting otherwise, all of a series. What was said of single ones holds while the times stay the same.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/meetings/{seq}", tag = "meetings", params(("id" = String, Path), ("seq" = i64, Path)), request_body = PlanMeeting, responses((status = 200, body = EventAnswer)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(place): Path<(SpaceId, Seq)>,
    Json(body): Json<PlanMeeting>,
) -> Result<Json<EventAnswer>> {
    let (client_id, wish) = body.wish()?;
    Ok(Json(app.change_meeting(caller.person, place, client_id, wish).await?.into()))
}

/// It does not take place, none of a series.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/meetings/{seq}", tag = "meetings", params(("id" = String, Path), ("seq" = i64, Path), Once), responses((status = 200, body = EventAnswer)))]
async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(place): Path<(SpaceId, Seq)>,
    Query(query): Query<Once>,
) -> Result<Json<EventAnswer>> {
    Ok(Json(app.cancel_meeting(caller.person, place, query.client_id).await?.into()))
}

/// Sets one of a series, named by its time by the rule, to another time.
#[utoipa::path(put, path = "/api/v1/spaces/{id}/meetings/{seq}/occurrences/{occurrence}", tag = "meetings", params(("id" = String, Path), ("seq" = i64, Path), ("occurrence" = String, Path)), request_body = MoveMeeting, responses((status = 200, body = EventAnswer)))]
async fn move_one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq, occurrence)): Path<(SpaceId, Seq, String)>,
    Json(body): Json<MoveMeeting>,
) -> Result<Json<EventAnswer>> {
    let at = Some((body.start, body.minutes));
    let event = app.change_one_meeting(caller.person, (space, seq), body.client_id, occurrence, at).await?;
    Ok(Json(event.into()))
}

/// One of a series does not take place.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/meetings/{seq}/occurrences/{occurrence}", tag = "meetings", params(("id" = String, Path), ("seq" = i64, Path), ("occurrence" = String, Path), Once), responses((status = 200, body = EventAnswer)))]
async fn cancel_one(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq, occurrence)): Path<(SpaceId, Seq, String)>,
    Query(query): Query<Once>,
) -> Result<Json<EventAnswer>> {
    let event =
        app.change_one_meeting(caller.person, (space, seq), query.client_id, occurrence, None).await?;
    Ok(Json(event.into()))
}

/// A meeting as a calendar file (RFC 5545).
#[utoipa::path(get, path = "/api/v1/spaces/{id}/meetings/{seq}/calendar", tag = "meetings", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, content_type = "text/calendar", body = String)))]
async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, seq)): Path<(SpaceId, Seq)>,
) -> Result<Response> {
    Ok(calendar(app.meeting_file(caller.person, space, seq).await?))
}

/// Whether there is an address at which a calendar app reads one's meetings.
#[utoipa::path(get, path = "/api/v1/me/calendar", tag = "meetings", responses((status = 200, body = CalendarAddress)))]
async fn address(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<CalendarAddress>> {
    Ok(Json(CalendarAddress { url: None, made_at: app.calendar_made(caller.person).await? }))
}

/// Makes such an address, in place of the one before. Whoever has it reads titles and times: it is shown this once.
#[utoipa::path(post, path = "/api/v1/me/calendar", tag = "meetings", responses((status = 200, body = CalendarAddress)))]
async fn make_address(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<CalendarAddress>> {
    let (url, made_at) = app.make_calendar(caller.person).await?;
    Ok(Json(CalendarAddress { url: Some(url), made_at: Some(made_at) }))
}

/// The address leads nowhere any more.
#[utoipa::path(delete, path = "/api/v1/me/calendar", tag = "meetings", responses((status = 204)))]
async fn end_address(State(app): State<Arc<App>>, caller: Caller) -> Result<StatusCode> {
    app.end_calendar(caller.person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The meetings of whoever has this address, for calendar apps.
#[utoipa::path(get, path = "/api/v1/calendar/{token}", tag = "meetings", params(("token" = String, Path)), responses((status = 200, content_type = "text/calendar", body = String)))]
async fn feed(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response> {
    Ok(calendar(app.calendar_of(&token).await?))
}

fn calendar(text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"meeting.ics\""),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
