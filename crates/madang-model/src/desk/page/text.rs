//! Texts of a shared page: what is masked, what looks like a secret, and style sheets that fetch nothing.

/// What stands for anything that was typed, whatever its length.
pub(super) const MASK: &str = "••••••";
/// Letters of one text. What is longer is no text for reading.
const LONG: usize = 100_000;

/// Nothing but marks that hide.
pub(super) fn is_masked(text: &str) -> bool {
    text.chars().all(|it| matches!(it, '*' | '•') || it.is_whitespace())
}

/// The same text with all of its letters hidden.
pub(super) fn hidden(text: &str) -> String {
    text.chars().take(LONG).map(|it| if it.is_whitespace() { it } else { '*' }).collect()
}

/// A text as it may be passed on: numbers that look like those of cards and persons are hidden, wherever they stand.
pub(super) fn plain(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().take(LONG).collect();
    let mut from = 0;
    while from < letters.len() {
        if !letters[from].is_ascii_digit() {
            from += 1;
            continue;
        }
        let to = end_of_number(&letters, from);
        if is_secret(&letters[from..to]) {
            letters[from..to].iter_mut().filter(|it| it.is_ascii_digit()).for_each(|it| *it = '*');
        }
        from = to;
    }
    letters.into_iter().collect()
}

/// A number goes on over single spaces and dashes, as cards print it.
fn end_of_number(letters: &[char], from: usize) -> usize {
    let mut to = from;
    while to < letters.len() {
        let between = matches!(letters[to], ' ' | '-' | '\u{a0}');
        let goes_on =
            letters[to].is_ascii_digit() || between && letters.get(to + 1).is_some_and(char::is_ascii_digit);
        if !goes_on {
            break;
        }
        to += 1;
    }
    to
}

fn is_secret(number: &[char]) -> bool {
    let digits: Vec<u32> = number.iter().filter_map(|it| it.to_digit(10)).collect();
    // A Korean registration number: six digits of the birthday, a dash, and seven more.
    let of_a_person = digits.len() == 13 && number.get(6) == Some(&'-') && (1..=8).contains(&digits[6]);
    of_a_person || (13..=19).contains(&digits.len()) && luhn(&digits)
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
    let weigh = |(place, digit): (usize, &u32)| match (place % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    digits.iter().rev().enumerate().map(weigh).sum::<u32>().is_multiple_of(10)
        && digits.iter().any(|it| *it != 0)
}

/// Of a style sheet what fetches nothing. The policy of the frame in which it is shown fetches nothing either, however
/// it is written.
pub(super) fn sheet(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &lower[at..];
        if let Some(word) = ["@import", "image-set(", "-moz-binding", "behavior:", "expression("]
            .iter()
            .find(|it| rest.starts_with(**it))
        {
            out.push_str("x-");
            out.push_str(&word[1..]);
            at += word.len();
        } else if let Some(inside) = rest.strip_prefix("url(") {
            let inside = inside.trim_start().trim_start_matches(['"', '\'']);
            let harmless = inside.starts_with("data:image/")
                || inside.starts_with("data:font/")
                || inside.starts_with('#');
            out.push_str(if harmless { "url(" } else { "x-url(" });
            at += 4;
        } else {
            let letter = text[at..].chars().next().expect("not at the end");
            out.push(letter);
            at += letter.len_utf8();
        }
    }
    out
}

/// An address without what may be secret in it.
pub(super) fn address(text: &str) -> String {
    let plain = text.split(['?', '#']).next().unwrap_or_default();
    // A name and a password before the host.
    match plain.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => {
            let host = rest.split('/').next().unwrap_or_default();
            let without = host.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{without}{}", &rest[host.len()..])
        }
        _ => String::new(),
    }
}
