//! What the house does: runs commands, signs people in, keeps their files,
//! feeds the followers.
//!
//! Knows the model and the store; knows nothing of HTTP or of outer JSON.

mod activity;
mod app;
mod attempts;
mod audit;
mod clock;
mod digest;
mod directs;
mod due;
mod erase;
mod error;
mod files;
mod followers;
pub mod import;
mod invite;
mod jobs;
mod links;
mod mail;
mod messages;
pub mod outgoing;
mod outside;
mod password;
mod people;
mod previews;
mod push;
mod reading;
mod run;
mod saved;
mod scheduled;
mod search;
mod session;
mod set_up;
mod sign_in;
mod spaces;
mod sync;
mod teams;
mod text;
mod texts;

pub use activity::Line;
pub use app::{App, Config};
pub use audit::{AuditLine, AuditQuery, Way, asked_from};
pub use clock::{Clock, IdMaker};
pub use digest::{Received, Undelivered};
pub use error::{Error, Result, incident};
pub use files::{Small, UploadState, inline_type, small_type};
pub use followers::NAMES as FOLLOWERS;
pub use invite::{Added, Invitation, Offer};
pub use links::Door;
pub use mail::Mailer;
pub use messages::NewMessage;
pub use previews::{Preview, Previews};
pub use push::{Device, Outcome};
pub use saved::Kept;
pub use scheduled::Later;
pub use search::{Answer, FoundFile, FoundMessage, Question, What};
pub use session::Session;
pub use set_up::{Begun, SetUp};
pub use spaces::{Last, MySide, NewSpace, Summary};
pub use sync::{Hello, Profile, Sight, Welcome};
pub use texts::read_text;
