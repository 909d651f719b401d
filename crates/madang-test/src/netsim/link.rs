//! One direction of a line: how much it carries, how long it takes, what it loses.
//!
//! Knows no clock and no socket. The tests of calls in virtual time (madang-media) read this very
//! file, so that a line is bad in the same way there and in front of a real browser.

use std::time::{Duration, Instant};

/// A small generator (xorshift64*), so that one seed is one run.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn throw(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[derive(Debug, Clone)]
pub struct Link {
    /// Bits a second.
    pub capacity: u64,
    pub delay: Duration,
    pub jitter: Duration,
    /// Share of packets lost one by one.
    pub loss: f64,
    /// Share of packets at which a burst begins, and how many it takes in the mean.
    pub bursts: (f64, f64),
    pub reorder: f64,
    /// Nothing goes through.
    pub cut: bool,
    /// What waits longer than this is dropped.
    pub queue: Duration,
    free: Option<Instant>,
    in_burst: bool,
    last: Option<Instant>,
    pub sent: u64,
    pub lost: u64,
    pub bytes: u64,
}

impl Link {
    pub fn new(capacity: u64, delay: u64) -> Self {
        Self {
            capacity,
            delay: Duration::from_millis(delay),
            jitter: Duration::ZERO,
            loss: 0.0,
            bursts: (0.0, 0.0),
            reorder: 0.0,
            cut: false,
            queue: Duration::from_millis(300),
            free: None,
            in_burst: false,
            last: None,
            sent: 0,
            lost: 0,
            bytes: 0,
        }
    }

    /// When a packet that leaves now arrives. None: never.
    pub fn carry(&mut self, now: Instant, bytes: usize, dice: &mut Dice) -> Option<Instant> {
        self.sent += 1;
        let arrives = self.pass(now, bytes, dice);
        match arrives {
            Some(_) => self.bytes += bytes as u64,
            None => self.lost += 1,
        }
        arrives
    }

    fn pass(&mut self, now: Instant, bytes: usize, dice: &mut Dice) -> Option<Instant> {
        if self.in_burst {
            self.in_burst = dice.throw() > 1.0 / self.bursts.1;
        } else {
            self.in_burst = dice.throw() < self.bursts.0;
        }
        if self.cut || self.in_burst || dice.throw() < self.loss {
            return None;
        }
        // 28 bytes of IP and UDP.
        let takes = Duration::from_nanos((bytes as u64 + 28) * 8 * 1_000_000_000 / self.capacity.max(1));
        let begins = self.free.map_or(now, |free| free.max(now));
        if begins - now > self.queue {
            return None;
        }
        self.free = Some(begins + takes);
        let mut arrives = begins + takes + self.delay + self.jitter.mul_f64(dice.throw());
        if dice.throw() < self.reorder {
            arrives += Duration::from_millis(15);
        } else {
            // Jitter stretches a line; only the dice for it reorder.
            arrives = self.last.map_or(arrives, |last| last.max(arrives));
            self.last = Some(arrives);
        }
        Some(arrives)
    }
}
