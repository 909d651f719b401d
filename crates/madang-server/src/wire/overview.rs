//! How the house is, as those who run it see it.

use madang_store::links::LinkRecord;
use madang_store::log::SpaceRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Overview {
    pub version: &'static str,
    /// "sqlite" or "postgres".
    pub engine: &'static str,
    pub people: PeopleCount,
    pub spaces: SpacesCount,
    pub storage: Storage,
    /// Mail can be sent.
    pub mail: bool,
    /// Microseconds; missing when there was never a backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backed_up_at: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleCount {
    pub members: i64,
    pub guests: i64,
    pub deactivated: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SpacesCount {
    pub open: i64,
    pub closed: i64,
    pub direct: i64,
    pub archived: i64,
}

/// Bytes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Storage {
    pub database: i64,
    pub files: i64,
    pub file_count: i64,
    /// Missing where the file system does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Doctor {
    pub fine: bool,
    pub lines: Vec<DoctorLine>,
}

/// What `madang doctor` says of one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoctorLine {
    pub about: &'static str,
    pub fine: bool,
    pub text: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MailTested {
    pub sent: bool,
    pub to: String,
    /// What the mail server answered, when it took the letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// What it said, or what was in the way, when it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaint: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListHouseSpaces {
    pub cursor: Option<String>,
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HouseSpaces {
    pub spaces: Vec<HouseSpace>,
    /// Closed spaces of this part that the reader is not in: not even their names are told.
    pub hidden: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A space without anything of what is said in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseSpace {
    pub id: String,
    pub name: String,
    /// "open" or "closed".
    pub kind: &'static str,
    pub members: i64,
    pub guests: i64,
    /// When something last happened there.
    pub active_at: i64,
    pub archived: bool,
    /// Until when it can be restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_until: Option<i64>,
}

impl From<SpaceRecord> for HouseSpace {
    fn from(space: SpaceRecord) -> Self {
        HouseSpace {
            id: space.facts.id.to_string(),
            kind: space.facts.kind.as_str(),
            name: space.facts.name,
            members: space.facts.members,
            guests: space.guests,
            active_at: space.head_at,
            archived: space.facts.archived,
            deleted_until: space.facts.deleted_until,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HouseLinks {
    pub links: Vec<HouseLink>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HouseLink {
    #[serde(flatten)]
    pub link: super::house::Link,
    pub space: String,
    /// Missing where the reader may not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space_name: Option<String>,
}

impl From<(LinkRecord, Option<String>)> for HouseLink {
    fn from((link, space_name): (LinkRecord, Option<String>)) -> Self {
        HouseLink { space: link.space.to_string(), space_name, link: link.into() }
    }
}
