//! What is shown of a text that was found: the place, with the words that were
//! asked for marked.

use serde::{Deserialize, Serialize};

use super::ask::Ask;
use super::tokens::fold;

/// The most characters of an excerpt, and how many stand before the first hit.
const CHARS: usize = 160;
const BEFORE: usize = 40;

/// A piece of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub text: String,
    /// Whether it was asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub hit: bool,
}

/// The part of `text` around the first word asked for, on one line.
pub fn excerpt(text: &str, ask: &Ask) -> Vec<Part> {
    use unicode_normalization::UnicodeNormalization;
    let line: String = text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = line.chars().collect();
    let marks = marks(&chars, ask);
    let first = marks.iter().position(|hit| *hit).unwrap_or(0);
    let start = if chars.len() <= CHARS { 0 } else { first.saturating_sub(BEFORE).min(chars.len() - CHARS) };
    let end = (start + CHARS).min(chars.len());
    let mut parts: Vec<Part> = Vec::new();
    let mut push = |c: char, hit: bool| match parts.last_mut() {
        Some(part) if part.hit == hit => part.text.push(c),
        _ => parts.push(Part { text: c.into(), hit }),
    };
    if start > 0 {
        push('…', false);
    }
    chars[start..end].iter().zip(&marks[start..end]).for_each(|(c, hit)| push(*c, *hit));
    if end < chars.len() {
        push('…', false);
    }
    parts
}

/// Which characters were asked for. Characters are compared folded, one by one,
/// so that places in the folded text are places in the shown one.
fn marks(chars: &[char], ask: &Ask) -> Vec<bool> {
    let mut folded = String::new();
    let mut places = Vec::new();
    for (n, c) in chars.iter().enumerate() {
        folded.push_str(&fold(&c.to_string()));
        places.resize(folded.len(), n);
    }
    let mut marks = vec![false; chars.len()];
    let wanted = ask.terms.iter().filter(|term| !term.not).map(|term| fold(&term.text));
    for term in wanted.filter(|term| !term.trim().is_empty()) {
        for (at, found) in folded.match_indices(&term) {
            for place in &places[at..at + found.len()] {
                marks[*place] = true;
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::read;

    fn told(text: &str, question: &str) -> String {
        let part = |part: Part| if part.hit { format!("[{}]", part.text) } else { part.text };
        excerpt(text, &read(question)).into_iter().map(part).collect()
    }

    #[test]
    fn what_was_asked_for_is_marked() {
        assert_eq!(told("내일 회의에서\n봐요", "회의"), "내일 [회의]에서 봐요");
        assert_eq!(told("Deploy the DEPLOYER", "deploy -x"), "[Deploy] the [DEPLOY]ER");
        assert_eq!(told("Café Straße", "cafe"), "[Café] Straße");
        assert_eq!(told("nothing here", "has:file"), "nothing here");
    }

    #[test]
    fn a_long_text_is_cut_around_the_hit() {
        let text = format!("{}예산 결정{}", "가나다 ".repeat(200), " 라마바".repeat(200));
        let shown = told(&text, "예산");
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
        assert!(shown.contains("[예산]") && shown.chars().count() < 170, "{shown}");
    }
}
