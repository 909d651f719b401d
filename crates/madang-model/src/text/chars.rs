//! Classes of characters, written out so that both parsers agree to the letter.
//! The same tables stand in `web/src/lib/markdown.ts`.

pub const MARKS: [char; 3] = ['*', '_', '~'];

pub fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_space)
}

/// Scripts that set no space between a word and its particle, or between words.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{318f}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// A letter or digit that joins with its neighbours into a word.
pub fn is_word(c: char) -> bool {
    (c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')) && !is_cjk(c)
}

/// May `mark` open with `before` on its left? Only `*` opens right after a CJK letter: `월~금`
/// and `회의록_최종_진짜최종` are how Korean writes ranges and file names. Most ASCII punctuation
/// is left out because of faces such as `^_^`, `-_-` and `>_<`.
pub fn may_open_after(mark: char, before: Option<char>) -> bool {
    match before {
        None => true,
        Some(c) if c.is_ascii() => is_space(c) || "([{\"',:/|!?*_~".contains(c),
        Some(c) if is_cjk(c) => mark == '*',
        Some(c) => !is_word(c),
    }
}

/// Marks around nothing but punctuation stay text: `*^^*`, `_!_`.
pub fn has_substance(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || !(c.is_ascii() || matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}'))
}
