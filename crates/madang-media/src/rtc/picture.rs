//! What of a picture is read from its packets: whether one can begin with it, and how tall it is.
//!
//! Reads the descriptor and the first bytes of a frame and no more: in an encrypted call the rest
//! is noise, and these are left clear.

use str0m::rtp::Vp8Descriptor;

/// What is known of the frame that a packet belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Picture {
    /// The packet begins a keyframe.
    pub key: bool,
    /// Of the picture, if the packet says so.
    pub height: Option<u16>,
    /// VP8's own numbers, which go on without a gap in what is forwarded.
    pub id: Option<u16>,
    pub base: Option<u8>,
    /// Pictures are counted in 15 bits, not in 7.
    pub long: bool,
}

/// RFC 7741, 4.2 and 4.3; RFC 6386, 9.1.
pub(super) fn vp8(payload: &[u8], descriptor: &Vp8Descriptor) -> Picture {
    let key = descriptor.starts_keyframe(payload);
    let height = if key { vp8_height(payload) } else { None };
    // The descriptor was parsed from this payload: where it says that there is an id, there is one.
    let long = descriptor.picture_id().is_some() && payload.get(2).is_some_and(|byte| byte & 0x80 != 0);
    Picture { key, height, id: descriptor.picture_id(), base: descriptor.tl0_pic_idx(), long }
}

/// A keyframe begins with three bytes of frame tag, the start code, then width and height.
fn vp8_height(payload: &[u8]) -> Option<u16> {
    const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];
    // The descriptor has at most six bytes.
    let tags = payload.get(..16.min(payload.len()))?;
    let at = tags.windows(3).position(|window| window == START_CODE)?;
    let height = payload.get(at + 5..at + 7)?;
    Some(u16::from_le_bytes([height[0], height[1]]) & 0x3fff)
}

/// RFC 6184, 5.2 to 5.8: a keyframe begins with a parameter set or an IDR slice, alone, in an
/// aggregate, or in its first fragment.
pub(super) fn h264(payload: &[u8]) -> Picture {
    const IDR: u8 = 5;
    const SPS: u8 = 7;
    const STAP_A: u8 = 24;
    const FU_A: u8 = 28;
    let kind = payload.first().map_or(0, |byte| byte & 0x1f);
    let key = match kind {
        IDR | SPS => true,
        FU_A => payload.get(1).is_some_and(|header| header & 0x80 != 0 && header & 0x1f == IDR),
        STAP_A => aggregate(&payload[1..])
            .any(|unit| matches!(unit.first().map(|byte| byte & 0x1f), Some(IDR | SPS))),
        _ => false,
    };
    Picture { key, ..Picture::default() }
}

fn aggregate(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, after) = rest.split_at_checked(2)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let (unit, after) = after.split_at_checked(length)?;
        rest = after;
        Some(unit)
    })
}

#[cfg(test)]
mod tests {
    use super::{h264, vp8};
    use str0m::rtp::Vp8Descriptor;

    #[test]
    fn a_keyframe_of_vp8_tells_its_height_and_numbers() {
        let payload = [
            0x90, 0xe0, 0x81, 0x02, 0x07, 0x20, // descriptor: picture 258, base 7
            0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, // 640 by 360
        ];
        let picture = vp8(&payload, &Vp8Descriptor::parse(&payload).unwrap());
        assert_eq!((picture.key, picture.height), (true, Some(360)));
        assert_eq!((picture.id, picture.base), (Some(258), Some(7)));
    }

    #[test]
    fn a_keyframe_of_h264_is_known_in_all_three_wrappings() {
        assert!(h264(&[0x65, 1, 2]).key && h264(&[0x67]).key);
        assert!(h264(&[0x7c, 0x85, 0]).key, "its first fragment");
        assert!(!h264(&[0x7c, 0x05, 0]).key, "a later fragment");
        assert!(h264(&[0x78, 0, 1, 0x06, 0, 2, 0x67, 0x42]).key, "behind another unit");
        assert!(!h264(&[0x61, 0]).key && !h264(&[]).key && !h264(&[0x78, 0xff, 0xff, 0x65]).key);
    }
}
