//! What was sent, what was acknowledged and what came, by seq: the ground on
//! which loss, doubles and disorder are counted.

/// From the first seq of a run on.
#[derive(Default)]
pub struct Book {
    first: i64,
    /// Stamps as they came in event frames; 0 for none yet.
    came: Vec<u64>,
    /// Stamps as they were acknowledged.
    acknowledged: Vec<(i64, u64)>,
}

impl Book {
    /// Begins anew with what comes after `head`.
    pub fn begin(&mut self, head: i64) {
        self.first = head + 1;
        self.came.clear();
        self.acknowledged.clear();
    }

    /// The stamp of an event, read from its frame by `read` the first time.
    pub fn stamp(&mut self, seq: i64, read: impl FnOnce() -> Option<u64>) -> Option<u64> {
        let place = usize::try_from(seq - self.first).ok()?;
        if place >= self.came.len() {
            self.came.resize(place + 4096, 0);
        }
        let stamp = &mut self.came[place];
        if *stamp == 0 {
            *stamp = read()?;
        }
        Some(*stamp)
    }

    pub fn acknowledge(&mut self, seq: i64, stamp: u64) {
        self.acknowledged.push((seq, stamp));
    }

    pub fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    /// Acknowledged messages that did not come under the seq of their answer,
    /// or whose seq was given twice.
    pub fn broken_promises(&mut self) -> usize {
        self.acknowledged.sort_unstable();
        let doubled = self.acknowledged.windows(2).filter(|two| two[0].0 == two[1].0).count();
        let came = |seq: i64| usize::try_from(seq - self.first).ok().and_then(|at| self.came.get(at));
        let missing = self.acknowledged.iter().filter(|(seq, stamp)| came(*seq) != Some(stamp)).count();
        doubled + missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledged_message_that_did_not_come_is_found() {
        let mut book = Book::default();
        book.begin(10);
        for seq in 11..=13 {
            book.acknowledge(seq, seq as u64 * 100);
        }
        assert_eq!(book.stamp(11, || Some(1100)), Some(1100));
        assert_eq!(book.stamp(12, || Some(1200)), Some(1200));
        assert_eq!(book.broken_promises(), 1);
        assert_eq!(book.stamp(13, || Some(1300)), Some(1300));
        assert_eq!(book.broken_promises(), 0);
        book.acknowledge(13, 1300);
        assert_eq!(book.broken_promises(), 1);
    }
}
