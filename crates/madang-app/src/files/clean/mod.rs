//! Takes out of pictures and films what they say about where and by whom they were taken, and leaves every pixel
//! as it is.
//!
//! Each walker copies what it knows to be part of the picture and leaves out the rest, also what is hidden behind
//! the end. They read and write as they go, whatever the size of the file; a file that is not what it seems to be
//! ends the walk, and is then not treated as a picture at all.

mod exif;
mod film;
mod gif;
mod heif;
mod jpeg;
mod png;
mod webp;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use image::ImageFormat;

pub(super) use film::clean as clean_film;
pub(super) use heif::clean as clean_heif;
#[cfg(test)]
pub(super) use png::check_sum;

/// What came of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cleaned {
    /// Everything in it belongs to the picture: the file is fine as it is.
    Nothing,
    /// The copy is the picture without the rest.
    Copy,
    /// It is not what its first bytes say.
    NoPicture,
}

/// Copies the picture in `from` to `to`, without anything that is not the picture.
pub(super) fn clean(from: &Path, to: &Path, format: ImageFormat) -> io::Result<Cleaned> {
    let mut source = BufReader::with_capacity(256 << 10, File::open(from)?);
    let mut copy = BufWriter::with_capacity(256 << 10, File::create(to)?);
    let walked = match format {
        ImageFormat::Jpeg => jpeg::walk(&mut source, &mut copy),
        ImageFormat::Png => png::walk(&mut source, &mut copy),
        ImageFormat::WebP => webp::walk(&mut source, &mut copy),
        _ => gif::walk(&mut source, &mut copy),
    };
    match walked {
        Ok(changed) => {
            copy.flush()?;
            // What follows the end of the picture is not part of it.
            let hidden = source.read(&mut [0])? > 0;
            Ok(if changed || hidden { Cleaned::Copy } else { Cleaned::Nothing })
        }
        Err(error) if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
            Ok(Cleaned::NoPicture)
        }
        Err(error) => Err(error),
    }
}

fn no_picture(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}

fn bytes<const N: usize>(source: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Copies exactly `length` bytes.
fn copy(source: &mut impl Read, out: &mut impl Write, length: u64) -> io::Result<()> {
    match io::copy(&mut source.take(length), out)? {
        copied if copied == length => Ok(()),
        _ => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Passes over exactly `length` bytes.
fn skip(source: &mut impl Read, length: u64) -> io::Result<()> {
    copy(source, &mut io::sink(), length)
}

#[cfg(test)]
mod tests;
