//! Erasing spaces whose time to be restored is over: their keys are dropped,
//! so that nothing opens what they wrote, and then their rows.

use std::sync::Arc;

use madang_model::SpaceId;
use madang_model::audit::Act;
use madang_store::{log, spaces};

use crate::app::App;
use crate::audit::by_somebody;
use crate::error::Result;

impl App {
    /// Erases what is due.
    ///
    /// # Errors
    /// What the store said.
    pub(crate) async fn erase_deleted_spaces(self: &Arc<Self>) -> Result<()> {
        let now_us = self.clock.now_us();
        let due = self
            .db
            .read(move |conn| -> Result<Vec<SpaceId>> { Ok(spaces::due_for_erasure(conn, now_us)?) })
            .await?;
        for space in due {
            self.erase_space(space, now_us).await?;
            tracing::info!(space.id = %space, "A deleted space was erased");
        }
        Ok(())
    }

    /// Keys first: from then on the rows say nothing to anybody, whatever
    /// happens before they are gone too.
    async fn erase_space(self: &Arc<Self>, space: SpaceId, now_us: i64) -> Result<()> {
        let keyring = self.keyring.clone();
        tokio::task::spawn_blocking(move || keyring.drop_keys(space.0, now_us))
            .await
            .map_err(anyhow::Error::from)??;
        let (app, by) = (self.clone(), by_somebody());
        self.db
            .write(move |tx| -> Result<()> {
                log::erase(tx, space)?;
                app.write_down(tx, by, Act::SpaceErased, space, serde_json::Value::Null)
            })
            .await
    }
}
