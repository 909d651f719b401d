//! Contacts: what the house knows of somebody outside, however often and by whichever way they came.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::id::PersonId;
use crate::refusal::Refusal;
use crate::{limits, name, search};

/// What is written down of a contact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFacts {
    /// Empty for somebody of whom only an address is known.
    #[serde(default)]
    pub name: String,
    /// Folded.
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub company: Option<String>,
    /// How a site of the house knows them.
    #[serde(default)]
    pub external_id: Option<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    #[serde(default)]
    pub tags: Vec<String>,
}

/// That a contact agreed to something, or agrees no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactConsent {
    /// What for, in the words of the house: `newsletter`, `recording`.
    pub to: String,
    pub given: bool,
    /// Microseconds since 1970.
    pub at: i64,
    /// What they said, or were asked.
    #[serde(default)]
    pub words: String,
    /// Who wrote it down.
    pub by: PersonId,
}

impl ContactFacts {
    /// As they are kept: composed, trimmed, within their limits, and of somebody.
    ///
    /// # Errors
    /// `Invalid`, `TooLong` or `TooMany` with what is wrong.
    pub fn checked(self) -> Result<ContactFacts, Refusal> {
        let email = line(self.email, "e-mail address", 254)?.map(|it| name::email(&it)).transpose()?;
        let facts = ContactFacts {
            name: name::checked_or_empty(&self.name)?,
            email,
            phone: line(self.phone, "the phone number", limits::CONTACT_PHONE_CHARS)?,
            company: line(self.company, "the company", limits::CONTACT_LINE_CHARS)?,
            external_id: line(self.external_id, "the external id", limits::CONTACT_LINE_CHARS)?,
            attributes: attributes(self.attributes)?,
            tags: tags(self.tags)?,
        };
        if facts.shown().is_empty() {
            let why = "a name, an e-mail address, a phone number, a company or an external id is needed";
            return Err(Refusal::Invalid { what: "contact", why: why.into() });
        }
        Ok(facts)
    }

    /// By what they are called.
    pub fn shown(&self) -> &str {
        let others = [&self.email, &self.phone, &self.company, &self.external_id];
        let name = Some(self.name.as_str()).filter(|it| !it.is_empty());
        name.or_else(|| others.into_iter().find_map(Option::as_deref)).unwrap_or_default()
    }

    /// All by which they are found, one thing a line, in pieces as `asked` makes them.
    pub fn found_by(&self) -> String {
        let mut lines = vec![String::new()];
        for words in [Some(self.name.as_str()), self.company.as_deref()].into_iter().flatten() {
            lines.push(pieces(words));
            lines.push(pieces(&bare(words)));
            lines.push(pieces(&search::initials(&bare(words))));
        }
        lines.extend([&self.email, &self.external_id].into_iter().flatten().map(|it| pieces(it)));
        lines.extend(self.phone.iter().flat_map(|it| [pieces(it), digits(it)]));
        lines.extend(self.tags.iter().map(|it| tag_line(it)));
        lines.push(String::new());
        lines.join("\n")
    }

    /// What only `other` knew is taken over; where both know something, this one is right.
    #[must_use]
    pub fn joined_with(mut self, other: ContactFacts) -> ContactFacts {
        if self.name.is_empty() {
            self.name = other.name;
        }
        self.email = self.email.or(other.email);
        self.phone = self.phone.or(other.phone);
        self.company = self.company.or(other.company);
        self.external_id = self.external_id.or(other.external_id);
        for (key, value) in other.attributes {
            if self.attributes.len() < limits::CONTACT_ATTRIBUTES {
                self.attributes.entry(key).or_insert(value);
            }
        }
        for tag in other.tags {
            if !self.tags.contains(&tag) && self.tags.len() < limits::CONTACT_TAGS {
                self.tags.push(tag);
            }
        }
        self
    }

    /// With the tags that `other` has in the order they have there, and others behind them.
    #[must_use]
    pub fn in_order_of(mut self, other: &ContactFacts) -> ContactFacts {
        let place = |tag: &String| other.tags.iter().position(|it| it == tag).unwrap_or(usize::MAX);
        self.tags.sort_by_key(place);
        self
    }
}

impl ContactConsent {
    /// As it is kept.
    ///
    /// # Errors
    /// `Invalid` or `TooLong` with what is wrong.
    pub fn checked(self) -> Result<ContactConsent, Refusal> {
        let to = line(Some(self.to), "what is agreed to", limits::CONTACT_TAG_CHARS)?;
        let to = to.ok_or(Refusal::Invalid { what: "consent", why: "it says not to what".into() })?;
        let words = line(Some(self.words), "the words", limits::CONTACT_WORDS)?.unwrap_or_default();
        Ok(ContactConsent { to, words, ..self })
    }
}

