//! Help desks: what they are, who stands at them, and what becomes of the tickets of their visitors.
//!
//! Whoever comes is in `visit`; what agents do with a ticket in `serve`; who is asked to help is worked out by
//! `madang_model::desk::route`, and carried out in `router`; `mind` sees to what is late and who left; `report` adds up how it went. All of it enters the log of the ticket's space.

mod after;
mod carry;
mod claim;
mod cobrowse;
mod gate;
mod identity;
mod known;
mod letters;
mod look;
mod mail_in;
mod mind;
mod post;
mod report;
mod router;
mod serve;
mod set_up;
mod talk;
mod there;
mod visit;
mod whereabouts;

pub use gate::Challenge;
pub use known::Known;
pub use look::{Agency, QueueCounts, TicketLook, VisitLook};
pub(crate) use mail_in::DeskMail;
pub use report::DeskReport;
pub(crate) use set_up::fresh_key;
pub use set_up::{Desk, DeskFront};
pub(crate) use talk::Talk;
pub(crate) use there::Connected;
pub use visit::{Arrived, NewVisit};
