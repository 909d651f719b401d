//! How far the estimator is to look for more than it knows of.
//!
//! It looks by sending more for a moment, up to twice what it is told to hope for, and it sends
//! padding beside voices. On a line that carries a voice and little else, both would drown the
//! voice. There nothing but voices is sent, and only now and then it looks up.

use std::time::{Duration, Instant};

/// A line is thin when it carries less than this, and until it carries more than that.
const THIN: u64 = 90_000;
const BROAD: u64 = 130_000;

/// On a thin line: where a look begins, what it looks for, for how long, how often.
const BEGINS: u64 = 30_000;
const NEAR: u64 = 200_000;
const LOOKS: Duration = Duration::from_secs(4);
const RESTS: Duration = Duration::from_secs(4);
const RESTS_MOST: Duration = Duration::from_secs(32);
/// A look that has found less than this after a second finds nothing.
const HOPELESS: u64 = 45_000;
/// A line is not thin for one bad moment.
const THIN_FOR: Duration = Duration::from_secs(2);

const FIRST: u64 = 100_000;
const RAISES_EVERY: Duration = Duration::from_secs(3);

/// So long after somebody came in, twice what is known of is looked for, again and again: they wait
/// for the first picture, and the looks are of some milliseconds each. More at once than twice would
/// lose so much on a line of 800 kbit/s that the estimator keeps to three quarters of it for good.
/// Not on a line that has shown by then that it carries little.
const COMES_IN: Duration = Duration::from_secs(3);
const LITTLE: u64 = 400_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Hope for so much, in bits a second.
    Hope(u64),
    /// Send voices and nothing else.
    Quiet,
    /// Forget what was estimated, begin with the first, and hope for the second.
    Look(u64, u64),
}

#[derive(Debug, Default)]
pub struct Reach {
    came_in: Option<Instant>,
    level: u64,
    raised: Option<Instant>,
    below_since: Option<Instant>,
    thin: Option<Thin>,
}

#[derive(Debug, Clone, Copy)]
struct Thin {
    since: Instant,
    looks: bool,
    rests: Duration,
}

impl Reach {
    /// `estimate` is known, and `all` is what could be used.
    pub fn plan(&mut self, now: Instant, estimate: u64, all: u64) -> Plan {
        let passed = |since: Instant| now.saturating_duration_since(since);
        let came_in = *self.came_in.get_or_insert(now);
        if passed(came_in) < COMES_IN && estimate >= LITTLE {
            return Plan::Hope(all.min(2 * estimate));
        }
        let Some(thin) = &mut self.thin else {
            if estimate >= THIN {
                self.below_since = None;
            } else if passed(*self.below_since.get_or_insert(now)) >= THIN_FOR {
                self.thin = Some(Thin { since: now, looks: false, rests: RESTS });
                return Plan::Quiet;
            }
            return Plan::Hope(self.hope(now, estimate, all));
        };
        if !thin.looks {
            if passed(thin.since) < thin.rests {
                return Plan::Quiet;
            }
            (thin.looks, thin.since) = (true, now);
            return Plan::Look(BEGINS, NEAR);
        }
        let time = passed(thin.since);
        let hopeless = time >= Duration::from_secs(1) && estimate < HOPELESS;
        if time < LOOKS && !hopeless && estimate < BROAD {
            return Plan::Hope(NEAR);
        }
        if estimate >= BROAD {
            self.thin = None;
            self.below_since = None;
            return Plan::Hope(self.hope(now, estimate, all));
        }
        *thin = Thin { since: now, looks: false, rests: (thin.rests * 3).min(RESTS_MOST) };
        Plan::Quiet
    }

    fn hope(&mut self, now: Instant, estimate: u64, all: u64) -> u64 {
        // In steps, so that not every breath of the estimate starts a look.
        let mut fitting = FIRST;
        while fitting < estimate * 6 / 5 {
            fitting = fitting * 5 / 4;
        }
        let rested = self.raised.is_none_or(|raised| now.saturating_duration_since(raised) >= RAISES_EVERY);
        // Where much is carried, looking for more does no harm.
        if fitting > self.level && (rested || estimate > 4 * FIRST) {
            self.level = fitting;
            self.raised = Some(now);
        } else if fitting < self.level {
            self.level = fitting;
        }
        all.min(self.level)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Plan, Reach};

    #[test]
    fn whoever_comes_in_is_looked_for_twice_as_much_at_once_unless_the_line_shows_that_it_carries_little() {
        let start = Instant::now();
        let mut reach = Reach::default();
        let mut plan = |ms, estimate| reach.plan(start + Duration::from_millis(ms), estimate, 5_000_000);
        assert_eq!(plan(0, 500_000), Plan::Hope(1_000_000));
        assert!(matches!(plan(200, 300_000), Plan::Hope(..=400_000)));
        assert_eq!(plan(100, 4_000_000), Plan::Hope(5_000_000), "no more than could be used");
        assert_eq!(plan(2900, 450_000), Plan::Hope(900_000));
        assert!(matches!(plan(3300, 500_000), Plan::Hope(..=800_000)), "and later step by step");
    }

    #[test]
    fn a_thin_line_is_left_to_voices_and_looked_at_now_and_then() {
        let start = Instant::now();
        let mut reach = Reach::default();
        let mut plan = |ms, estimate| reach.plan(start + Duration::from_millis(ms), estimate, 1_500_000);
        assert_eq!(plan(0, 2_000_000), Plan::Hope(1_500_000));
        assert_eq!(plan(100, 80_000), Plan::Hope(100_000), "one bad moment");
        assert_eq!(plan(2200, 80_000), Plan::Quiet);
        assert_eq!(plan(6100, 20_000), Plan::Quiet);
        assert_eq!(plan(6300, 20_000), Plan::Look(30_000, 200_000));
        assert_eq!(plan(7000, 50_000), Plan::Hope(200_000));
        assert_eq!(plan(7400, 40_000), Plan::Quiet, "nothing was found");
        assert_eq!(plan(19_000, 40_000), Plan::Quiet, "and the rest is longer");
        assert_eq!(plan(19_500, 20_000), Plan::Look(30_000, 200_000));
        assert_eq!(plan(23_500, 150_000), Plan::Hope(195_312), "there is more");
        assert_eq!(plan(23_600, 80_000), Plan::Hope(100_000), "and it is not thin at once again");
    }
}
