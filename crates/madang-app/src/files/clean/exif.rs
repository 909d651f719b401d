//! Exif: all that a picture needs of it is which side is up.

use image::metadata::Orientation;

/// Which side is up, by a block that begins with its byte order.
pub(super) fn turn(block: &[u8]) -> Option<u8> {
    let turn = Orientation::from_exif_chunk(block)?;
    (turn != Orientation::NoTransforms).then(|| turn.to_exif())
}

/// A block that says nothing but which side is up (TIFF 6.0, section 2: one directory with one entry).
pub(super) fn only(turn: u8) -> [u8; 26] {
    let mut block = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = turn;
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_says_which_side_is_up() {
        for value in 2..=8 {
            assert_eq!(turn(&only(value)), Some(value));
        }
        assert_eq!(turn(&only(1)), None);
        assert_eq!(turn(b"nothing"), None);
    }
}
