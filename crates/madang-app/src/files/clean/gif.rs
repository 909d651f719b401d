//! GIF (89a): a screen, and blocks of pictures, their timing, and remarks.

use std::io::{self, Read, Write};

use super::{bytes, copy, no_picture};

/// How often an animation runs, and its colours; other programs' own blocks (XMP among them) are left out.
const KEPT: [&[u8; 11]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// Copies the picture; tells whether anything was left out.
pub(super) fn walk(source: &mut impl Read, out: &mut impl Write) -> io::Result<bool> {
    let head: [u8; 13] = bytes(source)?;
    if &head[..6] != b"GIF89a" && &head[..6] != b"GIF87a" {
        return Err(no_picture("it does not begin as a GIF"));
    }
    out.write_all(&head)?;
    copy(source, out, colours(head[10]))?;
    let mut changed = false;
    loop {
        let [block] = bytes(source)?;
        match block {
            0x3b => {
                out.write_all(&[block])?;
                return Ok(changed);
            }
            0x2c => {
                let place: [u8; 9] = bytes(source)?;
                out.write_all(&[block])?;
                out.write_all(&place)?;
                // The colours of this frame, and the size of its codes.
                copy(source, out, colours(place[8]) + 1)?;
                parts(source, out)?;
            }
            0x21 => changed |= extension(source, out)?,
            _ => return Err(no_picture("an unknown block")),
        }
    }
}

/// Bytes of a table of colours, by the flags that announce it.
fn colours(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn extension(source: &mut impl Read, out: &mut impl Write) -> io::Result<bool> {
    let [label, length] = bytes(source)?;
    let mut head = vec![0; usize::from(length)];
    source.read_exact(&mut head)?;
    let kept = match label {
        // Timing of the next picture; text that is drawn.
        0xf9 | 0x01 => true,
        0xff => KEPT.iter().any(|name| name.as_slice() == head),
        _ => false,
    };
    // An extension without any part ends right there.
    if kept {
        out.write_all(&[0x21, label, length])?;
        out.write_all(&head)?;
        if length > 0 {
            parts(source, out)?;
        }
    } else if length > 0 {
        parts(source, &mut io::sink())?;
    }
    Ok(!kept)
}

/// Copies parts of up to 255 bytes until the empty one.
fn parts(source: &mut impl Read, out: &mut impl Write) -> io::Result<()> {
    loop {
        let [length] = bytes(source)?;
        out.write_all(&[length])?;
        if length == 0 {
            return Ok(());
        }
        copy(source, out, u64::from(length))?;
    }
}
