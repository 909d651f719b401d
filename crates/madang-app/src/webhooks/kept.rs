//! What an address was told, for some days: to be looked at, and to be told once more.

use std::sync::Arc;

use madang_model::refusal::Thing;
use madang_model::{PersonId, Refusal, WebhookId};
use madang_store::webhooks::{self, WebhookDelivery};

use super::set_up::manager;
use crate::app::App;
use crate::error::Result;

/// What is over is kept for this long: three days.
const KEPT_US: i64 = 3 * 24 * 3_600 * 1_000_000;

impl App {
    /// The newest things that the address was told or is to be told, before `before`.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`, or what the store said.
    pub async fn webhook_deliveries(
        self: &Arc<Self>,
        person: PersonId,
        hook: WebhookId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<WebhookDelivery>> {
        self.db
            .read(move |conn| -> Result<_> {
                manager(conn, person)?;
                webhooks::one(conn, hook)?.ok_or(Refusal::NotFound(Thing::Webhook))?;
                Ok(webhooks::deliveries(conn, hook, before, limit)?)
            })
            .await
    }

    /// Tells the address something once more, as the same thing; what still waits is tried at once.
    ///
    /// # Errors
    /// `NotFound` when there is nothing of that number, `NotAllowed`, or what the store said.
    pub async fn replay_webhook_delivery(
        self: &Arc<Self>,
        person: PersonId,
        hook: WebhookId,
        delivery: i64,
    ) -> Result<()> {
        self.db
            .write(move |tx| -> Result<()> {
                manager(tx, person)?;
                if !webhooks::replay(tx, hook, delivery)? {
                    return Err(Refusal::NotFound(Thing::Delivery).into());
                }
                Ok(())
            })
            .await?;
        self.webhooks_changed();
        Ok(())
    }

    /// Forgets what was over three days ago. For the hourly sweep.
    ///
    /// # Errors
    /// What the store said.
    pub async fn forget_old_tellings(self: &Arc<Self>) -> Result<()> {
        let before = self.clock.now_us() - KEPT_US;
        while self.db.write(move |tx| -> Result<_> { Ok(webhooks::forget_old(tx, before)?) }).await? {}
        Ok(())
    }
}
