//! A promise is worth its test: every invariant and every promise names one that exists.

use super::map::quoted;
use crate::house::Text;
use crate::source::layers;

/// Invariant 11 belongs to money.
const INVARIANTS: std::ops::RangeInclusive<usize> = 1..=10;

pub fn check(texts: &[Text]) -> Vec<String> {
    let tests = Tests::of(texts);
    let mut findings = Vec::new();
    match texts.iter().find(|text| text.path == "ARCHITECTURE.md") {
        Some(map) => findings.extend(invariants(&map.body, &tests)),
        None => findings.push("ARCHITECTURE.md: is missing".to_owned()),
    }
    match texts.iter().find(|text| text.path == "PROMISES.md") {
        Some(page) => findings.extend(promises(&page.body, &tests)),
        None => findings.push("PROMISES.md: is missing".to_owned()),
    }
    findings
}

/// Numbered lines of the part headed `## Invariants`.
fn invariants(body: &str, tests: &Tests) -> Vec<String> {
    let part = body.split("\n## ").find(|part| part.starts_with("Invariants")).unwrap_or_default();
    let mut findings = Vec::new();
    for number in INVARIANTS {
        let head = format!("\n{number}. ");
        let next = format!("\n{}. ", number + 1);
        let Some(start) = part.find(&head) else {
            findings.push(format!("ARCHITECTURE.md: invariant {number} is not there"));
            continue;
        };
        let item = &part[start..];
        let item = item.find(&next).map_or(item, |end| &item[..end]);
        findings.extend(prove(&format!("ARCHITECTURE.md: invariant {number}"), item, tests));
        if !proofs(item).any(|name| name.contains(&format!("invariant_{number}_"))) {
            findings.push(format!(
                "ARCHITECTURE.md: invariant {number} names no test that carries its number (invariant_{number}_…)"
            ));
        }
    }
    findings
}

/// Parts headed `## P1 …`.
fn promises(body: &str, tests: &Tests) -> Vec<String> {
    let mut findings = Vec::new();
    let mut count = 0;
    for part in body.split("\n## ").skip(1) {
        let name = part.lines().next().unwrap_or_default();
        if !name.starts_with('P') || !name[1..].starts_with(|one: char| one.is_ascii_digit()) {
            continue;
        }
        count += 1;
        findings.extend(prove(&format!("PROMISES.md: {name}"), part, tests));
    }
    if count == 0 {
        findings.push("PROMISES.md: holds no promise".to_owned());
    }
    findings
}

fn prove(place: &str, item: &str, tests: &Tests) -> Vec<String> {
    if proofs(item).next().is_none() {
        return vec![format!("{place}: names no test after `Proof:`")];
    }
    proofs(item)
        .filter(|name| !tests.hold(name))
        .map(|name| format!("{place}: there is no test `{name}`"))
        .collect()
}

/// What stands in backticks after `Proof:`, without paths (those are checked elsewhere).
fn proofs(item: &str) -> impl Iterator<Item = &str> {
    let after = item.find("Proof:").map_or("", |at| &item[at..]);
    quoted(after).map(|(_, word)| word).filter(|word| !word.contains('/'))
}

/// The tests that exist: Rust functions, and titles in TypeScript and JavaScript.
struct Tests {
    rust: String,
    script: String,
}

impl Tests {
    fn of(texts: &[Text]) -> Self {
        let mut tests = Self { rust: String::new(), script: String::new() };
        for text in texts {
            if text.path.ends_with(".rs") {
                tests.rust.push_str(&layers(&text.body).code);
            } else if text.ends_with_any(&[".ts", ".mjs", ".js"]) {
                tests.script.push_str(&text.body);
            }
        }
        tests
    }

    fn hold(&self, name: &str) -> bool {
        if name.contains(' ') {
            return ['"', '\'', '`']
                .iter()
                .any(|quote| self.script.contains(&format!("{quote}{name}{quote}")));
        }
        self.rust.contains(&format!("fn {name}("))
    }
}

#[cfg(test)]
mod tests {
    use super::{Tests, invariants, promises};
    use crate::house::Text;

    fn house() -> Tests {
        Tests::of(&[
            Text { path: "a.rs".to_owned(), body: "fn nothing_is_lost() {} // fn only_talk(".to_owned() },
            Text {
                path: "b.test.ts".to_owned(),
                body: "test(\"an offline message is sent later\", f)".to_owned(),
            },
        ])
    }

    #[test]
    fn a_promise_needs_a_test_that_exists() {
        let page = |proof: &str| format!("# Promises\n\n## P1 Nothing is lost\n\nWords. Proof: {proof}\n");
        assert!(promises(&page("`nothing_is_lost` in `crates/a/tests/b.rs`"), &house()).is_empty());
        assert!(promises(&page("`an offline message is sent later`"), &house()).is_empty());
        for empty in ["", "`something_else`", "`only_talk`", "`another title`"] {
            assert_eq!(promises(&page(empty), &house()).len(), 1, "{empty}");
        }
    }

    #[test]
    fn every_invariant_up_to_ten_is_asked_for() {
        let findings = invariants("# A\n\n## Invariants\n\n1. One. Proof: `nothing_is_lost`\n", &house());
        // The first has a test without its number; nine are missing.
        assert_eq!(findings.len(), 10, "{findings:?}");
    }
}
