//! The calendars that one keeps elsewhere: in what they are busy, one is not booked.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::CalendarId;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Endpoint, Policy};
use crate::wire::bookings::{AddCalendar, OuterCalendarAnswer, OuterCalendars};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Oneself),
        endpoint!(add, __path_add, Policy::Oneself),
        endpoint!(again, __path_again, Policy::Oneself),
        endpoint!(remove, __path_remove, Policy::Oneself),
    ]
}

/// One's calendars elsewhere, and how they could be read.
#[utoipa::path(get, path = "/api/v1/me/calendars", tag = "booking", responses((status = 200, body = OuterCalendars)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<OuterCalendars>> {
    let calendars = app.outer_calendars(caller.person).await?.into_iter().map(Into::into).collect();
    Ok(Json(OuterCalendars { calendars }))
}

/// Names one by the address of its `.ics` file. It is read at once, and then every quarter of an hour.
#[utoipa::path(post, path = "/api/v1/me/calendars", tag = "booking", request_body = AddCalendar, responses((status = 201, body = OuterCalendarAnswer)))]
async fn add(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<AddCalendar>,
) -> Result<(StatusCode, Json<OuterCalendarAnswer>)> {
    let calendar = app.add_calendar(caller.person, &body.name, &body.url, &body.zone).await?;
    Ok((StatusCode::CREATED, Json(OuterCalendarAnswer { calendar: calendar.into() })))
}

/// Reads one anew.
#[utoipa::path(post, path = "/api/v1/me/calendars/{id}/read", tag = "booking", params(("id" = String, Path)), responses((status = 200, body = OuterCalendarAnswer)))]
async fn again(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<CalendarId>,
) -> Result<Json<OuterCalendarAnswer>> {
    let calendar = app.refresh_calendar(caller.person, id).await?;
    Ok(Json(OuterCalendarAnswer { calendar: calendar.into() }))
}

/// It does not count any more.
#[utoipa::path(delete, path = "/api/v1/me/calendars/{id}", tag = "booking", params(("id" = String, Path)), responses((status = 204)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<CalendarId>,
) -> Result<StatusCode> {
    app.remove_calendar(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
