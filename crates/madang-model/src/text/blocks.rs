//! Lines to blocks: paragraphs, quotes, fenced code and lists.
//!
//! A quote holds everything but quotes, a list holds one list more; so a text is at most three
//! blocks deep, and each line is read that often at most.

use super::chars::{is_blank, is_space};
use super::{Block, Inline, inlines, steps};

/// The deepest list; what is indented more becomes its item.
const MAX_LISTS: u8 = 2;
const MAX_LANG: usize = 20;
const TAB: usize = 4;
const FENCE: &str = "```";

/// The blocks of a whole text.
pub fn parse(text: &str) -> Vec<Block> {
    read(lines(text), Within { quote: false, lists: 0, item: false })
}

#[derive(Clone, Copy)]
struct Within {
    quote: bool,
    lists: u8,
    /// Directly in an item, whose first line stands behind a marker and opens nothing itself.
    item: bool,
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    /// The last line with a fence: one opened there or later can not close and is text.
    last_fence: usize,
    within: Within,
    paragraph: Vec<&'a str>,
    blocks: Vec<Block>,
}

fn read(lines: Vec<&str>, within: Within) -> Vec<Block> {
    steps::add(lines.iter().map(|line| line.len() + 1).sum());
    let last_fence = lines.iter().rposition(|line| line.contains(FENCE)).unwrap_or(0);
    let (paragraph, blocks) = (vec![], vec![]);
    Reader { lines, at: 0, last_fence, within, paragraph, blocks }.read()
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Vec<Block> {
        while let Some(&line) = self.lines.get(self.at) {
            let opens = !self.within.item || self.at > 0;
            if is_blank(line) {
                self.end_paragraph();
                self.at += 1;
            } else if let Some(quoted) = quoted(line).filter(|_| opens && !self.within.quote) {
                self.end_paragraph();
                self.quote(quoted, line.starts_with(">>>"));
            } else if let Some(first) = marker(line).filter(|_| opens && self.within.lists < MAX_LISTS) {
                self.end_paragraph();
                self.list(first);
            } else if !self.fence(line) {
                self.paragraph.push(line);
                self.at += 1;
            }
        }
        self.end_paragraph();
        self.blocks
    }

    fn end_paragraph(&mut self) {
        let mut c = vec![];
        for (n, line) in self.paragraph.drain(..).enumerate() {
            if n > 0 {
                c.push(Inline::Break);
            }
            c.extend(inlines::parse(line));
        }
        if !c.is_empty() {
            self.blocks.push(Block::Paragraph { c });
        }
    }

    /// `> ` quotes line by line, `>>>` everything to the end.
    fn quote(&mut self, first: &'a str, to_the_end: bool) {
        let mut inner = vec![first];
        self.at += 1;
        while let Some(&line) = self.lines.get(self.at) {
            match line.strip_prefix('>').filter(|_| !to_the_end) {
                Some(rest) => inner.push(rest.strip_prefix(' ').unwrap_or(rest)),
                None if to_the_end => inner.push(line),
                None => break,
            }
            self.at += 1;
        }
        let within = Within { quote: true, item: false, ..self.within };
        self.blocks.push(Block::Quote { c: read(inner, within) });
    }

    /// Code between fences, wherever in a line they stand. False if none opens on this line.
    fn fence(&mut self, line: &'a str) -> bool {
        let Some((before, after)) = split_fence(line) else { return false };
        let here = split_fence(after);
        if here.is_none() && self.last_fence <= self.at {
            return false;
        }
        if !is_blank(before) {
            self.paragraph.push(before.trim_end_matches(is_space));
        }
        self.end_paragraph();
        let (mut lang, mut body) = (None, vec![]);
        let rest = match here {
            Some((code, rest)) => {
                body.push(code);
                rest
            }
            None => {
                let word = after.trim_matches(is_space);
                if is_lang(word) {
                    lang = Some(word.to_owned());
                } else if !word.is_empty() {
                    body.push(after);
                }
                self.fenced_lines(&mut body)
            }
        };
        self.blocks.push(Block::Code { lang, text: body.join("\n") });
        if is_blank(rest) {
            self.at += 1;
        } else {
            self.lines[self.at] = rest.trim_start_matches(is_space);
        }
        true
    }

    /// Takes lines up to the closing fence and returns what stands behind it.
    fn fenced_lines(&mut self, body: &mut Vec<&'a str>) -> &'a str {
        loop {
            self.at += 1;
            let Some(&line) = self.lines.get(self.at) else { return "" };
            let Some((code, rest)) = split_fence(line) else {
                body.push(line);
                continue;
            };
            if !is_blank(code) {
                body.push(code);
            }
            return rest;
        }
    }

    fn list(&mut self, first: Marker<'a>) {
        let (base, number) = (first.indent, first.number);
        let deepest = self.within.lists + 1 == MAX_LISTS;
        let within = Within { lists: self.within.lists + 1, item: true, ..self.within };
        let mut items = vec![];
        let mut next = Some(first);
        while let Some(item) = next {
            let last = item.number;
            let inner = self.item(item, base, deepest);
            items.push(read(inner, within));
            // A number that does not follow starts a list of its own, so that every number is
            // shown as it was typed.
            next = self.lines.get(self.at).and_then(|line| marker(line));
            next = next.filter(|m| m.number == last.map(|n| n + 1));
        }
        let (ordered, start) = (number.is_some(), number.filter(|n| *n != 1));
        self.blocks.push(Block::List { ordered, start, items });
    }

    /// The lines of one item: what follows its marker, and what is indented below it.
    fn item(&mut self, item: Marker<'a>, base: usize, deepest: bool) -> Vec<&'a str> {
        let mut in_code = fences(item.text) % 2 == 1;
        let mut inner = vec![item.text];
        self.at += 1;
        while let Some(&line) = self.lines.get(self.at) {
            if !(in_code && self.at <= self.last_fence) {
                let indent = indent(line).0;
                let mine = !is_blank(line) && indent >= base + 2;
                if !mine || (deepest && marker(line).is_some()) {
                    break;
                }
            }
            in_code ^= fences(line) % 2 == 1;
            inner.push(dedent(line, item.width));
            self.at += 1;
        }
        inner
    }
}

struct Marker<'a> {
    indent: usize,
    number: Option<u32>,
    /// The columns up to the text, which lines below may leave out.
    width: usize,
    text: &'a str,
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let (indent, rest) = indent(line);
    let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let (number, tail) = match digits {
        0 => (None, rest.strip_prefix(['-', '*', '•'])?),
        // Four digits are a year: `2026. 11. 22.`
        1..=3 => (rest[..digits].parse().ok(), rest[digits..].strip_prefix('.')?),
        _ => return None,
    };
    let text = tail.trim_start_matches(is_space);
    if text.is_empty() || !tail.starts_with([' ', '\t']) {
        return None;
    }
    let width = indent + if digits == 0 { 2 } else { digits + 2 };
    Some(Marker { indent, number, width, text })
}

/// The text of a line that opens a quote. Faces such as `>_<` do not.
fn quoted(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(">>>").or_else(|| line.strip_prefix('>'))?;
    let first = rest.chars().next()?;
    let opens = is_space(first) || first.is_alphanumeric() || "*`\"".contains(first);
    let text = rest.strip_prefix(' ').unwrap_or(rest);
    (opens && !is_blank(text)).then_some(text)
}

fn is_lang(word: &str) -> bool {
    (1..=MAX_LANG).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"+#._-".contains(&b))
}

