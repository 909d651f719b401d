//! Tells who is interested that something was appended. A hint, never the record.
//!
//! Lossy on purpose: a subscriber that falls behind by more than the buffer loses the oldest hints and is told
//! so (`Heard::Missed`); it then reads on from its own position, as it would after a restart. Nothing may depend
//! on a hint arriving, arriving once, or arriving in order. Another transport between nodes would live behind the
//! same `Bus`, with the same promise, and no caller would change.

use std::sync::Arc;

use madang_model::{Event, PersonId, Seq, SessionId, SpaceId};

use tokio::sync::broadcast;

use crate::registers::Register;

/// Something that has become durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announcement {
    /// An event was appended. It rides along, so that a node that wrote it need not read it back.
    Event(Arc<Event>),
    /// A register of a person was set.
    Register {
        /// Whose devices are to hear of it.
        person: PersonId,
        /// What it is.
        register: Arc<Register>,
    },
    /// A read marker moved; others may see it.
    ReadMoved {
        /// Where.
        space: SpaceId,
        /// Whose.
        person: PersonId,
        /// The newest seq they have read.
        seq: Seq,
    },
    /// A person's profile or role changed.
    Person(PersonId),
    /// A session or token is over: its sockets are cut.
    SessionEnded(SessionId),
    /// A person's role in the house changed: their devices begin anew with what they may see from here on.
    RoleChanged(PersonId),
    /// Another process (the command line) changed something. Whose session ended is for the listener to ask.
    Outside,
}

/// What a subscriber hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The announcements of one commit, in order.
    Batch(Arc<[Announcement]>),
    /// This many batches were lost to this subscriber: read on from the log.
    Missed(u64),
}

/// Batches that a slow subscriber may be behind.
const BUFFER: usize = 4096;

/// Clones share one bus.
#[derive(Debug, Clone)]
pub struct Bus {
    sender: broadcast::Sender<Arc<[Announcement]>>,
}

/// One listener.
#[derive(Debug)]
pub struct Subscription {
    receiver: broadcast::Receiver<Arc<[Announcement]>>,
}

impl Bus {
    /// Reaches the subscribers of this process.
    #[must_use]
    pub fn in_process() -> Bus {
        Bus { sender: broadcast::Sender::new(BUFFER) }
    }

    /// Never waits; with nobody listening the batch is gone.
    pub fn publish(&self, batch: Vec<Announcement>) {
        if !batch.is_empty() {
            // An error means that nobody listens.
            let _ = self.sender.send(batch.into());
        }
    }

    /// Hears what is published from here on.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        Subscription { receiver: self.sender.subscribe() }
    }
}

impl Subscription {
    /// Waits for the next batch; `None` once the bus is gone.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.receiver.recv().await {
            Ok(batch) => Some(Heard::Batch(batch)),
            Err(broadcast::error::RecvError::Lagged(lost)) => Some(Heard::Missed(lost)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }

    /// What is there already; `None` when that is nothing.
    pub fn next_at_once(&mut self) -> Option<Heard> {
        match self.receiver.try_recv() {
            Ok(batch) => Some(Heard::Batch(batch)),
            Err(broadcast::error::TryRecvError::Lagged(lost)) => Some(Heard::Missed(lost)),
            Err(broadcast::error::TryRecvError::Empty | broadcast::error::TryRecvError::Closed) => None,
        }
    }

    /// As `next` for threads that may wait.
    pub fn next_blocking(&mut self) -> Option<Heard> {
        match self.receiver.blocking_recv() {
            Ok(batch) => Some(Heard::Batch(batch)),
            Err(broadcast::error::RecvError::Lagged(lost)) => Some(Heard::Missed(lost)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(seq: i64) -> Vec<Announcement> {
        vec![Announcement::ReadMoved { space: SpaceId(1), person: PersonId(1), seq }]
    }

    #[test]
    fn every_subscriber_hears_each_batch_in_order() {
        let bus = Bus::in_process();
        let mut listeners = [bus.subscribe(), bus.subscribe()];
        bus.publish(batch(1));
        bus.publish(batch(2));
        for listener in &mut listeners {
            assert_eq!(listener.next_blocking(), Some(Heard::Batch(batch(1).into())));
            assert_eq!(listener.next_blocking(), Some(Heard::Batch(batch(2).into())));
        }
    }

    #[test]
    fn a_slow_subscriber_is_told_how_much_it_missed() {
        let bus = Bus::in_process();
        let mut slow = bus.subscribe();
        for seq in 0..BUFFER as i64 + 7 {
            bus.publish(batch(seq));
        }
        assert_eq!(slow.next_blocking(), Some(Heard::Missed(7)));
        assert_eq!(slow.next_at_once(), Some(Heard::Batch(batch(7).into())));
    }

    #[test]
    fn the_end_of_the_bus_is_the_end_of_the_subscription() {
        let bus = Bus::in_process();
        let mut listener = bus.subscribe();
        drop(bus);
        assert_eq!(listener.next_blocking(), None);
    }
}
