//! The erasure journal as a file: one line of JSON for each erasure, with ids and days and nothing that anybody wrote.
//!
//! It lies beside the root key and outlives the keyring's database, so that an older copy of the keys, put back by
//! hand or by a restore, is told again what must stay gone: docs/decisions/0009.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::Erasure;
use crate::disk;
use crate::error::{Result, StoreError};

/// The file's name in the data folder and in a backup.
pub const JOURNAL: &str = "erasures.jsonl";

/// Reads a journal; a missing file is an empty one.
///
/// # Errors
/// `Snapshot` when it cannot be read or a line is not an erasure. A last line without an end was cut off by a crash
/// before its erasure began, and does not count.
pub fn read(file: &Path) -> Result<Vec<Erasure>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unusable(file, &error)),
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).map_err(|error| unusable(file, &error))).collect()
}

/// Adds erasures, durable when this returns.
///
/// # Errors
/// `Io` when the file cannot be written.
pub fn append(file: &Path, erasures: &[Erasure]) -> Result<()> {
    if erasures.is_empty() {
        return Ok(());
    }
    write(file, erasures).map_err(|error| StoreError::Io(format!("{}: {error}", file.display())))
}

fn write(file: &Path, erasures: &[Erasure]) -> io::Result<()> {
    let is_new = !file.exists();
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut handle = options.open(file)?;
    // After a line that a crash cut off, the next one begins on its own.
    cut_off(file)?;
    let mut text = String::new();
    for erasure in erasures {
        text.push_str(&serde_json::to_string(erasure)?);
        text.push('\n');
    }
    handle.write_all(text.as_bytes())?;
    handle.sync_all()?;
    match file.parent() {
        Some(folder) if is_new && !folder.as_os_str().is_empty() => disk::sync_directory(folder),
        _ => Ok(()),
    }
}

/// Takes away what follows the last whole line.
fn cut_off(file: &Path) -> io::Result<()> {
    let bytes = fs::read(file)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    if whole < bytes.len() {
        OpenOptions::new().write(true).open(file)?.set_len(whole as u64)?;
    }
    Ok(())
}

fn unusable(file: &Path, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Snapshot(format!("the erasure journal {} cannot be used: {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_a_crash_cut_off_does_not_count_and_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(JOURNAL);
        assert_eq!(read(&file).unwrap(), []);
        let first = Erasure::Space { space: 1, before_day: None, at_us: 5 };
        let second = Erasure::Space { space: i64::MAX, before_day: Some(20_000), at_us: 6 };
        append(&file, &[first]).unwrap();
        OpenOptions::new().append(true).open(&file).unwrap().write_all(b"{\"space\":\"9").unwrap();
        assert_eq!(read(&file).unwrap(), [first]);
        append(&file, &[second]).unwrap();
        assert_eq!(read(&file).unwrap(), [first, second]);
        let person = Erasure::Person { person: i64::MAX, messages: true, by: 3, at_us: 7 };
        append(&file, &[person]).unwrap();
        assert_eq!(read(&file).unwrap(), [first, second, person]);
    }

    #[test]
    fn a_journal_that_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(JOURNAL);
        fs::write(&file, "nonsense\n").unwrap();
        assert!(matches!(read(&file), Err(StoreError::Snapshot(text)) if text.contains("erasures.jsonl")));
    }
}
