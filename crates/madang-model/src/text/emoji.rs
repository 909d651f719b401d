//! Emoji by name: `:wave:` and `:wave::skin-tone-3:`, and one form for reactions.
//! The table is written by `web/scripts/emoji.mjs`, which says where the names come from.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A reaction is at most this long, so that no counter becomes a message of its own.
const MAX_REACTION_BYTES: usize = 64;
const TONES: [(&str, char); 5] =
    [("2", '\u{1f3fb}'), ("3", '\u{1f3fc}'), ("4", '\u{1f3fd}'), ("5", '\u{1f3fe}'), ("6", '\u{1f3ff}')];

struct Entry {
    chars: &'static str,
    /// The first of its names, which is the one stored.
    name: &'static str,
    /// After how many of its characters a skin tone goes: none, the first, or first and last.
    tones: u8,
}

struct Table {
    entries: Vec<Entry>,
    by_name: HashMap<&'static str, usize>,
    by_chars: HashMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { entries: vec![], by_name: HashMap::new(), by_chars: HashMap::new() };
    for line in include_str!("emoji.txt").lines() {
        let mut columns = line.split('\t');
        let (Some(chars), Some(names)) = (columns.next(), columns.next()) else { continue };
        let tones = columns.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let name = names.split(' ').next().unwrap_or(names);
        for alias in names.split(' ') {
            table.by_name.insert(alias, table.entries.len());
        }
        let entry = Entry { chars, name, tones };
        table.by_chars.insert(bare(chars), name.to_owned());
        if tones > 0 {
            for (tone, modifier) in TONES {
                let toned = with_tone(&entry, modifier);
                table.by_chars.insert(bare(&toned), format!("{name}::skin-tone-{tone}"));
            }
        }
        table.entries.push(entry);
    }
    table
});

/// The characters of a name, which may carry a skin tone: `wave`, `wave::skin-tone-3`.
pub fn emoji_by_name(name: &str) -> Option<String> {
    let (base, tone) = split_tone(name);
    let entry = &TABLE.entries[*TABLE.by_name.get(base)?];
    match tone {
        None => Some(entry.chars.to_owned()),
        Some(_) if entry.tones == 0 => None,
        Some(tone) => Some(with_tone(entry, modifier(tone)?)),
    }
}

/// The one form in which a reaction is stored: its first name, with or without colons around it
/// on the way in, or the characters themselves when they are an emoji without a name.
pub fn normalize_emoji(name_or_char: &str) -> Option<String> {
    if name_or_char.len() > MAX_REACTION_BYTES {
        return None;
    }
    let inner = name_or_char.strip_prefix(':').and_then(|s| s.strip_suffix(':'));
    let name = inner.unwrap_or(name_or_char);
    if emoji_by_name(name).is_some() {
        let (base, tone) = split_tone(name);
        let first = TABLE.entries[TABLE.by_name[base]].name;
        return Some(match tone {
            Some(tone) => format!("{first}::skin-tone-{tone}"),
            None => first.to_owned(),
        });
    }
    if let Some(name) = TABLE.by_chars.get(&bare(name_or_char)) {
        return Some(name.clone());
    }
    is_one_emoji(name_or_char).then(|| name_or_char.to_owned())
}

fn split_tone(name: &str) -> (&str, Option<&str>) {
    match name.split_once("::skin-tone-") {
        Some((base, tone)) => (base, Some(tone)),
        None => (name, None),
    }
}

fn modifier(tone: &str) -> Option<char> {
    TONES.iter().find(|(t, _)| *t == tone).map(|(_, c)| *c)
}

fn with_tone(entry: &Entry, modifier: char) -> String {
    let mut rest = entry.chars.chars();
    let mut out: String = rest.next().into_iter().collect();
    out.push(modifier);
    let rest = rest.as_str();
    out.push_str(rest.strip_prefix('\u{fe0f}').unwrap_or(rest));
    if entry.tones == 2 {
        out.push(modifier);
    }
    out
}

/// Without variation selectors, which keyboards set and leave out as they like.
fn bare(chars: &str) -> String {
    chars.chars().filter(|c| *c != '\u{fe0f}').collect()
}

/// One emoji and nothing else, by the grammar of UTS 51 (ED-16) over blocks that hold symbols.
fn is_one_emoji(chars: &str) -> bool {
    let all: Vec<char> = chars.chars().collect();
    let flag = |c: char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    if let [a, b] = all[..]
        && (flag(a) || flag(b))
    {
        return flag(a) && flag(b);
    }
    all.split(|c| *c == '\u{200d}').all(|part| match part {
        [first, rest @ ..] => {
            is_symbol(*first)
                && rest.iter().filter(|c| !is_tag(**c)).count() <= 2
                && rest.iter().all(|c| *c == '\u{fe0f}' || is_tone(*c) || is_tag(*c))
        }
        [] => false,
    })
}

fn is_symbol(c: char) -> bool {
    matches!(c, '\u{203c}' | '\u{2049}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}'
        | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1f1e5}' | '\u{1f200}'..='\u{1faff}')
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Tag characters spell the regions of flags such as Scotland's.
fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}
