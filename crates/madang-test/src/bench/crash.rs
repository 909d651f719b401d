//! Goal 11 with the hard part: the process is killed in the middle of a run,
//! and everybody goes on from where they were.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::report::{Line, Report};
use super::run::Faults;
use super::stage::Stage;

/// Senders meanwhile.
const SENDERS: usize = 16;

/// kill -9 after a while of load; senders repeat, devices resume by seq.
pub fn kill_nine(stage: &mut Stage, report: &mut Report, seconds: f64) -> Result<()> {
    let count = stage.audience.devices.len();
    super::say(&format!("kill -9 among {count} devices"))?;
    stage.prepare(SENDERS)?;
    stage.begin();
    stage.go_on(Duration::from_secs_f64(seconds))?;
    stage.place.kill()?;
    let down = Instant::now();
    stage.place.start_again()?;
    let serving = down.elapsed().as_secs_f64();
    // What the killed process had written is still on its way.
    while stage.audience.live > 0 && down.elapsed() < Duration::from_secs(20) {
        stage.turn(Duration::from_millis(20))?;
    }
    stage.senders_repeat()?;
    stage.connect_again()?;
    let back = down.elapsed().as_secs_f64();
    stage.audience.tally.cut = 0;
    stage.go_on(Duration::from_secs_f64(seconds))?;
    let faults = stage.faults()?;
    let acknowledged = stage.audience.book.acknowledged();
    report.faults += faults;
    report.runs += 1;
    report.lines.push(Line {
        what: format!("11. lost, doubled, out of order: kill -9 under load, n={count}, {SENDERS} senders"),
        ratio: None,
        goal: "0",
        ours: format!(
            "{faults}; {acknowledged} acknowledged, served again after {serving:.2} s, {count} devices caught up \
             after {back:.2} s"
        ),
        reference: "–".into(),
        met: Some(faults == Faults::default()),
        others: 0.0,
    });
    Ok(())
}
