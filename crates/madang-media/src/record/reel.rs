//! One track while it is recorded: of its layers the tallest that comes, its packets in order, frames out of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::h264;
use super::note::{Began, Note};
use super::order::{Order, Piece};
use crate::rtc::{Coded, Packet, unpacked};
use crate::track::{Kind, Layer, TrackName};

/// A camera pauses for no second; a layer that does is not coming, and the next smaller one is taken.
const FLOWS: Duration = Duration::from_millis(1200);
/// RFC 6716: what a decoder must know of Opus in Matroska is the header of its Ogg streams (RFC 7845, 5.1).
const OPUS_HEAD: [u8; 19] =
    [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', 1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0];
/// A voice whose time jumps so far begins anew: 60 s in ticks.
const JUMP: u32 = 48_000 * 60;

pub struct Reel {
    track: TrackName,
    coded: Coded,
    streams: [Stream; 3],
    current: Option<Layer>,
    rotation: u16,
    open: Option<Open>,
    /// The last frame that was given.
    last_us: i64,
    /// The last sound that was given, in its own time.
    spoken: Option<u32>,
}

/// The file that is being written.
struct Open {
    file: u32,
    rotation: u16,
    bytes: u64,
}

struct Stream {
    order: Order,
    clock: Clock,
    last: Option<Instant>,
    building: Option<Building>,
    /// Nothing is missing since the last keyframe.
    whole: bool,
    /// The number of the last picture that was complete.
    complete: Option<u16>,
}

struct Building {
    time: u32,
    key: bool,
    picture: Option<u16>,
    parts: Vec<Arc<[u8]>>,
}

/// What frames are given to, and how large a file may get.
pub struct Desk<'a> {
    pub began: Instant,
    pub now: Instant,
    pub files: &'a mut u32,
    pub most: u64,
    pub notes: &'a mut Vec<Note>,
}

impl Desk<'_> {
    pub fn at_us(&self) -> i64 {
        self.us(self.now)
    }

    fn us(&self, at: Instant) -> i64 {
        at.saturating_duration_since(self.began).as_micros() as i64
    }
}

impl Reel {
    pub fn new(track: TrackName, coded: Coded) -> Self {
        let rate = if coded == Coded::Opus { 48_000 } else { 90_000 };
        let stream = || Stream {
            order: Order::default(),
            clock: Clock::new(rate),
            last: None,
            building: None,
            whole: false,
            complete: None,
        };
        Self {
            track,
            coded,
            streams: [stream(), stream(), stream()],
            current: None,
            rotation: 0,
            open: None,
            last_us: -1,
            spoken: None,
        }
    }

    pub fn coded(&self) -> Coded {
        self.coded
    }

    pub fn hear(&mut self, packet: &Packet, desk: &mut Desk<'_>) {
        self.rotation = packet.rotation().unwrap_or(self.rotation);
        let stream = &mut self.streams[packet.layer as usize];
        stream.last = Some(packet.at);
        stream.order.push(Piece::of(packet, self.coded == Coded::Opus));
        self.pull(packet.layer, desk);
    }

    /// Time passes: what was waited for in vain is given up.
    pub fn round(&mut self, desk: &mut Desk<'_>) {
        Layer::ALL.into_iter().for_each(|layer| self.pull(layer, desk));
    }

    /// Nothing more comes.
    pub fn end(&mut self, desk: &mut Desk<'_>) {
        for layer in Layer::ALL {
            while let Some((piece, missing)) = self.streams[layer as usize].order.give_up() {
                self.take(layer, piece, missing, desk);
            }
        }
    }

    /// The layer of which a keyframe is needed.
    pub fn waits(&self, now: Instant) -> Option<Layer> {
        if self.track.source.kind() == Kind::Audio {
            return None;
        }
        let tallest = self.tallest(now)?;
        let whole = self.current.is_some_and(|layer| self.streams[layer as usize].whole);
        let turned = self.open.as_ref().is_some_and(|open| open.rotation != self.rotation);
        (self.current != Some(tallest) || !whole || turned).then_some(tallest)
    }

    fn tallest(&self, now: Instant) -> Option<Layer> {
        let flows = |layer: &Layer| {
            let last = self.streams[*layer as usize].last;
            last.is_some_and(|last| now.saturating_duration_since(last) < FLOWS)
        };
        Layer::ALL.into_iter().filter(flows).max()
    }

    fn pull(&mut self, layer: Layer, desk: &mut Desk<'_>) {
        while let Some((piece, missing)) = self.streams[layer as usize].order.pop(desk.now) {
            self.take(layer, piece, missing, desk);
        }
    }

    fn take(&mut self, layer: Layer, piece: Piece, missing: bool, desk: &mut Desk<'_>) {
        if self.coded == Coded::Opus {
            self.sound(piece, desk);
        } else if let Some(frame) = self.streams[layer as usize].build(piece, missing, desk) {
            self.picture(layer, frame, desk);
        }
    }

