//! What things are and what is allowed.
//!
//! Pure: no clock, no random source, no I/O, no async. Time and fresh ids are
//! arguments. Everything that decides lives here; everything that keeps lives
//! in `madang-store`.

pub mod app_part;
pub mod audit;
pub mod booking;
pub mod bookmark;
pub mod call;
pub mod card;
pub mod command;
pub mod contact;
pub mod desk;
pub mod event;
pub mod hours;
pub mod id;
pub mod limits;
pub mod meeting;
pub mod name;
pub mod permission;
pub mod position;
mod posted;
pub mod receipt;
pub mod refusal;
pub mod register;
pub mod row;
pub mod search;
pub mod settings;
pub mod space;
pub mod standing;
pub mod text;

pub use bookmark::Bookmark;
pub use command::{Command, Draft};
pub use event::{Body, Event, FileRef, Forward};
pub use id::{
    AppId, BookingId, BookingPageId, BookmarkId, CalendarId, CallId, ContactId, DeskId, FileId,
    ParticipantId, PersonId, RecordingId, SessionId, SpaceId, TeamId, UploadId, ViewId, WebhookId,
    WorkspaceId,
};
pub use permission::{Actor, Right, Role, SpaceRole};
pub use position::{Position, Seq};
pub use refusal::Refusal;
