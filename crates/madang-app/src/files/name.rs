//! The name of a file as it is kept: what the sender wrote, without what could mislead a person or a disk.

use madang_model::limits::FILE_NAME_BYTES;
use unicode_normalization::UnicodeNormalization;

/// Names that old systems take for devices, whatever follows the first dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Composed (NFC), one line, no path, nothing invisible that turns text around, at most 255 bytes.
pub fn harmless(given: &str) -> String {
    let kept: String = given.nfc().filter(|it| !is_invisible(*it)).map(plain).collect();
    let kept = kept.trim_matches(|it: char| it.is_whitespace() || it == '.');
    let stem = kept.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let port = stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt"));
    let device = DEVICES.contains(&stem.as_str()) || (port && stem.ends_with(|it: char| it.is_ascii_digit()));
    let kept = if device { format!("_{kept}") } else { kept.to_owned() };
    match cut(&kept) {
        name if name.is_empty() => "file".to_owned(),
        name => name,
    }
}

/// Control and format characters, but not the joiner that holds emoji together.
fn is_invisible(it: char) -> bool {
    let format = matches!(it, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}');
    it == '\0' || (it.is_control() && !matches!(it, '\t' | '\n' | '\r')) || format
}

fn plain(it: char) -> char {
    match it {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        it if it.is_whitespace() || matches!(it, '\u{2028}' | '\u{2029}') => ' ',
        it => it,
    }
}

/// Shortens the name and keeps its ending, which tells people what it is.
fn cut(name: &str) -> String {
    if name.len() <= FILE_NAME_BYTES {
        return name.to_owned();
    }
    let (stem, ending) = match name.rfind('.') {
        Some(dot) if name.len() - dot <= 32 => name.split_at(dot),
        _ => (name, ""),
    };
    let mut room = FILE_NAME_BYTES - ending.len();
    while !stem.is_char_boundary(room) {
        room -= 1;
    }
    format!("{}{ending}", stem[..room].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_mislead() {
        for (given, kept) in [
            ("사진.jpg", "사진.jpg"),
            ("\u{1112}\u{1161}\u{11ab}빛.pdf", "한빛.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\Users\\a.txt", "C__Users_a.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("a\0b\r\nc", "ab  c"),
            (" .bashrc. ", "bashrc"),
            ("NUL.txt", "_NUL.txt"),
            ("com1", "_com1"),
            ("company.txt", "company.txt"),
            ("👩\u{200d}🌾.png", "👩\u{200d}🌾.png"),
            ("...", "file"),
            ("", "file"),
        ] {
            assert_eq!(harmless(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_and_keeps_its_ending() {
        let kept = harmless(&format!("{}.tar.gz", "가".repeat(4_000)));
        assert!(kept.len() <= FILE_NAME_BYTES && kept.ends_with("가.gz"), "{kept}");
        assert_eq!(harmless(&"x".repeat(4_096)).len(), FILE_NAME_BYTES);
    }
}
