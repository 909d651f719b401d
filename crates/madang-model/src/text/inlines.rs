//! One line of text to its nodes, in a single pass from left to right.
//!
//! Marks (`*`, `_`, `~`) are noted as they come and paired by a stack that never holds the same
//! mark twice, so the tree is at most three marks deep however a text is built.

use super::chars::{MARKS, has_substance, is_blank, is_space, is_word, may_open_after};
use super::{Inline, emoji, links, steps};

/// Stands for a node as the neighbour of a mark: neither a space nor part of a word.
const NODE: char = '\u{fffc}';
const MAX_ID: usize = 20;
const MAX_EMOJI_NAME: usize = 64;

/// The nodes of one line.
pub fn parse(line: &str) -> Vec<Inline> {
    Line::new(line, true).read()
}

/// The nodes of a link's label, which holds no link or mention of its own.
fn parse_label(label: &str) -> Vec<Inline> {
    Line::new(label, false).read()
}

enum Item<'a> {
    Text(&'a str),
    Node(Inline),
    Mark(char, Role),
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Text,
    Open,
    Close,
}

struct Opened {
    mark: char,
    item: usize,
    substance: usize,
}

struct Line<'a> {
    text: &'a str,
    at: usize,
    /// Where the plain text that is not yet an item starts.
    from: usize,
    before: Option<char>,
    references: bool,
    /// How many letters and nodes were read, to tell marks around something from a face.
    substance: usize,
    items: Vec<Item<'a>>,
    open: Vec<Opened>,
}

impl<'a> Line<'a> {
    fn new(text: &'a str, references: bool) -> Self {
        Line { text, at: 0, from: 0, before: None, references, substance: 0, items: vec![], open: vec![] }
    }

