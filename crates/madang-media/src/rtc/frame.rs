//! Frames out of the packets that carried them, for what is written down instead of sent on.

use std::sync::Arc;

use str0m::format::{Codec, CodecExtra};
use str0m::rtp::{RedDecoder, VideoOrientation};
use str0m::unversioned::{Depacketizer, H264Depacketizer, Vp8Depacketizer};

use super::packet::Packet;

/// What a track is coded in, of all that this server negotiates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coded {
    Opus,
    Vp8,
    H264,
}

impl Packet {
    /// None: nothing that is written down.
    pub fn coded(&self) -> Option<Coded> {
        match self.format.params.spec().codec {
            Codec::Opus => Some(Coded::Opus),
            Codec::Vp8 => Some(Coded::Vp8),
            Codec::H264 => Some(Coded::H264),
            _ => None,
        }
    }

    /// Whether a frame begins with it, as far as the packet says so by itself.
    pub fn begins_frame(&self) -> bool {
        match self.coded() {
            // RFC 7741, 4.2: start of a partition, and of the first one.
            Some(Coded::Vp8) => self.payload.first().is_some_and(|byte| byte & 0x17 == 0x10),
            _ => self.picture.key,
        }
    }

    /// The sounds in it, oldest first: those sent once more (RFC 2198) and its own.
    pub fn sounds(&self) -> Vec<(u32, Arc<[u8]>)> {
        if !self.format.red {
            return vec![(self.time, self.payload.clone())];
        }
        let Ok(blocks) = RedDecoder::decode(&self.payload) else { return Vec::new() };
        let filled = blocks.into_iter().filter(|block| !block.payload.is_empty());
        filled
            .map(|block| (self.time.wrapping_sub(block.timestamp_offset), Arc::from(block.payload)))
            .collect()
    }

    /// By how many degrees the picture is to be turned clockwise. None: the packet does not say.
    pub fn rotation(&self) -> Option<u16> {
        self.extensions.video_orientation.map(|orientation| match orientation {
            VideoOrientation::Deg0 => 0,
            VideoOrientation::Deg90 => 90,
            VideoOrientation::Deg180 => 180,
            VideoOrientation::Deg270 => 270,
        })
    }
}

/// One picture from all its packets, in order. H.264 comes with lengths before its units (AVC). None: they are none.
pub fn unpacked(coded: Coded, parts: &[Arc<[u8]>]) -> Option<Vec<u8>> {
    let mut reader: Box<dyn Depacketizer> = match coded {
        Coded::Opus => return None,
        Coded::Vp8 => Box::new(Vp8Depacketizer::default()),
        Coded::H264 => {
            let mut reader = H264Depacketizer::default();
            reader.is_avc = true;
            Box::new(reader)
        }
    };
    let mut frame = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    let mut extra = CodecExtra::None;
    for part in parts {
        reader.depacketize(part, &mut frame, &mut extra).ok()?;
    }
    (!frame.is_empty()).then_some(frame)
}