/// Before and after the first run of three or more backticks.
fn split_fence(line: &str) -> Option<(&str, &str)> {
    let at = line.find(FENCE)?;
    steps::add(at + FENCE.len());
    Some((&line[..at], line[at..].trim_start_matches('`')))
}

fn fences(mut line: &str) -> usize {
    let mut count = 0;
    while let Some((_, rest)) = split_fence(line) {
        count += 1;
        line = rest;
    }
    count
}

fn indent(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches([' ', '\t']);
    let spaces = &line[..line.len() - rest.len()];
    (spaces.bytes().map(|b| if b == b'\t' { TAB } else { 1 }).sum(), rest)
}

/// The line without its first `width` columns, as far as they are spaces.
fn dedent(line: &str, width: usize) -> &str {
    let mut columns = 0;
    let cut = line.bytes().take_while(|b| {
        let column = columns;
        columns += if *b == b'\t' { TAB } else { 1 };
        (*b == b' ' || *b == b'\t') && column < width
    });
    &line[cut.count()..]
}

/// Lines end with LF, CR LF or a lone CR.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = vec![];
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        lines.push(&rest[..at]);
        let tail = &rest[at..];
        rest = tail.strip_prefix("\r\n").unwrap_or(&tail[1..]);
    }
    lines.push(rest);
    lines
}
