//! One word per thing (docs/words.md): names that others see use the words of the house.
//!
//! Looks at public items of Rust only. Local names, and the standard library's and other crates'
//! words (an mpsc channel, a PostgreSQL user), are free.

use super::line_at;
use crate::house::Text;
use crate::source::{is_test_file, layers};

/// A word that is not ours, and the one that is.
const NOT_OURS: &[(&str, &str)] = &[
    ("annotation", "ink or pointer"),
    ("appointment", "booking"),
    ("boost", "reaction"),
    ("channel", "space"),
    ("gig", "listing"),
    ("inbox", "desk"),
    ("plugin", "app"),
    ("presence", "nothing: there is none"),
    ("projection", "view"),
    ("realm", "workspace"),
    ("room", "space"),
    ("tenant", "workspace"),
    ("user", "person or member"),
    ("wallet", "balance"),
];

/// Foreign protocols keep their own words behind their doors.
const FOREIGN: &[&str] =
    &["crates/madang-slack/", "crates/madang-media/", "crates/madang-server/src/import/", "xtask/"];

/// Names that others gave.
const GIVEN: &[&str] = &["user_agent", "UserAgent"];

pub fn check(texts: &[Text]) -> Vec<String> {
    let mut findings = Vec::new();
    for text in texts.iter().filter(|text| text.path.ends_with(".rs") && !is_test_file(&text.path)) {
        if FOREIGN.iter().any(|folder| text.path.starts_with(folder)) {
            continue;
        }
        let code = layers(&text.body).code;
        for (offset, name) in public_names(&code) {
            if let Some((word, ours)) = foreign_word(name) {
                findings.push(format!(
                    "{}:{}: `{name}`: we do not say {word} but {ours} (docs/words.md)",
                    text.path,
                    line_at(&code, offset)
                ));
            }
        }
    }
    findings
}

/// Names of items and fields behind `pub`.
fn public_names(code: &str) -> impl Iterator<Item = (usize, &str)> {
    const KINDS: [&str; 11] =
        ["async", "const", "enum", "fn", "mod", "static", "struct", "trait", "type", "unsafe", "mut"];
    code.match_indices("pub").filter_map(|(offset, _)| {
        let starts = code[..offset].ends_with([' ', '\n', '(', '\t']) || offset == 0;
        let rest = code[offset + 3..].strip_prefix(|one: char| one == ' ' || one == '(')?;
        let rest = match rest.split_once(')') {
            Some((inside, after)) if !inside.contains(['\n', ' ', ':']) => after.trim_start(),
            _ => rest,
        };
        let name = rest
            .split(|one: char| !(one.is_alphanumeric() || one == '_'))
            .find(|word| !word.is_empty() && !KINDS.contains(word))?;
        (starts && !rest.starts_with("use ")).then_some((offset, name))
    })
}

fn foreign_word(name: &str) -> Option<&'static (&'static str, &'static str)> {
    if GIVEN.contains(&name) {
        return None;
    }
    let words = split(name);
    NOT_OURS
        .iter()
        .find(|(word, _)| words.iter().any(|ours| ours == word || ours.strip_suffix('s') == Some(word)))
}

/// `ChatRoomId` and `chat_room_id` are both `chat`, `room`, `id`.
fn split(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for one in name.chars() {
        if one == '_' || one.is_uppercase() {
            words.push(String::new());
        }
        if one != '_' {
            let last = words.last_mut().expect("it begins with one word");
            last.extend(one.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::house::Text;

    fn findings(body: &str) -> Vec<String> {
        check(&[Text { path: "crates/madang-app/src/a.rs".to_owned(), body: body.to_owned() }])
    }

    #[test]
    fn a_public_name_with_a_foreign_word_is_found() {
        for foreign in [
            "pub struct ChatRoom;",
            "pub(crate) fn user_of() {}",
            "pub async fn list_channels() {}",
            "struct A { pub tenant: u8 }",
            "pub enum Presence {}",
        ] {
            assert_eq!(findings(foreign).len(), 1, "{foreign}");
        }
    }

    #[test]
    fn words_inside_words_and_local_names_are_free() {
        for fine in [
            "pub fn headroom() {}",
            "pub user_agent: String",
            "let (tx, channel) = std::sync::mpsc::channel();",
            "// pub struct Room",
            "pub use tokio::sync::mpsc::channel;",
            "fn published(user: u8) {}",
        ] {
            assert_eq!(findings(fine), Vec::<String>::new(), "{fine}");
        }
    }
}
