//! Byte ranges of RFC 9110, 14: one range of bytes; anything else is answered with the whole.

use std::io::{Result, SeekFrom};
use std::ops::Range;
use std::path::Path;

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Bytes of a file that are read in one go.
const STEP: usize = 128 << 10;

/// What a request asks of something `size` bytes long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    Part(Range<u64>),
    /// RFC 9110, 15.5.17: nothing of the range is there.
    Nothing,
}

/// Reads `Range` and `If-Range`. `tag` is the strong entity tag of what would be served, with its quotes.
pub fn wanted(headers: &HeaderMap, size: u64, tag: &str) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(range) = text(header::RANGE) else { return Wanted::Whole };
    // RFC 9110, 13.1.5: the part of another version is of no use. A date is never ours.
    if headers.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(tag) {
        return Wanted::Whole;
    }
    // RFC 9110, 14.2: what is not understood is ignored; several ranges may be.
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|it| it.trim().split_once('-')) else {
        return Wanted::Whole;
    };
    match (number(first), number(last)) {
        (Some(from), _) if first.len() + last.len() > 40 || from >= size => unsatisfied(last),
        (Some(from), None) if last.trim().is_empty() => Wanted::Part(from..size),
        (Some(from), Some(to)) if to >= from => Wanted::Part(from..to.saturating_add(1).min(size)),
        (None, Some(0)) if first.trim().is_empty() => Wanted::Nothing,
        (None, Some(_)) if first.trim().is_empty() && size == 0 => Wanted::Nothing,
        (None, Some(tail)) if first.trim().is_empty() => Wanted::Part(size.saturating_sub(tail)..size),
        _ => Wanted::Whole,
    }
}

/// A range that begins behind the end, if it is one at all.
fn unsatisfied(last: &str) -> Wanted {
    if last.trim().is_empty() || number(last).is_some() { Wanted::Nothing } else { Wanted::Whole }
}

/// A part of a file on this machine, as a stream.
///
/// # Errors
/// What the disk said; the stream itself too.
pub async fn of_file(path: &Path, part: Range<u64>) -> Result<impl Stream<Item = Result<Bytes>> + use<>> {
    let mut file = File::open(path).await?;
    file.seek(SeekFrom::Start(part.start)).await?;
    let left = part.end - part.start;
    Ok(stream::try_unfold((file, left), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let mut bytes = vec![0; STEP.min(left as usize)];
        let read = file.read(&mut bytes).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.truncate(read);
        Ok(Some((Bytes::from(bytes), (file, left - read as u64))))
    }))
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // More digits than a number holds are behind every end.
    Some(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: &str, size: u64, expected: Wanted) {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, range.parse().expect("a header"));
        assert_eq!(wanted(&headers, size, "\"a\""), expected, "{range} of {size}");
    }

    #[test]
    fn one_range_is_served_and_nonsense_is_the_whole() {
        check("bytes=0-0", 10, Wanted::Part(0..1));
        check("bytes=2-5", 10, Wanted::Part(2..6));
        check("bytes=2-", 10, Wanted::Part(2..10));
        check("bytes=2-99", 10, Wanted::Part(2..10));
        check("bytes=-3", 10, Wanted::Part(7..10));
        check("bytes=-99", 10, Wanted::Part(0..10));
        check("bytes=10-", 10, Wanted::Nothing);
        check("bytes=0-", 0, Wanted::Nothing);
        check("bytes=-1", 0, Wanted::Nothing);
        check("bytes=-0", 10, Wanted::Nothing);
        check("bytes=99999999999999999999-", 10, Wanted::Nothing);
        for nonsense in
            ["bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=0-1,4-5", "lines=1-2", "bytes=--1"]
        {
            check(nonsense, 10, Wanted::Whole);
        }
    }

    #[test]
    fn a_part_of_another_version_is_not_given() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=1-2".parse().expect("a header"));
        headers.insert(header::IF_RANGE, "\"a\"".parse().expect("a header"));
        assert_eq!(wanted(&headers, 10, "\"a\""), Wanted::Part(1..3));
        assert_eq!(wanted(&headers, 10, "\"b\""), Wanted::Whole);
        headers.insert(header::IF_RANGE, "W/\"a\"".parse().expect("a header"));
        assert_eq!(wanted(&headers, 10, "\"a\""), Wanted::Whole);
    }
}
