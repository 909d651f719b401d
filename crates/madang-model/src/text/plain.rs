//! A text without its marks, for previews, notifications and search.

use super::{Block, Inline};

/// How to say what a text names only by id.
pub struct Names<'a> {
    pub person: &'a dyn Fn(&str) -> Option<String>,
    pub space: &'a dyn Fn(&str) -> Option<String>,
    /// The word for everyone, such as `모두`.
    pub everyone: &'a str,
}

/// The words of a text. A mention is `@` and its id; see [`plain_text_with`] for names.
pub fn plain_text(blocks: &[Block]) -> String {
    let nobody = |_: &str| None;
    let names = Names { person: &nobody, space: &nobody, everyone: "everyone" };
    plain_text_with(blocks, &names)
}

/// The words of a text, with the names of people and spaces. Blocks stand on lines of their own.
pub fn plain_text_with(blocks: &[Block], names: &Names) -> String {
    let mut out = String::new();
    push_blocks(blocks, names, &mut out);
    out
}

fn push_blocks(blocks: &[Block], names: &Names, out: &mut String) {
    for (n, block) in blocks.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        match block {
            Block::Paragraph { c } => push_inlines(c, names, out),
            Block::Quote { c } => push_blocks(c, names, out),
            Block::Code { text, .. } => out.push_str(text),
            Block::List { ordered, start, items } => {
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        out.push('\n');
                    }
                    if *ordered {
                        out.push_str(&format!("{}. ", start.unwrap_or(1) as usize + n));
                    } else {
                        out.push_str("• ");
                    }
                    push_blocks(item, names, out);
                }
            }
        }
    }
}

fn push_inlines(inlines: &[Inline], names: &Names, out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text { text } | Inline::Code { text } => out.push_str(text),
            Inline::Bold { c } | Inline::Italic { c } | Inline::Strike { c } | Inline::Link { c, .. } => {
                push_inlines(c, names, out)
            }
            Inline::Mention { id } => {
                out.push('@');
                out.push_str(&(names.person)(id).unwrap_or_else(|| id.clone()));
            }
            Inline::Everyone => {
                out.push('@');
                out.push_str(names.everyone);
            }
            Inline::Space { id, name } => {
                out.push('#');
                let known = (names.space)(id).or_else(|| name.clone());
                out.push_str(&known.unwrap_or_else(|| id.clone()));
            }
            Inline::Emoji { char, .. } => out.push_str(char),
            Inline::Break => out.push('\n'),
        }
    }
}
