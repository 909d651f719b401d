//! What goes over the connections, as bytes: requests, answers and frames
//! (RFC 9112, RFC 6455). Only as much of both as the two servers here speak.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use memchr::memmem;

/// Bytes of a message's text.
const TEXT: usize = 100;
/// What the text holds after its stamp.
const FILLER: &str =
    " 마당 a message of one hundred bytes, as people write them in a space all day long and on and on";
/// What stands before the stamp in an event frame.
const BEFORE_STAMP: &[u8] = b"\"text\":\"t";
const STAMP_DIGITS: usize = 20;

/// One frame from a server, which does not mask.
pub struct Frame<'a> {
    pub opcode: u8,
    pub payload: &'a [u8],
    /// Bytes of the frame with its header.
    pub length: usize,
}

/// The first frame in `bytes`, if it is complete.
pub fn frame(bytes: &[u8]) -> Option<Frame<'_>> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (header, size) = match second & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
        size => (2, usize::from(size)),
    };
    let payload = bytes.get(header..header + size)?;
    Some(Frame { opcode: first & 0x0f, payload, length: header + size })
}

/// A text frame of a client, masked with zeros, which changes nothing (RFC 6455, 5.3).
pub fn put_client_text(out: &mut Vec<u8>, text: &str) {
    out.push(0x81);
    match text.len() {
        length @ 0..=125 => out.push(0x80 | length as u8),
        length => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(text.as_bytes());
}

/// The request that opens a socket.
pub fn upgrade(address: SocketAddr, token: &str) -> String {
    format!(
        "GET /api/v1/socket HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// Any other request.
pub fn request(address: SocketAddr, token: Option<&str>, method: &str, path: &str, body: &str) -> String {
    let authorization = token.map(|it| format!("Authorization: Bearer {it}\r\n")).unwrap_or_default();
    let content = if body.is_empty() {
        String::new()
    } else {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    };
    format!("{method} /api/v1{path} HTTP/1.1\r\nHost: {address}\r\n{authorization}{content}\r\n{body}")
}

/// A message of 100 bytes that tells when it was sent. The stamp makes its client id too.
pub fn message(stamp: u64) -> String {
    let mut text = format!("t{stamp:0STAMP_DIGITS$}{FILLER}");
    text.truncate(TEXT);
    format!("{{\"client_id\":\"b{stamp}\",\"text\":\"{text}\"}}")
}

/// The stamp in an event frame.
pub fn stamp(payload: &[u8]) -> Option<u64> {
    let start = memmem::find(payload, BEFORE_STAMP)? + BEFORE_STAMP.len();
    let digits = payload.get(start..start + STAMP_DIGITS)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The number that begins at `start`.
pub fn number_at(bytes: &[u8], start: usize) -> i64 {
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, byte| number * 10 + i64::from(byte - b'0'))
}

/// An answer to a request.
pub struct Answer {
    pub status: u16,
    /// Where its body stands.
    pub body: std::ops::Range<usize>,
}

/// The first answer in `bytes`, once it is complete.
pub fn answer(bytes: &[u8]) -> Result<Option<Answer>> {
    let Some(end) = memmem::find(bytes, b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..end])?;
    let status = head.get(9..12).context("an answer begins with HTTP/1.1 and its status")?.parse()?;
    let mut size = 0;
    for line in head.lines().skip(1) {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            size = value.trim().parse()?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            bail!("answers in chunks are not read here");
        }
    }
    let body = end + 4..end + 4 + size;
    Ok((body.end <= bytes.len()).then_some(Answer { status, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_a_hundred_bytes_and_its_stamp() {
        let message: serde_json::Value = serde_json::from_str(&message(42)).expect("it is JSON");
        assert_eq!(message["text"].as_str().map(str::len), Some(TEXT));
        assert_eq!(stamp(message.to_string().as_bytes()), Some(42));
    }

    #[test]
    fn frames_and_answers_are_read_once_complete() {
        let bytes = [&[0x81, 126, 0, 200][..], &[b'x'; 200]].concat();
        assert!(frame(&bytes[..203]).is_none());
        assert_eq!(frame(&bytes).map(|it| (it.opcode, it.payload.len(), it.length)), Some((1, 200, 204)));
        let text = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
        assert!(answer(&text[..44]).expect("it is an answer").is_none());
        assert_eq!(
            answer(text).expect("it is an answer").map(|it| (it.status, it.body)),
            Some((201, 43..45))
        );
    }
}
