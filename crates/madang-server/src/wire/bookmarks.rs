//! Links that stand above a conversation.

use madang_app::records::BookmarkRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Bookmark {
    pub id: String,
    pub title: String,
    pub link: String,
    pub emoji: Option<String>,
    /// Who added it, and when (microseconds since 1970).
    pub by: String,
    pub at: i64,
}

/// In the order in which they were added.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bookmarks {
    pub bookmarks: Vec<Bookmark>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewBookmark {
    /// Made once by the client for this bookmark; a repeat answers the same.
    pub client_id: Option<String>,
    /// One line, at most 255 characters.
    pub title: String,
    /// An address with https or http.
    pub link: String,
    /// An emoji, or the name of one.
    pub emoji: Option<String>,
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeBookmark {
    pub title: Option<String>,
    pub link: Option<String>,
    /// Null or an empty one takes it away.
    #[serde(default, deserialize_with = "crate::wire::space::given")]
    #[schema(value_type = Option<String>)]
    pub emoji: Option<Option<String>>,
}

impl From<BookmarkRecord> for Bookmark {
    fn from(record: BookmarkRecord) -> Bookmark {
        let BookmarkRecord { bookmark, by, at_us, .. } = record;
        Bookmark {
            id: bookmark.id.to_string(),
            title: bookmark.title,
            link: bookmark.link,
            emoji: bookmark.emoji,
            by: by.to_string(),
            at: at_us,
        }
    }
}
