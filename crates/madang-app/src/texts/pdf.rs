//! The text of a PDF. Pictures of text stay pictures, and what stands in forms is not looked at.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, LoadOptions, Object, ObjectId};

use super::inside::Text;

/// Pages of one document that are looked at.
const MOST_PAGES: usize = 1_000;
/// What one stream may unfold to.
const STREAM: usize = 32 << 20;
/// After this long, what was found so far is all.
const PATIENCE: Duration = Duration::from_secs(8);
/// A pull to the right that parts words, in thousandths of the size of the letters.
const WORD_GAP: f32 = 200.0;

pub(super) fn read(bytes: &[u8], text: &mut Text) {
    let began = Instant::now();
    let options = LoadOptions { max_decompressed_size: Some(STREAM), ..LoadOptions::default() };
    let Ok(document) = Document::load_mem_with_options(bytes, options) else { return };
    // One without a password opens to anybody; the others stay shut.
    if document.is_encrypted() {
        return;
    }
    for page in document.page_iter().take(MOST_PAGES) {
        if text.is_full() || began.elapsed() > PATIENCE {
            return;
        }
        // A page that cannot be read does not hide the others.
        let _ = read_page(&document, page, text);
        text.gap();
    }
}

fn read_page(document: &Document, page: ObjectId, text: &mut Text) -> lopdf::Result<()> {
    // ISO 32000-1, 9.10.2: what a font says of Unicode goes before its encoding, which may name shapes only.
    let fonts: BTreeMap<Vec<u8>, Dictionary> =
        document.get_page_fonts(page)?.into_iter().map(|(name, font)| (name, by_unicode(font))).collect();
    let encodings = fonts
        .iter()
        .filter_map(|(name, font)| {
            Some((name.as_slice(), font.get_font_encoding_with_limit(document, STREAM).ok()?))
        })
        .collect();
    let content = Content::decode(&document.get_page_content_with_limit(page, STREAM)?)?;
    let mut walk = Walk { encodings, font: None, scale: 1.0, line: 0.0, written: None };
    for operation in &content.operations {
        if text.is_full() {
            break;
        }
        walk.step(operation, text);
    }
    Ok(())
}

fn by_unicode(font: &Dictionary) -> Dictionary {
    let mut font = font.clone();
    if font.has(b"ToUnicode") {
        font.remove(b"Encoding");
    }
    font
}

/// Goes through what a page draws.
struct Walk<'a> {
    encodings: BTreeMap<&'a [u8], Encoding<'a>>,
    font: Option<&'a [u8]>,
    /// How high one unit is, of the line's own.
    scale: f32,
    /// How high on the page the next letter stands.
    line: f32,
    /// How high the last one stood.
    written: Option<f32>,
}

impl<'a> Walk<'a> {
    fn step(&mut self, operation: &'a Operation, text: &mut Text) {
        let number = |n: usize| operation.operands.get(n).and_then(|it| it.as_float().ok());
        match operation.operator.as_str() {
            "BT" => (self.scale, self.line) = (1.0, 0.0),
            "Tf" => self.font = operation.operands.first().and_then(|it| it.as_name().ok()),
            "Tm" => (self.scale, self.line) = (number(3).unwrap_or(1.0), number(5).unwrap_or(0.0)),
            "Td" | "TD" => self.line += number(1).unwrap_or(0.0) * self.scale,
            "T*" => self.written = None,
            "Tj" => self.show(operation.operands.first(), text),
            "'" | "\"" => {
                self.written = None;
                self.show(operation.operands.last(), text);
            }
            "TJ" => {
                let pieces = operation.operands.first().and_then(|it| it.as_array().ok());
                for piece in pieces.into_iter().flatten() {
                    match piece.as_float() {
                        Ok(pull) if pull < -WORD_GAP => text.push(" "),
                        Ok(_) => {}
                        Err(_) => self.show(Some(piece), text),
                    }
                }
            }
            _ => {}
        }
    }

    fn show(&mut self, piece: Option<&Object>, text: &mut Text) {
        let Some(bytes) = piece.and_then(|it| it.as_str().ok()) else { return };
        let Some(encoding) = self.font.and_then(|font| self.encodings.get(font)) else { return };
        let Ok(words) = encoding.bytes_to_string(bytes) else { return };
        // What stands on the same line belongs together, whatever draws it.
        if self.written.is_none_or(|written| (written - self.line).abs() > f32::EPSILON) {
            text.gap();
        }
        self.written = Some(self.line);
        text.push(&words);
    }
}
