//! What apps show somebody: dialogs, and homes.

use std::sync::Arc;

use madang_model::{AppId, PersonId, ViewId};
use madang_store::apps::views::{self, ViewRecord};

use crate::app::App;
use crate::error::Result;

/// A dialog that nobody touched for a day is forgotten.
const OLD_US: i64 = 24 * 3_600 * 1_000_000;

/// What is to be shown; its shape was checked at the door.
#[derive(Debug, Clone)]
pub struct NewView {
    pub app: AppId,
    pub person: PersonId,
    /// "modal" or "home".
    pub kind: &'static str,
    /// JSON.
    pub view: String,
    pub external_id: Option<String>,
    /// The dialog it lies upon.
    pub previous: Option<ViewRecord>,
}

impl App {
    /// Shows something new; a home takes the place of the one before. `hash` says which version it is.
    ///
    /// # Errors
    /// What the store said.
    pub async fn put_view(self: &Arc<Self>, new: NewView, hash: String) -> Result<ViewRecord> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<_> {
                let now_us = app.clock.now_us();
                views::forget_old(tx, now_us - OLD_US)?;
                let before = match new.kind {
                    "home" => views::home(tx, new.app, new.person)?,
                    _ => None,
                };
                let id = before.map_or_else(|| ViewId(app.ids.next()), |it| it.id);
                let record = ViewRecord {
                    id,
                    app: new.app,
                    person: new.person,
                    kind: new.kind.to_owned(),
                    view: new.view.clone(),
                    hash: hash.clone(),
                    external_id: new.external_id.clone(),
                    root: new.previous.as_ref().map_or(id, |it| it.root),
                    previous: new.previous.as_ref().map(|it| it.id),
                    changed_at: now_us,
                };
                views::put(tx, &record)?;
                Ok(record)
            })
            .await
    }

    /// Another content of a view that is shown. `is_current` says of the one that is there whether it may be replaced;
    /// none when it may not, or is gone.
    ///
    /// # Errors
    /// What the store said.
    pub async fn change_view(
        self: &Arc<Self>,
        id: ViewId,
        expected: Option<String>,
        view: String,
        external_id: Option<String>,
        hash: String,
    ) -> Result<Option<ViewRecord>> {
        let app = self.clone();
        self.db
            .write(move |tx| -> Result<_> {
                let Some(mut record) = views::one(tx, id)? else { return Ok(None) };
                if expected.as_ref().is_some_and(|it| *it != record.hash) {
                    return Ok(None);
                }
                record.view.clone_from(&view);
                record.hash.clone_from(&hash);
                record.external_id.clone_from(&external_id);
                record.changed_at = app.clock.now_us();
                views::put(tx, &record)?;
                Ok(Some(record))
            })
            .await
    }

    /// # Errors
    /// What the store said.
    pub async fn view(self: &Arc<Self>, id: ViewId) -> Result<Option<ViewRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(views::one(conn, id)?) }).await
    }

    /// By the name that the app gave it.
    ///
    /// # Errors
    /// What the store said.
    pub async fn view_called(self: &Arc<Self>, app: AppId, name: String) -> Result<Option<ViewRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(views::external(conn, app, &name)?) }).await
    }

    /// What the app shows this person as its home.
    ///
    /// # Errors
    /// What the store said.
    pub async fn home_view(self: &Arc<Self>, app: AppId, person: PersonId) -> Result<Option<ViewRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(views::home(conn, app, person)?) }).await
    }

    /// Closes dialogs; gives those that were there.
    ///
    /// # Errors
    /// What the store said.
    pub async fn close_views(self: &Arc<Self>, ids: Vec<ViewId>) -> Result<Vec<ViewRecord>> {
        self.db
            .write(move |tx| -> Result<_> {
                let mut closed = Vec::new();
                for id in &ids {
                    closed.extend(views::one(tx, *id)?);
                    views::close(tx, *id)?;
                }
                Ok(closed)
            })
            .await
    }

    /// The dialogs of a stack, the lowest first.
    ///
    /// # Errors
    /// What the store said.
    pub async fn view_stack(self: &Arc<Self>, root: ViewId) -> Result<Vec<ViewRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(views::stack(conn, root)?) }).await
    }
}
