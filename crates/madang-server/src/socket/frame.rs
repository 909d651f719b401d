//! Frames as bytes: encoded once, shared by all receivers.
//!
//! The server does not mask (RFC 6455, 5.1), so the bytes are the same for
//! everybody; the frames of a whole commit are one block.

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// Adds one text frame (RFC 6455, 5.2) with `value` as JSON to a block.
pub fn put_text<T: Serialize>(block: &mut BytesMut, value: &T) {
    let json = serde_json::to_vec(value).expect("frames have only text keys");
    put_header(block, 0x81, json.len());
    block.put_slice(&json);
}

/// One text frame.
pub fn text<T: Serialize>(value: &T) -> Bytes {
    let mut block = BytesMut::with_capacity(256);
    put_text(&mut block, value);
    block.freeze()
}

/// A close frame (RFC 6455, 5.5.1).
pub fn close(code: u16) -> Bytes {
    let mut block = BytesMut::with_capacity(4);
    put_header(&mut block, 0x88, 2);
    block.put_u16(code);
    block.freeze()
}

fn put_header(block: &mut BytesMut, first: u8, length: usize) {
    block.put_u8(first);
    match length {
        0..=125 => block.put_u8(length as u8),
        126..=0xffff => {
            block.put_u8(126);
            block.put_u16(length as u16);
        }
        _ => {
            block.put_u8(127);
            block.put_u64(length as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_encoded_in_their_three_forms() {
        for (length, header) in [(5usize, 2usize), (200, 4), (70_000, 10)] {
            let text = "x".repeat(length - 2);
            let bytes = super::text(&text);
            assert_eq!(bytes.len(), length + header);
            assert_eq!(bytes[0], 0x81);
        }
        assert_eq!(&close(4401)[..], &[0x88, 2, 0x11, 0x31]);
    }
}
