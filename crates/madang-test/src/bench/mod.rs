//! The load generator: what Madang does in a second and what it costs, each
//! number beside a reference that was measured in the same minutes
//! (docs/performance.md).

mod ask;
mod audience;
mod book;
mod crash;
mod crowd;
mod devices;
mod fan_out;
mod histogram;
mod machine;
mod newcomer;
mod pair;
mod place;
mod plan;
mod raw;
mod refcast;
mod report;
mod run;
mod search;
mod senders;
mod sfu;
mod slack;
mod stage;
mod wire;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Runs what the words after the binary's name ask for.
///
/// # Errors
/// A sentence that says what to change, or what a server said.
pub fn run(words: &[String]) -> Result<()> {
    let Some((name, rest)) = words.split_first() else { bail!("{USAGE}\n{}", crate::netsim::USAGE) };
    match name.as_str() {
        "bench" => print(&plan::run(rest)?),
        "refcast" => {
            let (address, file) = refcast::arguments(rest)?;
            refcast::serve(address, file, |address| print(&format!("refcast is ready at http://{address}")))
        }
        "netsim" => crate::netsim::run(rest),
        "sfu-media" => sfu::serve(),
        "raw-write" => {
            let [file, group, seconds] = rest else { bail!("{USAGE}") };
            let time = Duration::from_secs_f64(seconds.parse()?);
            print(&raw::write(Path::new(file), group.parse()?, time)?.to_string())
        }
        "raw-read" => {
            let [file, count] = rest else { bail!("{USAGE}") };
            let (newest, all) = raw::read(Path::new(file), count.parse()?)?;
            print(&format!("{newest} {all}"))
        }
        _ => bail!("{USAGE}"),
    }
}

const USAGE: &str = "madang-test bench all|quick: measures Madang beside its references (docs/performance.md)
            bench write|hundred|thousand|most|newcomer|start: one part of all
            bench DEVICES SENDERS, bench DEVICES PACE/s: one load
            bench crash DEVICES, bench devices DEVICES: kill -9; memory and logins
            bench search MESSAGES: questions to an index of so many messages
            bench slack: chat.postMessage beside the native post
            bench sfu all|quick|one|four|voices [ours]: what forwarding costs, beside Janus where it is installed";

fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).context("cannot write to standard output")
}

/// Tells what is going on.
fn say(text: &str) -> Result<()> {
    writeln!(std::io::stderr(), "{text}").context("cannot write to standard error")
}
