//! What is measured, in which order.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::crowd::Crowd;
use super::machine::{self, Meter};
use super::pair::Pair;
use super::place::{self, Kind, Place};
use super::report::{Line, Report};
use super::run::Load;
use super::stage::Stage;
use super::{crash, devices, fan_out, newcomer, search, sfu, slack};

/// A house with people in its spaces, and the broadcaster, both serving.
struct Scene {
    owner: String,
    pair: Pair,
    kinds: [Kind; 2],
}

/// How much of everything.
struct Size {
    rounds: usize,
    seconds: f64,
    paced_seconds: f64,
    most: usize,
    messages: i64,
}

const ALL: Size = Size { rounds: 3, seconds: 2.5, paced_seconds: 4.0, most: 5_000, messages: 100_000 };
const QUICK: Size = Size { rounds: 1, seconds: 1.5, paced_seconds: 2.0, most: 1_000, messages: 10_000 };

/// One part of `all`; each can be run alone, so that a busy machine need be quiet for a few minutes only.
type Part = fn(&mut Scene, &Size, &Path, &mut Report) -> Result<()>;

const PARTS: [(&str, Part); 6] = [
    ("write", write),
    ("hundred", hundred),
    ("thousand", thousand),
    ("most", most),
    ("newcomer", newcomer),
    ("start", start),
];

pub fn run(words: &[String]) -> Result<String> {
    machine::pin(machine::TOOL_CORE)?;
    let scratch = tempfile::tempdir()?;
    let scratch = scratch.path();
    let mut report = Report::default();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["all"] => all(&ALL, scratch, &mut report)?,
        ["quick"] => all(&QUICK, scratch, &mut report)?,
        ["slack"] => return slack::run(),
        [name] => {
            let (_, part) = PARTS.iter().find(|(it, _)| *it == name).context(super::USAGE)?;
            part(&mut open(scratch)?, &ALL, scratch, &mut report)?;
        }
        ["sfu", which] => return sfu::run(which, true),
        ["sfu", which, "ours"] => return sfu::run(which, false),
        ["search", count] => return search::run(scratch, count.parse()?),
        ["crash", count] => {
            let (mut scene, count) = (open(scratch)?, count.parse()?);
            scene.enter("those", count)?;
            scene.pair.ours.connect(count)?;
            crash::kill_nine(&mut scene.pair.ours, &mut report, ALL.seconds)?;
        }
        ["devices", count] => {
            let (mut scene, count) = (open(scratch)?, count.parse()?);
            scene.enter("those", count)?;
            devices::coming_back(&mut scene.pair, &mut report, count, 1)?;
        }
        [count, load] => {
            let count = count.parse().context("a number of devices")?;
            let load = match load.strip_suffix("/s") {
                Some(pace) => Load::paced(pace.parse()?, ALL.paced_seconds),
                None => Load::closed(load.parse()?, ALL.seconds),
            };
            let mut scene = open(scratch)?;
            scene.enter("those", count)?;
            fan_out::listening(&mut scene.pair, &mut report, count, &[load], ALL.rounds)?;
        }
        _ => bail!("{}", super::USAGE),
    }
    Ok(report.markdown())
}

fn all(size: &Size, scratch: &Path, report: &mut Report) -> Result<()> {
    let mut scene = open(scratch)?;
    PARTS.iter().try_for_each(|(_, part)| part(&mut scene, size, scratch, report))
}

impl Size {
    /// Closed loops of 1, 16 and 64 senders, then so many messages a second.
    fn loads(&self, pace: u32) -> Vec<Load> {
        let mut loads: Vec<Load> = [1, 16, 64].map(|senders| Load::closed(senders, self.seconds)).into();
        loads.push(Load::paced(pace, self.paced_seconds));
        loads
    }
}

fn open(scratch: &Path) -> Result<Scene> {
    let data = scratch.join("house");
    let owner = place::set_up(&data)?;
    let kinds = [Kind::Madang(data), Kind::Refcast(scratch.join("refcast.db"))];
    let ours = Stage::new(Place::start(kinds[0].clone())?, Crowd::default())?;
    let reference = Stage::new(Place::start(kinds[1].clone())?, Crowd::default())?;
    Ok(Scene { owner, pair: Pair { ours, reference }, kinds })
}

