//! PNG (W3C, third edition): a row of chunks, each with a name and a check sum.

use std::io::{self, Read, Write};

use super::{bytes, copy, exif, no_picture, skip};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// What a picture needs: its pixels, colours, sizes and frames. Not its texts, its time, or anybody's own chunks.
const PICTURE: [&[u8; 4]; 19] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV",
    b"cLLI", b"sBIT", b"bKGD", b"pHYs", b"hIST", b"acTL", b"fcTL", b"fdAT",
];
/// An Exif block beyond this is not asked which side is up.
const EXIF_BYTES: u32 = 1 << 20;

/// Copies the picture; tells whether anything was left out.
pub(super) fn walk(source: &mut impl Read, out: &mut impl Write) -> io::Result<bool> {
    if bytes(source)? != SIGNATURE {
        return Err(no_picture("it does not begin as a PNG"));
    }
    out.write_all(&SIGNATURE)?;
    let mut changed = false;
    loop {
        let length = u32::from_be_bytes(bytes(source)?);
        let name: [u8; 4] = bytes(source)?;
        if PICTURE.contains(&&name) {
            out.write_all(&length.to_be_bytes())?;
            out.write_all(&name)?;
            copy(source, out, u64::from(length) + 4)?;
        } else if &name == b"eXIf" && length <= EXIF_BYTES {
            let mut block = vec![0; length as usize];
            source.read_exact(&mut block)?;
            skip(source, 4)?;
            match exif::turn(&block) {
                Some(turn) => {
                    let only = exif::only(turn);
                    chunk(b"eXIf", &only, out)?;
                    changed |= only != *block;
                }
                None => changed = true,
            }
        } else {
            skip(source, u64::from(length) + 4)?;
            changed = true;
        }
        if &name == b"IEND" {
            return Ok(changed);
        }
    }
}

fn chunk(name: &[u8; 4], data: &[u8], out: &mut impl Write) -> io::Result<()> {
    let named = [name.as_slice(), data].concat();
    out.write_all(&(data.len() as u32).to_be_bytes())?;
    out.write_all(&named)?;
    out.write_all(&check_sum(&named).to_be_bytes())
}

/// PNG, 5.5: bit by bit, as it is counted over a few bytes only.
pub(in crate::files) fn check_sum(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
