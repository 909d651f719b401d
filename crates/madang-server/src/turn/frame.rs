//! Frames in a stream: STUN messages and channel data follow each other and say how long they are (RFC 8656, 3.1).

use super::message::HEADER;

/// What was found at the beginning of what came.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    Message(&'a [u8]),
    Channel(u16, &'a [u8]),
}

/// Neither of the two begins like this, or it is longer than anything that is sent here.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken;

/// The first frame and how many bytes it takes. None: it is not whole yet. `most` is how long one may be.
pub fn first(bytes: &[u8], most: usize) -> Result<Option<(Frame<'_>, usize)>, Broken> {
    let &[one, two, three, four, ..] = bytes else { return Ok(None) };
    let length = usize::from(u16::from_be_bytes([three, four]));
    // RFC 8656, 12: the first two bits tell the two apart; over a stream, channel data fills up to four bytes (12.5).
    let (whole, taken) = match one >> 6 {
        0 if length % 4 == 0 => (HEADER + length, HEADER + length),
        1 => (4 + length, (4 + length).next_multiple_of(4)),
        _ => return Err(Broken),
    };
    if taken > most {
        return Err(Broken);
    }
    if bytes.len() < taken {
        return Ok(None);
    }
    let frame = match one >> 6 {
        0 => Frame::Message(&bytes[..whole]),
        _ => Frame::Channel(u16::from_be_bytes([one, two]), &bytes[4..whole]),
    };
    Ok(Some((frame, taken)))
}

/// Appends channel data as it goes over a stream.
pub fn numbered(out: &mut Vec<u8>, number: u16, contents: &[u8]) {
    let Ok(length) = u16::try_from(contents.len()) else { return };
    out.extend(number.to_be_bytes());
    out.extend(length.to_be_bytes());
    out.extend(contents);
    out.resize(out.len() + contents.len().next_multiple_of(4) - contents.len(), 0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_frames_wait_and_wrong_ones_end_it() {
        let mut bytes = Vec::new();
        numbered(&mut bytes, 0x4001, b"hello");
        assert_eq!(bytes.len(), 12);
        for half in 0..bytes.len() {
            assert_eq!(first(&bytes[..half], 64), Ok(None));
        }
        assert_eq!(first(&bytes, 64), Ok(Some((Frame::Channel(0x4001, b"hello"), 12))));
        assert_eq!(first(&bytes, 8), Err(Broken), "too long is too long before it is there");
        assert_eq!(first(b"GET / HTTP/1.1", 4096), Err(Broken), "its length would be that of a book");
        assert_eq!(first(b"\x80\x01\x00\x00", 64), Err(Broken));
        assert_eq!(first(b"\x00\x01\x00\x03", 64), Err(Broken), "messages end at four bytes");
    }

    proptest! {
        #[test]
        fn a_stream_is_the_same_frames_wherever_it_was_cut(
            frames in proptest::collection::vec((0x4000_u16..0x5000, proptest::collection::vec(any::<u8>(), 0..40)), 1..8),
            cut in 1_usize..30,
        ) {
            let mut stream = Vec::new();
            for (number, contents) in &frames {
                numbered(&mut stream, *number, contents);
            }
            let (mut waiting, mut seen) = (Vec::new(), Vec::new());
            for piece in stream.chunks(cut) {
                waiting.extend(piece);
                while let Some((frame, taken)) = first(&waiting, 64).unwrap() {
                    if let Frame::Channel(number, contents) = frame {
                        seen.push((number, contents.to_vec()));
                    }
                    waiting.drain(..taken);
                }
            }
            prop_assert_eq!(seen, frames);
        }

        #[test]
        fn no_bytes_break_the_splitter(noise in proptest::collection::vec(any::<u8>(), 0..80), most in 0_usize..80) {
            if let Ok(Some((_, taken))) = first(&noise, most) {
                prop_assert!(taken <= most && taken <= noise.len() && taken >= 4);
            }
        }
    }
}
