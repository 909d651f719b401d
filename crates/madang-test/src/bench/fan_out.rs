//! Messages and deliveries: goals 1 to 7 of the table.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::machine;
use super::pair::{Cell, Pair};
use super::report::{Line, Report, median, short};
use super::run::Load;

/// Messages a second of 1, 16 and 64 senders with one listener, beside the
/// broadcaster and beside raw SQLite in groups of that size.
pub fn writing(
    pair: &mut Pair,
    report: &mut Report,
    rounds: usize,
    seconds: f64,
    scratch: &Path,
) -> Result<()> {
    pair.connect(1)?;
    for senders in [1, 16, 64] {
        super::say(&format!("messages, {senders} senders"))?;
        let raw =
            (0..rounds).map(|_| raw_write(scratch, senders, seconds / 2.0)).collect::<Result<Vec<_>>>()?;
        let cell = pair.measure(Load::closed(senders, seconds), rounds)?;
        let raw = median(raw);
        report.lines.push(Line {
            what: format!(
                "durable messages/s, {senders} senders, 1 listener (reference: refcast; raw SQLite)"
            ),
            ratio: Some(cell.ours.posts / cell.reference.posts),
            goal: "",
            ours: short(cell.ours.posts),
            reference: format!(
                "{}; {} ({:.2})",
                short(cell.reference.posts),
                short(raw),
                cell.ours.posts / raw
            ),
            met: None,
            others: cell.others(),
        });
        report.cell(cell);
    }
    Ok(())
}

fn raw_write(scratch: &Path, group: usize, seconds: f64) -> Result<f64> {
    let file = scratch.join(format!("raw-{group}.db"));
    let arguments = [file.display().to_string(), group.to_string(), seconds.to_string()];
    let said = sub_command("raw-write", &arguments)?;
    said.trim().parse().with_context(|| format!("raw-write said {said}"))
}

/// Runs a sub-command of this binary on the servers' core.
pub fn sub_command(name: &str, arguments: &[String]) -> Result<String> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(name).args(arguments).stdout(Stdio::piped());
    let output = machine::spawn(&mut command)?.wait_with_output()?;
    Ok(String::from_utf8(output.stdout)?)
}

/// Deliveries to `count` devices in one space.
pub fn listening(
    pair: &mut Pair,
    report: &mut Report,
    count: usize,
    loads: &[Load],
    rounds: usize,
) -> Result<()> {
    pair.connect(count)?;
    for load in loads {
        super::say(&format!("{count} devices, {load:?}"))?;
        let cell = pair.measure(*load, rounds)?;
        report.lines.extend(goals(&cell));
        report.cell(cell);
    }
    Ok(())
}

/// What the table of goals says about this cell.
fn goals(cell: &Cell) -> Vec<Line> {
    let (ours, theirs) = (&cell.ours, &cell.reference);
    let line = |what: &str, goal, met: Option<bool>, ours: f64, theirs: f64| Line {
        what: what.to_owned(),
        ratio: Some(ours / theirs),
        goal,
        ours: short(ours),
        reference: short(theirs),
        met,
        others: cell.others(),
    };
    let cost = |what, goal, most, ratio| {
        line(what, goal, Some(ours.cost <= most && ours.cost / theirs.cost <= ratio), ours.cost, theirs.cost)
    };
    match (cell.people, cell.load.every, cell.load.senders) {
        (1_000, None, 1) => {
            vec![cost("1. server cpu-s per million deliveries, n=1,000, 1 sender", "≤ 1.5; ≤ 8", 8.0, 1.5)]
        }
        (100, None, 1) => {
            vec![cost("2. server cpu-s per million deliveries, n=100, 1 sender", "≤ 1.7; ≤ 10", 10.0, 1.7)]
        }
        (1_000, None, 64) => {
            let met = ours.deliveries >= 1.2e6 && ours.deliveries >= 0.45 * theirs.deliveries;
            let (what, goal) = ("3. durable deliveries/s, n=1,000, 64 senders", "≥ 0.45; ≥ 1.2 M");
            vec![line(what, goal, Some(met), ours.deliveries, theirs.deliveries)]
        }
        (100, None, 64) => {
            let met = ours.posts >= 5_000.0 && ours.posts >= 0.5 * theirs.posts;
            let (what, goal) = ("4. durable messages/s, n=100, 64 senders", "≥ 0.5; ≥ 5,000");
            vec![line(what, goal, Some(met), ours.posts, theirs.posts)]
        }
        (100, Some(_), _) => {
            let met = ours.ack[0] <= 1.5 && ours.ack[1] <= 4.0 && ours.ack[0] <= 2.0 * theirs.ack[0];
            vec![
                line(
                    "5. ack p50 ms, n=100, 20 a second",
                    "≤ 2; ≤ 1.5 ms",
                    Some(met),
                    ours.ack[0],
                    theirs.ack[0],
                ),
                line("5. ack p99 ms", "≤ 4 ms", Some(ours.ack[1] <= 4.0), ours.ack[1], theirs.ack[1]),
            ]
        }
        (1_000, Some(_), _) => {
            let (p99, p999) = (ours.deliver[1], ours.deliver[2]);
            let met = p99 <= 20.0 && p99 <= 1.6 * theirs.deliver[1];
            let what = "6. deliver p99 ms, n=1,000, 100 a second";
            vec![
                line(what, "≤ 1.6; ≤ 20 ms", Some(met), p99, theirs.deliver[1]),
                line("6. deliver p999 ms", "≤ 40 ms", Some(p999 <= 40.0), p999, theirs.deliver[2]),
            ]
        }
        (5_000, None, 1) => {
            let (what, p99) = ("7. deliver p99 ms, n=5,000, 1 sender", ours.deliver[1]);
            vec![line(what, "≤ 110 ms", Some(p99 <= 110.0), p99, theirs.deliver[1])]
        }
        _ => Vec::new(),
    }
}
