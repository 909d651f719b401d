//! What a page says of itself: title, description, site and picture, from OpenGraph, its like, and `<title>`. The
//! page is somebody else's words: only text comes out, cleaned and cut.

use encoding_rs::{EUC_KR, Encoding, UTF_8, WINDOWS_1252};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use reqwest::Url;

/// Characters that a card has room for.
const TITLE: usize = 200;
const DESCRIPTION: usize = 400;
const SITE: usize = 80;
/// HTML, 13.2.3.2: where a page says its encoding.
const DECLARED_WITHIN: usize = 4_096;

/// What a page says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub title: String,
    pub description: Option<String>,
    pub site: Option<String>,
    pub picture: Option<Url>,
}

/// Reads the beginning of a page that came from `url` with this `Content-Type`; none when it has no title.
pub(super) fn read(bytes: &[u8], content_type: &str, url: &Url) -> Option<Head> {
    let text = decoded(bytes, content_type);
    let mut said = Said::default();
    let mut emitter = DefaultEmitter::default();
    // What stands in scripts and styles is no markup.
    emitter.naively_switch_states(true);
    let mut in_title = false;
    for token in Tokenizer::new_with_emitter(&text, emitter).flatten() {
        match token {
            Token::StartTag(tag) if tag.name.as_slice() == b"meta" => said.meta(&tag),
            // The first one: pictures within the page have titles too.
            Token::StartTag(tag) if tag.name.as_slice() == b"title" => in_title = said.title.is_empty(),
            Token::EndTag(tag) if tag.name.as_slice() == b"title" => in_title = false,
            Token::String(words) if in_title => said.title.push_str(&String::from_utf8_lossy(&words.value)),
            _ => {}
        }
    }
    said.head(url)
}

/// What was found, by how much its word counts.
#[derive(Default)]
struct Said {
    title: String,
    open_graph: Words,
    twitter: Words,
    description: Option<String>,
    site: Option<String>,
}

#[derive(Default)]
struct Words {
    title: Option<String>,
    description: Option<String>,
    picture: Option<String>,
}

impl Said {
    fn meta(&mut self, tag: &StartTag<()>) {
        let of = |key: &[u8]| tag.attributes.get(key).map(|it| String::from_utf8_lossy(it).into_owned());
        // Both are found in the wild for both.
        let Some(name) = of(b"property").or_else(|| of(b"name")) else { return };
        let Some(content) = of(b"content").filter(|it| !it.trim().is_empty()) else { return };
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "og:title" => &mut self.open_graph.title,
            "og:description" => &mut self.open_graph.description,
            "og:image" | "og:image:url" | "og:image:secure_url" => &mut self.open_graph.picture,
            "og:site_name" => &mut self.site,
            "twitter:title" => &mut self.twitter.title,
            "twitter:description" => &mut self.twitter.description,
            "twitter:image" | "twitter:image:src" => &mut self.twitter.picture,
            "description" => &mut self.description,
            _ => return,
        };
        place.get_or_insert(content);
    }

    fn head(self, url: &Url) -> Option<Head> {
        let first =
            |of: [Option<String>; 3], most| of.into_iter().flatten().find_map(|it| cleaned(&it, most));
        let title = first([self.open_graph.title, self.twitter.title, Some(self.title)], TITLE)?;
        let description =
            first([self.open_graph.description, self.twitter.description, self.description], DESCRIPTION);
        let picture = self.open_graph.picture.or(self.twitter.picture);
        let picture = picture.and_then(|it| url.join(it.trim()).ok());
        Some(Head { title, description, site: self.site.and_then(|it| cleaned(&it, SITE)), picture })
    }
}

/// One line of words without what is not seen or turns the reading direction, cut at so many characters; none when
/// nothing is left.
fn cleaned(text: &str, most: usize) -> Option<String> {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let shown: String = text.chars().map(|c| if unseen(c) { ' ' } else { c }).collect();
    let mut words = shown.split_whitespace();
    let mut line = words.next()?.to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    if let Some((cut, _)) = line.char_indices().nth(most) {
        line.truncate(cut);
        line.push('…');
    }
    Some(line)
}

/// The text of a page, by its mark, by what the server says, by what the page says, and by what it looks like.
fn decoded(bytes: &[u8], content_type: &str) -> String {
    let declared = charset_of(content_type).or_else(|| declared_within(bytes));
    if let Some(encoding) = declared.and_then(|label| Encoding::for_label(label.as_bytes())) {
        return encoding.decode(bytes).0.into_owned();
    }
    let (text, _, broken) = UTF_8.decode(bytes);
    // The last character may be cut.
    if !broken || text.char_indices().rev().take(2).any(|(at, _)| text.find('\u{fffd}') == Some(at)) {
        return text.into_owned();
    }
    match EUC_KR.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text.into_owned(),
        None => WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

/// `text/html; charset="euc-kr"` (RFC 9110, 8.3.1).
fn charset_of(content_type: &str) -> Option<String> {
    let at = content_type.to_ascii_lowercase().find("charset=")?;
    let value = content_type[at + "charset=".len()..].trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'', ';', ' ']).unwrap_or(value.len());
    Some(value[..end].to_owned()).filter(|it| !it.is_empty())
}

