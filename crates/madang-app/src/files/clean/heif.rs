//! HEIF (ISO/IEC 23008-12), the photos of many phones: its Exif and XMP are items like its pictures, and a list says
//! where their bytes are. Those bytes are overwritten, in place, so that nothing else moves. Which side is up stands
//! elsewhere.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use super::{bytes, no_picture};

/// A list of items beyond this is none.
const META_BYTES: u64 = 4 << 20;
const BOXES: usize = 10_000;
/// What is said about a picture is never longer, nor in more pieces. Without these a small file could name the
/// same bytes again and again.
const SAID_BYTES: u64 = 64 << 20;
const PIECES: usize = 10_000;

/// Overwrites what is said about the picture. A file that cannot be followed is left as it is; it is never shown.
pub(in crate::files) fn clean(path: &Path) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let end = file.seek(SeekFrom::End(0))?;
    let spots = match spots(&mut file, end) {
        Err(error) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData) => {
            return Ok(());
        }
        other => other?,
    };
    for (at, length) in &spots {
        file.seek(SeekFrom::Start(*at))?;
        io::copy(&mut io::repeat(0).take(*length), &mut file)?;
    }
    if spots.is_empty() { Ok(()) } else { file.sync_all() }
}

/// Where the bytes of Exif and XMP are, with their lengths.
fn spots(file: &mut File, end: u64) -> io::Result<Vec<(u64, u64)>> {
    let (at, length) = meta(file, end)?;
    if length > META_BYTES {
        return Err(no_picture("its list of items is too long"));
    }
    let mut list = vec![0; length as usize];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut list)?;
    // A full box: its version and flags come first.
    let (mut said, mut places, mut data_at) = (Vec::new(), Vec::new(), None);
    let mut rest = Part { bytes: &list, at: 4 };
    while let Some((name, inner)) = rest.next_box()? {
        match &name {
            b"iinf" => said = items_said(inner)?,
            b"iloc" => places = item_places(inner)?,
            b"idat" => data_at = Some(at + (inner.bytes.as_ptr() as usize - list.as_ptr() as usize) as u64),
            _ => {}
        }
    }
    let mut spots = Vec::new();
    for place in places.iter().filter(|place| said.contains(&place.item)) {
        let base = match place.within_data {
            true => data_at.ok_or_else(|| no_picture("its data is missing"))?,
            false => 0,
        };
        let from = base.saturating_add(place.offset);
        if from.saturating_add(place.length) <= end {
            spots.push((from, place.length));
        }
    }
    match spots.iter().fold(0, |sum: u64, (_, length)| sum.saturating_add(*length)) {
        0..=SAID_BYTES => Ok(spots),
        _ => Err(no_picture("too much is said about it")),
    }
}

/// The box `meta` at the top of the file.
fn meta(file: &mut File, end: u64) -> io::Result<(u64, u64)> {
    let mut at = 0;
    for _ in 0..BOXES {
        if at + 8 > end {
            break;
        }
        file.seek(SeekFrom::Start(at))?;
        let length = u64::from(u32::from_be_bytes(bytes(file)?));
        let name: [u8; 4] = bytes(file)?;
        let (head, next) = match length {
            0 => (8, end),
            1 => (16, at.saturating_add(u64::from_be_bytes(bytes(file)?))),
            length => (8, at + length),
        };
        if next < at + head || next > end {
            break;
        }
        if &name == b"meta" {
            return Ok((at + head, next - at - head));
        }
        at = next;
    }
    Err(no_picture("it has no list of items"))
}

/// Bytes that are read one field after the other.
struct Part<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Part<'a> {
    fn take(&mut self, length: usize) -> io::Result<&'a [u8]> {
        let end = self.at.checked_add(length).ok_or_else(|| no_picture("a field is too long"))?;
        let taken = self.bytes.get(self.at..end).ok_or(ErrorKind::UnexpectedEof)?;
        self.at = end;
        Ok(taken)
    }

    /// A number of 0 to 8 bytes.
    fn number(&mut self, length: usize) -> io::Result<u64> {
        if length > 8 {
            return Err(no_picture("a number is too long"));
        }
        Ok(self.take(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn next_box(&mut self) -> io::Result<Option<([u8; 4], Part<'a>)>> {
        if self.at + 8 > self.bytes.len() {
            return Ok(None);
        }
        let length = self.number(4)? as usize;
        let name = self.take(4)?.try_into().expect("four bytes were taken");
        let inner = self.take(length.checked_sub(8).ok_or_else(|| no_picture("a box is too short"))?)?;
        Ok(Some((name, Part { bytes: inner, at: 0 })))
    }
}

/// ISO/IEC 14496-12, 8.11.6: the items that say something about the picture.
fn items_said(mut list: Part) -> io::Result<Vec<u64>> {
    let version = list.number(1)?;
    list.take(3)?;
    list.number(if version == 0 { 2 } else { 4 })?;
    let mut said = Vec::new();
    while let Some((_, mut item)) = list.next_box()? {
        let version = item.number(1)?;
        item.take(3)?;
        if version < 2 {
            continue;
        }
        let id = item.number(if version == 2 { 2 } else { 4 })?;
        item.take(2)?;
        if matches!(item.take(4)?, b"Exif" | b"mime") {
            said.push(id);
        }
    }
    Ok(said)
}

/// A stretch of an item's bytes.
struct Spread {
    item: u64,
    /// Counted from the data of the list itself, not from the beginning of the file.
    within_data: bool,
    offset: u64,
    length: u64,
}

/// ISO/IEC 14496-12, 8.11.3: where the bytes of the items are.
fn item_places(mut list: Part) -> io::Result<Vec<Spread>> {
    let version = list.number(1)?;
    list.take(3)?;
    let sizes = list.number(2)? as usize;
    let (of_offset, of_length, of_base) = (sizes >> 12 & 15, sizes >> 8 & 15, sizes >> 4 & 15);
    let of_index = if version == 0 { 0 } else { sizes & 15 };
    let of_id = if version < 2 { 2 } else { 4 };
    let mut places = Vec::new();
    for _ in 0..list.number(of_id)? {
        let item = list.number(of_id)?;
        let method = if version == 0 { 0 } else { list.number(2)? & 15 };
        list.take(2)?;
        let base = list.number(of_base)?;
        let pieces = list.number(2)?;
        if pieces > 0 && of_offset + of_length == 0 {
            return Err(no_picture("its pieces are nowhere"));
        }
        for _ in 0..pieces {
            list.take(of_index)?;
            let offset = base.saturating_add(list.number(of_offset)?);
            let length = list.number(of_length)?;
            // Method 2 is made of other items, which are listed themselves.
            if places.len() == PIECES {
                return Err(no_picture("it is in too many pieces"));
            }
            if method < 2 {
                places.push(Spread { item, within_data: method == 1, offset, length });
            }
        }
    }
    Ok(places)
}
