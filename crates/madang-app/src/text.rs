//! Texts of messages for lists: their beginning, and what they say without marks.

use madang_model::PersonId;
use madang_model::row::{Row, RowContent};
use madang_model::text::{Names, parse, plain_text_with};
use madang_store::db::Conn;
use madang_store::people;

use crate::error::Result;
use crate::people::workspace;

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

/// What a message says, with the names of those it mentions; what it forwards
/// when it says nothing itself.
pub(crate) fn plain(conn: &mut Conn, row: &Row) -> Result<String> {
    let RowContent::Message(message) = &row.content else { return Ok(String::new()) };
    let text = match &message.forward {
        Some(forward) if message.text.is_empty() => &forward.text,
        _ => &message.text,
    };
    let mentioned = madang_model::text::mentions(text).people;
    let ids: Vec<PersonId> = mentioned.iter().filter_map(|id| id.parse().ok()).collect();
    let mut known = Vec::new();
    if !ids.is_empty() {
        let house = workspace(conn)?.id;
        known = people::by_ids(conn, house, &ids)?;
    }
    let name = |id: &str| known.iter().find(|it| it.id.to_string() == id).map(|it| it.name.clone());
    let names = Names { person: &name, space: &|_| None, everyone: "everyone" };
    Ok(plain_text_with(&parse(text), &names))
}
