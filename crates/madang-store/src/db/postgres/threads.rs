//! The threads that run jobs on PostgreSQL: reconnect when the server was away, repeat a job that collided.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::PgLink;
use super::connect::Server;
use crate::db::job::{ReadJob, WriteJob};
use crate::db::outlet::Outlet;
use crate::db::queue::Queue;
use crate::db::{Conn, Link, Tx};
use crate::error::{Result, StoreError};

/// How often a job that collided (40001, 40P01) is tried before its caller hears `Conflict`.
const TRIES: u32 = 20;
/// First and longest pause between two attempts to connect.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

pub(super) struct Worker {
    server: Arc<Server>,
    patience: Duration,
    tx: Option<Tx>,
}

impl Worker {
    pub(super) fn new(server: Arc<Server>, patience: Duration) -> Worker {
        Worker { server, patience, tx: None }
    }

    /// A connection in a fresh transaction; waits up to `patience` for the server.
    fn begin(&mut self, text: &str) -> Result<&mut Tx> {
        let until = Instant::now() + self.patience;
        let mut pause = PAUSE.0;
        loop {
            match self.try_begin(text) {
                Ok(()) => break,
                Err(StoreError::Unreachable(_)) if Instant::now() + pause < until => {
                    self.tx = None;
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(PAUSE.1);
                }
                Err(error) => {
                    self.tx = None;
                    return Err(error);
                }
            }
        }
        self.tx.as_mut().ok_or(StoreError::Closed)
    }

    fn try_begin(&mut self, text: &str) -> Result<()> {
        if self.tx.is_none() {
            let link: PgLink = self.server.connect()?;
            self.tx = Some(Tx::new(Conn::new(Link::Postgres(Box::new(link)))));
        }
        if let Some(tx) = &mut self.tx {
            tx.forgive();
            tx.forget_since(0);
            tx.batch(text)?;
        }
        Ok(())
    }

    /// Ends a transaction that is not wanted; a connection that cannot even do that is given up.
    fn roll_back(&mut self) {
        if let Some(tx) = &mut self.tx {
            tx.forget_since(0);
            if tx.batch("ROLLBACK").is_err() {
                self.tx = None;
            }
        }
    }

    /// Runs one job to its end. `Ok` also when the closure itself said `Err`: the job knows.
    fn run(&mut self, job: &mut dyn WriteJob, outlet: &Outlet) -> Result<()> {
        let (mut tries, until) = (0, Instant::now() + self.patience);
        loop {
            tries += 1;
            let error = match self.attempt(job, outlet) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            match error {
                StoreError::Conflict(_) | StoreError::Unreachable(_)
                    if tries < TRIES && Instant::now() < until =>
                {
                    tracing::debug!(error = %error, tries, "a write is tried again");
                    std::thread::sleep(Duration::from_millis(u64::from(tries.min(10)) * jitter()));
                }
                // Somebody else was faster with the same row. Run again, the closure finds it where it looks first.
                StoreError::Unique(_) if tries == 1 => {}
                error => return Err(error),
            }
        }
    }

    fn attempt(&mut self, job: &mut dyn WriteJob, outlet: &Outlet) -> Result<()> {
        let tx = self.begin("BEGIN ISOLATION LEVEL READ COMMITTED")?;
        let keep = job.run(tx);
        let again = tx.failed().filter(|error| {
            matches!(error, StoreError::Conflict(_) | StoreError::Unreachable(_) | StoreError::Unique(_))
        });
        if let Some(error) = again {
            self.roll_back();
            return Err(error);
        }
        if !keep {
            self.roll_back();
            return Ok(());
        }
        match tx.batch("COMMIT") {
            Ok(()) => {
                outlet.count_commit(1, tx.take_statements());
                outlet.announce(tx.take_announcements());
                Ok(())
            }
            // The answer was lost, perhaps after the server made it durable: only the caller may repeat it.
            Err(StoreError::Unreachable(text)) => {
                self.tx = None;
                Err(StoreError::Uncertain(text))
            }
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        }
    }
}

/// 1 to 8 ms, different in each thread, so that two that collided do not collide again.
fn jitter() -> u64 {
    let mut byte = [0u8; 1];
    // Without randomness the pause is merely always the same.
    let _ = getrandom::fill(&mut byte);
    u64::from(byte[0] % 8) + 1
}

pub(super) fn write(mut worker: Worker, queue: &Queue<Box<dyn WriteJob>>, outlet: &Outlet) {
    while let Some(mut job) = queue.pop() {
        let result = worker.run(job.as_mut(), outlet);
        job.answer(result);
    }
}

pub(super) fn read(mut worker: Worker, queue: &Queue<Box<dyn ReadJob>>) {
    while let Some(job) = queue.pop() {
        match worker.begin("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY") {
            Ok(tx) => job.run(tx),
            Err(error) => {
                job.refuse(error);
                continue;
            }
        }
        worker.roll_back();
    }
}
