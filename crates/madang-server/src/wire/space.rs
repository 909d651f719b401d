//! A space, as one person sees it.

use madang_app::Summary;
use madang_model::limits;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Space {
    pub id: String,
    pub workspace: String,
    /// "open", "closed", "direct" or "ticket".
    pub kind: &'static str,
    /// Empty for a direct space without a name of its own.
    pub name: String,
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    pub head: Position,
    pub members: i64,
    pub guests: i64,
    /// Of a direct space: everybody in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_until: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub me: Option<MySide>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Last>,
    /// Whether read marks are shown in a space of this size.
    pub receipts: bool,
}

/// A place in a log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Position {
    /// Unix milliseconds; another value means that the server was restored from a backup.
    pub epoch: i64,
    pub seq: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MySide {
    /// "host", "member" or "guest".
    pub role: &'static str,
    pub joined: i64,
    /// "nothing", "mentions" or "everything".
    pub level: &'static str,
    pub read: i64,
    pub unread: i64,
    pub mentions: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Last {
    pub seq: i64,
    pub at: i64,
    pub author: String,
    /// The beginning of the raw text.
    pub text: String,
    #[serde(skip_serializing_if = "is_zero")]
    pub files: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl From<&madang_app::Last> for Last {
    fn from(last: &madang_app::Last) -> Self {
        Last {
            seq: last.seq,
            at: last.at,
            author: last.author.to_string(),
            text: last.text.clone(),
            files: last.files,
        }
    }
}

impl Space {
    pub fn new(summary: &Summary, epoch: i64) -> Self {
        let facts = &summary.space.facts;
        Space {
            id: facts.id.to_string(),
            workspace: facts.workspace.to_string(),
            kind: facts.kind.as_str(),
            name: facts.name.clone(),
            description: facts.description.clone(),
            picture: summary.space.picture.map(|id| id.to_string()),
            team: summary.team.map(|id| id.to_string()),
            head: Position { epoch, seq: facts.head },
            members: facts.members,
            guests: summary.space.guests,
            people: summary.people.iter().map(ToString::to_string).collect(),
            archived: facts.archived,
            deleted_until: facts.deleted_until,
            me: summary.me.map(|me| MySide {
                role: me.role.as_str(),
                joined: me.joined,
                level: me.level.as_str(),
                read: me.read,
                unread: me.unread,
                mentions: me.mentions,
            }),
            last: summary.last.as_ref().map(Last::from),
            receipts: facts.members <= limits::RECEIPT_MEMBERS,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SpaceAnswer {
    pub space: Space,
    /// What the request added to the log, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub event: Option<std::sync::Arc<madang_model::Event>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Spaces {
    pub spaces: Vec<Space>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListSpaces {
    /// From an earlier answer's `next_cursor`.
    pub cursor: Option<String>,
    /// At most this many, 1 to 200.
    pub limit: Option<i64>,
    /// 1: open spaces one is not in, rather than one's own.
    pub browse: Option<u8>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateSpace {
    pub name: String,
    /// "open" or "closed".
    pub kind: String,
    #[serde(default)]
    pub description: String,
    pub team: Option<String>,
    pub client_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct StartDirect {
    /// Person ids.
    pub people: Vec<String>,
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeSpace {
    pub name: Option<String>,
    pub description: Option<String>,
    /// A file id, or null to take the picture away.
    #[serde(default, deserialize_with = "crate::wire::space::given")]
    #[schema(value_type = Option<String>)]
    pub picture: Option<Option<String>>,
}

/// Tells `null` from a field that is not there.
pub fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
