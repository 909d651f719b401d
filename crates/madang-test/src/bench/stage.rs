//! One server, those who listen and those who speak: the loop between them,
//! in one thread.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, bail};
use mio::{Events, Poll};

use super::ask::Asker;
use super::audience::{Audience, Hello, Phase};
use super::crowd::Crowd;
use super::machine::{Clock, Meter, Used};
use super::place::Place;
use super::senders::Senders;

/// Poll tokens from here on belong to senders.
const SENDERS: usize = 1 << 20;
/// Devices that connect at the same time.
const IN_FLIGHT: usize = 64;
/// What takes longer than this does not come any more.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Stage {
    poll: Poll,
    events: Option<Events>,
    pub clock: Clock,
    pub place: Place,
    pub crowd: Crowd,
    pub audience: Audience,
    pub senders: Senders,
    pub ack_times: super::histogram::Histogram,
    pub acknowledged: u64,
    /// Whether an acknowledged sender goes on at once.
    pub closed_loop: bool,
}

impl Stage {
    pub fn new(place: Place, crowd: Crowd) -> Result<Stage> {
        let senders = Senders::new(SENDERS, place.address, &crowd.space);
        Ok(Stage {
            poll: Poll::new()?,
            events: Some(Events::with_capacity(1024)),
            clock: Clock::start()?,
            place,
            crowd,
            audience: Audience::new(),
            senders,
            ack_times: Default::default(),
            acknowledged: 0,
            closed_loop: false,
        })
    }

    fn address(&self) -> SocketAddr {
        self.place.address
    }

    pub fn asker(&self) -> Result<Asker> {
        Asker::connect(self.address(), self.crowd.tokens.first().map(String::as_str))
    }

    pub fn head(&self) -> Result<i64> {
        self.asker()?.head(&self.crowd.space)
    }

    /// Sends everybody away and opens another space.
    pub fn change_space(&mut self, crowd: Crowd) -> Result<()> {
        self.poll = Poll::new()?;
        self.audience = Audience::new();
        self.senders = Senders::new(SENDERS, self.address(), &crowd.space);
        self.crowd = crowd;
        Ok(())
    }

    /// Connects devices until there are `count`, as ones that know everything.
    pub fn connect(&mut self, count: usize) -> Result<Used> {
        let head = self.head()?;
        if self.audience.hello.epoch == 0 {
            // The first visit tells the epoch; everybody else may then know as much.
            let me = self.asker()?.json("GET", &format!("/spaces/{}", self.crowd.space), "")?;
            self.audience.hello = Hello {
                space: self.crowd.space.clone(),
                epoch: me["space"]["head"]["epoch"].as_i64().unwrap_or(0),
                people_at: (self.clock.now() / 1_000) as i64,
            };
        }
        let first = self.audience.devices.len();
        self.come((first..count).map(|index| (index, head)).collect())
    }

    /// Connects everybody again who lost their connection, from where they were.
    pub fn connect_again(&mut self) -> Result<Used> {
        let devices = self.audience.devices.iter().enumerate();
        let gone = devices.filter(|(_, it)| it.phase == Phase::Gone).map(|(index, it)| (index, it.high));
        let gone = gone.collect();
        self.come(gone)
    }

    fn come(&mut self, who: Vec<(usize, i64)>) -> Result<Used> {
        let meter = Meter::start(self.place.process())?;
        let deadline = self.clock.now() + PATIENCE.as_nanos() as u64;
        let there = self.audience.live;
        let mut who_next = who.iter().peekable();
        let mut started = 0;
        while self.audience.live < there + who.len() {
            while started < self.audience.live - there + IN_FLIGHT
                && let Some((index, high)) = who_next.next()
            {
                let token = &self.crowd.tokens[*index];
                self.audience.connect(*index, self.place.address, token, *high, self.poll.registry())?;
                started += 1;
            }
            self.turn(Duration::from_millis(100))?;
            if self.clock.now() > deadline {
                bail!("only {} of {} devices came in", self.audience.live - there, who.len());
            }
        }
        meter.read()
    }

    /// Waits for what comes, and takes it in.
    pub fn turn(&mut self, timeout: Duration) -> Result<()> {
        let mut events = self.events.take().expect("turns are not nested");
        let polled = self.poll.poll(&mut events, Some(timeout));
        if let Err(error) = polled
            && error.kind() != std::io::ErrorKind::Interrupted
        {
            return Err(error.into());
        }
        for event in &events {
            let token = event.token().0;
            if token < SENDERS {
                self.audience.read(token, event.is_read_closed(), &self.clock)?;
            } else {
                self.answered(token - SENDERS)?;
            }
        }
        self.events = Some(events);
        self.close_gaps()
    }

