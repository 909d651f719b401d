//! WebP (RFC 9649): a RIFF file whose chunks are the picture, its frames, and what is said about them.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{bytes, copy, exif, no_picture};

const PICTURE: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// More than an animation of an hour has.
const CHUNKS: usize = 100_000;
const EXIF_BYTES: u32 = 1 << 20;
/// RFC 9649, 2.7.1: the flags of `VP8X` that announce Exif and XMP.
const SAYS_EXIF: u8 = 0x08;
const SAYS_XMP: u8 = 0x04;

struct Chunk {
    name: [u8; 4],
    at: u64,
    length: u32,
}

impl Chunk {
    /// With its head, and the byte that makes it even.
    fn whole(&self) -> u64 {
        8 + u64::from(self.length) + u64::from(self.length % 2)
    }
}

/// Copies the picture; tells whether anything was left out.
pub(super) fn walk(source: &mut (impl Read + Seek), out: &mut impl Write) -> io::Result<bool> {
    let (chunks, end) = chunks(source)?;
    let said = match chunks.iter().find(|chunk| &chunk.name == b"EXIF" && chunk.length <= EXIF_BYTES) {
        Some(chunk) => {
            let mut block = vec![0; chunk.length as usize];
            source.seek(SeekFrom::Start(chunk.at))?;
            source.read_exact(&mut block)?;
            block
        }
        None => Vec::new(),
    };
    let turn = exif::turn(said.strip_prefix(b"Exif\0\0").unwrap_or(&said));
    let kept: Vec<&Chunk> = chunks.iter().filter(|chunk| PICTURE.contains(&&chunk.name)).collect();
    // RFC 9649, 2.7: only the extended form, which begins with VP8X, may hold Exif.
    let turn = turn.filter(|_| kept.first().is_some_and(|chunk| &chunk.name == b"VP8X"));
    // What says nothing but which side is up, at the end where we put it, may stay.
    let ours = turn.is_some_and(|turn| exif::only(turn) == *said)
        && chunks.last().is_some_and(|chunk| &chunk.name == b"EXIF");
    let changed = kept.len() + usize::from(ours) != chunks.len();
    let length = kept.iter().map(|chunk| chunk.whole()).sum::<u64>() + turn.map_or(0, |_| 8 + 26);
    let riff = u32::try_from(4 + length).map_err(|_| no_picture("it is too long"))?;
    out.write_all(b"RIFF")?;
    out.write_all(&riff.to_le_bytes())?;
    out.write_all(b"WEBP")?;
    for chunk in kept {
        source.seek(SeekFrom::Start(chunk.at - 8))?;
        if &chunk.name == b"VP8X" && chunk.length > 0 {
            copy(source, out, 8)?;
            let [flags] = bytes(source)?;
            let says = if turn.is_some() { SAYS_EXIF } else { 0 };
            out.write_all(&[flags & !(SAYS_EXIF | SAYS_XMP) | says])?;
            copy(source, out, chunk.whole() - 9)?;
        } else {
            copy(source, out, chunk.whole())?;
        }
    }
    if let Some(turn) = turn {
        out.write_all(b"EXIF")?;
        out.write_all(&26u32.to_le_bytes())?;
        out.write_all(&exif::only(turn))?;
    }
    source.seek(SeekFrom::Start(end))?;
    Ok(changed)
}

/// All chunks, and where the picture ends.
fn chunks(source: &mut (impl Read + Seek)) -> io::Result<(Vec<Chunk>, u64)> {
    let head: [u8; 12] = bytes(source)?;
    if &head[..4] != b"RIFF" || &head[8..] != b"WEBP" {
        return Err(no_picture("it does not begin as a WebP"));
    }
    let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    let (mut at, end) = (12, 8 + u64::from(length));
    if source.seek(SeekFrom::End(0))? < end {
        return Err(no_picture("it is cut short"));
    }
    let mut found = Vec::new();
    while at + 8 <= end {
        source.seek(SeekFrom::Start(at))?;
        let name = bytes(source)?;
        let chunk = Chunk { name, at: at + 8, length: u32::from_le_bytes(bytes(source)?) };
        at += chunk.whole();
        if at > end || found.len() == CHUNKS {
            return Err(no_picture("its chunks do not fit"));
        }
        found.push(chunk);
    }
    Ok((found, end))
}