fn declared_within(bytes: &[u8]) -> Option<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let begin = &bytes[..bytes.len().min(DECLARED_WITHIN)];
    for token in Tokenizer::new_with_emitter(begin, emitter).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let of = |key: &[u8]| tag.attributes.get(key).map(|it| String::from_utf8_lossy(it).into_owned());
        let declares = of(b"http-equiv").is_some_and(|it| it.eq_ignore_ascii_case("content-type"));
        let label =
            of(b"charset").or_else(|| of(b"content").filter(|_| declares).and_then(|it| charset_of(&it)));
        if let Some(label) = label.filter(|_| tag.name.as_slice() == b"meta") {
            // HTML, 13.2.3.2: whoever can say it in ASCII is not UTF-16.
            let utf_16 = label.to_ascii_lowercase().starts_with("utf-16");
            return Some(if utf_16 { "utf-8".into() } else { label });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(page: &[u8], content_type: &str) -> Option<Head> {
        read(page, content_type, &"https://a.example/posts/1".parse().expect("an address"))
    }

    #[test]
    fn a_page_says_what_it_is() {
        let page = r#"<!doctype html><head><script>"<title>no</title>"</script><title>Plain &amp; simple</title>
            <META NAME="Description" content=" Two
            lines "><meta property="og:title" content="마당 &lt;소식&gt;"><meta property=og:image content="../a.png">
            <meta property="og:site_name" content="마당"></head><svg><title>an icon</title></svg>"#;
        let found = head(page.as_bytes(), "text/html").expect("a head");
        assert_eq!(found.title, "마당 <소식>");
        assert_eq!(found.description.as_deref(), Some("Two lines"));
        assert_eq!(found.site.as_deref(), Some("마당"));
        assert_eq!(found.picture.expect("a picture").as_str(), "https://a.example/a.png");
        let plain = head(b"<title> Plain &amp; simple </title>", "text/html").expect("a head");
        assert_eq!(plain, Head { title: "Plain & simple".into(), ..Head::default() });
        assert_eq!(head(b"<p>nothing</p>", "text/html"), None);
        assert_eq!(head(b"<title> \n </title>", "text/html"), None);
        assert_eq!(head(b"", "text/html"), None);
    }

    #[test]
    fn a_page_is_read_in_the_encoding_that_it_is_in() {
        let (euc, _, _) = EUC_KR.encode("<title>마당에서 만나요</title>");
        let (declared, _, _) = EUC_KR.encode("<meta charset='euc-kr'><title>마당에서 만나요</title>");
        let (old, _, _) = EUC_KR.encode(
            "<meta http-equiv=Content-Type content='text/html; charset=ks_c_5601-1987'><title>마당에서 만나요</title>",
        );
        for (page, content_type) in [
            (&euc[..], "text/html; charset=EUC-KR"),
            (&euc[..], "text/html"),
            (&declared[..], "text/html"),
            (&old[..], "text/html;charset="),
            ("<title>마당에서 만나요</title>".as_bytes(), "text/html; charset=\"utf-8\""),
            ("<meta charset=utf-16><title>마당에서 만나요</title>".as_bytes(), "text/html"),
            ("\u{feff}<title>마당에서 만나요</title>".as_bytes(), "text/html; charset=euc-kr"),
        ] {
            let found = head(page, content_type).expect("a head");
            assert_eq!(found.title, "마당에서 만나요", "{content_type}");
        }
        assert_eq!(head(b"<title>caf\xe9 \xff!</title>", "text/html").expect("a head").title, "café ÿ!");
        // Cut in the middle of a character, as a long page is.
        let cut = "<title>마당</title>가".as_bytes();
        assert_eq!(head(&cut[..cut.len() - 1], "text/html").expect("a head").title, "마당");
    }

    #[test]
    fn what_is_too_long_or_not_seen_is_cut() {
        let page = format!("<title>{}\u{202e}gpj.exe</title>", "가".repeat(500));
        let title = head(page.as_bytes(), "text/html").expect("a head").title;
        assert_eq!(title.chars().count(), TITLE + 1);
        let turned =
            head("<title>a\u{202e}gpj.exe\u{7}\u{200b}</title>".as_bytes(), "text/html").expect("a head");
        assert_eq!(turned.title, "a gpj.exe");
    }

    #[test]
    fn a_page_made_to_be_slow_is_read_at_once() {
        for piece in ["<meta property=og:title ", "<", "<title>", "<meta a=b ", "&", "<!--", "<script>"] {
            let page = piece.repeat((512 << 10) / piece.len());
            let _ = head(page.as_bytes(), "text/html");
        }
    }
}
