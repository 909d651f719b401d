//! Time and fresh ids, asked for at the edge and handed to the model.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock;

impl Clock {
    /// Microseconds since 1970.
    pub fn now_us(self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }
}

/// Makes ids that grow with time and never repeat in this process.
#[derive(Debug)]
pub struct IdMaker {
    node: u16,
    /// Milliseconds times 4,096 plus the counter.
    last: AtomicI64,
}

impl IdMaker {
    /// `node` tells several processes on one database apart; 10 bits.
    pub fn new(node: u16) -> Self {
        IdMaker { node, last: AtomicI64::new(0) }
    }

    pub fn next(&self) -> i64 {
        let now = (Clock.now_us() / 1_000) << 12;
        // Within one millisecond, or when the clock goes back, count on.
        let step = |last: i64| Some(now.max(last + 1));
        let before = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step);
        let tick = now.max(before.unwrap_or_else(|last| last) + 1);
        madang_model::id::compose(tick >> 12, self.node, (tick & 0xfff) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_never_repeat() {
        let ids = IdMaker::new(3);
        let mut last = 0;
        for _ in 0..20_000 {
            let id = ids.next();
            assert!(id > last);
            last = id;
        }
    }
}
