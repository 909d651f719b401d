//! Small things that rot a house: tests put to sleep, unfinished marks, panics, somebody's own paths.

use super::line_at;
use crate::house::Text;
use crate::source::{Layers, is_test_file, layers, only_tests, without_tests};

/// Where one machine's paths begin. In two pieces, so that this file holds none itself.
const OWN_PATHS: &[&str] = &[
    concat!("/wor", "k/main"),
    concat!("/wor", "k/shared"),
    concat!("/tmp/te", "am"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("C:\\Us", "ers"),
];

/// Texts speak about the product; what wrote them is no part of it.
const MAKERS: &[&str] = &[concat!("sub", "agent"), concat!("Clau", "de"), concat!("language ", "model")];

pub fn check(texts: &[Text]) -> Vec<String> {
    let mut findings = Vec::new();
    for text in texts {
        findings.extend(found(text, &text.body, OWN_PATHS, "is a path of somebody's own machine"));
        findings.extend(found(text, &text.body, MAKERS, "does not belong in the repository"));
        if text.path.ends_with(".rs") {
            findings.extend(rust(text));
        } else if text.ends_with_any(&[".ts", ".svelte", ".mjs", ".js"]) {
            findings.extend(script(text));
        } else if text.ends_with_any(&[".md", ".sh", ".toml", ".yml"]) {
            findings.extend(marks(text, &text.body));
        }
    }
    findings
}

fn rust(text: &Text) -> Vec<String> {
    let Layers { code, comments, .. } = layers(&text.body);
    let test_file = is_test_file(&text.path);
    let tests = if test_file { code.clone() } else { only_tests(&code) };
    let mut findings = marks(text, &comments);
    findings.extend(found(text, &code, &["#[ignore"], "hides a failing test: mend it or remove it"));
    findings.extend(found(text, &tests, &["sleep("], "in a test is a flake to come: wait for the event"));
    if !test_file && !text.path.starts_with("crates/madang-test/") {
        let product = without_tests(&code);
        findings.extend(found(text, &product, &[".unwrap()"], "outside tests: `expect` says why it holds"));
    }
    findings
}

fn script(text: &Text) -> Vec<String> {
    let mut findings = marks(text, &layers(&text.body).comments);
    if is_test_file(&text.path) {
        findings.extend(found(
            text,
            &text.body,
            &["waitForTimeout(", "sleep("],
            "in a test is a flake to come: wait for the event",
        ));
        findings.extend(found(
            text,
            &text.body,
            &["test.skip(", "it.skip(", "describe.skip(", "test.only(", "it.only(", "describe.only("],
            "leaves tests out",
        ));
    }
    findings
}

fn marks(text: &Text, layer: &str) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    found(text, layer, &marks, "marks something unfinished: finish it, or file it")
}

fn found(text: &Text, layer: &str, words: &[&str], why: &str) -> Vec<String> {
    words
        .iter()
        .flat_map(|word| layer.match_indices(word))
        .map(|(offset, word)| format!("{}:{}: `{word}` {why}", text.path, line_at(layer, offset)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::house::Text;

    fn findings(path: &str, body: &str) -> usize {
        check(&[Text { path: path.to_owned(), body: body.to_owned() }]).len()
    }

    #[test]
    fn a_test_must_neither_sleep_nor_be_left_out() {
        assert_eq!(findings("crates/a/tests/b.rs", "#[ignore]\nfn a() { sleep(d); }"), 2);
        assert_eq!(findings("crates/a/src/b.rs", "fn a() { sleep(d); }"), 0);
        assert_eq!(findings("crates/a/src/b.rs", "#[cfg(test)]\nmod t {\n fn a() { sleep(d); }\n}"), 1);
        assert_eq!(findings("web/src/a.test.ts", "test.only('a', f); await page.waitForTimeout(5)"), 2);
    }

    #[test]
    fn unwrap_is_for_tests() {
        assert_eq!(findings("crates/a/src/b.rs", "fn a() { b.unwrap(); }"), 1);
        assert_eq!(findings("crates/a/src/tests.rs", "fn a() { b.unwrap(); }"), 0);
        assert_eq!(findings("crates/a/src/b.rs", "// never .unwrap() here\nlet a = \".unwrap()\";"), 0);
    }

    #[test]
    fn unfinished_marks_and_own_paths_are_found() {
        let mark = concat!("// TO", "DO later");
        assert_eq!(findings("crates/a/src/b.rs", mark), 1);
        assert_eq!(findings("docs/a.md", concat!("see /ro", "ot/notes")), 1);
    }
}
