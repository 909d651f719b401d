//! Holds sending down when a receiver reports that most of it never came.
//!
//! The estimate follows a line that slowly gets worse. From one that falls from broadband to a
//! telephone's it hears nearly nothing for many seconds, in which voices would drown.

use std::time::{Duration, Instant};

/// A share lost that no congestion control would have let happen.
const HEAVY: f32 = 0.25;

/// Reports tell of the time before them, those of voices of five seconds: what follows the first
/// soon tells of the same loss.
const SETTLES: Duration = Duration::from_secs(6);

/// How long what was held is held, and by how much it is let go after that, each second.
const HOLDS: Duration = Duration::from_secs(3);
const LET_GO: f64 = 1.5;

/// A voice goes through, whatever is reported.
const LEAST: u64 = 30_000;

/// Below this nothing has room beside voices.
const HARD: u64 = 60_000;

#[derive(Debug, Default)]
pub struct Brake {
    ceiling: Option<(u64, Instant)>,
}

impl Brake {
    /// `loss` of what was sent, `spent` bits a second, never came.
    pub fn pull(&mut self, now: Instant, loss: f32, spent: u64) {
        let fresh = self.ceiling.is_some_and(|(_, since)| now.saturating_duration_since(since) < SETTLES);
        if loss < HEAVY || fresh {
            return;
        }
        let came = (spent as f64 * f64::from(1.0 - loss) * 0.9) as u64;
        let held = self.at(now).unwrap_or(u64::MAX);
        self.ceiling = Some((came.min(held).max(LEAST), now));
    }

    /// What may be sent of what is thought to be carried.
    pub fn hold(&mut self, now: Instant, estimate: u64) -> u64 {
        match self.at(now) {
            Some(ceiling) if ceiling < estimate => ceiling,
            Some(_) => {
                // The estimate has come down to what the line carries.
                self.ceiling = None;
                estimate
            }
            None => estimate,
        }
    }

    /// Next to nothing came: there is room for voices alone.
    pub fn is_hard(&self, now: Instant) -> bool {
        self.ceiling
            .is_some_and(|(ceiling, since)| ceiling < HARD && now.saturating_duration_since(since) < HOLDS)
    }

    fn at(&self, now: Instant) -> Option<u64> {
        let (ceiling, since) = self.ceiling?;
        let free = now.saturating_duration_since(since).saturating_sub(HOLDS).as_secs_f64();
        Some((ceiling as f64 * LET_GO.powf(free)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Brake;

    #[test]
    fn heavy_loss_holds_at_once_and_lets_go_slowly() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut brake = Brake::default();
        brake.pull(at(0), 0.1, 1_000_000);
        assert_eq!(brake.hold(at(0), 900_000), 900_000, "what is lost now and then is no reason");
        brake.pull(at(0), 0.9, 1_000_000);
        assert!((89_000..=91_000).contains(&brake.hold(at(1), 900_000)));
        brake.pull(at(1000), 0.9, 90_000);
        assert!(brake.hold(at(1001), 900_000) > 89_000, "the same loss, told again");
        brake.pull(at(6100), 0.5, 90_000);
        assert!((40_000..=41_000).contains(&brake.hold(at(6100), 900_000)));
        assert!((40_000..=41_000).contains(&brake.hold(at(9000), 900_000)));
        assert!(brake.hold(at(14_100), 900_000) > 80_000);
        assert_eq!(brake.hold(at(60_000), 900_000), 900_000);
    }
}
