//! Times in nanoseconds, kept to within 1.6 %.

/// Parts of each power of two.
const PARTS: u64 = 64;
const BITS: u32 = PARTS.trailing_zeros();

#[derive(Clone)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: vec![0; ((64 - BITS + 1) * PARTS as u32) as usize], total: 0 }
    }
}

impl Histogram {
    pub fn record(&mut self, nanoseconds: u64) {
        self.counts[place(nanoseconds)] += 1;
        self.total += 1;
    }

    /// The time in milliseconds that this share (0 to 1) did not exceed.
    pub fn at(&self, share: f64) -> f64 {
        let wanted = ((self.total as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        for (place, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return value(place) as f64 / 1e6;
            }
        }
        f64::NAN
    }
}

fn place(value: u64) -> usize {
    if value < PARTS {
        return value as usize;
    }
    let power = value.ilog2();
    let part = (value >> (power - BITS)) & (PARTS - 1);
    (u64::from(power - BITS + 1) * PARTS + part) as usize
}

fn value(place: usize) -> u64 {
    let (row, part) = (place as u64 / PARTS, place as u64 % PARTS);
    if row == 0 { part } else { (PARTS + part) << (row - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_found_again_within_two_percent() {
        for time in [0, 1, 63, 64, 65, 1_000, 123_456, 987_654_321, u64::MAX] {
            let kept = value(place(time));
            assert!(kept <= time && time - kept <= time / 50, "{time} became {kept}");
        }
    }

    #[test]
    fn shares_are_counted_from_the_shortest() {
        let mut times = Histogram::default();
        (1..=100).for_each(|n| times.record(n * 1_000_000));
        assert!((times.at(0.5) - 50.0).abs() < 1.0);
        assert!((times.at(0.99) - 99.0).abs() < 2.0);
        assert!((times.at(1.0) - 100.0).abs() < 2.0);
    }
}
