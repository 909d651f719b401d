//! A film of one track as it grows (RFC 9559; WebM is a part of it): a head, then clusters, each written whole. What
//! lies on the disk at any moment can be played to its last cluster.

use std::io::{self, Write};

use super::ebml::{self, element, elements, float, id, id_bytes, number, text, void};
use super::note::Began;
use crate::rtc::Coded;

/// A cluster is written when it holds so much: a crash loses no more than that, and a little.
const CLUSTER_MS: i64 = 800;
/// Where in the end it is written what lies where.
pub const SEEK_ROOM: usize = 80;
/// An id of two bytes, a length of one and a number of eight.
pub const DURATION_ROOM: usize = 11;

pub struct Film<W> {
    out: W,
    began_us: i64,
    cluster: Vec<u8>,
    /// When it begins, in milliseconds of the film.
    cluster_ms: Option<i64>,
}

impl<W: Write> Film<W> {
    pub fn begin(mut out: W, began: &Began) -> io::Result<Self> {
        out.write_all(&head(began))?;
        Ok(Self { out, began_us: began.at_us, cluster: Vec::new(), cluster_ms: None })
    }

    /// Bytes of this frame are on their way to the disk after the next frames, or after [`Film::flush`].
    pub fn frame(&mut self, at_us: i64, key: bool, is_picture: bool, data: &[u8]) -> io::Result<()> {
        let at_ms = (at_us - self.began_us).max(0) / 1000;
        let since = self.cluster_ms.map(|begins| at_ms - begins);
        if since.is_some_and(|since| since >= CLUSTER_MS || (key && is_picture)) {
            self.flush()?;
        }
        let begins = *self.cluster_ms.get_or_insert(at_ms);
        let since = i16::try_from(at_ms - begins).unwrap_or(i16::MAX);
        // RFC 9559, 10.2: the track, the time within the cluster, whether one can begin here.
        let mut block = ebml::head(id::SIMPLE_BLOCK, data.len() as u64 + 4);
        block.push(0x81);
        block.extend(since.to_be_bytes());
        block.push(if key { 0x80 } else { 0 });
        self.cluster.extend(block);
        self.cluster.extend(data);
        Ok(())
    }

    /// Writes the cluster that is being collected. The next frame begins another one.
    pub fn flush(&mut self) -> io::Result<()> {
        let Some(begins) = self.cluster_ms.take() else { return Ok(()) };
        let time = number(id::TIMESTAMP, begins.unsigned_abs());
        let mut whole = ebml::head(id::CLUSTER, (time.len() + self.cluster.len()) as u64);
        whole.extend(time);
        whole.append(&mut self.cluster);
        self.out.write_all(&whole)
    }

    pub fn out(&self) -> &W {
        &self.out
    }
}

fn head(began: &Began) -> Vec<u8> {
    let kind = if began.coded == Coded::H264 { "matroska" } else { "webm" };
    let mut out = elements(
        id::EBML,
        &[
            number(0x4286, 1),
            number(0x42f7, 1),
            number(0x42f2, 4),
            number(0x42f3, 8),
            text(0x4282, kind),
            number(0x4287, 4),
            number(0x4285, 2),
        ],
    );
    out.extend(id_bytes(id::SEGMENT));
    out.extend(ebml::UNKNOWN);
    out.extend(void(SEEK_ROOM));
    // Times are in milliseconds: a million nanoseconds.
    let info = [
        number(id::SCALE, 1_000_000),
        text(id::MUXING_APP, "Madang"),
        text(id::WRITING_APP, "Madang"),
        void(DURATION_ROOM),
    ];
    out.extend(elements(id::INFO, &info));
    out.extend(elements(id::TRACKS, &[track(began)]));
    out
}

/// RFC 9559, 5.1.4.1.
fn track(began: &Began) -> Vec<u8> {
    let is_picture = began.coded != Coded::Opus;
    let codec = match began.coded {
        Coded::Opus => "A_OPUS",
        Coded::Vp8 => "V_VP8",
        Coded::H264 => "V_MPEG4/ISO/AVC",
    };
    let mut parts = vec![
        number(0xd7, 1),
        number(0x73c5, 1),
        number(0x83, if is_picture { 1 } else { 2 }),
        number(0x9c, 0),
        text(0x86, codec),
    ];
    if !began.private.is_empty() {
        parts.push(element(0x63a2, &began.private));
    }
    if is_picture {
        let (width, height) = began.size.unwrap_or((1280, 720));
        let mut video = vec![number(0xb0, width.into()), number(0xba, height.into())];
        if began.rotation != 0 {
            // Counter-clockwise, from -180 to 180.
            let roll = -f64::from(if began.rotation > 180 {
                i32::from(began.rotation) - 360
            } else {
                i32::from(began.rotation)
            });
            video.push(elements(0x7670, &[number(0x7671, 0), float(0x7675, roll)]));
        }
        parts.push(elements(0xe0, &video));
    } else {
        // RFC 7845, 4.6: a decoder is right 80 ms after it begins in the middle.
        parts.push(number(0x56bb, 80_000_000));
        parts.push(elements(0xe1, &[float(0xb5, 48_000.0), number(0x9f, 2)]));
    }
    elements(id::TRACK, &parts)
}
