//! Reading in a process of its own: it is given the bytes, answers with text, and is ended when it takes too long.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;

use super::inside::MOST_CHARS;

/// The process limits its own time on the processor; this is for the clock on the wall.
const PATIENCE: Duration = Duration::from_secs(60);
/// A character is at most four bytes.
const MOST_BYTES: u64 = MOST_CHARS as u64 * 4;

/// What `reader read-text` tells of a file; none when it broke over it.
///
/// # Errors
/// When no process can be started.
pub(super) fn read_apart(reader: &Path, bytes: Bytes) -> std::io::Result<Option<String>> {
    let mut child = Command::new(reader)
        .arg("read-text")
        .env_clear()
        // The allocator keeps no gigabyte for itself, so that the limit on memory is one.
        .env("MIMALLOC_ARENA_RESERVE", "65536")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let told = talk(&mut child, bytes);
    if told.is_none() {
        // It may have ended already.
        let _ = child.kill();
    }
    let ended = child.wait()?;
    Ok(told.filter(|_| ended.success()).and_then(|told| String::from_utf8(told).ok()))
}

fn talk(child: &mut Child, bytes: Bytes) -> Option<Vec<u8>> {
    let (mut ears, mouth) = (child.stdin.take()?, child.stdout.take()?);
    // It may break before it has heard everything, which its end tells.
    std::thread::spawn(move || ears.write_all(&bytes));
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let heard = mouth.take(MOST_BYTES).read_to_end(&mut text);
        let _ = tell.send(heard.map(|_| text));
    });
    // Whoever has closed its mouth is about to end.
    told.recv_timeout(PATIENCE).ok()?.ok()
}
