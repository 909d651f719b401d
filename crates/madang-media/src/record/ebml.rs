//! EBML (RFC 8794): elements are an id, a length and contents, which may be elements.

/// A length of eight bytes that says: to the end of the file.
pub const UNKNOWN: [u8; 8] = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// RFC 9559, 5.1: the ids that are written here.
pub mod id {
    pub const EBML: u32 = 0x1a45_dfa3;
    pub const SEGMENT: u32 = 0x1853_8067;
    pub const SEEK_HEAD: u32 = 0x114d_9b74;
    pub const SEEK: u32 = 0x4dbb;
    pub const SEEK_ID: u32 = 0x53ab;
    pub const SEEK_POSITION: u32 = 0x53ac;
    pub const INFO: u32 = 0x1549_a966;
    pub const SCALE: u32 = 0x002a_d7b1;
    pub const DURATION: u32 = 0x4489;
    pub const MUXING_APP: u32 = 0x4d80;
    pub const WRITING_APP: u32 = 0x5741;
    pub const TRACKS: u32 = 0x1654_ae6b;
    pub const TRACK: u32 = 0xae;
    pub const CLUSTER: u32 = 0x1f43_b675;
    pub const TIMESTAMP: u32 = 0xe7;
    pub const SIMPLE_BLOCK: u32 = 0xa3;
    pub const CUES: u32 = 0x1c53_bb6b;
    pub const CUE_POINT: u32 = 0xbb;
    pub const CUE_TIME: u32 = 0xb3;
    pub const CUE_PLACES: u32 = 0xb7;
    pub const CUE_TRACK: u32 = 0xf7;
    pub const CUE_CLUSTER: u32 = 0xf1;
    pub const VOID: u32 = 0xec;
}

/// The bytes of an id: its length stands in its first bits.
pub fn id_bytes(id: u32) -> Vec<u8> {
    let bytes = id.to_be_bytes();
    bytes[bytes.iter().position(|byte| *byte != 0).unwrap_or(3)..].to_vec()
}

/// The id and length of an element of `length` bytes.
pub fn head(id: u32, length: u64) -> Vec<u8> {
    let mut out = id_bytes(id);
    // All ones means unknown, so a length of n bytes carries 7n bits but for that.
    let bytes = (1..8).find(|bytes| length < (1 << (7 * bytes)) - 1).unwrap_or(8);
    let marked = length | 1 << (7 * bytes);
    out.extend(&marked.to_be_bytes()[8 - bytes..]);
    out
}

pub fn element(id: u32, contents: &[u8]) -> Vec<u8> {
    let mut out = head(id, contents.len() as u64);
    out.extend(contents);
    out
}

pub fn elements(id: u32, children: &[Vec<u8>]) -> Vec<u8> {
    element(id, &children.concat())
}

pub fn number(id: u32, value: u64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    element(id, &bytes[from..])
}

pub fn float(id: u32, value: f64) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

pub fn text(id: u32, value: &str) -> Vec<u8> {
    element(id, value.as_bytes())
}

/// Room for what is written later; `bytes` in all.
pub fn void(bytes: usize) -> Vec<u8> {
    // Room of less than 100 bytes has a length of one.
    element(id::VOID, &vec![0; bytes.saturating_sub(2)])
}

/// Reads an id and a length at the beginning. None: there are none. A length that is unknown is none.
pub fn read_head(bytes: &[u8]) -> Option<(u32, Option<u64>, usize)> {
    let (id, id_length) = read_coded(bytes, 4, false)?;
    let (length, length_length) = read_coded(&bytes[id_length..], 8, true)?;
    let unknown = length == (1 << (7 * length_length)) - 1;
    Some((u32::try_from(id).ok()?, (!unknown).then_some(length), id_length + length_length))
}

fn read_coded(bytes: &[u8], most: usize, bare: bool) -> Option<(u64, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    if length > most {
        return None;
    }
    let value = bytes.get(..length)?.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    Some((if bare { value & !(1 << (7 * length)) } else { value }, length))
}

/// The children of an element.
pub fn children(mut rest: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let (id, length, head) = read_head(rest)?;
        let (contents, after) = rest[head..].split_at_checked(usize::try_from(length?).ok()?)?;
        rest = after;
        Some((id, contents))
    })
}

pub fn read_number(contents: &[u8]) -> u64 {
    contents.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_ids_are_written_as_the_standard_says() {
        // RFC 8794, 4.4: examples of lengths; 5: ids as they are.
        assert_eq!(element(id::VOID, b"ab"), [0xec, 0x82, b'a', b'b']);
        assert_eq!(head(id::EBML, 126), [0x1a, 0x45, 0xdf, 0xa3, 0xfe]);
        assert_eq!(head(id::TRACK, 127), [0xae, 0x40, 0x7f], "127 in one byte would mean unknown");
        assert_eq!(head(id::TRACK, 16_383), [0xae, 0x20, 0x3f, 0xff]);
        assert_eq!(number(id::SCALE, 1_000_000), [0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40]);
        assert_eq!(number(id::CUE_TIME, 0), [0xb3, 0x81, 0]);
        assert_eq!(void(11).len(), 11);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for length in [0, 1, 126, 127, 128, 16_382, 16_383, 2_097_150, 1 << 30, 1 << 40] {
            let written = head(id::CLUSTER, length);
            assert_eq!(read_head(&written), Some((id::CLUSTER, Some(length), written.len())));
        }
        let mut endless = id_bytes(id::SEGMENT);
        endless.extend(UNKNOWN);
        assert_eq!(read_head(&endless), Some((id::SEGMENT, None, 12)));
        assert_eq!(read_head(&[0]), None);
        assert_eq!(read_head(&[0x1a, 0x45]), None);
        let parent = [number(id::CUE_TIME, 700), text(id::MUXING_APP, "Madang")].concat();
        let found: Vec<_> = children(&parent).collect();
        assert_eq!(found, [(id::CUE_TIME, &[2, 0xbc][..]), (id::MUXING_APP, b"Madang")]);
    }
}
