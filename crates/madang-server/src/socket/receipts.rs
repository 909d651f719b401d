//! Receipts: moved read markers, told to the others at most once a second per
//! space, or a thousand readers of one message would make a million frames.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use madang_model::{PersonId, Seq, SpaceId};
use parking_lot::Mutex;

use super::frame;
use super::hub::Hub;
use crate::wire::frames::ReceiptsFrame;

/// At most one frame per space in this time.
const REST: Duration = Duration::from_secs(1);
/// How often it is looked whether one is due.
const TICK: Duration = Duration::from_millis(200);

/// Markers that moved and were not told yet.
#[derive(Default)]
pub struct Receipts {
    moved: Mutex<HashMap<SpaceId, Moved>>,
}

struct Moved {
    markers: HashMap<PersonId, Seq>,
    last: Option<Instant>,
}

impl Receipts {
    pub fn moved(&self, space: SpaceId, person: PersonId, seq: Seq) {
        let mut moved = self.moved.lock();
        let entry = moved.entry(space).or_insert_with(|| Moved { markers: HashMap::new(), last: None });
        entry.markers.insert(person, seq);
    }

    /// Takes what is due.
    fn take_due(&self) -> Vec<(SpaceId, Vec<(PersonId, Seq)>)> {
        let now = Instant::now();
        let mut due = Vec::new();
        self.moved.lock().retain(|space, moved| {
            if moved.last.is_some_and(|last| now.duration_since(last) < REST) {
                return true;
            }
            if moved.markers.is_empty() {
                return false;
            }
            due.push((*space, moved.markers.drain().collect()));
            moved.last = Some(now);
            true
        });
        due
    }
}

impl Hub {
    /// Sends receipts until the process ends.
    pub(super) fn send_receipts(self: Arc<Self>) {
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(TICK);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                for (space, markers) in self.receipts.take_due() {
                    if self.app.shows_receipts(space).await.unwrap_or(false) {
                        self.broadcast(space, &frame::text(&ReceiptsFrame::new(space, &markers)));
                    }
                }
            }
        });
    }
}
