//! File sizes. A file of 150 lines is read, one of 800 is searched.

use crate::house::Text;
use crate::source::is_test_file;

const NEVER: usize = 800;
const SELDOM: usize = 500;

/// Files between the two limits, each with the reason why it is one idea.
const LONG: &[(&str, &str)] = &[];

pub fn check(texts: &[Text]) -> Vec<String> {
    texts.iter().filter_map(|text| judge(text, LONG)).collect()
}

fn judge(text: &Text, long: &[(&str, &str)]) -> Option<String> {
    let path = &text.path;
    let written_by_hand = text.ends_with_any(&[".rs", ".ts", ".svelte", ".css", ".mjs"])
        && !path.starts_with("testing/vectors/")
        && !path.contains("/generated/");
    if !written_by_hand || generated(&text.body) {
        return None;
    }
    let lines = text.body.lines().count();
    if lines > NEVER && !is_test_file(path) {
        return Some(format!("{path}: {lines} lines: it holds two ideas, name both"));
    }
    let known = long.iter().any(|(known, _)| known == path);
    if lines > SELDOM && !known && !is_test_file(path) {
        return Some(format!(
            "{path}: {lines} lines: split it, or give the reason in xtask/src/tidy/sizes.rs"
        ));
    }
    if lines <= SELDOM && known {
        return Some(format!("{path}: {lines} lines: take it off the list in xtask/src/tidy/sizes.rs"));
    }
    None
}

/// A file that a program writes says so in its first line.
fn generated(body: &str) -> bool {
    body.lines().next().is_some_and(|line| line.contains("Do not edit"))
}

#[cfg(test)]
mod tests {
    use super::judge;
    use crate::house::Text;

    fn of(path: &str, lines: usize) -> Text {
        Text { path: path.to_owned(), body: "x\n".repeat(lines) }
    }

    #[test]
    fn a_long_file_needs_a_reason_and_a_very_long_one_has_none() {
        let known = [("a.rs", "one table")];
        assert!(judge(&of("a.rs", 500), &[]).is_none());
        assert!(judge(&of("a.rs", 501), &[]).is_some());
        assert!(judge(&of("a.rs", 501), &known).is_none());
        assert!(judge(&of("a.rs", 801), &known).is_some());
    }

    #[test]
    fn the_list_of_long_files_does_not_go_stale() {
        assert!(judge(&of("a.rs", 300), &[("a.rs", "one table")]).is_some());
    }

    #[test]
    fn tables_of_tests_and_vectors_are_exempt() {
        assert!(judge(&of("crates/a/src/tests.rs", 900), &[]).is_none());
        assert!(judge(&of("testing/vectors/fold.json", 9000), &[]).is_none());
        let mut written = of("web/src/lib/names.ts", 2000);
        written.body.insert_str(0, "// Written by scripts/names.mjs. Do not edit.\n");
        assert!(judge(&written, &[]).is_none());
    }
}
