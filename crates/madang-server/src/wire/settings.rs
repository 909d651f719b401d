//! What those who run the house chose for everybody, and what is shown before sign-in.

use madang_app::{Allowed, Front as AppFront};
use madang_model::permission::Role;
use madang_model::register::Involvement;
use madang_model::settings::HouseSettings as Kept;
use madang_model::{FileId, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::house::Workspace;

/// The workspace, and what of its settings concerns the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkspaceForMe {
    pub workspace: Workspace,
    /// Whether messages can be translated.
    pub translates: bool,
    pub may: MayInHouse,
    /// The largest file in bytes.
    pub largest_file: i64,
    /// Seconds that a join link holds when nothing is said; 0 for without end.
    pub link_expires_in: i64,
    /// How many come in by it when nothing is said; 0 for any number.
    pub link_uses: i64,
}

/// What the caller may do; a space may refuse it all the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct MayInHouse {
    pub create_spaces: bool,
    /// By address and by link.
    pub invite_guests: bool,
    /// Those that one hosts.
    pub record_calls: bool,
}

impl WorkspaceForMe {
    pub fn new(workspace: Workspace, translates: bool, it: Allowed) -> Self {
        WorkspaceForMe {
            workspace,
            translates,
            may: MayInHouse {
                create_spaces: it.create_spaces,
                invite_guests: it.invite_guests,
                record_calls: it.record_calls,
            },
            largest_file: it.largest_file,
            link_expires_in: it.link_expires_in,
            link_uses: it.link_uses,
        }
    }
}

/// What everybody sees who comes to the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct Front {
    pub name: String,
    /// Empty for none.
    pub welcome: String,
    /// `/api/v1/logo?v=` and this; missing when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

impl From<AppFront> for Front {
    fn from(front: AppFront) -> Self {
        Front { name: front.name, welcome: front.welcome, logo: front.logo.map(|it| it.to_string()) }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HouseSettings {
    /// Who may make spaces: "member", "admin" or "owner", and those above.
    pub create_spaces: &'static str,
    /// Who may invite guests, by address and by link.
    pub invite_guests: &'static str,
    /// Whether hosts of calls may record them.
    pub record_calls: bool,
    /// Whether members may give files an address that opens for everybody.
    pub public_files: bool,
    /// How much of a space whoever comes in hears at first: "nothing", "mentions" or "everything".
    pub involvement: &'static str,
    /// The largest file in bytes; 0 for as large as the server takes.
    pub largest_file: i64,
    /// What the server itself takes, in bytes.
    pub server_largest_file: i64,
    /// Seconds that a join link holds when nothing is said; 0 for without end.
    pub link_expires_in: i64,
    /// How many come in by it when nothing is said; 0 for any number.
    pub link_uses: i64,
    /// A few words on the pages before sign-in.
    pub welcome: String,
    /// Whom push services may write to; empty for who is named at the start of the server.
    pub push_contact: String,
    /// The workspace's picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

impl HouseSettings {
    pub fn new(kept: Kept, logo: Option<FileId>, server: i64) -> Self {
        HouseSettings {
            create_spaces: kept.create_spaces.as_str(),
            invite_guests: kept.invite_guests.as_str(),
            record_calls: kept.record_calls,
            public_files: kept.public_files,
            involvement: kept.involvement.as_str(),
            largest_file: kept.largest_file,
            server_largest_file: server,
            link_expires_in: kept.link_expires_in,
            link_uses: kept.link_uses,
            welcome: kept.welcome,
            push_contact: kept.push_contact,
            logo: logo.map(|it| it.to_string()),
        }
    }
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeHouseSettings {
    pub create_spaces: Option<String>,
    pub invite_guests: Option<String>,
    pub record_calls: Option<bool>,
    pub public_files: Option<bool>,
    pub involvement: Option<String>,
    /// 0, or a million or more.
    pub largest_file: Option<i64>,
    pub link_expires_in: Option<i64>,
    pub link_uses: Option<i64>,
    pub welcome: Option<String>,
    pub push_contact: Option<String>,
}

impl ChangeHouseSettings {
    /// What is to be done to the settings.
    ///
    /// # Errors
    /// `Invalid` for words that mean nothing.
    pub fn checked(self) -> Result<impl Fn(Kept) -> Kept + Send + 'static, Refusal> {
        let role = |what: &'static str, text: Option<&String>| {
            let why = || Refusal::Invalid { what, why: "it is member, admin or owner".into() };
            text.map(|it| Role::to_give(it).ok_or_else(why)).transpose()
        };
        let create_spaces = role("create_spaces", self.create_spaces.as_ref())?;
        let invite_guests = role("invite_guests", self.invite_guests.as_ref())?;
        let why =
            || Refusal::Invalid { what: "involvement", why: "it is nothing, mentions or everything".into() };
        let involvement =
            self.involvement.as_deref().map(|it| Involvement::parse(it).ok_or_else(why)).transpose()?;
        Ok(move |was: Kept| Kept {
            create_spaces: create_spaces.unwrap_or(was.create_spaces),
            invite_guests: invite_guests.unwrap_or(was.invite_guests),
            record_calls: self.record_calls.unwrap_or(was.record_calls),
            public_files: self.public_files.unwrap_or(was.public_files),
            involvement: involvement.unwrap_or(was.involvement),
            largest_file: self.largest_file.unwrap_or(was.largest_file),
            link_expires_in: self.link_expires_in.unwrap_or(was.link_expires_in),
            link_uses: self.link_uses.unwrap_or(was.link_uses),
            welcome: self.welcome.clone().unwrap_or(was.welcome),
            push_contact: self.push_contact.clone().unwrap_or(was.push_contact),
        })
    }
}

/// A file that the caller uploaded; none takes the picture away.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetLogo {
    #[schema(value_type = Option<String>)]
    pub file: Option<FileId>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct LogoSize {
    /// 96 or 288 pixels; another number gets the next larger one.
    pub w: Option<u32>,
    /// Which one it is, so that it may be kept for a day.
    #[allow(dead_code)]
    pub v: Option<String>,
}