/// The words of a question, each in the pieces in which contacts are found: all of them must be there.
pub fn asked(question: &str) -> Vec<String> {
    let words = question.split_whitespace().take(limits::CONTACT_WORDS_ASKED);
    words
        .map(|word| {
            let number = word.chars().all(|c| c.is_ascii_digit() || "+-().".contains(c));
            let only_digits = digits(word);
            if number && !only_digits.is_empty() { only_digits } else { pieces(word) }
        })
        .collect()
}

/// A tag as a line of `found_by`.
pub fn tag_line(tag: &str) -> String {
    format!("#{}", pieces(tag))
}

/// Folded, and syllables taken to pieces, so that one that is still being typed is found: 길 begins with 기.
fn pieces(text: &str) -> String {
    search::fold(text).nfkd().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// One line without control characters, none if nothing is left.
fn line(text: Option<String>, what: &'static str, limit: usize) -> Result<Option<String>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let text: String = text.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    if text.chars().count() > limit {
        return Err(Refusal::TooLong { what, limit });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn attributes(given: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut kept = BTreeMap::new();
    for (key, value) in given {
        let key = line(Some(key), "the name of an attribute", limits::CONTACT_TAG_CHARS)?;
        let value = line(Some(value), "an attribute", limits::CONTACT_WORDS)?;
        if let (Some(key), Some(value)) = (key, value) {
            kept.insert(key, value);
        }
    }
    if kept.len() > limits::CONTACT_ATTRIBUTES {
        return Err(Refusal::TooMany { what: "attributes", limit: limits::CONTACT_ATTRIBUTES });
    }
    Ok(kept)
}

fn tags(given: Vec<String>) -> Result<Vec<String>, Refusal> {
    let mut kept: Vec<String> = Vec::new();
    for tag in given {
        let Some(tag) = line(Some(tag), "a tag", limits::CONTACT_TAG_CHARS)? else { continue };
        if !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    if kept.len() > limits::CONTACT_TAGS {
        return Err(Refusal::TooMany { what: "tags", limit: limits::CONTACT_TAGS });
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hong() -> ContactFacts {
        ContactFacts {
            name: "홍 길동".into(),
            email: Some("Gildong@Hanbit.example".into()),
            phone: Some("010-1234-5678".into()),
            company: Some("한빛 Café".into()),
            tags: vec!["vip".into(), " vip ".into(), "".into()],
            ..ContactFacts::default()
        }
    }

    fn finds(facts: &ContactFacts, question: &str) -> bool {
        let found_by = facts.found_by();
        asked(question).iter().all(|word| found_by.contains(word))
    }

    #[test]
    fn a_contact_is_found_by_parts_of_what_is_known() {
        let facts = hong().checked().unwrap();
        for question in [
            "길동",
            "홍길동",
            "홍기",
            "ㅎㄱㄷ",
            "gildong",
            "HANBIT",
            "1234",
            "010-1234",
            "01012345678",
            "한빛",
            "cafe",
            "vip",
            "홍 한빛",
            "홍ㄱ",
        ] {
            assert!(finds(&facts, question), "{question}");
        }
        for question in ["홍동", "ㅎㄷㄱ", "9999", "홍 네이버"] {
            assert!(!finds(&facts, question), "{question}");
        }
        assert!(facts.found_by().contains(&format!("\n{}\n", tag_line("VIP"))));
    }

    #[test]
    fn what_is_kept_is_folded_and_of_somebody() {
        let facts = hong().checked().unwrap();
        assert_eq!(facts.email.as_deref(), Some("gildong@hanbit.example"));
        assert_eq!(facts.tags, ["vip"]);
        let nobody = ContactFacts { name: " ".into(), ..ContactFacts::default() };
        assert!(matches!(nobody.checked(), Err(Refusal::Invalid { what: "contact", .. })));
        let wrong = ContactFacts { email: Some("gildong".into()), ..hong() };
        assert!(wrong.checked().is_err());
        let many = ContactFacts { tags: (0..100).map(|n| n.to_string()).collect(), ..hong() };
        assert!(matches!(many.checked(), Err(Refusal::TooMany { .. })));
    }

    #[test]
    fn who_stays_is_right_and_takes_over_what_was_not_known() {
        let stays = ContactFacts {
            name: "길동".into(),
            email: None,
            attributes: BTreeMap::from([("등급".into(), "금".into())]),
            tags: vec!["a".into()],
            ..hong()
        };
        let goes = ContactFacts {
            attributes: BTreeMap::from([("등급".into(), "은".into()), ("도시".into(), "서울".into())]),
            tags: vec!["b".into(), "a".into()],
            ..hong()
        };
        let joined = stays.joined_with(goes);
        assert_eq!(joined.name, "길동");
        assert_eq!(joined.email.as_deref(), Some("Gildong@Hanbit.example"));
        assert_eq!(joined.attributes["등급"], "금");
        assert_eq!(joined.attributes["도시"], "서울");
        assert_eq!(joined.tags, ["a", "b"]);
    }
}
