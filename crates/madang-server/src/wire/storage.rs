//! What takes room in the house.

use madang_app::{SpaceUse as AppSpaceUse, StorageUse as AppStorageUse};
use madang_store::storage::Use as AppUse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListStorage {
    pub cursor: Option<String>,
    /// At most 200 [default: 50]
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StorageUse {
    pub spaces: Vec<SpaceUse>,
    /// All direct messages together.
    pub conversations: Use,
    /// Pictures of people and spaces, and what was uploaded and is not posted yet.
    pub outside_spaces: Use,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Use {
    pub files: i64,
    /// Of its files.
    pub bytes: i64,
    pub messages: i64,
}

impl From<AppUse> for Use {
    fn from(used: AppUse) -> Self {
        Use { files: used.files, bytes: used.bytes, messages: used.messages }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SpaceUse {
    pub id: String,
    /// Missing for a closed space that the reader is not in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// "open" or "closed".
    pub kind: &'static str,
    pub archived: bool,
    /// It waits for its end, and can be restored until then.
    pub deleted: bool,
    #[serde(flatten)]
    pub used: Use,
}

impl From<AppSpaceUse> for SpaceUse {
    fn from(it: AppSpaceUse) -> Self {
        let facts = it.space.facts;
        SpaceUse {
            id: facts.id.to_string(),
            kind: facts.kind.as_str(),
            name: it.seen.then_some(facts.name),
            archived: facts.archived,
            deleted: facts.deleted_until.is_some(),
            used: it.used.into(),
        }
    }
}

impl From<AppStorageUse> for StorageUse {
    fn from(it: AppStorageUse) -> Self {
        StorageUse {
            spaces: it.spaces.into_iter().map(Into::into).collect(),
            conversations: it.conversations.into(),
            outside_spaces: it.outside_spaces.into(),
            next_cursor: it.next.map(|(bytes, id)| format!("{bytes}.{id}")),
        }
    }
}
