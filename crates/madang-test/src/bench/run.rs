//! One measured run on a stage, and what is kept of it.

use std::time::Duration;

use anyhow::Result;

use super::audience::Tally;
use super::histogram::Histogram;
use super::machine::{Meter, Used};
use super::stage::Stage;

/// What is asked of the senders.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub senders: usize,
    /// Time between messages, for runs at a given pace; else each sender waits for its answer.
    pub every: Option<Duration>,
    pub time: Duration,
}

/// What one run gave.
#[derive(Default)]
pub struct Outcome {
    pub used: Used,
    pub acknowledged: u64,
    pub delivered: u64,
    pub ack: Histogram,
    pub deliver: Histogram,
    pub faults: Faults,
}

/// All of these must be 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    pub missing: u64,
    pub doubled: u64,
    pub disordered: u64,
    /// Acknowledged, but not there under that seq.
    pub broken_promises: u64,
    /// Devices that were cut off although they read.
    pub cut: u64,
}

impl std::fmt::Display for Faults {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Faults { missing, doubled, disordered, broken_promises, cut } = self;
        write!(
            out,
            "{missing} deliveries missing, {doubled} doubled, {disordered} out of order, {broken_promises} \
             acknowledged messages not there, {cut} devices cut off"
        )
    }
}

impl std::ops::AddAssign for Faults {
    fn add_assign(&mut self, other: Faults) {
        self.missing += other.missing;
        self.doubled += other.doubled;
        self.disordered += other.disordered;
        self.broken_promises += other.broken_promises;
        self.cut += other.cut;
    }
}

impl Outcome {
    pub fn posts_per_second(&self) -> f64 {
        self.acknowledged as f64 / self.used.seconds
    }

    pub fn deliveries_per_second(&self) -> f64 {
        self.delivered as f64 / self.used.seconds
    }

    /// Processor seconds of the server per million deliveries.
    pub fn cost(&self) -> f64 {
        self.used.server * 1e6 / self.delivered as f64
    }
}

impl Stage {
    /// Warms up, measures, and counts what went wrong.
    pub fn run(&mut self, load: Load) -> Result<Outcome> {
        self.prepare(load.senders)?;
        let warm = load.time / 5;
        let (meter, outcome) = match load.every {
            None => {
                self.begin();
                self.go_on(warm)?;
                let meter = self.measure_from_here()?;
                self.go_on(load.time)?;
                (meter.read()?, self.counted())
            }
            Some(every) => {
                self.closed_loop = false;
                self.go_on_paced(warm, every)?;
                let meter = self.measure_from_here()?;
                self.go_on_paced(load.time, every)?;
                (meter.read()?, self.counted())
            }
        };
        let faults = self.faults()?;
        self.set_senders(0)?;
        Ok(Outcome { used: meter, faults, ..outcome })
    }

    /// Everybody says that they are there, and the counts begin at 0.
    pub fn prepare(&mut self, senders: usize) -> Result<()> {
        self.audience.ping()?;
        self.go_on(Duration::from_millis(200))?;
        self.audience.tally = Tally::default();
        let head = self.head()?;
        self.audience.book.begin(head);
        self.set_senders(senders)
    }

    fn measure_from_here(&mut self) -> Result<Meter> {
        let tally = &mut self.audience.tally;
        tally.times = Histogram::default();
        tally.delivered = 0;
        self.ack_times = Histogram::default();
        self.acknowledged = 0;
        Meter::start(self.place.process())
    }

    fn counted(&mut self) -> Outcome {
        Outcome {
            acknowledged: self.acknowledged,
            delivered: self.audience.tally.delivered,
            ack: std::mem::take(&mut self.ack_times),
            deliver: std::mem::take(&mut self.audience.tally.times),
            ..Outcome::default()
        }
    }

    /// Comes to rest and counts what must not be.
    pub fn faults(&mut self) -> Result<Faults> {
        let missing = self.come_to_rest()? as u64;
        let tally = &self.audience.tally;
        Ok(Faults {
            missing,
            doubled: tally.doubled,
            disordered: tally.disordered,
            cut: tally.cut,
            broken_promises: self.audience.book.broken_promises() as u64,
        })
    }
}
