//! What the house does: runs commands, signs people in, keeps their files,
//! feeds the followers.
//!
//! Knows the model and the store; knows nothing of HTTP or of outer JSON.

mod activity;
mod app;
pub mod apps;
mod attempts;
mod audit;
mod booking;
mod bookmarks;
pub mod calls;
mod clock;
mod contacts;
mod deactivate;
mod desks;
mod digest;
mod directs;
mod due;
mod erase;
mod erase_person;
mod error;
pub mod export;
mod files;
mod followers;
mod house_spaces;
pub mod import;
mod invite;
mod jobs;
mod links;
mod mail;
mod mail_server;
mod mail_settings;
mod meetings;
mod messages;
pub mod outgoing;
mod outside;
mod overview;
mod own_data;
mod password;
mod people;
mod previews;
mod push;
mod reading;
pub mod recordings;
mod retention;
mod run;
mod saved;
mod scheduled;
mod search;
mod session;
mod set_up;
mod settings;
mod sign_in;
mod spaces;
mod standing;
mod storage;
mod sync;
mod teams;
mod text;
mod texts;
mod translate;
pub mod webhooks;

pub use activity::Line;
pub use app::{App, Config};
pub use audit::{AuditLine, AuditQuery, Way, asked_from};
pub use booking::{Booked, BookingPage, CalendarAdded, GuestView, NewBooking, Offered, PageFront};
pub use clock::{Clock, IdMaker};
pub use contacts::{ContactList, ContactLook, ContactOfTicket, ContactRow, Imported, RoundLook, WhoIsIt};
pub use desks::{
    Agency, Arrived, Challenge, Desk, DeskFront, DeskReport, Known, NewVisit, QueueCounts, TicketLook,
    VisitLook,
};
pub use digest::{Received, Undelivered};
pub use erase_person::erase_again;
pub use error::{Error, Result, incident};
pub use files::{Small, UploadState, harmless_name, inline_type, small_type};
pub use followers::NAMES as FOLLOWERS;
pub use house_spaces::HouseSpaces;
pub use invite::{Added, Invitation, Offer};
pub use links::Door;
pub use mail::{Mailer, escape};
pub use mail_server::{MailServer, Security};
pub use meetings::{MeetingWish, Planned};
pub use messages::NewMessage;
pub use overview::{MailTest, Overview};
pub use own_data::OwnMessage;
pub use previews::{Preview, Previews};
pub use push::{Device, Outcome, PushHealth, PushTry};
/// When somebody does not want to be disturbed.
pub mod quiet {
    pub use crate::push::{next_hours, quiet_until, zone_of};
}
pub use retention::NamedRule;
pub use saved::Kept;
pub use scheduled::Later;
pub use search::{Answer, FoundFile, FoundMessage, Numbered, Question, What};
pub use session::Session;
pub use set_up::{Begun, SetUp};
pub use settings::{Allowed, Front};
pub use spaces::{Last, MySide, NewSpace, Summary};
pub use standing::Stands;
pub use storage::{SpaceUse, StorageUse};
pub use sync::{Hello, Profile, Sight, Welcome};
pub use texts::read_text;

/// What the store keeps, as other doors read it.
pub mod records {
    pub use madang_store::apps::AppRecord;
    pub use madang_store::apps::calls::CallRecord;
    pub use madang_store::apps::deliveries::DeliveryRecord;
    pub use madang_store::apps::grants::GrantRecord;
    pub use madang_store::apps::hooks::HookRecord;
    pub use madang_store::apps::remote_files::RemoteFileRecord;
    pub use madang_store::apps::uses::UseRecord;
    pub use madang_store::apps::views::ViewRecord;
    pub use madang_store::bus::{Announcement, Heard};
    pub use madang_store::files::FileRecord;
    pub use madang_store::house::WorkspaceRecord;
    pub use madang_store::log::{BookmarkRecord, SpaceRecord};
    pub use madang_store::people::PersonRecord;
    pub use madang_store::spaces::MemberRecord;
    pub use madang_store::teams::TeamRecord;
}
pub use translate::{Translation, Translator};
