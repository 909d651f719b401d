//! Booking pages: a guest from outside takes a time of somebody of the house (docs/protocol/booking.md).
//!
//! `pages` makes and shows the pages, `times` gathers who is busy when and has the model work out what is free, `book` is
//! what guests do. A booking is a meeting in a closed space of its own, with the guest invited by mail: `follow` keeps it
//! as its meeting is, whoever changes that, and `letter` says it. `calendars` reads what people keep elsewhere (`outer`).

mod book;
mod calendars;
mod follow;
mod letter;
mod outer;
mod pages;
mod times;

pub use book::{Booked, GuestView, NewBooking, Offered};
pub use calendars::CalendarAdded;
pub(crate) use follow::keeps_guest;
pub use pages::{BookingPage, PageFront};
