//! Lots drawn from a seed: the same seed gives the same plan on every machine.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub struct Lots(u64);

impl Lots {
    pub fn new(seed: u64) -> Lots {
        Lots(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.draw() % end as u64) as usize
    }

    /// A lot that is drawn later, among whatever there is then.
    pub fn pick(&mut self) -> u32 {
        (self.draw() >> 40) as u32
    }

    /// True `chances` times in a hundred.
    pub fn percent(&mut self, chances: u64) -> bool {
        self.draw() % 100 < chances
    }

    /// One of `what`, each as often as its weight says.
    pub fn weighed<T: Copy>(&mut self, what: &[(u64, T)]) -> T {
        let sum: u64 = what.iter().map(|(weight, _)| weight).sum();
        let mut lot = self.draw() % sum;
        for (weight, it) in what {
            if lot < *weight {
                return *it;
            }
            lot -= weight;
        }
        what[0].1
    }
}
