//! What the fan-out did, for `/metrics` and for the test that its thrift is
//! still there: one encoding of an event for everybody, one write of a block
//! for each device.

use std::sync::atomic::{AtomicU64, Ordering};

/// Since the process started.
#[derive(Debug, Default)]
pub struct Counts {
    /// Events turned into bytes.
    pub encoded: AtomicU64,
    /// Blocks given to everybody in a space.
    pub blocks: AtomicU64,
    /// Devices that a block was for, over all blocks.
    pub receivers: AtomicU64,
    /// Calls into the kernel that blocks took.
    pub writes: AtomicU64,
}

impl Counts {
    /// A block goes out.
    pub fn block(&self, receivers: usize) {
        self.blocks.fetch_add(1, Ordering::Relaxed);
        self.receivers.fetch_add(receivers as u64, Ordering::Relaxed);
    }

    /// In Prometheus' text format.
    pub fn render(&self) -> String {
        let named = [
            ("madang_events_encoded_total", &self.encoded),
            ("madang_blocks_total", &self.blocks),
            ("madang_block_receivers_total", &self.receivers),
            ("madang_block_writes_total", &self.writes),
        ];
        let line = |(name, count): (&str, &AtomicU64)| {
            format!("# TYPE {name} counter\n{name} {}\n", count.load(Ordering::Relaxed))
        };
        named.into_iter().map(line).collect()
    }
}