    fn read(mut self) -> Vec<Inline> {
        while let Some(c) = self.rest().chars().next() {
            steps::add(1);
            let found = match c {
                '`' => self.code(),
                '*' | '_' | '~' => self.mark(c),
                ':' => self.emoji(),
                '<' if self.references => self.angle(),
                '[' if self.references => self.labelled(),
                c if self.references && links::may_start(c) => self.bare_link(),
                _ => None,
            };
            match found {
                Some((len, item)) => self.take(len, item),
                None => {
                    self.at += c.len_utf8();
                    self.before = Some(c);
                    self.substance += usize::from(has_substance(c));
                }
            }
        }
        self.flush();
        build(self.items)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn flush(&mut self) {
        if self.from < self.at {
            self.items.push(Item::Text(&self.text[self.from..self.at]));
        }
    }

    fn take(&mut self, len: usize, item: Item<'a>) {
        self.flush();
        self.before = match &item {
            Item::Node(_) => Some(NODE),
            Item::Text(text) => text.chars().next_back(),
            Item::Mark(mark, _) => Some(*mark),
        };
        self.substance += usize::from(matches!(item, Item::Node(_)));
        self.items.push(item);
        self.at += len;
        self.from = self.at;
    }

    /// Two and more of the same sign are text: `__init__`, an empty code, an unclosed fence.
    fn run(&self, sign: char) -> Option<(usize, Item<'a>)> {
        let rest = self.rest();
        let len = rest.len() - rest.trim_start_matches(sign).len();
        steps::add(len);
        (len > 1).then(|| (len, Item::Text(&rest[..len])))
    }

    fn code(&mut self) -> Option<(usize, Item<'a>)> {
        if let Some(run) = self.run('`') {
            return Some(run);
        }
        let inner = &self.rest()[1..];
        let end = inner.find('`');
        steps::add(end.unwrap_or(inner.len()));
        let text = inner[..end?].to_owned();
        Some((text.len() + 2, Item::Node(Inline::Code { text })))
    }

    fn mark(&mut self, mark: char) -> Option<(usize, Item<'a>)> {
        if let Some(run) = self.run(mark) {
            return Some(run);
        }
        let after = self.rest()[1..].chars().next();
        let closes = self.before.is_some_and(|c| !is_space(c)) && !after.is_some_and(is_word);
        let opens = may_open_after(mark, self.before) && after.is_some_and(|c| !is_space(c));
        let opened = self.open.iter().position(|o| o.mark == mark);
        let mut role = Role::Text;
        match opened {
            Some(n) if closes && self.open[n].substance < self.substance => {
                self.items[self.open[n].item] = Item::Mark(mark, Role::Open);
                // Marks opened inside and not closed there are text.
                self.open.truncate(n);
                role = Role::Close;
            }
            _ if opens => {
                // The nearer of two openings counts, as in `2 *3 and *bold*`.
                if let Some(n) = opened {
                    self.open.remove(n);
                }
                let item = self.items.len() + usize::from(self.from < self.at);
                self.open.push(Opened { mark, item, substance: self.substance });
            }
            _ => {}
        }
        Some((1, Item::Mark(mark, role)))
    }

    fn emoji(&mut self) -> Option<(usize, Item<'a>)> {
        // `10:30:45` and `std::vec::Vec` hold no emoji.
        if self.before.is_some_and(|c| c.is_ascii_alphanumeric() || c == ':') {
            return None;
        }
        let rest = self.rest();
        let in_name = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_+-".contains(b);
        let len = rest.bytes().skip(1).take(MAX_EMOJI_NAME).take_while(in_name).count();
        steps::add(len);
        if rest.as_bytes().get(len + 1) != Some(&b':') {
            return None;
        }
        let name = &rest[1..=len];
        let tail = &rest[len + 2..];
        let toned = tail.strip_prefix(":skin-tone-").and_then(|tone| {
            let digit = tone.get(..1).filter(|_| tone.as_bytes().get(1) == Some(&b':'))?;
            let name = format!("{name}::skin-tone-{digit}");
            let char = emoji::emoji_by_name(&name)?;
            Some((len + 2 + ":skin-tone-".len() + 2, name, char))
        });
        let (len, name, char) = match toned {
            Some(found) => found,
            None => (len + 2, name.to_owned(), emoji::emoji_by_name(name)?),
        };
        Some((len, Item::Node(Inline::Emoji { name, char })))
    }

    fn angle(&mut self) -> Option<(usize, Item<'a>)> {
        let inner = &self.rest()[1..];
        let end = inner.find(['<', '>']);
        steps::add(end.unwrap_or(inner.len()));
        let end = end.filter(|end| inner.as_bytes()[*end] == b'>')?;
        Some((end + 2, Item::Node(reference(&inner[..end])?)))
    }

    fn labelled(&mut self) -> Option<(usize, Item<'a>)> {
        let inner = &self.rest()[1..];
        let end = inner.find(['[', ']']);
        steps::add(end.unwrap_or(inner.len()));
        let label = &inner[..end?];
        let (href, len) = links::in_parentheses(inner[label.len()..].strip_prefix("](")?)?;
        if is_blank(label) {
            return None;
        }
        let link = Inline::Link { href: href.to_owned(), c: parse_label(label), quiet: false };
        Some((1 + label.len() + 2 + len, Item::Node(link)))
    }

    fn bare_link(&mut self) -> Option<(usize, Item<'a>)> {
        if self.before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let len = links::bare(self.rest());
        (len > 0).then(|| (len, Item::Node(link_as_typed(&self.rest()[..len], false))))
    }
}

/// What stands between `<` and `>`, if it means something.
fn reference(inner: &str) -> Option<Inline> {
    let (what, label) = match inner.split_once('|') {
        Some((what, label)) => (what, Some(label).filter(|l| !is_blank(l))),
        None => (inner, None),
    };
    if let Some(id) = what.strip_prefix('@') {
        return is_id(id).then(|| Inline::Mention { id: id.to_owned() });
    }
    if let Some(id) = what.strip_prefix('#') {
        let name = label.map(str::to_owned);
        return is_id(id).then(|| Inline::Space { id: id.to_owned(), name });
    }
    if matches!(what, "!everyone" | "!channel" | "!here") {
        return Some(Inline::Everyone);
    }
    if !links::is_address(what) {
        return None;
    }
    Some(match label {
        Some(label) => Inline::Link { href: what.to_owned(), c: parse_label(label), quiet: true },
        None => link_as_typed(what, true),
    })
}

fn is_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn link_as_typed(href: &str, quiet: bool) -> Inline {
    Inline::Link { href: href.to_owned(), c: vec![Inline::Text { text: href.to_owned() }], quiet }
}

/// The tree of a line's items. Pairs are nested or apart, never crossed.
fn build(items: Vec<Item>) -> Vec<Inline> {
    let mut levels: Vec<Vec<Inline>> = vec![vec![]];
    for item in items {
        match item {
            Item::Mark(_, Role::Open) => levels.push(vec![]),
            Item::Mark(mark, Role::Close) => {
                let c = levels.pop().unwrap_or_default();
                let node = match MARKS.iter().position(|m| *m == mark) {
                    Some(0) => Inline::Bold { c },
                    Some(1) => Inline::Italic { c },
                    _ => Inline::Strike { c },
                };
                push(&mut levels, node);
            }
            Item::Mark(mark, Role::Text) => push_text(&mut levels, mark.encode_utf8(&mut [0; 4])),
            Item::Text(text) => push_text(&mut levels, text),
            Item::Node(node) => push(&mut levels, node),
        }
    }
    levels.pop().unwrap_or_default()
}

fn push(levels: &mut [Vec<Inline>], node: Inline) {
    levels.last_mut().expect("every close has its open below it").push(node);
}

fn push_text(levels: &mut [Vec<Inline>], more: &str) {
    let level = levels.last_mut().expect("every close has its open below it");
    if let Some(Inline::Text { text }) = level.last_mut() {
        text.push_str(more);
    } else {
        level.push(Inline::Text { text: more.to_owned() });
    }
}
