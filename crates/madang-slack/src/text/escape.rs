//! The three signs that Slack writes otherwise, and the one that keeps words from meaning something here.

use madang_model::text::is_address;

/// Set behind a `<` that is only a sign: our texts have no escape, and this character is not seen.
pub(super) const GUARD: char = '\u{2060}';

/// `& < >` as Slack writes them.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push(c, &mut out);
    }
    out
}

pub(super) fn push(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        c => out.push(c),
    }
}

/// The signs that the three entities stand for; others are not read, as Slack does not.
#[must_use]
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The text with a guard behind each `<` that would begin a mention or a link.
pub(super) fn guarded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        if begins_reference(rest) {
            out.push(GUARD);
        }
    }
    out.push_str(rest);
    out
}

fn begins_reference(after: &str) -> bool {
    let inner = after.split(['<', '>']).next().unwrap_or_default();
    let what = inner.split('|').next().unwrap_or_default();
    // One that was guarded has lost its guard on the way out: it gets one more, and the way back takes one.
    after.starts_with(GUARD) || what.starts_with(['@', '#', '!']) || is_address(what)
}
