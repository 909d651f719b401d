//! Words typed with the keyboard set to the other language: `dkssud` is `안녕`.
//!
//! The layout is KS X 5002 (Dubeolsik), the one of nearly every Korean keyboard.

const KEYS: &str = "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml";
const JAMO: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ";
const LEADS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWELS: &str = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
/// The first, a space, is "no final consonant".
const TAILS: &str = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const DOUBLES: [(&str, char); 18] = [
    ("ㅗㅏ", 'ㅘ'),
    ("ㅗㅐ", 'ㅙ'),
    ("ㅗㅣ", 'ㅚ'),
    ("ㅜㅓ", 'ㅝ'),
    ("ㅜㅔ", 'ㅞ'),
    ("ㅜㅣ", 'ㅟ'),
    ("ㅡㅣ", 'ㅢ'),
    ("ㄱㅅ", 'ㄳ'),
    ("ㄴㅈ", 'ㄵ'),
    ("ㄴㅎ", 'ㄶ'),
    ("ㄹㄱ", 'ㄺ'),
    ("ㄹㅁ", 'ㄻ'),
    ("ㄹㅂ", 'ㄼ'),
    ("ㄹㅅ", 'ㄽ'),
    ("ㄹㅌ", 'ㄾ'),
    ("ㄹㅍ", 'ㄿ'),
    ("ㄹㅎ", 'ㅀ'),
    ("ㅂㅅ", 'ㅄ'),
];

fn place(list: &str, c: char) -> Option<u32> {
    list.chars().position(|it| it == c).map(|n| n as u32)
}

fn jamo_of(key: char) -> Option<char> {
    let same = KEYS.chars().position(|it| it == key);
    let n = same.or_else(|| KEYS.chars().position(|it| it == key.to_ascii_lowercase()))?;
    JAMO.chars().nth(n)
}

fn key_of(jamo: char) -> Option<char> {
    KEYS.chars().nth(JAMO.chars().position(|it| it == jamo)?)
}

fn double(first: char, second: char) -> Option<char> {
    DOUBLES.iter().find(|(pair, _)| pair.chars().eq([first, second])).map(|(_, whole)| *whole)
}

fn halves(jamo: char) -> Vec<char> {
    DOUBLES
        .iter()
        .find(|(_, whole)| *whole == jamo)
        .map_or_else(|| vec![jamo], |(pair, _)| pair.chars().collect())
}

fn syllable(lead: char, vowel: char, tail: Option<char>) -> Option<char> {
    let tail = place(TAILS, tail.unwrap_or(' '))?;
    char::from_u32('가' as u32 + (place(LEADS, lead)? * 21 + place(VOWELS, vowel)?) * 28 + tail)
}

/// Whole syllables of a row of jamo; none when one is left over.
fn compose(jamo: &[char]) -> Option<String> {
    let mut out = String::new();
    let mut at = 0;
    let vowel = |n: usize| jamo.get(n).copied().filter(|c| VOWELS.contains(*c));
    let consonant = |n: usize| jamo.get(n).copied().filter(|c| LEADS.contains(*c));
    while at < jamo.len() {
        let lead = consonant(at)?;
        let mut middle = vowel(at + 1)?;
        at += 2;
        if let Some(both) = vowel(at).and_then(|next| double(middle, next)) {
            middle = both;
            at += 1;
        }
        // A consonant before a vowel begins the next syllable.
        let mut tail = None;
        if let Some(first) = consonant(at).filter(|c| TAILS.contains(*c) && vowel(at + 1).is_none()) {
            tail = Some(first);
            at += 1;
            let both = consonant(at).filter(|_| vowel(at + 1).is_none()).and_then(|next| double(first, next));
            if let Some(both) = both {
                tail = Some(both);
                at += 1;
            }
        }
        out.push(syllable(lead, middle, tail)?);
    }
    Some(out)
}

fn keys_of(c: char) -> Option<String> {
    let whole = c as u32;
    if !('가' as u32..='힣' as u32).contains(&whole) {
        return halves(c).into_iter().map(key_of).collect();
    }
    let n = whole - '가' as u32;
    let nth = |list: &str, n: u32| list.chars().nth(n as usize);
    let parts = [nth(LEADS, n / 588)?, nth(VOWELS, n % 588 / 28)?, nth(TAILS, n % 28)?];
    parts.into_iter().filter(|c| *c != ' ').flat_map(halves).map(key_of).collect()
}

/// What somebody meant who typed this with the other language switched on;
/// none when it makes no sense in the other one either.
pub fn wrong_keyboard(typed: &str) -> Option<String> {
    let latin = typed.chars().any(|c| c.is_ascii_alphabetic());
    let words = typed.split_whitespace().map(|word| {
        if latin {
            let jamo: Option<Vec<char>> = word.chars().map(jamo_of).collect();
            compose(&jamo?)
        } else {
            word.chars().map(keys_of).collect()
        }
    });
    let meant: Option<Vec<String>> = words.collect();
    let meant = meant?.join(" ");
    (!meant.is_empty()).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_other_keyboard_are_understood() {
        for (typed, meant) in [
            ("dkssud", "안녕"),
            ("ghlrPxla", "회계팀"),
            ("dkssud gktpdy", "안녕 하세요"),
            ("ekfrqkf", "닭발"),
            ("dlfrek", "읽다"),
            ("rkqt", "값"),
            ("Whgk", "쪼하"),
            ("dnjstkd", "원상"),
            ("DKSSUD", "안녕"),
        ] {
            assert_eq!(wrong_keyboard(typed).as_deref(), Some(meant), "{typed}");
        }
        assert_eq!(wrong_keyboard("ㅗ디ㅣㅐ").as_deref(), Some("hello"));
        assert_eq!(wrong_keyboard("새ㅜㅎ").as_deref(), Some("tong"));
        for nothing in ["deploy", "hello", "12", "", "안녕 hi", "rr"] {
            assert_eq!(wrong_keyboard(nothing), None, "{nothing}");
        }
    }
}
