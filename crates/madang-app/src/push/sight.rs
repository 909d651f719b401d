//! Which devices are in use: their session has a connection whose page is in sight. A signal, kept in memory alone.

use std::collections::HashMap;

use madang_model::SessionId;
use parking_lot::Mutex;

use crate::app::App;

/// Connections in sight, by session.
#[derive(Default)]
pub(crate) struct Sights {
    counts: Mutex<HashMap<SessionId, usize>>,
}

impl App {
    /// A connection of the session came in sight, or went out of it.
    pub fn in_sight(&self, session: SessionId, is: bool) {
        let mut counts = self.sights.counts.lock();
        let count = counts.entry(session).or_default();
        *count = if is { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            counts.remove(&session);
        }
    }

    /// Whether somebody looks at Madang on the session's device.
    pub(crate) fn is_in_sight(&self, session: SessionId) -> bool {
        self.sights.counts.lock().contains_key(&session)
    }
}
