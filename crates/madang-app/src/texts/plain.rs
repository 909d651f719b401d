//! Plain text: UTF-8, UTF-16 with its mark, and what Korean programs wrote before (CP949).

use encoding_rs::{EUC_KR, Encoding, UTF_8};

use super::inside::{MOST_CHARS, Text};

pub(super) fn read(bytes: &[u8], text: &mut Text) {
    // A character is at most four bytes; more than that is never shown.
    let head = &bytes[..bytes.len().min(MOST_CHARS * 4)];
    let (encoding, head) = match Encoding::for_bom(head) {
        Some((encoding, mark)) => (encoding, &head[mark..]),
        None if is_utf8(head) => (UTF_8, head),
        None => (EUC_KR, head),
    };
    let (decoded, _) = encoding.decode_without_bom_handling(head);
    if encoding == EUC_KR && !is_words(&decoded) || decoded.contains('\0') {
        return;
    }
    text.push(&decoded);
}

/// Valid to its end; the last character may be cut.
fn is_utf8(head: &[u8]) -> bool {
    std::str::from_utf8(head).err().is_none_or(|error| error.error_len().is_none())
}

/// Bytes that are no text make hardly a word in any encoding.
fn is_words(decoded: &str) -> bool {
    let strange = |it: char| it == char::REPLACEMENT_CHARACTER || (it.is_control() && !it.is_whitespace());
    decoded.chars().filter(|it| strange(*it)).count() * 100 <= decoded.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_in_the_encodings_that_people_use() {
        let check = |bytes: &[u8], expected: &str| {
            let mut text = Text::default();
            read(bytes, &mut text);
            assert_eq!(text.done(), expected);
        };
        check("이름,금액\n예산,100".as_bytes(), "이름,금액\n예산,100");
        check("\u{feff}예산".as_bytes(), "예산");
        check(&[0xff, 0xfe, 0x08, 0xc6, 0xb0, 0xc0], "예산");
        // "예산" as CP949, as older spreadsheets save it.
        check(&[0xbf, 0xb9, 0xbb, 0xea], "예산");
        check(&[0x00, 0x01, 0x02, 0xff, 0xd9, 0x80, 0x90], "");
        check(b"a\0b", "");
    }
}
