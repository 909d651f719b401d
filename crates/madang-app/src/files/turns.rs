//! Turns: an upload is written by one request at a time.
//!
//! Whoever asks where an upload stands has lost the connection on which it was sent; the request that still waits
//! on that connection is then asked to give up its turn.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use madang_model::UploadId;
use parking_lot::Mutex;
use tokio::sync::{Mutex as Lock, OwnedMutexGuard, watch};

/// How long somebody waits for a turn that was asked back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose turn it is, for every upload that is being written.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<UploadId, Slot>>>);

#[derive(Clone)]
struct Slot {
    lock: Arc<Lock<()>>,
    asked: watch::Sender<u64>,
}

/// The right to write one upload, until it is dropped.
pub(crate) struct Turn {
    // In this order: the lock is free before the place is looked at.
    _guard: OwnedMutexGuard<()>,
    place: Place,
}

/// Forgets the slot once nobody has it or waits for it.
struct Place {
    turns: Turns,
    id: UploadId,
    slot: Option<Slot>,
}

impl Turns {
    /// The turn, unless somebody has it.
    pub(crate) fn take(&self, id: UploadId) -> Option<Turn> {
        let (slot, place) = self.place(id);
        Some(Turn { _guard: slot.lock.try_lock_owned().ok()?, place })
    }

    /// The turn, asking for it when somebody has it; none when it is not given back in time.
    pub(crate) async fn take_over(&self, id: UploadId) -> Option<Turn> {
        let (slot, place) = self.place(id);
        slot.asked.send_modify(|times| *times += 1);
        let guard = tokio::time::timeout(PATIENCE, slot.lock.lock_owned()).await.ok()?;
        Some(Turn { _guard: guard, place })
    }

    /// Asks everybody, because the house is about to close.
    pub(crate) fn ask_all(&self) {
        for slot in self.0.lock().values() {
            slot.asked.send_modify(|times| *times += 1);
        }
    }

    fn place(&self, id: UploadId) -> (Slot, Place) {
        let mut slots = self.0.lock();
        let slot = slots
            .entry(id)
            .or_insert_with(|| Slot { lock: Arc::default(), asked: watch::Sender::new(0) })
            .clone();
        (slot.clone(), Place { turns: self.clone(), id, slot: Some(slot) })
    }
}

impl Turn {
    /// Changes when somebody asks for the turn.
    pub(crate) fn asked_back(&self) -> watch::Receiver<u64> {
        let slot = self.place.slot.as_ref().expect("it is taken only when the place is dropped");
        slot.asked.subscribe()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut slots = self.turns.0.lock();
        let mine = self.slot.take().map(|slot| slot.lock);
        // The map's own and ours: nobody else holds it, and nobody can get it while the map is locked.
        if mine.is_some_and(|lock| Arc::strong_count(&lock) == 2) {
            slots.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: UploadId = UploadId(7);

    #[tokio::test]
    async fn one_has_the_turn_and_gives_it_back_when_asked() {
        let turns = Turns::default();
        let first = turns.take(ID).expect("nobody has it");
        assert!(turns.take(ID).is_none());
        let mut asked = first.asked_back();
        let holder = tokio::spawn(async move {
            asked.changed().await.expect("the slot lives");
            drop(first);
        });
        let second = turns.take_over(ID).await.expect("it was given back");
        holder.await.expect("it ended");
        assert!(turns.take(ID).is_none());
        drop(second);
        assert!(turns.take(ID).is_some());
        assert!(turns.0.lock().is_empty(), "nothing is remembered of uploads that nobody writes");
    }
}