    fn answered(&mut self, index: usize) -> Result<()> {
        let Some(done) = self.senders.read(index)? else { return Ok(()) };
        self.ack_times.record(self.clock.now().saturating_sub(done.stamp));
        self.acknowledged += 1;
        self.audience.book.acknowledge(done.seq, done.stamp);
        if self.closed_loop {
            self.senders.send(index, self.clock.now());
        } else {
            self.senders.free.push_back(index);
        }
        Ok(())
    }

    /// Fetches what came while a device was away (docs/protocol/sync.md, "Gaps").
    fn close_gaps(&mut self) -> Result<()> {
        let mut asker = None;
        for (index, head) in std::mem::take(&mut self.audience.behind) {
            if asker.is_none() {
                asker = Some(self.asker()?);
            }
            let asker = asker.as_mut().expect("it was just made");
            asker.token = Some(self.crowd.tokens[index].clone());
            while self.audience.devices[index].high < head {
                let after = self.audience.devices[index].high;
                let path = format!("/spaces/{}/events?after={after}&limit=500", self.crowd.space);
                let answer = asker.json("GET", &path, "")?;
                let events = answer["events"].as_array().map(Vec::as_slice).unwrap_or_default();
                if events.is_empty() {
                    bail!("the events after {after} are missing, though the head is {head}");
                }
                self.audience.caught_up(index, events);
            }
        }
        Ok(())
    }

    /// Lets `count` senders come, and no more.
    pub fn set_senders(&mut self, count: usize) -> Result<()> {
        self.senders = Senders::new(SENDERS, self.address(), &self.crowd.space);
        for index in 0..count {
            let token = &self.crowd.tokens[index % self.crowd.tokens.len()];
            self.senders.connect(token, self.poll.registry())?;
        }
        Ok(())
    }

    /// Senders whose connection broke come again, and repeat what had no answer.
    pub fn senders_repeat(&mut self) -> Result<()> {
        for index in 0..self.senders.list.len() {
            self.senders.repeat(index, self.poll.registry())?;
        }
        Ok(())
    }

    /// Each sender sends its first message.
    pub fn begin(&mut self) {
        self.closed_loop = true;
        self.senders.free.clear();
        for index in 0..self.senders.list.len() {
            self.senders.send(index, self.clock.now());
        }
    }

    /// Goes on for a while.
    pub fn go_on(&mut self, time: Duration) -> Result<()> {
        let end = self.clock.now() + time.as_nanos() as u64;
        while self.clock.now() < end {
            self.turn(Duration::from_millis(20))?;
        }
        Ok(())
    }

    /// One message every `every`; what it waits for a free sender counts.
    pub fn go_on_paced(&mut self, time: Duration, every: Duration) -> Result<()> {
        const SHORT: u64 = 1_200_000;
        let mut due = self.clock.now();
        let end = due + time.as_nanos() as u64;
        while due < end {
            let now = self.clock.now();
            if now >= due
                && let Some(sender) = self.senders.free.pop_front()
            {
                self.senders.send(sender, due);
                due += every.as_nanos() as u64;
                continue;
            }
            // The poll counts in milliseconds: the last one is spent looking.
            let wait = due.saturating_sub(now).saturating_sub(SHORT);
            self.turn(Duration::from_nanos(wait / 1_000_000 * 1_000_000))?;
        }
        Ok(())
    }

    /// Nobody sends any more; waits until everybody has everything. Gives what is missing then.
    pub fn come_to_rest(&mut self) -> Result<i64> {
        self.closed_loop = false;
        let deadline = self.clock.now() + PATIENCE.as_nanos() as u64;
        while self.senders.outstanding() > 0 && self.clock.now() < deadline {
            self.turn(Duration::from_millis(20))?;
        }
        let head = self.head()?;
        while self.audience.missing(head) > 0 && self.clock.now() < deadline {
            self.turn(Duration::from_millis(20))?;
            if self.audience.devices.iter().any(|it| it.phase == Phase::Gone) {
                self.connect_again()?;
            }
        }
        Ok(self.audience.missing(head) + self.senders.outstanding() as i64)
    }
}
