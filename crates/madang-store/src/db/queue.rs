//! A bounded queue between callers and the store's own threads. Pushing never waits: a full queue refuses.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use crate::error::StoreError;

pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    capacity: usize,
}

struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new(capacity: usize) -> Queue<T> {
        let state = Mutex::new(State { items: VecDeque::new(), closed: false });
        Queue { state, filled: Condvar::new(), capacity }
    }

    /// Refused items come back, so that their owner can be told why.
    pub(crate) fn push(&self, item: T) -> Result<(), (T, StoreError)> {
        let mut state = self.state.lock();
        if state.closed {
            return Err((item, StoreError::Closed));
        }
        if state.items.len() >= self.capacity {
            return Err((item, StoreError::Overloaded));
        }
        state.items.push_back(item);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for one item; `None` once closed and empty.
    pub(crate) fn pop(&self) -> Option<T> {
        let mut state = self.state.lock();
        loop {
            if let Some(item) = state.items.pop_front() {
                return Some(item);
            }
            if state.closed {
                return None;
            }
            self.filled.wait(&mut state);
        }
    }

    /// Waits for one item, then takes what else is there already, up to `most`. `false` once closed and empty.
    pub(crate) fn pop_group(&self, most: usize, into: &mut Vec<T>) -> bool {
        let Some(first) = self.pop() else { return false };
        into.push(first);
        // Whoever is about to push and only lacks this processor gets to it first: under load on few processors
        // the groups are larger, and with nobody waiting it costs nothing.
        std::thread::yield_now();
        let mut state = self.state.lock();
        let more = state.items.len().min(most.saturating_sub(1));
        into.extend(state.items.drain(..more));
        true
    }

    /// No new items; what waits is still handed out.
    pub(crate) fn close(&self) {
        self.state.lock().closed = true;
        self.filled.notify_all();
    }

    /// As `close`, and what waits is dropped, which tells its owners `Closed`.
    pub(crate) fn abandon(&self) {
        self.close();
        let waiting = std::mem::take(&mut self.state.lock().items);
        drop(waiting);
    }
}

/// Held by a queue's only reader: whoever still waits hears `Closed` even when that thread ends by a panic.
pub(crate) struct OnlyReader<T>(pub(crate) Arc<Queue<T>>);

impl<T> Drop for OnlyReader<T> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
