//! Booking pages as guests use them, who have no account: by the key of a page they take a time, by the secret of their
//! letter they see, move and cancel it. Looking changes nothing, so that programs that follow links in mails do no harm.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use madang_app::App;

use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::guard::network;
use crate::router::{Endpoint, Policy};
use crate::serve::ClientAddress;
use crate::wire::bookings::{
    Book, BookedAnswer, BookingTimes, GuestBookingAnswer, MoveBooking, TimesToMove, Within,
};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(times, __path_times, Policy::Anyone),
        endpoint!(book, __path_book, Policy::Opening),
        endpoint!(look, __path_look, Policy::Opening),
        endpoint!(to_move, __path_to_move, Policy::Opening),
        endpoint!(set, __path_set, Policy::Opening),
        endpoint!(cancel, __path_cancel, Policy::Opening),
        endpoint!(file, __path_file, Policy::Opening),
    ]
}

/// A booking page, and its times that are free within a stretch of time. One that is off has none.
#[utoipa::path(get, path = "/api/v1/booking/{key}", tag = "booking", params(("key" = String, Path), Within), responses((status = 200, body = BookingTimes)))]
async fn times(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    Query(query): Query<Within>,
) -> Result<Json<BookingTimes>> {
    Ok(Json(app.offered_times(&key, query.from, query.to).await?.into()))
}

/// Takes a time. Of two who want the same one gets it, and the other `slot_taken`.
#[utoipa::path(post, path = "/api/v1/booking/{key}", tag = "booking", params(("key" = String, Path)), request_body = Book, responses((status = 201, body = BookedAnswer)))]
async fn book(
    State(app): State<Arc<App>>,
    address: Option<Extension<ClientAddress>>,
    Path(key): Path<String>,
    Json(body): Json<Book>,
) -> Result<(StatusCode, Json<BookedAnswer>)> {
    let from = address.map(|Extension(ClientAddress(address))| network(address));
    let booked = app.book(&key, body.into(), from).await?;
    Ok((StatusCode::CREATED, Json(booked.into())))
}

/// A booking, by its secret.
#[utoipa::path(get, path = "/api/v1/booked/{token}", tag = "booking", params(("token" = String, Path)), responses((status = 200, body = GuestBookingAnswer)))]
async fn look(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Json<GuestBookingAnswer>> {
    Ok(Json(GuestBookingAnswer { booking: app.booked(&token).await?.into() }))
}

/// The times to which it could be moved: those of who takes it.
#[utoipa::path(get, path = "/api/v1/booked/{token}/times", tag = "booking", params(("token" = String, Path), Within), responses((status = 200, body = TimesToMove)))]
async fn to_move(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(query): Query<Within>,
) -> Result<Json<TimesToMove>> {
    let times = app.times_to_move(&token, query.from, query.to).await?;
    Ok(Json(TimesToMove { times: times.into_iter().map(Into::into).collect() }))
}

/// Moves it to another time.
#[utoipa::path(post, path = "/api/v1/booked/{token}/move", tag = "booking", params(("token" = String, Path)), request_body = MoveBooking, responses((status = 200, body = GuestBookingAnswer)))]
async fn set(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Json(body): Json<MoveBooking>,
) -> Result<Json<GuestBookingAnswer>> {
    Ok(Json(GuestBookingAnswer { booking: app.move_booking(&token, body.start).await?.into() }))
}

/// Cancels it.
#[utoipa::path(post, path = "/api/v1/booked/{token}/cancel", tag = "booking", params(("token" = String, Path)), responses((status = 200, body = GuestBookingAnswer)))]
async fn cancel(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Json<GuestBookingAnswer>> {
    Ok(Json(GuestBookingAnswer { booking: app.cancel_booking(&token).await?.into() }))
}

/// Its calendar file.
#[utoipa::path(get, path = "/api/v1/booked/{token}/calendar", tag = "booking", params(("token" = String, Path)), responses((status = 200, content_type = "text/calendar", body = String)))]
async fn file(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Response> {
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"booking.ics\""),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, app.booking_file(&token).await?).into_response())
}
