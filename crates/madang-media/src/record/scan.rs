//! Looks through a film of ours from its beginning: what of it is whole.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use super::ebml::{self, id};

/// No cluster holds so much: 800 ms of one track, and one keyframe.
const LARGEST: u64 = 64 << 20;

/// Places are bytes from the beginning of the file.
#[derive(Debug, Default)]
pub struct Found {
    /// Where the contents of the segment begin, and its length before them.
    pub segment: u64,
    /// Room for what lies where.
    pub room: u64,
    pub info: u64,
    /// Room for the duration.
    pub duration: u64,
    pub tracks: u64,
    pub clusters: Vec<Cluster>,
    /// Where the last whole cluster ends.
    pub end: u64,
    /// When the last frame is, in milliseconds.
    pub last_ms: u64,
    /// It was finished before: nothing is to be done.
    pub finished: bool,
}

#[derive(Debug)]
pub struct Cluster {
    pub at: u64,
    pub ms: u64,
    /// One can begin here.
    pub key: bool,
}

/// # Errors
/// `InvalidData` for what is no film of ours, or what the disk said.
pub fn scan(file: &mut File) -> io::Result<Found> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut found = Found::default();
    let mut at = 0;
    while let Some((name, size, head)) = head_at(file, at, length)? {
        let within = at + head;
        let whole = size.is_some_and(|size| within + size <= length);
        match name {
            id::SEGMENT => {
                found.segment = within;
                found.finished = size.is_some_and(|size| within + size == length);
                at = within;
                continue;
            }
            id::CLUSTER if whole => {
                found.cluster(at, &contents(file, within, size)?);
                found.end = within + size.unwrap_or_default();
            }
            id::SEEK_HEAD | id::VOID if found.room == 0 => found.room = at,
            id::INFO if whole => {
                found.info = at;
                found.duration = within + duration_in(&contents(file, within, size)?)?;
            }
            id::TRACKS if whole => {
                found.tracks = at;
                // A film without a cluster ends here.
                found.end = within + size.unwrap_or_default();
            }
            id::CUES => break,
            _ => {}
        }
        let Some(size) = size.filter(|_| whole) else { break };
        at = within + size;
    }
    let is_ours = found.segment > 0 && found.room > 0 && found.info > 0 && found.tracks > 0;
    is_ours.then_some(found).ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "no film of ours"))
}

fn head_at(file: &mut File, at: u64, length: u64) -> io::Result<Option<(u32, Option<u64>, u64)>> {
    let mut bytes = [0; 12];
    let there = length.saturating_sub(at).min(12) as usize;
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes[..there])?;
    Ok(ebml::read_head(&bytes[..there]).map(|(name, size, head)| (name, size, head as u64)))
}

fn contents(file: &mut File, at: u64, size: Option<u64>) -> io::Result<Vec<u8>> {
    let size = size.filter(|size| *size <= LARGEST);
    let size = size.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "a part is too large"))?;
    let mut bytes = vec![0; size as usize];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Where in the contents of `Info` the duration is, or the room for it.
fn duration_in(info: &[u8]) -> io::Result<u64> {
    let mut rest = info;
    while let Some((name, size, head)) = ebml::read_head(rest) {
        if matches!(name, id::DURATION | id::VOID) {
            return Ok((info.len() - rest.len()) as u64);
        }
        let next = size.and_then(|size| rest.get(head + size as usize..));
        let Some(next) = next else { break };
        rest = next;
    }
    Err(io::Error::new(ErrorKind::InvalidData, "no room for the duration"))
}

impl Found {
    fn cluster(&mut self, at: u64, contents: &[u8]) {
        let mut ms = 0;
        let mut first = None;
        for (name, value) in ebml::children(contents) {
            match name {
                id::TIMESTAMP => ms = ebml::read_number(value),
                id::SIMPLE_BLOCK => {
                    let Some([_, high, low, flags]) = value.first_chunk::<4>() else { continue };
                    first.get_or_insert(flags & 0x80 != 0);
                    let since = i16::from_be_bytes([*high, *low]).max(0);
                    self.last_ms = self.last_ms.max(ms + since.unsigned_abs() as u64);
                }
                _ => {}
            }
        }
        self.clusters.push(Cluster { at, ms, key: first == Some(true) });
    }
}
