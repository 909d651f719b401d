//! What is on its way between clients and a server, in whatever time the caller lives in.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::link::{Dice, Link};

/// One datagram of one client.
#[derive(Debug, PartialEq, Eq)]
pub struct Flight {
    pub client: usize,
    /// To the server.
    pub up: bool,
    pub contents: Vec<u8>,
}

/// A line of its own for each client: what one sends takes no room from another.
struct Line {
    up: Link,
    down: Link,
}

pub struct Relay {
    dice: Dice,
    lines: Vec<Line>,
    /// What new clients get.
    up: Link,
    down: Link,
    dark_until: Option<Instant>,
    /// By arrival, then by the order of leaving.
    flying: BTreeMap<(Instant, u64), Flight>,
    flown: u64,
}

/// What was done to the datagrams of all lines, in one direction.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub came: u64,
    pub lost: u64,
}

/// Which way a change is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Both,
}

impl Relay {
    /// Lines that carry all they are given, at once.
    pub fn new(seed: u64) -> Relay {
        let good = Link::new(1_000_000_000, 0);
        Relay {
            dice: Dice::new(seed),
            lines: Vec::new(),
            up: good.clone(),
            down: good,
            dark_until: None,
            flying: BTreeMap::new(),
            flown: 0,
        }
    }

    /// One more client; its number.
    pub fn client(&mut self) -> usize {
        self.lines.push(Line { up: self.up.clone(), down: self.down.clone() });
        self.lines.len() - 1
    }

    /// Changes the lines of all, and of those who come.
    pub fn change(&mut self, way: Way, change: impl Fn(&mut Link)) {
        if way != Way::Down {
            self.lines.iter_mut().map(|it| &mut it.up).chain([&mut self.up]).for_each(&change);
        }
        if way != Way::Up {
            self.lines.iter_mut().map(|it| &mut it.down).chain([&mut self.down]).for_each(&change);
        }
    }

    /// Nothing goes through until then.
    pub fn black_out(&mut self, now: Instant, time: Duration) {
        self.dark_until = Some(now + time);
        self.change(Way::Both, |link| link.cut = true);
    }

    pub fn take(&mut self, now: Instant, flight: Flight) {
        self.look_up(now);
        let Line { up, down } = &mut self.lines[flight.client];
        let link = if flight.up { up } else { down };
        if let Some(at) = link.carry(now, flight.contents.len(), &mut self.dice) {
            self.flown += 1;
            self.flying.insert((at, self.flown), flight);
        }
    }

    /// The next that has arrived.
    pub fn arrived(&mut self, now: Instant) -> Option<Flight> {
        self.look_up(now);
        let first = self.flying.first_entry().filter(|it| it.key().0 <= now)?;
        Some(first.remove())
    }

    /// When to look again.
    pub fn next(&self) -> Option<Instant> {
        self.flying.first_key_value().map(|((at, _), _)| *at)
    }

    pub fn done(&self, up: bool) -> Done {
        let links = self.lines.iter().map(|it| if up { &it.up } else { &it.down });
        links.fold(Done::default(), |sum, it| Done { came: sum.came + it.sent, lost: sum.lost + it.lost })
    }

    fn look_up(&mut self, now: Instant) {
        if self.dark_until.is_some_and(|until| until <= now) {
            self.dark_until = None;
            self.change(Way::Both, |link| link.cut = false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    /// Sends a thousand datagrams of a hundred bytes, one each 10 ms, and gives which came when.
    fn carried(seed: u64, change: impl Fn(&mut Link)) -> Vec<(u16, Duration)> {
        let start = Instant::now();
        let mut relay = Relay::new(seed);
        relay.change(Way::Up, change);
        let client = relay.client();
        let mut came = Vec::new();
        for step in 0..15_000u64 {
            let now = start + ms(step);
            if step % 10 == 0 && step < 10_000 {
                let mut contents = vec![0; 100];
                contents[..2].copy_from_slice(&((step / 10) as u16).to_be_bytes());
                relay.take(now, Flight { client, up: true, contents });
            }
            while let Some(flight) = relay.arrived(now) {
                let number = u16::from_be_bytes([flight.contents[0], flight.contents[1]]);
                came.push((number, now - start - ms(u64::from(number) * 10)));
            }
        }
        came
    }

    #[test]
    fn one_seed_is_one_run_and_another_is_another() {
        let bad = |link: &mut Link| {
            link.loss = 0.05;
            link.delay = ms(80);
            link.jitter = ms(20);
        };
        let first = carried(1, bad);
        assert_eq!(first, carried(1, bad));
        assert_ne!(first, carried(2, bad));
        assert!((920..980).contains(&first.len()), "{} of 1000 at 5 % loss", first.len());
        assert!(first.iter().all(|(_, took)| (ms(80)..=ms(101)).contains(took)), "{first:?}");
        assert!(first.windows(2).all(|two| two[0].0 < two[1].0), "jitter alone reorders nothing");
    }

    #[test]
    fn what_is_reordered_comes_late_but_comes() {
        let came = carried(3, |link| link.reorder = 0.1);
        assert_eq!(came.len(), 1000);
        let late = came.windows(2).filter(|two| two[0].0 > two[1].0).count();
        assert!((50..150).contains(&late), "{late}");
    }

    #[test]
    fn a_burst_takes_several_in_a_row() {
        let came = carried(4, |link| link.bursts = (0.01, 5.0));
        let longest = came.windows(2).map(|two| two[1].0 - two[0].0).max();
        assert!(longest.is_some_and(|gap| gap > 3), "{longest:?}");
        assert!((900..990).contains(&came.len()), "{}", came.len());
    }

    #[test]
    fn a_narrow_line_lets_wait_and_then_drops() {
        // 128 bytes with their headers each 10 ms are 102 kbit/s: twice what there is.
        let came = carried(5, |link| {
            link.capacity = 51_200;
            link.queue = ms(200);
        });
        assert!((500..540).contains(&came.len()), "half of them: {}", came.len());
        assert!(came.iter().all(|(_, took)| *took <= ms(221)), "no queue is longer than it may be");
        assert!(came.last().is_some_and(|(_, took)| *took > ms(150)));
    }

    #[test]
    fn in_the_dark_nothing_passes_either_way_and_then_all_does() {
        let start = Instant::now();
        let mut relay = Relay::new(6);
        let (nari, joon) = (relay.client(), relay.client());
        relay.black_out(start, ms(3000));
        let datagram = |client, up| Flight { client, up, contents: vec![7] };
        for at in [0, 1500, 2999] {
            relay.take(start + ms(at), datagram(nari, true));
            relay.take(start + ms(at), datagram(joon, false));
        }
        assert_eq!(relay.next(), None);
        let after = start + ms(3000);
        relay.take(after, datagram(nari, true));
        relay.take(after, datagram(joon, false));
        assert_eq!(relay.arrived(after + ms(1)), Some(datagram(nari, true)));
        assert_eq!(relay.arrived(after + ms(1)), Some(datagram(joon, false)));
        assert_eq!(
            (relay.done(true), relay.done(false)),
            (Done { came: 4, lost: 3 }, Done { came: 4, lost: 3 })
        );
    }
}
