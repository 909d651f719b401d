//! Bookmarks of a space: reading them, and what a command about one leaves.

use std::sync::Arc;

use madang_model::refusal::Thing;
use madang_model::{Body, Bookmark, BookmarkId, Command, PersonId, Refusal, SpaceId};
use madang_store::log::{self, BookmarkRecord};

use crate::app::App;
use crate::error::Result;
use crate::reading::{readable, readable_with_sight};

impl App {
    /// The bookmarks of a space in the order in which they were added. To the visitor of a ticket there are none.
    ///
    /// # Errors
    /// `NotFound` for who may not read the space, or what the store said.
    pub async fn bookmarks(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
    ) -> Result<Vec<BookmarkRecord>> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let (record, outside) = readable_with_sight(conn, person, space)?;
                if outside {
                    return Ok(Vec::new());
                }
                Ok(log::bookmarks(conn, &app.keyring, &record)?)
            })
            .await
    }

    /// Adds a bookmark. The same `client_id` gives the same one again.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn add_bookmark(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        client_id: Option<String>,
        (title, link, emoji): (String, String, Option<String>),
    ) -> Result<BookmarkRecord> {
        let wish = Bookmark { id: BookmarkId(self.ids.next()), title, link, emoji };
        let event = self.run(person, space, client_id, Command::AddBookmark(wish)).await?;
        match event.as_ref().map(|it| &it.body) {
            Some(Body::BookmarkAdded(bookmark)) => self.bookmark(person, space, bookmark.id).await,
            _ => Err(Refusal::ClientIdReused.into()),
        }
    }

    /// Changes what is named of a bookmark.
    ///
    /// # Errors
    /// A refusal, or what the store said.
    pub async fn change_bookmark(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        bookmark: BookmarkId,
        (title, link, emoji): (Option<String>, Option<String>, Option<String>),
    ) -> Result<BookmarkRecord> {
        let command = Command::ChangeBookmark { bookmark, title, link, emoji };
        self.run(person, space, None, command).await?;
        self.bookmark(person, space, bookmark).await
    }

    async fn bookmark(
        self: &Arc<Self>,
        person: PersonId,
        space: SpaceId,
        bookmark: BookmarkId,
    ) -> Result<BookmarkRecord> {
        let app = self.clone();
        self.db
            .read(move |conn| {
                let record = readable(conn, person, space)?;
                let found = log::bookmark(conn, &app.keyring, &record, bookmark)?;
                Ok(found.ok_or(Refusal::NotFound(Thing::Bookmark))?)
            })
            .await
    }
}
