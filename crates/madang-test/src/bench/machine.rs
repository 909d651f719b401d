//! The machine: which core a process runs on, how much processor time and
//! memory it used, and how busy everybody else was meanwhile.

use std::process::{Child, Command};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use rustix::thread::{CpuSet, sched_setaffinity};

/// Where servers and references run.
pub const SERVER_CORE: usize = 0;
/// Where the load comes from.
pub const TOOL_CORE: usize = 1;

/// Keeps the calling thread on one core; the processes it starts inherit that.
pub fn pin(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).with_context(|| format!("cannot run on core {core}: two are needed"))
}

/// Starts a process on the servers' core.
pub fn spawn(command: &mut Command) -> Result<Child> {
    pin(SERVER_CORE)?;
    let child = command.spawn();
    pin(TOOL_CORE)?;
    Ok(child?)
}

/// Nanoseconds since 1970 that never go back, so that a stamp is used once on a machine.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    start_ns: u64,
}

impl Clock {
    pub fn start() -> Result<Clock> {
        let start_ns = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos())?;
        Ok(Clock { start: Instant::now(), start_ns })
    }

    pub fn now(&self) -> u64 {
        self.start_ns + self.start.elapsed().as_nanos() as u64
    }
}

/// Processor seconds of a process so far, user and system.
pub fn cpu_seconds(process: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in parentheses, may hold anything (proc(5)).
    let after_name = text.rsplit_once(')').context("stat has the name in parentheses")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// The same in nanoseconds, of the threads that run: exact where a run is short.
pub fn cpu_nanoseconds(process: u32) -> Result<u64> {
    let mut sum = 0;
    for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let text = std::fs::read_to_string(task?.path().join("schedstat"))?;
        sum += text.split(' ').next().context("schedstat begins with the time on a core")?.parse::<u64>()?;
    }
    Ok(sum)
}

/// Resident memory of a process in bytes.
pub fn resident(process: u32) -> Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("status tells VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
}

/// Processor seconds that all cores were not idle so far.
fn busy_seconds() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("stat begins with all cores")?;
    let fields: Vec<u64> = line.split_whitespace().skip(1).map(|it| it.parse().unwrap_or(0)).collect();
    // user, nice, system, (idle, iowait), irq, softirq, steal
    let busy: u64 = [0, 1, 2, 5, 6, 7].iter().filter_map(|place| fields.get(*place)).sum();
    Ok(busy as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// What was used from a moment on.
pub struct Meter {
    process: u32,
    since: Instant,
    server: f64,
    tool: f64,
    busy: f64,
}

/// What a `Meter` saw.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    pub seconds: f64,
    /// Processor seconds of the server.
    pub server: f64,
    /// Share of its core that the tool used.
    pub tool: f64,
    /// Cores that neither the server nor the tool used.
    pub others: f64,
}

impl Meter {
    pub fn start(process: u32) -> Result<Meter> {
        let (server, tool) = (cpu_seconds(process)?, cpu_seconds(std::process::id())?);
        Ok(Meter { process, since: Instant::now(), server, tool, busy: busy_seconds()? })
    }

    pub fn read(&self) -> Result<Used> {
        let seconds = self.since.elapsed().as_secs_f64();
        let server = cpu_seconds(self.process)? - self.server;
        let tool = cpu_seconds(std::process::id())? - self.tool;
        let others = (busy_seconds()? - self.busy - server - tool).max(0.0) / seconds;
        Ok(Used { seconds, server, tool: tool / seconds, others })
    }
}
