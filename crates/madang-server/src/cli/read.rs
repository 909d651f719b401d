//! `madang read-text`: the process in which a file from outside is read. It has no configuration, no house and no
//! network to lose, and takes its own memory and time away before it looks at anything.

use std::io::{Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Bytes of memory beyond what the process has when it begins: a document of 64 MiB and what it unfolds to.
const MEMORY: u64 = 768 << 20;
/// What it has then, where the system does not say: the allocator keeps a gigabyte of addresses for itself.
const BEGUN: u64 = 2 << 30;
/// Seconds on the processor.
const SECONDS: u64 = 20;
/// Bytes of a file that are read.
const LONGEST: u64 = 64 << 20;
/// Bytes of stack: what is nested deeper than any document is lets this process break, and no other.
const STACK: usize = 64 << 20;

pub fn run() -> ExitCode {
    // A machine that runs out of memory ends this process, and not the server. Only Linux knows the wish.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    let limits = [
        (Resource::As, begun() + MEMORY),
        (Resource::Cpu, SECONDS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
    ];
    for (resource, most) in limits {
        // Where a system does not know one of them, the others hold.
        let _ = setrlimit(resource, limit(most));
    }
    let reading = std::thread::Builder::new().stack_size(STACK).spawn(read);
    match reading.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The size of this process, in bytes of addresses.
fn begun() -> u64 {
    let said = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = said.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kibibytes = size.and_then(|it| it.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kibibytes.map_or(BEGUN, |it| it << 10)
}

fn read() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes)?;
    let text = madang_app::read_text(&bytes);
    std::io::stdout().lock().write_all(text.as_bytes())
}