    /// A voice: what was lost is taken from what was sent once more.
    fn sound(&mut self, piece: Piece, desk: &mut Desk<'_>) {
        let clock = &mut self.streams[Layer::F as usize].clock;
        clock.heard(piece.time, desk.us(piece.at));
        for (time, sound) in piece.sounds {
            let since = self.spoken.map(|spoken| time.wrapping_sub(spoken).cast_signed());
            let is_new = since.is_none_or(|since| since > 0 || since.unsigned_abs() > JUMP);
            if is_new && !sound.is_empty() {
                self.spoken = Some(time);
                let at_us = self.streams[Layer::F as usize].clock.at_us(time);
                self.give(at_us, true, sound.to_vec(), desk);
            }
        }
    }

    fn picture(&mut self, layer: Layer, frame: Building, desk: &mut Desk<'_>) {
        if self.current != Some(layer) {
            let current_flows = self.current.is_some_and(|current| {
                let last = self.streams[current as usize].last;
                last.is_some_and(|last| desk.now.saturating_duration_since(last) < FLOWS)
            });
            let is_better = self.current.is_none_or(|current| layer > current) || !current_flows;
            if !frame.key || !is_better {
                return;
            }
            self.current = Some(layer);
        }
        let at_us = self.streams[layer as usize].clock.at_us(frame.time);
        if let Some(data) = unpacked(self.coded, &frame.parts) {
            self.give(at_us, frame.key, data, desk);
        }
    }

    fn give(&mut self, at_us: i64, key: bool, data: Vec<u8>, desk: &mut Desk<'_>) {
        // Time does not run back within a track, whatever its sender says.
        let at_us = at_us.max(self.last_us + 1_000).max(0);
        let fits = |open: &Open| {
            !key || (open.rotation == self.rotation && open.bytes + data.len() as u64 <= desk.most)
        };
        if !self.open.as_ref().is_some_and(fits) {
            let Some(began) = self.begin(at_us, &data, desk) else { return };
            self.open = Some(Open { file: began.file, rotation: began.rotation, bytes: 0 });
            desk.notes.push(Note::Began(began));
        }
        let Some(open) = &mut self.open else { return };
        self.last_us = at_us;
        open.bytes += data.len() as u64;
        desk.notes.push(Note::Frame { file: open.file, at_us, key, data });
    }

    /// None: the first frame does not say what a decoder must know.
    fn begin(&self, at_us: i64, data: &[u8], desk: &mut Desk<'_>) -> Option<Began> {
        let (size, private) = match self.coded {
            Coded::Opus => (None, OPUS_HEAD.to_vec()),
            Coded::Vp8 => (Some(vp8_size(data)?), Vec::new()),
            Coded::H264 => h264::private(data).map(|(size, private)| (Some(size), private))?,
        };
        *desk.files += 1;
        let (track, coded, rotation) = (self.track, self.coded, self.rotation);
        Some(Began { file: *desk.files, track, coded, at_us, size, rotation, private })
    }
}

impl Stream {
    /// A frame, when the piece completes one that can be shown.
    fn build(&mut self, piece: Piece, missing: bool, desk: &Desk<'_>) -> Option<Building> {
        // A number that was used for padding is missed by nobody: the pictures tell.
        let follows = self.building.is_none()
            && piece.begins
            && self
                .complete
                .zip(piece.picture)
                .is_some_and(|(last, next)| last.wrapping_add(1) & 0x7f == next & 0x7f);
        if missing && !follows {
            self.building = None;
            self.whole = false;
        }
        if piece.payload.is_empty() {
            return None;
        }
        if self.building.as_ref().is_some_and(|building| building.time != piece.time) {
            // Its last packet never came.
            self.building = None;
            self.whole = false;
        }
        if self.building.is_none() {
            let begins = piece.begins || (!missing && piece.picture.is_none());
            if !begins {
                self.whole = false;
                return None;
            }
            self.clock.heard(piece.time, desk.us(piece.at));
            let (time, key, picture) = (piece.time, false, piece.picture);
            self.building = Some(Building { time, key, picture, parts: Vec::new() });
        }
        let building = self.building.as_mut()?;
        building.key |= piece.key;
        building.parts.push(piece.payload);
        if !piece.marker {
            return None;
        }
        let frame = self.building.take()?;
        self.complete = frame.picture;
        self.whole |= frame.key;
        self.whole.then_some(frame)
    }
}

/// RFC 6386, 9.1: a keyframe begins with three bytes of frame tag, the start code, then width and height.
fn vp8_size(frame: &[u8]) -> Option<(u16, u16)> {
    let [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1] = *frame.first_chunk::<10>()? else { return None };
    let size = |low, high| u16::from_le_bytes([low, high]) & 0x3fff;
    (tag & 1 == 0).then(|| (size(w0, w1), size(h0, h1)))
}
