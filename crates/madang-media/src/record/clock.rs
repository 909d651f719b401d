//! From the clock of a stream to that of the recording.
//!
//! Packets say when something was captured, in ticks of a clock that begins anywhere and runs a little fast or slow.
//! When they come says the truth, with the network's delay. What came with the least delay lately is believed.

/// Of an estimate of the delay, in microseconds.
const WINDOW_US: i64 = 1_000_000;
/// Less is not worth a step.
const STEP_US: i64 = 15_000;
/// After such a pause a stream counts on from anywhere.
const PAUSE_US: i64 = 1_000_000;

#[derive(Debug)]
pub struct Clock {
    rate: i64,
    known: Option<Known>,
}

#[derive(Debug)]
struct Known {
    /// The last time heard, and when it came.
    time: u32,
    arrived_us: i64,
    /// Ticks since the first.
    ticks: i64,
    /// When tick 0 was.
    base_us: i64,
    least_us: i64,
    window_us: i64,
}

impl Clock {
    pub fn new(rate: u32) -> Self {
        Self { rate: i64::from(rate.max(1)), known: None }
    }

    /// Something of this time came at this moment. In order of sending.
    pub fn heard(&mut self, time: u32, arrived_us: i64) {
        let rate = self.rate;
        let Some(known) = &mut self.known else {
            self.known = Some(Known::new(time, arrived_us));
            return;
        };
        if arrived_us - known.arrived_us > PAUSE_US {
            *known = Known::new(time, arrived_us);
            return;
        }
        known.ticks += i64::from(time.wrapping_sub(known.time).cast_signed());
        (known.time, known.arrived_us) = (time, arrived_us.max(known.arrived_us));
        let late = arrived_us - (known.base_us + known.ticks * 1_000_000 / rate);
        if late < 0 {
            known.base_us += late;
            (known.least_us, known.window_us) = (0, arrived_us);
            return;
        }
        known.least_us = known.least_us.min(late);
        if arrived_us - known.window_us >= WINDOW_US {
            if known.least_us > STEP_US {
                known.base_us += known.least_us;
            }
            (known.least_us, known.window_us) = (i64::MAX, arrived_us);
        }
    }

    /// When that was. Near what was heard last.
    pub fn at_us(&self, time: u32) -> i64 {
        self.known.as_ref().map_or(0, |known| {
            let ticks = known.ticks + i64::from(time.wrapping_sub(known.time).cast_signed());
            known.base_us + ticks * 1_000_000 / self.rate
        })
    }
}

impl Known {
    fn new(time: u32, arrived_us: i64) -> Self {
        Self { time, arrived_us, ticks: 0, base_us: arrived_us, least_us: i64::MAX, window_us: arrived_us }
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    /// Twenty milliseconds a packet, for so many seconds, by a clock that is so many millionths fast; each is
    /// delayed as said. How far off the last one is.
    fn off(seconds: i64, fast: i64, delay: impl Fn(i64) -> i64) -> i64 {
        let mut clock = Clock::new(48_000);
        let mut off = 0;
        for packet in 0..seconds * 50 {
            let sent = packet * 20_000;
            let ticks = (sent + sent * fast / 1_000_000) * 48 / 1000;
            let time = (ticks as u32).wrapping_add(u32::MAX - 10_000);
            clock.heard(time, sent + delay(packet));
            off = clock.at_us(time) - sent;
        }
        off
    }

    #[test]
    fn a_stream_keeps_the_time_of_the_recording() {
        assert_eq!(off(10, 0, |_| 0), 0);
        assert!(off(10, 0, |packet| (packet * 7919) % 60_000) < 5_000, "delays that vary");
        assert!(off(10, 0, |packet| if packet < 5 { 200_000 } else { 30_000 }) <= 30_000, "a slow start");
        for fast in [-200, 200] {
            assert!(off(3600, fast, |_| 20_000).abs() < 60_000, "an hour by a clock that is {fast} off");
        }
    }

    #[test]
    fn after_a_pause_it_counts_on_from_when_it_came() {
        let mut clock = Clock::new(90_000);
        clock.heard(0, 0);
        clock.heard(9_000, 100_000);
        clock.heard(10_000, 60_000_000);
        assert_eq!(clock.at_us(10_000), 60_000_000);
    }
}
