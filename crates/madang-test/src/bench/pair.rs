//! Madang and the reference side by side: runs take turns, so that whatever
//! else the machine does happens to both.

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use super::report::{median, short};
use super::run::{Faults, Load, Outcome};
use super::stage::Stage;

pub struct Pair {
    pub ours: Stage,
    pub reference: Stage,
}

/// Medians of the runs of one server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    pub posts: f64,
    pub deliveries: f64,
    pub cost: f64,
    pub ack: [f64; 2],
    pub deliver: [f64; 3],
    pub tool: f64,
    pub others: f64,
    pub faults: Faults,
}

/// One load, measured on both.
pub struct Cell {
    pub people: usize,
    pub load: Load,
    pub rounds: usize,
    pub ours: Numbers,
    pub reference: Numbers,
}

impl Cell {
    pub fn load_name(&self) -> String {
        match self.load.every {
            None => self.load.senders.to_string(),
            Some(every) => format!("{} a second", short(1.0 / every.as_secs_f64())),
        }
    }

    pub fn others(&self) -> f64 {
        self.ours.others.max(self.reference.others)
    }
}

impl Pair {
    /// Runs the load on both in turns.
    pub fn measure(&mut self, load: Load, rounds: usize) -> Result<Cell> {
        let (mut ours, mut reference) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(self.ours.run(load)?);
            reference.push(self.reference.run(load)?);
        }
        let people = self.ours.audience.devices.len();
        Ok(Cell { people, load, rounds, ours: Numbers::of(&ours), reference: Numbers::of(&reference) })
    }

    pub fn connect(&mut self, count: usize) -> Result<()> {
        self.ours.connect(count)?;
        self.reference.connect(count)?;
        Ok(())
    }
}

impl Load {
    pub fn closed(senders: usize, seconds: f64) -> Load {
        Load { senders, every: None, time: Duration::from_secs_f64(seconds) }
    }

    pub fn paced(per_second: u32, seconds: f64) -> Load {
        let every = Some(Duration::from_secs(1) / per_second);
        Load { senders: 16, every, time: Duration::from_secs_f64(seconds) }
    }
}

impl Numbers {
    fn of(runs: &[Outcome]) -> Numbers {
        let over = |take: &dyn Fn(&Outcome) -> f64| median(runs.iter().map(take));
        let mut faults = Faults::default();
        runs.iter().for_each(|run| faults += run.faults);
        Numbers {
            posts: over(&Outcome::posts_per_second),
            deliveries: over(&Outcome::deliveries_per_second),
            cost: over(&Outcome::cost),
            ack: [0.5, 0.99].map(|share| over(&|run| run.ack.at(share))),
            deliver: [0.5, 0.99, 0.999].map(|share| over(&|run| run.deliver.at(share))),
            tool: over(&|run| run.used.tool),
            others: runs.iter().map(|run| run.used.others).fold(0.0, f64::max),
            faults,
        }
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = |times: &[f64]| times.iter().map(|it| short(*it)).collect::<Vec<_>>().join(" / ");
        let (posts, deliveries, cost) = (short(self.posts), short(self.deliveries), short(self.cost));
        let (ack, deliver) = (times(&self.ack), times(&self.deliver));
        write!(
            out,
            "{posts} | {deliveries} | {cost} | {ack} | {deliver} | {:.0} % | {:.2}",
            self.tool * 100.0,
            self.others
        )
    }
}
