//! From the bytes of a file to its text. Pure, and run where it may break.

use super::{office, pdf, plain};

/// Characters of one file that are found; of a longer one, the beginning.
pub(super) const MOST_CHARS: usize = 400_000;

/// Collects text up to `MOST_CHARS`, and says when it is full.
#[derive(Default)]
pub(super) struct Text {
    text: String,
    chars: usize,
}

impl Text {
    pub(super) fn push(&mut self, piece: &str) {
        let room = MOST_CHARS - self.chars;
        let taken = piece.chars().take(room);
        let before = self.text.len();
        self.text.extend(taken);
        self.chars += self.text[before..].chars().count();
    }

    /// Parts what stands apart in the file, once.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n");
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.chars >= MOST_CHARS
    }

    pub(super) fn done(self) -> String {
        self.text
    }
}

/// The text of a PDF, an office document or a plain text; empty when there is none or it cannot be read.
#[must_use]
pub fn read_text(bytes: &[u8]) -> String {
    let mut text = Text::default();
    if bytes.starts_with(b"%PDF-") {
        pdf::read(bytes, &mut text);
    } else if bytes.starts_with(b"PK\x03\x04") {
        office::read(bytes, &mut text);
    } else {
        plain::read(bytes, &mut text);
    }
    text.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_up_to_the_most_and_no_further() {
        let mut text = Text::default();
        text.push(&"마".repeat(MOST_CHARS - 1));
        assert!(!text.is_full());
        text.push("당마당");
        assert!(text.is_full());
        text.gap();
        assert_eq!(text.done().chars().count(), MOST_CHARS);
    }

    #[test]
    fn whatever_the_bytes_there_is_an_answer() {
        for bytes in [
            &b""[..],
            b"%PDF-1.7",
            b"%PDF-1.7\ntrailer<</Root 1 0 R>>",
            b"PK\x03\x04",
            b"\xff\xfe",
            b"\0\0\0",
        ] {
            assert_eq!(read_text(bytes).trim(), "", "{bytes:?}");
        }
    }
}
