//! The beginning of a message, for lists.

use madang_model::row::{Row, RowContent};

/// Characters of the beginning.
const BEGINNING: usize = 280;

/// The beginning of a row's text, marks and all: the reader's client knows the
/// names that mentions stand for. Empty for a notice.
pub(crate) fn beginning(row: &Row) -> String {
    let RowContent::Message(message) = &row.content else { return String::new() };
    match message.text.char_indices().nth(BEGINNING) {
        Some((cut, _)) => message.text[..cut].to_owned(),
        None => message.text.clone(),
    }
}
