//! Names by their initial consonants: `ㅎㄱㅌ` finds `회계팀`.

use super::tokens::fold;

/// Initial consonants in the order of the syllable block (Unicode 16, 3.12).
const LEADS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ',
    'ㅍ', 'ㅎ',
];
const SYLLABLES: std::ops::RangeInclusive<char> = '가'..='힣';
/// Syllables with one initial consonant, and with one initial and one vowel.
const PER_LEAD: u32 = 588;
const PER_VOWEL: u32 = 28;

fn index(syllable: char) -> u32 {
    syllable as u32 - '가' as u32
}

fn lead(c: char) -> Option<char> {
    SYLLABLES.contains(&c).then(|| LEADS[(index(c) / PER_LEAD) as usize])
}

/// The initial consonants of a text; what is no Hangul stays as it is.
pub fn initials(text: &str) -> String {
    text.chars().map(|c| lead(c).unwrap_or(c)).collect()
}

/// Whether a typed character may stand for one of a name: the same, its
/// initial consonant, or, where typing stopped, a syllable still without its end.
fn stands_for(typed: char, named: char, unfinished: bool) -> bool {
    if typed == named {
        return true;
    }
    if LEADS.contains(&typed) {
        return lead(named) == Some(typed);
    }
    let open = SYLLABLES.contains(&typed) && index(typed).is_multiple_of(PER_VOWEL);
    unfinished && open && SYLLABLES.contains(&named) && index(typed) / PER_VOWEL == index(named) / PER_VOWEL
}

/// Whether `asked` finds `name`: as a part of it, by initial consonants, or by
/// both mixed. Spaces do not count, as people leave them out.
pub fn matches_name(name: &str, asked: &str) -> bool {
    // NFKC turns lone consonants into conjoining ones; they are compared as typed.
    let bare = |text: &str| -> Vec<char> {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(|c| {
                if ('ㄱ'..='ㅎ').contains(&c) { vec![c] } else { fold(&c.to_string()).chars().collect() }
            })
            .collect()
    };
    let composed = |text: &str| -> String {
        use unicode_normalization::UnicodeNormalization;
        text.nfc().collect()
    };
    let (name, asked) = (bare(&composed(name)), bare(&composed(asked)));
    if asked.is_empty() || asked.len() > name.len() {
        return false;
    }
    let last = asked.len() - 1;
    name.windows(asked.len()).any(|window| {
        window.iter().zip(&asked).enumerate().all(|(n, (named, typed))| stands_for(*typed, *named, n == last))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initial_consonants_find_names() {
        assert_eq!(initials("회계팀 A"), "ㅎㄱㅌ A");
        for asked in ["ㅎㄱㅌ", "ㅎㄱ", "ㄱㅌ", "회ㄱㅌ", "회계티", "회계팀", "계팀", "회 계"]
        {
            assert!(matches_name("회계팀", asked), "{asked}");
        }
        for asked in ["ㅎㅌ", "ㅎㄱㅌㅌ", "화계", "", " ", "x"] {
            assert!(!matches_name("회계팀", asked), "{asked}");
        }
        assert!(matches_name("Jürgen Müller", "jurgen m"));
        assert!(matches_name("봄 행사 준비", "봄행사"));
        assert!(matches_name("\u{1112}\u{116c}\u{1100}\u{1168}", "ㅎㄱ"));
    }
}
