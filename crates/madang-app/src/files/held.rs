//! Contents that are being looked for, kept, or cleared away: one of these at a time for each.
//!
//! Without this, contents could be cleared away in the moment in which a new file finds them there.

use std::sync::Arc;

use madang_store::blob::BlobName;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// More than will ever be busy at once on one machine; two that share a lock only wait for each other.
const LOCKS: usize = 64;

/// The locks.
pub(crate) struct Held(Vec<Arc<Mutex<()>>>);

impl Default for Held {
    fn default() -> Self {
        Held((0..LOCKS).map(|_| Arc::default()).collect())
    }
}

impl Held {
    /// Waits until nobody else has to do with these contents.
    pub(crate) async fn hold(&self, name: &BlobName) -> OwnedMutexGuard<()> {
        self.0[usize::from(name.hash()[0]) % LOCKS].clone().lock_owned().await
    }
}