impl Scene {
    /// Opens a space with so many people in it; everybody else is sent away.
    fn enter(&mut self, name: &str, count: usize) -> Result<Crowd> {
        super::say(&format!("{count} people join"))?;
        let address = self.pair.ours.place.address;
        let mut crowd = Crowd::open(address, &self.owner, name)?;
        crowd.grow(address, count)?;
        self.switch(&crowd)?;
        Ok(crowd)
    }

    fn switch(&mut self, crowd: &Crowd) -> Result<()> {
        self.pair.ours.change_space(crowd.clone())?;
        self.pair.reference.change_space(Crowd::of_nobody(crowd.tokens.len()))
    }
}

fn write(scene: &mut Scene, size: &Size, scratch: &Path, report: &mut Report) -> Result<()> {
    scene.enter("one", 1)?;
    fan_out::writing(&mut scene.pair, report, size.rounds, size.seconds, scratch)
}

fn hundred(scene: &mut Scene, size: &Size, _: &Path, report: &mut Report) -> Result<()> {
    scene.enter("a hundred", 100)?;
    fan_out::listening(&mut scene.pair, report, 100, &size.loads(20), size.rounds)
}

fn thousand(scene: &mut Scene, size: &Size, _: &Path, report: &mut Report) -> Result<()> {
    let hundred = scene.enter("a hundred others", 100)?;
    let thousand = joins(scene, report)?;
    fan_out::listening(&mut scene.pair, report, 1_000, &size.loads(100), size.rounds)?;
    crash::kill_nine(&mut scene.pair.ours, report, size.seconds)?;
    devices::visits(&mut scene.pair.ours, hundred, thousand, report, 2_000)
}

fn most(scene: &mut Scene, size: &Size, _: &Path, report: &mut Report) -> Result<()> {
    scene.enter("the most", size.most)?;
    if size.most > 1_000 {
        let loads = [1, 16].map(|senders| Load::closed(senders, size.seconds * 1.5));
        fan_out::listening(&mut scene.pair, report, size.most, &loads, size.rounds)?;
    }
    devices::coming_back(&mut scene.pair, report, size.most, size.rounds)
}

fn newcomer(scene: &mut Scene, size: &Size, scratch: &Path, report: &mut Report) -> Result<()> {
    newcomer::arrive(&mut scene.pair.ours, &scene.owner, size.messages, scratch, report)
}

fn start(scene: &mut Scene, _: &Size, _: &Path, report: &mut Report) -> Result<()> {
    scene.pair.ours.place.kill()?;
    let [ours, reference] = &scene.kinds;
    devices::cold_start(ours, reference, &scene.owner, report)
}

/// A thousand people come into one space; the first hundred and the last are compared.
fn joins(scene: &mut Scene, report: &mut Report) -> Result<Crowd> {
    super::say("a thousand people join")?;
    let (address, process) = (scene.pair.ours.place.address, scene.pair.ours.place.process());
    let mut crowd = Crowd::open(address, &scene.owner, "a thousand")?;
    let mut costs = [0.0; 3];
    let mut others: f64 = 0.0;
    for (cost, count) in costs.iter_mut().zip([200, 800, 1_000]) {
        let people = count - crowd.tokens.len();
        let meter = Meter::start(process)?;
        crowd.grow(address, count)?;
        let used = meter.read()?;
        others = others.max(used.others);
        *cost = used.server * 1e3 / people as f64;
    }
    let ratio = costs[2] / costs[0];
    report.lines.push(Line {
        what: "10. server CPU per new member, members 801–1,000 ÷ members 1–200".into(),
        ratio: Some(ratio),
        goal: "≤ 1.3",
        ours: format!("{:.2} ms ÷ {:.2} ms", costs[2], costs[0]),
        reference: "–".into(),
        met: Some(ratio <= 1.3),
        others,
    });
    scene.switch(&crowd)?;
    Ok(crowd)
}
