//! The language of message texts: Slack's mrkdwn plus lists, and Markdown's links.
//!
//! A text is stored as typed and read into a small tree of nodes whenever it is shown; there is
//! no HTML and no escaping on the way. The web client has the same parser in
//! `web/src/lib/markdown.ts`; `testing/vectors/text.json` holds the two equal.

mod blocks;
mod chars;
mod emoji;
mod inlines;
mod links;
mod plain;
mod previewed;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use emoji::{emoji_by_name, normalize_emoji};
pub use links::{bare as bare_link, in_parentheses as link_in_parentheses, is_address};
pub use plain::{Names, plain_text, plain_text_with};
pub use previewed::{PREVIEWS, previewed, without_preview};

/// What stands by itself on its own lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Block {
    #[serde(rename = "p")]
    Paragraph {
        c: Vec<Inline>,
    },
    Quote {
        c: Vec<Block>,
    },
    Code {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<String>,
        text: String,
    },
    List {
        ordered: bool,
        /// The first number of an ordered list, unless that is 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<u32>,
        items: Vec<Vec<Block>>,
    },
}

/// What stands within a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Inline {
    Text {
        text: String,
    },
    #[serde(rename = "b")]
    Bold {
        c: Vec<Inline>,
    },
    #[serde(rename = "i")]
    Italic {
        c: Vec<Inline>,
    },
    #[serde(rename = "s")]
    Strike {
        c: Vec<Inline>,
    },
    Code {
        text: String,
    },
    /// `href` is as typed and always http, https, mailto or tel.
    Link {
        href: String,
        c: Vec<Inline>,
        /// Written in `<…>`: what it leads to is not shown beside the message.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        quiet: bool,
    },
    Mention {
        id: String,
    },
    Everyone,
    Space {
        id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// `name` is as typed, with a skin tone (`wave::skin-tone-3`) if one was given.
    Emoji {
        name: String,
        char: String,
    },
    #[serde(rename = "br")]
    Break,
}

/// Whom a text calls. Each person stands once, in the order of their first mention.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentions {
    pub people: Vec<String>,
    pub everyone: bool,
}

/// Reads a text. Every text has a tree, in time linear in its length; at most four blocks and
/// eight inlines deep, so walking it by recursion is safe.
pub fn parse(text: &str) -> Vec<Block> {
    blocks::parse(text)
}

/// Whom the text calls outside of code.
pub fn mentions(text: &str) -> Mentions {
    let mut found = Mentions::default();
    if text.contains("<@") || text.contains("<!") {
        let mut seen = std::collections::HashSet::new();
        collect_blocks(&parse(text), &mut |inline| match inline {
            Inline::Mention { id } if seen.insert(id.clone()) => found.people.push(id.clone()),
            Inline::Everyone => found.everyone = true,
            _ => {}
        });
    }
    found
}

fn collect_blocks(blocks: &[Block], see: &mut impl FnMut(&Inline)) {
    for block in blocks {
        match block {
            Block::Paragraph { c } => collect_inlines(c, see),
            Block::Quote { c } => collect_blocks(c, see),
            Block::List { items, .. } => items.iter().for_each(|item| collect_blocks(item, see)),
            Block::Code { .. } => {}
        }
    }
}

fn collect_inlines(inlines: &[Inline], see: &mut impl FnMut(&Inline)) {
    for inline in inlines {
        see(inline);
        match inline {
            Inline::Bold { c } | Inline::Italic { c } | Inline::Strike { c } => {
                collect_inlines(c, see);
            }
            _ => {}
        }
    }
}

/// Counts what the parser does, so that a test can hold it linear without a clock.
#[cfg(test)]
pub(crate) mod steps {
    use std::cell::Cell;
    thread_local! { static STEPS: Cell<usize> = const { Cell::new(0) }; }
    pub fn add(n: usize) {
        STEPS.with(|s| s.set(s.get() + n));
    }
    pub fn take() -> usize {
        STEPS.with(|s| s.replace(0))
    }
}
#[cfg(not(test))]
pub(crate) mod steps {
    pub fn add(_: usize) {}
}
