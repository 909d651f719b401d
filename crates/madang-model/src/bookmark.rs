//! Bookmarks of a space: links that stand above its conversation, for everybody in it.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::id::BookmarkId;
use crate::limits;
use crate::refusal::Refusal;
use crate::text;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    pub id: BookmarkId,
    pub title: String,
    /// An address with http or https.
    pub link: String,
    /// Always written, so that none is told from one that was not named.
    #[serde(default)]
    pub emoji: Option<String>,
}

impl Bookmark {
    /// As it is kept.
    ///
    /// # Errors
    /// `Invalid` or `TooLong`.
    pub fn checked(&self) -> Result<Bookmark, Refusal> {
        Ok(Bookmark {
            id: self.id,
            title: title(&self.title)?,
            link: link(&self.link)?,
            emoji: self.emoji.as_deref().map(emoji).transpose()?.flatten(),
        })
    }
}

/// One line, trimmed.
fn title(title: &str) -> Result<String, Refusal> {
    let title: String = title.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = title.trim().to_owned();
    if title.is_empty() {
        return Err(Refusal::Invalid { what: "title", why: "it is empty".into() });
    }
    if title.chars().count() > limits::BOOKMARK_TITLE_CHARS {
        return Err(Refusal::TooLong { what: "the title", limit: limits::BOOKMARK_TITLE_CHARS });
    }
    Ok(title)
}

/// Only what a browser opens as a page: nobody is led into a program by a press.
fn link(link: &str) -> Result<String, Refusal> {
    let link = link.trim();
    if link.chars().count() > limits::PAGE_URL_CHARS {
        return Err(Refusal::TooLong { what: "the link", limit: limits::PAGE_URL_CHARS });
    }
    let scheme = link.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_page = matches!(scheme.as_deref(), Some("http" | "https")) && text::is_address(link);
    if !is_page || link.chars().any(char::is_whitespace) {
        return Err(Refusal::Invalid {
            what: "link",
            why: "give an address with https:// or http://".into(),
        });
    }
    Ok(link.to_owned())
}

/// An emoji or the name of one; an empty one is none.
fn emoji(emoji: &str) -> Result<Option<String>, Refusal> {
    let emoji = emoji.trim().trim_matches(':');
    if emoji.is_empty() {
        return Ok(None);
    }
    let invalid = || Refusal::Invalid { what: "emoji", why: "give an emoji or the name of one".into() };
    text::normalize_emoji(emoji).map(Some).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(title: &str, link: &str, emoji: Option<&str>) -> Result<Bookmark, Refusal> {
        let (title, link, emoji) = (title.to_owned(), link.to_owned(), emoji.map(str::to_owned));
        Bookmark { id: BookmarkId(1), title, link, emoji }.checked()
    }

    #[test]
    fn a_bookmark_is_one_line_and_a_page() {
        let kept = made("  계획\n표 ", " https://example.com/a?b=1#c ", Some(":tada:")).expect("right");
        assert_eq!((kept.title.as_str(), kept.link.as_str()), ("계획 표", "https://example.com/a?b=1#c"));
        assert_eq!(kept.emoji.as_deref(), Some("tada"));
        assert_eq!(made("a", "HTTP://example.com", Some("")).expect("right").emoji, None);
        for link in [
            "javascript:alert(1)",
            "mailto:a@example.com",
            "tel:1",
            "https://",
            "example.com",
            "",
            "https://a b",
        ] {
            assert!(matches!(made("a", link, None), Err(Refusal::Invalid { what: "link", .. })), "{link}");
        }
        assert!(matches!(
            made(" \n", "https://a.example", None),
            Err(Refusal::Invalid { what: "title", .. })
        ));
        assert!(matches!(made(&"가".repeat(256), "https://a.example", None), Err(Refusal::TooLong { .. })));
        assert!(made(&"가".repeat(255), "https://a.example", None).is_ok());
        let long = format!("https://a.example/{}", "a".repeat(2_000));
        assert!(matches!(made("a", &long, None), Err(Refusal::TooLong { .. })));
        let wrong = made("a", "https://a.example", Some("no such thing"));
        assert!(matches!(wrong, Err(Refusal::Invalid { what: "emoji", .. })));
    }
}
