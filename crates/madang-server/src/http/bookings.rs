//! Booking pages as the house manages them, and what was booked.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::BookingPageId;
use madang_model::permission::HouseRight;

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path};
use crate::router::{Doors, Endpoint, Policy};
use crate::wire::bookings::{BookingPageAnswer, BookingPageFull, BookingPages, Bookings, SetBookingPage};

pub fn endpoints() -> Vec<Endpoint> {
    // A booking brings a guest in.
    let own = Policy::House(HouseRight::InviteGuest);
    vec![
        endpoint!(list, __path_list, own),
        endpoint!(create, __path_create, own),
        endpoint!(one, __path_one, own),
        endpoint!(change, __path_change, own),
        endpoint!(end, __path_end, own),
        endpoint!(coming, __path_coming, own),
    ]
}

/// The pages that one made or takes bookings of; all of them for whoever manages desks.
#[utoipa::path(get, path = "/api/v1/booking-pages", tag = "booking", responses((status = 200, body = BookingPages)))]
async fn list(State(doors): State<Doors>, caller: Caller) -> Result<Json<BookingPages>> {
    doors.app.asks_house(caller.person, HouseRight::InviteGuest).await?;
    let pages = doors.app.booking_pages(caller.person).await?;
    let pages = pages.into_iter().map(|it| BookingPageFull::new(it, &doors.app.config.public_url)).collect();
    Ok(Json(BookingPages { pages }))
}

/// Makes a page. Members take the bookings of theirs themselves; whoever manages desks may name others.
#[utoipa::path(post, path = "/api/v1/booking-pages", tag = "booking", request_body = SetBookingPage, responses((status = 201, body = BookingPageAnswer)))]
async fn create(
    State(doors): State<Doors>,
    caller: Caller,
    Json(body): Json<SetBookingPage>,
) -> Result<(StatusCode, Json<BookingPageAnswer>)> {
    doors.app.asks_house(caller.person, HouseRight::InviteGuest).await?;
    let page = doors.app.create_booking_page(caller.person, body.settings).await?;
    let page = BookingPageFull::new(page, &doors.app.config.public_url);
    Ok((StatusCode::CREATED, Json(BookingPageAnswer { page })))
}

/// One page, for whoever may change it.
#[utoipa::path(get, path = "/api/v1/booking-pages/{id}", tag = "booking", params(("id" = String, Path)), responses((status = 200, body = BookingPageAnswer)))]
async fn one(
    State(doors): State<Doors>,
    caller: Caller,
    Path(id): Path<BookingPageId>,
) -> Result<Json<BookingPageAnswer>> {
    doors.app.asks_house(caller.person, HouseRight::InviteGuest).await?;
    let page = doors.app.booking_page(caller.person, id).await?;
    Ok(Json(BookingPageAnswer { page: BookingPageFull::new(page, &doors.app.config.public_url) }))
}

/// Changes what a page is. Bookings that were made stand as they are.
#[utoipa::path(put, path = "/api/v1/booking-pages/{id}", tag = "booking", params(("id" = String, Path)), request_body = SetBookingPage, responses((status = 200, body = BookingPageAnswer)))]
async fn change(
    State(doors): State<Doors>,
    caller: Caller,
    Path(id): Path<BookingPageId>,
    Json(body): Json<SetBookingPage>,
) -> Result<Json<BookingPageAnswer>> {
    doors.app.asks_house(caller.person, HouseRight::InviteGuest).await?;
    let page = doors.app.change_booking_page(caller.person, id, body.settings).await?;
    Ok(Json(BookingPageAnswer { page: BookingPageFull::new(page, &doors.app.config.public_url) }))
}

/// Ends a page for good. Bookings that were made stand as they are.
#[utoipa::path(delete, path = "/api/v1/booking-pages/{id}", tag = "booking", params(("id" = String, Path)), responses((status = 204)))]
async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<BookingPageId>,
) -> Result<StatusCode> {
    app.asks_house(caller.person, HouseRight::InviteGuest).await?;
    app.end_booking_page(caller.person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bookings that are not over: those that one takes, and those of one's own pages. They are moved and cancelled as the
/// meetings that they are.
#[utoipa::path(get, path = "/api/v1/bookings", tag = "booking", responses((status = 200, body = Bookings)))]
async fn coming(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Bookings>> {
    app.asks_house(caller.person, HouseRight::InviteGuest).await?;
    let bookings = app.bookings(caller.person).await?.into_iter().map(Into::into).collect();
    Ok(Json(Bookings { bookings }))
}
