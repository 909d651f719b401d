//! Devices that come and wait: goals 8 to 10 and 12, and the start of a server.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::ask::Asker;
use super::crowd::Crowd;
use super::machine::{self, Used};
use super::pair::Pair;
use super::place::{Kind, Place};
use super::report::{Line, Report, median, short};
use super::stage::Stage;

/// After a restart all devices come back at once; then they wait.
pub fn coming_back(pair: &mut Pair, report: &mut Report, count: usize, rounds: usize) -> Result<()> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        super::say(&format!("{count} devices come back"))?;
        ours.push(come_back(&mut pair.ours, count)?);
        theirs.push(come_back(&mut pair.reference, count)?);
    }
    let rate = |all: &[(Used, f64)]| median(all.iter().map(|(used, _)| count as f64 / used.seconds));
    let cpu = |all: &[(Used, f64)]| median(all.iter().map(|(used, _)| used.server * 1e3 / count as f64));
    let memory = |all: &[(Used, f64)]| median(all.iter().map(|(_, bytes)| bytes / 1024.0));
    let others = ours.iter().chain(&theirs).map(|(used, _)| used.others).fold(0.0, f64::max);
    let line = |what: String, goal, met, ours: f64, theirs: f64| Line {
        what,
        ratio: Some(ours / theirs),
        goal,
        ours: short(ours),
        reference: short(theirs),
        met: Some(met),
        others,
    };
    let (kib, kib_theirs) = (memory(&ours), memory(&theirs));
    let what = format!("8. KiB of server memory per idle device, n={count}");
    report.lines.push(line(what, "≤ 10 KiB", kib <= 10.0, kib, kib_theirs));
    let (per_second, cpu_ms) = (rate(&ours), cpu(&ours));
    let met = per_second >= 3_000.0 && cpu_ms <= 0.3;
    let what = format!("9. resume logins/s after a restart, n={count} (reference asks nobody who they are)");
    report.lines.push(line(what, "≥ 3,000", met, per_second, rate(&theirs)));
    let what = "9. server CPU ms per resume login".into();
    report.lines.push(line(what, "≤ 0.3 ms", cpu_ms <= 0.3, cpu_ms, cpu(&theirs)));
    Ok(())
}

/// Gives the time of all logins, and the memory each device holds while idle.
fn come_back(stage: &mut Stage, count: usize) -> Result<(Used, f64)> {
    stage.connect(count)?;
    stage.go_on(Duration::from_millis(50))?;
    stage.place.restart()?;
    // One question, so that what every server needs for its first is there.
    stage.head()?;
    stage.go_on(Duration::from_millis(200))?;
    let before = machine::resident(stage.place.process())?;
    let used = stage.connect_again()?;
    stage.go_on(Duration::from_millis(1_500))?;
    let after = machine::resident(stage.place.process())?;
    stage.audience.tally.cut = 0;
    Ok((used, after.saturating_sub(before) as f64 / count as f64))
}

/// Processor time per visit (connect, hello, welcome, leave) where `few` and
/// where `many` are: the same number of visits.
pub fn visits(stage: &mut Stage, few: Crowd, many: Crowd, report: &mut Report, total: usize) -> Result<()> {
    let mut costs = Vec::new();
    let mut others: f64 = 0.0;
    for crowd in [few, many] {
        let count = crowd.tokens.len();
        super::say(&format!("visits among {count}"))?;
        stage.change_space(crowd.clone())?;
        stage.connect(count)?;
        let meter = machine::Meter::start(stage.place.process())?;
        for _ in 0..total / count {
            let hello = stage.audience.hello.clone();
            stage.change_space(crowd.clone())?;
            stage.audience.hello = hello;
            stage.connect(count)?;
        }
        let used = meter.read()?;
        others = others.max(used.others);
        costs.push(used.server * 1e3 / (total / count * count) as f64);
    }
    let ratio = costs[1] / costs[0];
    report.lines.push(Line {
        what: "10. server CPU per visit, among 1,000 ÷ among 100".into(),
        ratio: Some(ratio),
        goal: "≤ 1.3",
        ours: format!("{:.3} ms ÷ {:.3} ms", costs[1], costs[0]),
        reference: "–".into(),
        met: Some(ratio <= 1.3),
        others,
    });
    Ok(())
}

/// From the start of the process to the first answer, and what it holds then.
pub fn cold_start(kind: &Kind, reference: &Kind, owner: &str, report: &mut Report) -> Result<()> {
    super::say("cold start")?;
    let (ours, memory) = start(kind, owner, "/me")?;
    let (theirs, their_memory) = start(reference, owner, "/spaces/refcast")?;
    let line = |what: &str, goal, met, ours: f64, theirs: f64| Line {
        what: what.into(),
        ratio: Some(ours / theirs),
        goal,
        ours: short(ours),
        reference: short(theirs),
        met: Some(met),
        others: 0.0,
    };
    let what = "12. ms from the start of the process to the first answer to a person";
    report.lines.push(line(what, "≤ 300 ms", ours <= 300.0, ours, theirs));
    let what = "12. MiB of memory when idle";
    report.lines.push(line(what, "≤ 40 MiB", memory <= 40.0, memory, their_memory));
    Ok(())
}

fn start(kind: &Kind, token: &str, path: &str) -> Result<(f64, f64)> {
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let begun = Instant::now();
        let place = Place::start(kind.clone())?;
        Asker::connect(place.address, Some(token))?.bytes("GET", path, "").context("the first question")?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        // What start-up still does in the background belongs to it.
        std::thread::sleep(Duration::from_millis(500));
        memory.push(machine::resident(place.process())? as f64 / f64::from(1 << 20));
    }
    Ok((median(times), median(memory)))
}
