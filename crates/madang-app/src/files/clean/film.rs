//! MP4 and QuickTime (ISO/IEC 14496-12): boxes within boxes. Where and with what a film was taken stands in boxes
//! that no player needs; they become free space, in place, so that nothing else moves.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::bytes;

/// More boxes than any film has.
const BOXES: usize = 100_000;

/// Frees what is said about a film, and overwrites it. What cannot be followed ends the walk; a film that no player
/// can follow either is left as it is.
pub(in crate::files) fn clean(path: &Path) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let end = file.seek(SeekFrom::End(0))?;
    let mut walk = Walk { file, left: BOXES, found: Vec::new() };
    match walk.boxes(0, end, 0) {
        Err(error) if !matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData) => {
            return Err(error);
        }
        _ => {}
    }
    let Walk { mut file, found, .. } = walk;
    for spot in &found {
        // The name last: a box that was not emptied to its end is found again.
        file.seek(SeekFrom::Start(spot.at + spot.head))?;
        io::copy(&mut io::repeat(0).take(spot.end - spot.at - spot.head), &mut file)?;
        file.seek(SeekFrom::Start(spot.at + 4))?;
        file.write_all(b"free")?;
    }
    if found.is_empty() { Ok(()) } else { file.sync_all() }
}

struct Walk {
    file: File,
    /// Boxes that may still be looked at.
    left: usize,
    found: Vec<Spot>,
}

/// A box to free: where it begins, the length of its head, and its end.
struct Spot {
    at: u64,
    head: u64,
    end: u64,
}

impl Walk {
    /// Looks at the boxes between two places. The film's own box is at depth 0, its tracks at depth 1; nothing
    /// deeper is opened, however deep a file is nested.
    fn boxes(&mut self, mut at: u64, end: u64, depth: u8) -> io::Result<()> {
        while at + 8 <= end {
            self.left = self.left.checked_sub(1).ok_or(ErrorKind::InvalidData)?;
            self.file.seek(SeekFrom::Start(at))?;
            let length = u64::from(u32::from_be_bytes(bytes(&mut self.file)?));
            let name: [u8; 4] = bytes(&mut self.file)?;
            let (head, next) = match length {
                0 => (8, end),
                1 => (16, at.saturating_add(u64::from_be_bytes(bytes(&mut self.file)?))),
                length => (8, at + length),
            };
            if next < at + head || next > end {
                return Err(ErrorKind::InvalidData.into());
            }
            match (&name, depth) {
                (b"moov", 0) | (b"trak", 1) => self.boxes(at + head, next, depth + 1)?,
                (b"udta" | b"meta", 1 | 2) => self.found.push(Spot { at, head, end: next }),
                // Whose own box it is stands in its first bytes; XMP is one of them, and players need none.
                (b"uuid", _) => self.found.push(Spot { at, head, end: next }),
                _ => {}
            }
            at = next;
        }
        Ok(())
    }
}
