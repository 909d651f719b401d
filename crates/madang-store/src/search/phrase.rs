//! A question in the words of each engine. Words of the index hold nothing but
//! letters and digits, so nothing in them could end a quotation.

use madang_model::SpaceId;
use madang_model::search::Term;

/// The word by which a text says in which space it stands. No text holds it.
pub(super) fn scope_word(space: SpaceId) -> String {
    format!("s{}", space.0)
}

/// FTS5: `text : ("회의" AND "deploy" * NOT …) AND scope : ("s7" OR …)`.
///
/// `endings` are the words that open terms stand for, where they are known.
pub(super) fn fts5(terms: &[Term], endings: &[Option<Vec<String>>], scope: &[SpaceId]) -> String {
    let (mut not, mut wanted) = (Vec::new(), Vec::new());
    for (n, term) in terms.iter().enumerate() {
        let words = endings.get(n).and_then(Option::as_deref).filter(|words| !words.is_empty());
        let asked = words.map_or_else(|| phrase(term), any_word);
        if term.not { not.push(asked) } else { wanted.push(asked) }
    }
    let mut text = format!("(text : ({})", wanted.join(" AND "));
    if !not.is_empty() {
        text.push_str(&format!(" NOT text : ({})", not.join(" OR ")));
    }
    text.push(')');
    if !scope.is_empty() {
        let spaces: Vec<String> = scope.iter().map(|space| scope_word(*space)).collect();
        text.push_str(&format!(" AND scope : ({})", spaces.join(" OR ")));
    }
    text
}

/// FTS5: what holds any of the terms, wanted or not.
pub(super) fn any_fts5(terms: &[Term]) -> String {
    format!("text : ({})", terms.iter().map(phrase).collect::<Vec<_>>().join(" OR "))
}

fn phrase(term: &Term) -> String {
    let open = if term.open { " *" } else { "" };
    format!("\"{}\"{open}", term.phrase.join(" "))
}

fn any_word(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("({})", quoted.join(" OR "))
}

/// PostgreSQL, 8.11.2: `('회의') & ('deploy':*) & !('…') & ('#s7' | …)`.
pub(super) fn tsquery(terms: &[Term], scope: &[SpaceId]) -> String {
    let not = |term: &Term| if term.not { "!" } else { "" };
    let mut all: Vec<String> = terms.iter().map(|term| format!("{}({})", not(term), row(term))).collect();
    if !scope.is_empty() {
        let spaces: Vec<String> = scope.iter().map(|space| format!("'#{}'", scope_word(*space))).collect();
        all.push(format!("({})", spaces.join(" | ")));
    }
    all.join(" & ")
}

/// PostgreSQL: what holds any of the terms, wanted or not.
pub(super) fn any_tsquery(terms: &[Term]) -> String {
    terms.iter().map(|term| format!("({})", row(term))).collect::<Vec<_>>().join(" | ")
}

/// The words of a term, one behind the other.
fn row(term: &Term) -> String {
    let mut words: Vec<String> = term.phrase.iter().map(|word| format!("'{word}'")).collect();
    if let Some(last) = words.last_mut().filter(|_| term.open) {
        last.push_str(":*");
    }
    words.join(" <-> ")
}

/// PostgreSQL keeps positions up to here (12.9), and more words at the last one.
const POSITIONS: usize = 16_383;

/// PostgreSQL, 8.11.1: `'회의':1 '의실':2 '#s7':1`.
pub(super) fn tsvector(words: &[String], space: SpaceId) -> String {
    let mut text = format!("'#{}':1", scope_word(space));
    for (n, word) in words.iter().enumerate() {
        text.push_str(&format!(" '{word}':{}", (n + 1).min(POSITIONS)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_told_to_each_engine() {
        let terms = madang_model::search::read("회의실 deploy -취소").terms;
        let scope = [SpaceId(7), SpaceId(8)];
        assert_eq!(
            fts5(&terms, &[], &scope),
            "(text : (\"회의 의실\" AND \"deploy\" *) NOT text : (\"취소\")) AND scope : (s7 OR s8)"
        );
        let endings = [None, Some(vec!["deploy".into(), "deployed".into()]), None];
        assert_eq!(
            fts5(&terms, &endings, &[]),
            "(text : (\"회의 의실\" AND (\"deploy\" OR \"deployed\")) NOT text : (\"취소\"))"
        );
        assert_eq!(
            tsquery(&terms, &scope),
            "('회의' <-> '의실') & ('deploy':*) & !('취소') & ('#s7' | '#s8')"
        );
        assert_eq!(tsvector(&["회의".into(), "의".into()], SpaceId(7)), "'#s7':1 '회의':1 '의':2");
    }
}
