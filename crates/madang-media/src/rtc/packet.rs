//! A media packet as the call sees it: opened, with what of it must be rewritten.

use std::sync::Arc;
use std::time::Instant;

use str0m::format::{Codec, PayloadParams};
use str0m::media::{Mid, Pt};
use str0m::rtp::{ExtensionValues, RedDecoder, RtpPacket, Vp8Descriptor};

use super::picture::{self, Picture};
use crate::track::Layer;

#[derive(Debug)]
pub struct Packet {
    pub mid: Mid,
    pub layer: Layer,
    /// Extended: counts on where 16 bits begin anew.
    pub seq: u64,
    pub time: u32,
    pub marker: bool,
    pub payload: Arc<[u8]>,
    pub format: Format,
    pub picture: Picture,
    /// RFC 6464: 0 is silence, 127 as loud as can be. None: the client does not tell.
    pub loudness: Option<u8>,
    pub at: Instant,
    pub(super) descriptor: Option<Vp8Descriptor>,
    pub(super) extensions: ExtensionValues,
}

/// The codec and its parameters, as the sender negotiated them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    pub(super) params: PayloadParams,
    pub(super) red: bool,
}

impl Format {
    pub(super) fn of(params: PayloadParams, pt: Pt) -> Self {
        Self { params, red: params.red() == Some(pt) }
    }

    /// RTP ticks a second.
    pub fn clock(&self) -> u32 {
        self.params.spec().clock_rate.get()
    }
}

/// The numbers under which a packet is sent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    pub seq: u64,
    pub time: u32,
    pub picture: Option<u16>,
    pub base: Option<u8>,
}

impl Packet {
    pub(super) fn of(packet: RtpPacket, mid: Mid, layer: Layer, params: PayloadParams) -> Self {
        let format = Format::of(params, packet.header.payload_type);
        let codec = params.spec().codec;
        let descriptor = (codec == Codec::Vp8).then(|| Vp8Descriptor::parse(&packet.payload).ok()).flatten();
        let picture = match (codec, &descriptor) {
            (Codec::Vp8, Some(descriptor)) => picture::vp8(&packet.payload, descriptor),
            (Codec::H264, _) => picture::h264(&packet.payload),
            _ => Picture::default(),
        };
        let heard = packet.header.ext_vals;
        // Numbers, clocks and names of the sender's connection mean nothing on another one.
        let extensions = ExtensionValues {
            audio_level: heard.audio_level,
            voice_activity: heard.voice_activity,
            video_orientation: heard.video_orientation,
            ..ExtensionValues::default()
        };
        Self {
            mid,
            layer,
            seq: *packet.seq_no,
            time: packet.header.timestamp,
            marker: packet.header.marker,
            payload: packet.payload,
            format,
            picture,
            loudness: heard.audio_level.map(|level| (127 + i16::from(level)).clamp(0, 127) as u8),
            at: packet.timestamp,
            descriptor,
            extensions,
        }
    }

    /// A packet of a picture in the layer `F`, with nothing in it.
    #[cfg(test)]
    pub fn of_test(seq: u64, time: u32, id: u16, at: Instant) -> Self {
        use str0m::format::{CodecSpec, FormatParams};
        let spec = CodecSpec {
            codec: Codec::Vp8,
            clock_rate: str0m::media::Frequency::NINETY_KHZ,
            channels: None,
            format: FormatParams::default(),
        };
        let params = PayloadParams::new(96.into(), None, spec);
        Self {
            mid: "1".into(),
            layer: Layer::F,
            seq,
            time,
            marker: false,
            payload: Arc::from([0u8; 100]),
            format: Format { params, red: false },
            picture: Picture { id: Some(id), long: true, ..Picture::default() },
            loudness: None,
            at,
            descriptor: None,
            extensions: ExtensionValues::default(),
        }
    }

    /// The payload for a receiver who knows the primary codec as `primary`, and takes redundancy
    /// or not. None: it cannot be read.
    pub(super) fn payload_for(&self, primary: Pt, takes_red: bool) -> Option<Arc<[u8]>> {
        if !self.format.red || (takes_red && self.format.params.pt() == primary) {
            return Some(self.payload.clone());
        }
        if !takes_red {
            let blocks = RedDecoder::decode(&self.payload).ok()?;
            return blocks.into_iter().find(|block| block.is_primary).map(|block| Arc::from(block.payload));
        }
        renamed(&self.payload, *self.format.params.pt(), *primary)
    }
}

/// RFC 2198, 3: the headers of all blocks name their payload type, in the numbers of the sender.
fn renamed(payload: &[u8], from: u8, to: u8) -> Option<Arc<[u8]>> {
    let mut renamed = payload.to_vec();
    let mut at = 0;
    loop {
        let header = renamed.get_mut(at)?;
        let more = *header & 0x80;
        if *header & 0x7f == from {
            *header = more | to;
        }
        if more == 0 {
            return Some(renamed.into());
        }
        at += 4;
    }
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn redundant_blocks_are_renamed_and_their_contents_kept() {
        let red = [0x80 | 111, 0, 0, 2, 111, 111, 111, 9];
        assert_eq!(renamed(&red, 111, 109).as_deref(), Some(&[0x80 | 109, 0, 0, 2, 109, 111, 111, 9][..]));
        assert_eq!(renamed(&[0x80 | 111, 0, 0], 111, 109), None);
    }
}
