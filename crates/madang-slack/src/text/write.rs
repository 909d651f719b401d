//! The text of a message here as Slack's mrkdwn: what was typed stays as it was typed, and only what is written otherwise
//! there is changed.

use std::str::FromStr;

use madang_model::text::{bare_link, is_address, link_in_parentheses};
use madang_model::{PersonId, SpaceId};

use super::code;
use super::escape::{self, GUARD, escaped};
use crate::id;

/// The mrkdwn of a text. `space`: the name of a space that the text names by its id alone.
#[must_use]
pub fn to_mrkdwn(text: &str, space: &dyn Fn(SpaceId) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (is_code, piece) in code::pieces(text) {
        if is_code {
            out.push_str(&escaped(piece));
        } else {
            Words { space, out: &mut out }.write(piece);
        }
    }
    out
}

struct Words<'a> {
    space: &'a dyn Fn(SpaceId) -> Option<String>,
    out: &'a mut String,
}

impl Words<'_> {
    fn write(&mut self, words: &str) {
        let mut rest = words;
        let mut before = self.out.chars().next_back();
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                '<' => self.reference(rest),
                '[' => self.labelled(rest),
                '-' | '*' => self.marker(rest),
                _ if !before.is_some_and(|it| it.is_ascii_alphanumeric()) => self.bare(rest),
                _ => 0,
            };
            if taken == 0 {
                escape::push(c, self.out);
                before = Some(c);
                rest = &rest[c.len_utf8()..];
            } else {
                before = rest[..taken].chars().next_back();
                rest = &rest[taken..];
            }
        }
    }

    /// Slack has no lists in its texts: what its own composer writes for one is this sign.
    fn marker(&mut self, rest: &str) -> usize {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        let begins = line.chars().all(|c| c == ' ' || c == '\t') && rest[1..].starts_with([' ', '\t']);
        if !begins || rest[1..].lines().next().is_none_or(|line| line.trim().is_empty()) {
            return 0;
        }
        self.out.push('•');
        1
    }

    /// `<…>`; how many bytes of it were written.
    fn reference(&mut self, rest: &str) -> usize {
        if rest[1..].starts_with(GUARD) {
            // Only a sign: with the entity in its place nothing has to be kept from being read.
            self.out.push_str("&lt;");
            return 1 + GUARD.len_utf8();
        }
        let inner = &rest[1..];
        let Some(end) = inner.find(['<', '>']).filter(|end| inner.as_bytes()[*end] == b'>') else { return 0 };
        let (what, label) = match inner[..end].split_once('|') {
            Some((what, label)) => (what, Some(label).filter(|it| !it.trim().is_empty())),
            None => (&inner[..end], None),
        };
        let written = match what.split_at_checked(1) {
            Some(("@", given)) => {
                PersonId::from_str(given).ok().map(|person| format!("<@{}>", id::written("U", person.0)))
            }
            Some(("#", given)) => SpaceId::from_str(given).ok().map(|space| self.space(space, label)),
            Some(("!", "here" | "channel" | "everyone")) => Some(format!("<{what}>")),
            _ if is_address(what) => Some(link(what, label)),
            _ => None,
        };
        let Some(written) = written else { return 0 };
        self.out.push_str(&written);
        end + 2
    }

    fn space(&self, space: SpaceId, label: Option<&str>) -> String {
        let letters = id::written("C", space.0);
        match (self.space)(space).or_else(|| label.map(str::to_owned)) {
            Some(name) => format!("<#{letters}|{}>", escaped(&name.replace('|', ""))),
            None => format!("<#{letters}>"),
        }
    }

    fn labelled(&mut self, rest: &str) -> usize {
        let inner = &rest[1..];
        let Some(end) = inner.find(['[', ']', '\n', '`']) else { return 0 };
        let label = &inner[..end];
        let Some((href, len)) = inner[end..].strip_prefix("](").and_then(link_in_parentheses) else {
            return 0;
        };
        if label.trim().is_empty() {
            return 0;
        }
        self.out.push_str(&link(href, Some(label)));
        1 + end + 2 + len
    }

    fn bare(&mut self, rest: &str) -> usize {
        let len = bare_link(rest);
        if len > 0 {
            self.out.push_str(&link(&rest[..len], None));
        }
        len
    }
}

fn link(href: &str, label: Option<&str>) -> String {
    // A bar would end the address.
    let href = escaped(&href.replace('|', "%7C"));
    match label {
        Some(label) => format!("<{href}|{}>", escaped(label)),
        None => format!("<{href}>"),
    }
}
