//! `link_names` and `parse=full`: `@nari` and `#plans` as somebody types them become mentions.

use super::code;

/// A name that a text speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Named {
    /// `@` or `#`.
    pub sign: char,
    pub name: String,
}

/// The names in a text, so that they can be looked up.
#[must_use]
pub fn wished_names(text: &str) -> Vec<Named> {
    let mut found = Vec::new();
    with_names(text, &mut |named| {
        if !found.contains(named) {
            found.push(named.clone());
        }
        None
    });
    found
}

/// The text (mrkdwn) with what `known` writes for each name; what it does not know stays.
pub fn with_names(text: &str, known: &mut dyn FnMut(&Named) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    for (is_code, piece) in code::pieces(text) {
        let mut rest = piece;
        let mut before = out.chars().next_back();
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                _ if is_code => None,
                '<' => rest.find('>').map(|end| (end + 1, rest[..=end].to_owned())),
                '@' | '#' if !before.is_some_and(|it| it.is_alphanumeric() || "&/<".contains(it)) => {
                    let name = name(&rest[1..]);
                    let named = Named { sign: c, name: name.to_lowercase() };
                    written(&named, known).map(|written| (1 + name.len(), written))
                }
                _ => None,
            };
            let (len, words) = taken.unwrap_or_else(|| (c.len_utf8(), c.to_string()));
            out.push_str(&words);
            before = rest[..len].chars().next_back();
            rest = &rest[len..];
        }
    }
    out
}

fn written(named: &Named, known: &mut dyn FnMut(&Named) -> Option<String>) -> Option<String> {
    if named.name.is_empty() {
        return None;
    }
    if named.sign == '@' && matches!(named.name.as_str(), "here" | "channel" | "everyone") {
        return Some(format!("<!{}>", named.name));
    }
    known(named)
}

/// As long as handles are written: a full stop at the end is the sentence's.
fn name(rest: &str) -> &str {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || "._-".contains(c))).unwrap_or(rest.len());
    rest[..end].trim_end_matches(['.', '-', '_'])
}
