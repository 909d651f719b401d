//! Which links of a message are shown with what they lead to, and how a text reads without one of them.
//!
//! A link in `<…>` is quiet: so the author says that nothing is to be shown, and so a preview is taken away. It is an
//! edit like any other; every device learns of it by the same event.

use super::{Block, Inline, parse, plain_text};

/// Links of one message that are shown with what they lead to.
pub const PREVIEWS: usize = 3;

/// Places of a link that are tried before the author has to edit the text by hand.
const TRIES: usize = 100;

/// The addresses that are shown with what they lead to: web links outside of code and quotes that are not quiet, each
/// once, the first few.
pub fn previewed(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for href in loud(text) {
        if found.len() < PREVIEWS && !found.contains(&href) {
            found.push(href);
        }
    }
    found
}

/// The text with all links to `href` made quiet; `None` when that cannot be done without changing what it says.
pub fn without_preview(text: &str, href: &str) -> Option<String> {
    let mut text = text.to_owned();
    let mut links = loud(&text);
    let (mut from, mut tries) = (0, 0);
    while let Some(n) = links.iter().position(|it| it == href) {
        let at = from + text[from..].find(href)?;
        tries += 1;
        if tries > TRIES {
            return None;
        }
        links.remove(n);
        match quieted(&text, at, href).into_iter().find(|candidate| loud(candidate) == links) {
            Some(candidate) => text = candidate,
            // The address as words, in code or in a quote: the link stands further on.
            None => links.insert(n, href.to_owned()),
        }
        // Past the address, or past the `<` that was set before it.
        from = at + 1;
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    Some(text)
}

/// How the text may read with the address at `at` made quiet.
fn quieted(text: &str, at: usize, href: &str) -> Vec<String> {
    let (before, after) = (&text[..at], &text[at + href.len()..]);
    let labelled = before.strip_suffix("](").zip(after.strip_prefix(')'));
    let label = labelled.and_then(|(before, after)| Some((before.rsplit_once('[')?, after)));
    match label {
        Some(((before, label), after)) => {
            let labelled = format!("{before}<{href}|{label}>{after}");
            // A label that holds what ends one stands before the address.
            let apart = format!("{before}{label} <{href}>{after}");
            let same = plain_text(&parse(&labelled)) == plain_text(&parse(text));
            if same { vec![labelled, apart] } else { vec![apart] }
        }
        None => vec![format!("{before}<{href}>{after}")],
    }
}

/// Every web link that is not quiet, in order.
fn loud(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.contains("://") {
        loud_blocks(&parse(text), &mut found);
    }
    found
}

fn loud_blocks(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph { c } => loud_inlines(c, found),
            Block::List { items, .. } => items.iter().for_each(|item| loud_blocks(item, found)),
            Block::Quote { .. } | Block::Code { .. } => {}
        }
    }
}

fn loud_inlines(inlines: &[Inline], found: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Link { href, quiet: false, .. } if is_web(href) => found.push(href.clone()),
            Inline::Bold { c } | Inline::Italic { c } | Inline::Strike { c } => loud_inlines(c, found),
            _ => {}
        }
    }
}

fn is_web(href: &str) -> bool {
    href.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        text: String,
        previews: Vec<String>,
    }

    #[test]
    fn every_shared_vector_shows_what_is_written() {
        let file = include_str!("../../../../testing/vectors/previews.json");
        let vectors: Vec<Vector> = serde_json::from_str(file).unwrap();
        assert!(vectors.len() >= 10);
        for vector in vectors {
            assert_eq!(previewed(&vector.text), vector.previews, "{}", vector.name);
        }
    }

    fn without(text: &str, href: &str, expected: &str) {
        let quiet = without_preview(text, href).unwrap();
        assert_eq!(quiet, expected);
        assert!(!previewed(&quiet).contains(&href.to_owned()));
    }

    #[test]
    fn a_preview_is_taken_away_and_the_text_says_the_same() {
        let a = "https://a.example/x";
        without("보세요 https://a.example/x 여기", a, "보세요 <https://a.example/x> 여기");
        without("[여기](https://a.example/x) 보세요", a, "<https://a.example/x|여기> 보세요");
        without("*https://a.example/x*", a, "*<https://a.example/x>*");
        // Twice; once as the beginning of another; in code it is no link.
        without(
            "`https://a.example/x` https://a.example/xy https://a.example/x https://a.example/x",
            a,
            "`https://a.example/x` https://a.example/xy <https://a.example/x> <https://a.example/x>",
        );
        // A label that holds what ends a label.
        without("[a > b](https://a.example/x)", a, "a > b <https://a.example/x>");
        assert_eq!(without_preview("nothing here", a).as_deref(), Some("nothing here"));
    }

    #[test]
    fn a_text_full_of_one_address_ends_soon() {
        let text = format!("{} https://a.example", "`https://a.example` ".repeat(1_500));
        assert_eq!(without_preview(&text, "https://a.example"), None);
    }
}
