//! Texts as words of the index.
//!
//! Letters and digits make words. Runs of Hangul, Han and Kana, where words do
//! not stand apart or carry particles, become overlapping pairs and, at the
//! end of the run, its last character alone: `회의실` is `회의 의실 실`. So every
//! part of two or more syllables is found by a phrase of pairs, whatever is
//! attached to it, and a single syllable by everything that begins with it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most words of one text in the index; what comes after is not found.
const TOKENS: usize = 20_000;
/// The most characters of one word: longer ones are keys and pictures in disguise.
const TOKEN_CHARS: usize = 48;

/// A text as it is compared: compatibility-composed (NFKC, so that Hangul in
/// pieces is whole), lower case, Latin letters without their accents.
pub fn fold(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !(is_combining_mark(*c) && ('\u{300}'..='\u{36f}').contains(c)));
    bare.nfkc().flat_map(char::to_lowercase).collect()
}

/// A run of characters of one kind.
enum Run {
    Word(String),
    /// Hangul, Han or Kana.
    Dense(Vec<char>),
}

fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

fn runs(folded: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for c in folded.chars() {
        if is_dense(c) {
            match runs.last_mut() {
                Some((true, Run::Dense(run))) => run.push(c),
                _ => runs.push((true, Run::Dense(vec![c]))),
            }
        } else if c.is_alphanumeric() || is_combining_mark(c) {
            match runs.last_mut() {
                Some((true, Run::Word(word))) => word.push(c),
                _ => runs.push((true, Run::Word(c.into()))),
            }
        } else if let Some((open, _)) = runs.last_mut() {
            *open = false;
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

fn cut(word: &str) -> String {
    word.chars().take(TOKEN_CHARS).collect()
}

/// The words of a text in their order.
pub fn index_tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for run in runs(&fold(text)) {
        match run {
            Run::Word(word) => tokens.push(cut(&word)),
            Run::Dense(run) => {
                tokens.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
                tokens.extend(run.last().map(ToString::to_string));
            }
        }
        if tokens.len() >= TOKENS {
            tokens.truncate(TOKENS);
            break;
        }
    }
    tokens
}

/// The phrase to look for when somebody asks for `term`, and whether its last
/// word is only the beginning of one. Empty when there is nothing to look for.
pub fn query_tokens(term: &str) -> (Vec<String>, bool) {
    let runs = runs(&fold(term));
    let mut tokens = Vec::new();
    let mut open = false;
    let last = runs.len().saturating_sub(1);
    for (n, run) in runs.into_iter().enumerate() {
        match run {
            Run::Word(word) => {
                open = n == last;
                tokens.push(cut(&word));
            }
            Run::Dense(run) => {
                tokens.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
                // Within the term the run ends here; at its end more may follow in the text.
                if n < last || run.len() == 1 {
                    tokens.extend(run.last().map(ToString::to_string));
                }
                open = n == last && run.len() == 1;
            }
        }
    }
    (tokens, open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, indexed: &str) {
        assert_eq!(index_tokens(text).join(" "), indexed, "{text}");
    }

    #[test]
    fn texts_become_words_and_pairs() {
        check("회의실에서 봐요", "회의 의실 실에 에서 서 봐요 요");
        check("Hello, WORLD-wide café", "hello world wide cafe");
        check("3층 A동", "3 층 a 동");
        check("東京タワー", "東京 京タ タワ ワー ー");
        check("\u{1112}\u{116c}\u{110b}\u{1174}", "회의 의");
        check("ＡＢＣ１２３ ﬁne", "abc123 fine");
        check("🎉 --- ", "");
        check("がく", "がく く");
    }

    #[test]
    fn questions_become_phrases() {
        let check = |term: &str, phrase: &str, open: bool| {
            assert_eq!(
                query_tokens(term),
                (phrase.split_whitespace().map(str::to_owned).collect(), open),
                "{term}"
            );
        };
        check("회의", "회의", false);
        check("회의실", "회의 의실", false);
        check("실", "실", true);
        check("deploy", "deploy", true);
        check("3층", "3 층", true);
        check("파일A", "파일 일 a", true);
        check("!!", "", false);
    }

    /// What a question looks for stands as a phrase in every text that holds it.
    #[test]
    fn every_part_of_a_word_is_found() {
        let text = "내일 오후 세시에 삼층 대회의실에서 봄 행사 회의를 합니다";
        let tokens = index_tokens(text);
        let words: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().collect()).collect();
        for word in &words {
            for from in 0..word.len() {
                for to in from + 1..=word.len() {
                    let part: String = word[from..to].iter().collect();
                    let (phrase, open) = query_tokens(&part);
                    let found = tokens.windows(phrase.len()).any(|window| {
                        let (last, first) = phrase.split_last().expect("a phrase");
                        let (end, start) = window.split_last().expect("as long as the phrase");
                        start == first && if open { end.starts_with(last.as_str()) } else { end == last }
                    });
                    assert!(found, "{part}");
                }
            }
        }
    }

    #[test]
    fn a_huge_text_and_a_huge_word_are_bounded() {
        assert_eq!(index_tokens(&"가나다라 ".repeat(50_000)).len(), TOKENS);
        assert_eq!(index_tokens(&"x".repeat(100_000))[0].len(), TOKEN_CHARS);
    }
}
