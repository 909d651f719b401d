//! Calls that apps hold elsewhere and show here.

use std::sync::Arc;

use madang_model::{AppId, Seq, SpaceId};
use madang_store::apps::calls::{self, CallRecord};

use crate::app::App;
use crate::error::Result;

impl App {
    /// Takes a call in, under the app's own name for it; none when there is one of this name.
    ///
    /// # Errors
    /// What the store said.
    pub async fn add_app_call(
        self: &Arc<Self>,
        app: AppId,
        unique_id: String,
        content: String,
    ) -> Result<Option<CallRecord>> {
        let record = CallRecord { id: self.ids.next(), app, unique_id, content };
        self.db
            .write(move |tx| -> Result<_> { Ok(calls::insert(tx, &record)?.then(|| record.clone())) })
            .await
    }

    /// # Errors
    /// What the store said.
    pub async fn app_call(self: &Arc<Self>, id: i64) -> Result<Option<CallRecord>> {
        self.db.read(move |conn| -> Result<_> { Ok(calls::one(conn, id)?) }).await
    }

    /// What is known of it from here on. `change` makes it of what is there; none when there is none of this app.
    ///
    /// # Errors
    /// What the store said.
    pub async fn change_app_call(
        self: &Arc<Self>,
        app: AppId,
        id: i64,
        change: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Result<Option<CallRecord>> {
        self.db
            .write(move |tx| -> Result<_> {
                let Some(mut record) = calls::one(tx, id)?.filter(|it| it.app == app) else {
                    return Ok(None);
                };
                record.content = change(&record.content);
                calls::change(tx, id, &record.content)?;
                Ok(Some(record))
            })
            .await
    }

    /// These calls are shown by this message from here on.
    ///
    /// # Errors
    /// What the store said.
    pub async fn app_calls_stand(self: &Arc<Self>, ids: Vec<i64>, space: SpaceId, seq: Seq) -> Result<()> {
        self.db
            .write(move |tx| -> Result<()> {
                for id in &ids {
                    calls::stands(tx, *id, space, seq)?;
                }
                Ok(())
            })
            .await
    }

    /// The messages that show a call.
    ///
    /// # Errors
    /// What the store said.
    pub async fn messages_of_app_call(self: &Arc<Self>, id: i64) -> Result<Vec<(SpaceId, Seq)>> {
        self.db.read(move |conn| -> Result<_> { Ok(calls::messages(conn, id)?) }).await
    }
}
