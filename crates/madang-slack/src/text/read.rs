//! Slack's mrkdwn to the text of a message here.

use madang_model::TeamId;
use madang_model::text::{bare_link, is_address};

use super::escape::{guarded, unescaped};
use super::{Ids, code};
use crate::id;

/// The text as it is kept. `previews`: whether what its links lead to is shown beside it.
#[must_use]
pub fn from_mrkdwn(text: &str, ids: &Ids, previews: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (is_code, piece) in code::pieces(text) {
        let mut rest = piece;
        while let Some((before, inner, after)) = next_reference(rest) {
            push_words(before, is_code, previews, &mut out);
            if is_code {
                push_code_reference(inner, &mut out);
            } else {
                push_reference(inner, after, ids, previews, &mut out);
            }
            rest = after;
        }
        push_words(rest, is_code, previews, &mut out);
    }
    out
}

/// What stands before the next `<…>`, what is in it, and what follows.
fn next_reference(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('<').map(|at| from + at) {
        let inner = &text[at + 1..];
        let end = inner.find(['<', '>', '\n'])?;
        if inner.as_bytes()[end] == b'>' && end > 0 {
            return Some((&text[..at], &inner[..end], &inner[end + 1..]));
        }
        from = at + 1;
    }
    None
}

fn push_words(words: &str, is_code: bool, previews: bool, out: &mut String) {
    let plain = unescaped(words);
    if is_code {
        out.push_str(&plain);
        return;
    }
    let plain = guarded(&plain);
    if previews {
        out.push_str(&plain);
    } else {
        push_quiet(&plain, out);
    }
}

/// Bare addresses in `<…>`, which says that nothing is to be shown of them.
fn push_quiet(words: &str, out: &mut String) {
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        let joined =
            out.chars().next_back().is_some_and(|before| before.is_ascii_alphanumeric() || before == '<');
        let len = if joined { 0 } else { bare_link(rest) };
        if len > 0 && is_address(&rest[..len]) {
            out.push('<');
            out.push_str(&rest[..len]);
            out.push('>');
            rest = &rest[len..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
}

/// In code a link is its words, and everything else is as it stands.
fn push_code_reference(inner: &str, out: &mut String) {
    let (what, label) = inner.split_once('|').unwrap_or((inner, ""));
    if is_address(&unescaped(what)) {
        out.push_str(&unescaped(if label.is_empty() { what } else { label }));
    } else {
        out.push('<');
        out.push_str(&unescaped(inner));
        out.push('>');
    }
}

fn push_reference(inner: &str, after: &str, ids: &Ids, previews: bool, out: &mut String) {
    let (what, label) = match inner.split_once('|') {
        Some((what, label)) => (what, unescaped(label)),
        None => (inner, String::new()),
    };
    match what.split_at_checked(1) {
        Some(("@", given)) => match (ids.person)(given) {
            Some(person) => out.push_str(&format!("<@{person}>")),
            None => out.push_str(&format!("@{}", named(&label, given))),
        },
        Some(("#", given)) => match (ids.space)(given) {
            Some(space) if label.trim().is_empty() => out.push_str(&format!("<#{space}>")),
            Some(space) => out.push_str(&format!("<#{space}|{}>", label.replace(['<', '>', '|'], ""))),
            None => out.push_str(&format!("#{}", named(&label, given))),
        },
        Some(("!", command)) => push_command(command, &label, after, ids, previews, out),
        _ => push_link(&unescaped(what), &label, after, previews, out),
    }
}

fn named<'a>(label: &'a str, given: &'a str) -> &'a str {
    let label = label.trim().trim_start_matches(['@', '#']);
    if label.is_empty() { given } else { label }
}

fn push_command(command: &str, label: &str, after: &str, ids: &Ids, previews: bool, out: &mut String) {
    if matches!(command, "here" | "channel" | "everyone") {
        out.push_str(&format!("<!{command}>"));
    } else if let Some(given) = command.strip_prefix("subteam^") {
        let team = id::number("S", given).and_then(|number| (ids.team)(TeamId(number)));
        let name = team.unwrap_or_else(|| named(label, given).to_owned());
        out.push_str(&format!("@{name}"));
    } else if let Some(date) = command.strip_prefix("date^") {
        let link = date.splitn(3, '^').nth(2).map(unescaped);
        match link.filter(|link| is_address(link)) {
            Some(link) => push_link(&link, label, after, previews, out),
            None => out.push_str(&guarded(label)),
        }
    } else {
        // Slack shows the words of a command that it does not know.
        out.push_str(&guarded(if label.is_empty() { command } else { label }));
    }
}

fn push_link(href: &str, label: &str, after: &str, previews: bool, out: &mut String) {
    let label = label.trim();
    if !is_address(href) {
        // Where our texts lead nowhere (`slack://…`), the address is words; and what is none was no link.
        match label {
            "" => out.push_str(&format!("<{href}>")),
            label if href.contains(':') => out.push_str(&format!("{} ({})", guarded(label), guarded(href))),
            label => out.push_str(&format!("<{href}|{label}>")),
        }
        return;
    }
    if label.is_empty() || label == href {
        let joined = out.chars().next_back().is_some_and(|before| before.is_ascii_alphanumeric());
        // What follows must not be read as more of it.
        let next = after.chars().next().map_or(String::new(), String::from);
        if previews && !joined && bare_link(&format!("{href}{next}")) == href.len() {
            out.push_str(href);
        } else {
            out.push_str(&format!("<{href}>"));
        }
        return;
    }
    let fits_brackets =
        !label.contains(['[', ']', '\n']) && href.matches('(').count() == href.matches(')').count();
    let fits_angles = !label.contains(['<', '>', '\n']) && !href.contains('|');
    match (previews, fits_brackets, fits_angles) {
        (true, true, _) | (false, true, false) => out.push_str(&format!("[{label}]({href})")),
        (_, _, true) => out.push_str(&format!("<{href}|{label}>")),
        _ => {
            let label: String = label.chars().filter(|c| !"[]<>\n".contains(*c)).collect();
            out.push_str(&format!("<{}|{label}>", href.replace('|', "%7C")));
        }
    }
}
