//! What it costs to forward: the same clients beside Madang's media and beside Janus, in turns,
//! each server a process of its own on the servers' core.

mod janus;
mod ours;
mod peer;
mod profile;
mod table;

use std::net::{IpAddr, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::machine::{self, Meter};
use janus::Janus;
use ours::Ours;
pub use ours::serve;
use peer::{Media, Peer};
use profile::Profile;

/// Gives a peer that is not connected yet.
type Make<'a> = &'a dyn Fn() -> Result<Peer>;

/// A server under measurement.
trait Sfu {
    fn process(&self) -> u32;
    /// Somebody comes in, with the connections that they need there, who receives these senders.
    fn enter(&mut self, make: Make, sends: bool, of: &[usize], peers: &mut Vec<Peer>) -> Result<()>;
    /// Everybody who sends has come.
    fn all_send(&mut self, make: Make, peers: &mut Vec<Peer>) -> Result<()>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Server {
    Madang,
    /// With so many event loops.
    Janus(usize),
}

impl Server {
    fn start(self, media: Media) -> Result<Box<dyn Sfu>> {
        Ok(match self {
            Server::Madang => Box::new(Ours::start(media)?),
            Server::Janus(loops) => Box::new(Janus::start(loops, media)?),
        })
    }

    fn name(self) -> String {
        match self {
            Server::Madang => "Madang".to_owned(),
            Server::Janus(loops) => format!("Janus, {loops} loop{}", if loops == 1 { "" } else { "s" }),
        }
    }
}

struct Series {
    word: &'static str,
    name: &'static str,
    senders: usize,
    /// Who only receive. None: the senders receive each other.
    receivers: usize,
    /// How many streams each receives.
    streams: usize,
    media: Media,
}

const SERIES: [Series; 3] = [
    Series {
        word: "one",
        name: "1 → 50 pictures",
        senders: 1,
        receivers: 50,
        streams: 1,
        media: Media::Pictures,
    },
    Series {
        word: "four",
        name: "4 × 4 pictures",
        senders: 4,
        receivers: 0,
        streams: 3,
        media: Media::Pictures,
    },
    // As loud as each other, so that those who are forwarded stay the same three.
    Series {
        word: "voices",
        name: "10 → 100 voices, 3 each",
        senders: 10,
        receivers: 100,
        streams: 3,
        media: Media::Voices,
    },
];

/// What one run gave.
#[derive(Debug, Clone, Default)]
struct Outcome {
    /// Microseconds of the server's processor for each packet that a receiver got.
    cost: f64,
    /// Packets forwarded a second, and the share of its core that the server used.
    pace: f64,
    share: f64,
    /// Milliseconds from one client to the other.
    p50: f64,
    p99: f64,
    loss: f64,
    /// KiB of the server for each who only receives; of the whole where all send.
    memory: f64,
    /// Milliseconds from asking to join to the first packet.
    join: f64,
    join_slow: f64,
    profile: String,
    /// Share of its core that the tool used: near to all of it, times are the tool's own.
    tool: f64,
    others: f64,
    missing: usize,
}

/// `which` is a series, `all`, or `quick`: each once and shorter.
pub fn run(which: &str, janus: bool) -> Result<String> {
    machine::pin(machine::TOOL_CORE)?;
    let quick = which == "quick";
    let chosen: Vec<&Series> =
        SERIES.iter().filter(|it| quick || which == "all" || which == it.word).collect();
    if chosen.is_empty() {
        bail!("{}", super::USAGE);
    }
    let mut servers = vec![Server::Madang];
    if !janus {
        super::say("Janus is left out")?;
    } else if Janus::is_here() {
        servers.extend([Server::Janus(1), Server::Janus(2)]);
    } else {
        super::say("Janus is not installed (apt-get install janus): Madang alone is measured")?;
    }
    let (rounds, seconds) = if quick { (1, 3) } else { (3, 5) };
    let profile = Profile::listen();
    let mut rows = Vec::new();
    for series in chosen {
        let mut runs: Vec<(Server, Vec<Outcome>)> = servers.iter().map(|it| (*it, Vec::new())).collect();
        for round in 0..rounds {
            // Whoever begins changes, so that what the machine does else happens to all.
            for turn in 0..runs.len() {
                let at = (round + turn) % runs.len();
                let (server, outcomes) = &mut runs[at];
                super::say(&format!("{}: {}", series.name, server.name()))?;
                outcomes.push(measure(*server, series, seconds, &profile)?);
            }
        }
        rows.extend(table::rows(series.name, &runs));
    }
    Ok(table::markdown(&rows))
}

/// A series on a server that is started for it.
fn measure(server: Server, series: &Series, seconds: u64, profile: &Profile) -> Result<Outcome> {
    let began = Instant::now();
    let mut sfu = server.start(series.media)?;
    let make = || Peer::new(&profile.provider, series.media);
    let (mut peers, mut asked) = (Vec::new(), Vec::new());
    let empty = machine::resident(sfu.process())?;
    for index in 0..series.senders {
        let others: Vec<usize> = (0..series.senders).filter(|it| *it != index).collect();
        let of: &[usize] = if series.receivers == 0 { &others } else { &[] };
        asked.push(Instant::now());
        sfu.enter(&make, true, of, &mut peers)?;
        connect(&mut peers, began)?;
    }
    let at = Instant::now();
    sfu.all_send(&make, &mut peers)?;
    asked.resize(peers.len(), at);
    drive(&mut peers, began, Duration::from_millis(700))?;
    let before = if series.receivers == 0 { empty } else { machine::resident(sfu.process())? };
    let of: Vec<usize> = (0..series.streams.min(series.senders)).collect();
    for _ in 0..series.receivers {
        asked.push(Instant::now());
        sfu.enter(&make, false, &of, &mut peers)?;
        drive(&mut peers, began, Duration::from_millis(15))?;
    }
    let people = if series.receivers == 0 { series.senders } else { series.receivers };
    settle(&mut peers, began, people * of.len(), series.senders)?;
    let count = |peers: &[Peer]| -> (u64, u64) {
        (peers.iter().map(|it| it.sent).sum(), peers.iter().map(|it| it.received).sum())
    };
    let (sent, received) = count(&peers);
    peers.iter_mut().for_each(|it| it.took.clear());
    let (used, meter) = (machine::cpu_nanoseconds(sfu.process())?, Meter::start(sfu.process())?);
    drive(&mut peers, began, Duration::from_secs(seconds))?;
    let used = machine::cpu_nanoseconds(sfu.process())? - used;
    let meter = meter.read()?;
    let (sent, received) = (count(&peers).0 - sent, count(&peers).1 - received);
    // Of the senders only as many as one receives are forwarded.
    let due = sent as f64 / series.senders as f64 * (people * of.len()) as f64;
    let mut joins: Vec<f64> = peers
        .iter()
        .zip(&asked)
        .filter_map(|(peer, asked)| Some((peer.first? - *asked).as_secs_f64() * 1e3))
        .collect();
    let mut took: Vec<f64> =
        peers.iter().flat_map(|it| it.took.iter().map(|it| f64::from(*it) / 1e3)).collect();
    let receivers = peers.iter().filter(|it| it.sends.is_none() || !it.receives.is_empty());
    Ok(Outcome {
        cost: used as f64 / 1e3 / received.max(1) as f64,
        pace: received as f64 / meter.seconds,
        share: used as f64 / 1e9 / meter.seconds,
        p50: at_share(&mut took, 0.5),
        p99: at_share(&mut took, 0.99),
        loss: 1.0 - received as f64 / due,
        memory: (machine::resident(sfu.process())?.saturating_sub(before)) as f64 / 1024.0 / people as f64,
        join: at_share(&mut joins, 0.5),
        join_slow: at_share(&mut joins, 0.95),
        profile: profile.heard(),
        tool: meter.tool,
        others: meter.others,
        missing: receivers.filter(|it| it.first.is_none()).count(),
    })
}

/// From which this machine reaches others; packets to it do not leave it.
fn own_address() -> Result<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    // An address for documentation (RFC 5737): nothing is sent, the system only chooses.
    socket.connect("192.0.2.1:9").context("this machine has no address but loopback's")?;
    Ok(socket.local_addr()?.ip())
}

/// Until everybody is connected: a sender who is not does not count as one elsewhere.
fn connect(peers: &mut [Peer], began: Instant) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(15);
    while let Some(at) = peers.iter().position(|it| !it.connected) {
        if Instant::now() > until {
            bail!("peer {at} does not get connected");
        }
        drive(peers, began, Duration::from_millis(20))?;
    }
    Ok(())
}

/// Where the server estimates, it finds what the way carries and then sends all of it: until it does,
/// though not for ever.
fn settle(peers: &mut [Peer], began: Instant, streams: usize, senders: usize) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(25);
    drive(peers, began, Duration::from_secs(2))?;
    while Instant::now() < until {
        let count = |peers: &[Peer]| -> (u64, u64) {
            (peers.iter().map(|it| it.sent).sum(), peers.iter().map(|it| it.received).sum())
        };
        let before = count(peers);
        drive(peers, began, Duration::from_secs(1))?;
        let (sent, received) = count(peers);
        let due = (sent - before.0) as f64 / senders as f64 * streams as f64;
        if (received - before.1) as f64 >= 0.98 * due {
            return Ok(());
        }
    }
    super::say("not everything is forwarded after 25 seconds")
}

/// Lets all go on for so long, without rest: what waits here would be told of the server.
fn drive(peers: &mut [Peer], began: Instant, time: Duration) -> Result<()> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        peers.iter_mut().try_for_each(|peer| peer.go_on(began))?;
    }
    Ok(())
}

fn at_share(values: &mut [f64], share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}
