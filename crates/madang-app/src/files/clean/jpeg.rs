//! JPEG (ITU-T T.81, annex B): a row of segments, with the coded picture behind some of them.

use std::io::{self, BufRead, Read, Write};

use super::{bytes, exif, no_picture};

const EXIF: &[u8] = b"Exif\0\0";

/// Copies the picture; tells whether anything was left out.
pub(super) fn walk(source: &mut impl BufRead, out: &mut impl Write) -> io::Result<bool> {
    if bytes(source)? != [0xff, 0xd8] {
        return Err(no_picture("it does not begin as a JPEG"));
    }
    out.write_all(&[0xff, 0xd8])?;
    let mut changed = false;
    let mut scanned = false;
    let mut marker = next_marker(source)?;
    loop {
        match marker {
            0xd9 => {
                out.write_all(&[0xff, 0xd9])?;
                return Ok(changed);
            }
            0x01 | 0xd0..=0xd7 => out.write_all(&[0xff, marker])?,
            _ => {
                let data = segment(source)?;
                changed |= keep(marker, data, out)?;
            }
        }
        if marker == 0xda {
            scanned = true;
            marker = match coded(source, out)? {
                Some(marker) => marker,
                // A picture cut short in its last lines is still one.
                None => return Ok(changed),
            };
        } else {
            marker = match next_marker(source) {
                Err(_) if scanned => return Ok(changed),
                other => other?,
            };
        }
    }
}

/// T.81, B.1.1.2: any number of fill bytes may stand before a marker.
fn next_marker(source: &mut impl Read) -> io::Result<u8> {
    if bytes(source)? != [0xff] {
        return Err(no_picture("a marker is missing"));
    }
    loop {
        let [code] = bytes(source)?;
        match code {
            0xff => {}
            0 => return Err(no_picture("a marker is missing")),
            code => return Ok(code),
        }
    }
}

fn segment(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = usize::from(u16::from_be_bytes(bytes(source)?));
    let length = length.checked_sub(2).ok_or_else(|| no_picture("a segment is too short"))?;
    let mut data = vec![0; length];
    source.read_exact(&mut data)?;
    Ok(data)
}

/// Writes a segment if it belongs to the picture; tells whether something was left out.
fn keep(marker: u8, mut data: Vec<u8>, out: &mut impl Write) -> io::Result<bool> {
    match marker {
        0xe0 if data.starts_with(b"JFIF\0") && data.len() >= 14 => {
            // A tiny picture may follow; it may show what was cut off later.
            let whole = data.len() == 14;
            data.truncate(14);
            data[12..14].fill(0);
            write(marker, &data, out)?;
            Ok(!whole)
        }
        0xe1 if data.starts_with(EXIF) => match exif::turn(&data[EXIF.len()..]) {
            Some(turn) => {
                let only = [EXIF, &exif::only(turn)].concat();
                write(marker, &only, out)?;
                Ok(only != data)
            }
            None => Ok(true),
        },
        0xe2 if data.starts_with(b"ICC_PROFILE\0") => write(marker, &data, out).map(|()| false),
        // Tells how the colours are coded.
        0xee if data.starts_with(b"Adobe") => write(marker, &data, out).map(|()| false),
        0xe0..=0xef | 0xfe => Ok(true),
        0xc0..=0xcf | 0xda..=0xdf => write(marker, &data, out).map(|()| false),
        _ => Err(no_picture("an unknown segment")),
    }
}

fn write(marker: u8, data: &[u8], out: &mut impl Write) -> io::Result<()> {
    let length = u16::try_from(data.len() + 2).map_err(|_| no_picture("a segment is too long"))?;
    out.write_all(&[0xff, marker])?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(data)
}

/// Copies coded data up to the next marker. T.81, F.1.2.3: within it, 0xff is followed by 0 or a restart.
fn coded(source: &mut impl BufRead, out: &mut impl Write) -> io::Result<Option<u8>> {
    let mut after_ff = false;
    loop {
        let part = source.fill_buf()?;
        if part.is_empty() {
            return Ok(None);
        }
        let mut end = None;
        for (at, byte) in part.iter().enumerate() {
            if after_ff && !matches!(byte, 0 | 0xd0..=0xd7 | 0xff) {
                end = Some((at, *byte));
                break;
            }
            after_ff = *byte == 0xff;
        }
        match end {
            None => {
                let length = part.len();
                // A last 0xff may belong to a marker: it is written when that is known.
                let kept = if after_ff { length - 1 } else { length };
                out.write_all(&part[..kept])?;
                source.consume(length);
                if after_ff {
                    match marker_behind(source, out)? {
                        Behind::Coded => after_ff = false,
                        Behind::Marker(code) => return Ok(Some(code)),
                        Behind::End => return Ok(None),
                    }
                }
            }
            Some((at, code)) => {
                out.write_all(&part[..at.saturating_sub(1)])?;
                source.consume(at + 1);
                return Ok(Some(code));
            }
        }
    }
}

enum Behind {
    Coded,
    Marker(u8),
    End,
}

/// Decides about a 0xff that was the last byte at hand.
fn marker_behind(source: &mut impl BufRead, out: &mut impl Write) -> io::Result<Behind> {
    loop {
        let Some(next) = source.fill_buf()?.first().copied() else { return Ok(Behind::End) };
        source.consume(1);
        match next {
            0xff => {}
            0 | 0xd0..=0xd7 => {
                out.write_all(&[0xff, next])?;
                return Ok(Behind::Coded);
            }
            code => return Ok(Behind::Marker(code)),
        }
    }
}
