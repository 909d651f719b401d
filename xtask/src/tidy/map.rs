//! The documents name only what exists, and ARCHITECTURE.md names every crate.

use std::path::Path;

use serde_json::Value;

use super::{arrows, line_at};
use crate::house::{Text, root};

const MAP: &str = "ARCHITECTURE.md";

/// A quoted word that begins so is a path in this repository.
const FOLDERS: &[&str] = &["crates/", "docs/", "web/", "testing/", "xtask/", ".ci/"];

pub fn check(graph: &Value, texts: &[Text]) -> Vec<String> {
    let Some(map) = texts.iter().find(|text| text.path == MAP) else {
        return vec![format!("{MAP}: is missing")];
    };
    let mut findings = crates(map, &arrows::crates(graph));
    for text in texts.iter().filter(|text| text.path.ends_with(".md")) {
        findings.extend(paths(text, &root()));
        findings.extend(links(text, &root()));
    }
    findings
}

fn crates(map: &Text, there: &[&str]) -> Vec<String> {
    let quoted: Vec<&str> = quoted(&map.body).map(|(_, word)| word).collect();
    let missing = there
        .iter()
        .filter(|name| {
            !quoted.iter().any(|word| word == *name || word.starts_with(&format!("crates/{name}")))
        })
        .map(|name| format!("{MAP}: the crate {name} is not on the map"));
    let gone = quoted
        .iter()
        .filter(|word| word.starts_with("madang-") && !there.contains(word))
        .map(|word| format!("{MAP}: there is no crate {word}"));
    missing.chain(gone).collect()
}

fn paths(text: &Text, root: &Path) -> Vec<String> {
    quoted(&text.body)
        .filter(|(_, word)| FOLDERS.iter().any(|folder| word.starts_with(folder)))
        // A pattern, or an example with a gap to fill.
        .filter(|(_, word)| !word.contains(['*', '{', '<', ' ', '…']) && !word.contains("NNNN"))
        .filter(|(_, word)| !root.join(word.split([':', '#']).next().unwrap_or(word)).exists())
        .map(|(offset, word)| {
            format!("{}:{}: `{word}` does not exist", text.path, line_at(&text.body, offset))
        })
        .collect()
}

fn links(text: &Text, root: &Path) -> Vec<String> {
    let folder = root.join(&text.path);
    let folder = folder.parent().unwrap_or(root);
    let mut findings = Vec::new();
    for (offset, _) in text.body.match_indices("](") {
        let rest = &text.body[offset + 2..];
        let Some(target) = rest.split(')').next() else {
            continue;
        };
        let target = target.split('#').next().unwrap_or(target);
        if target.is_empty() || target.contains(':') || target.contains(['\n', ' ']) {
            continue;
        }
        if !folder.join(target).exists() {
            let line = line_at(&text.body, offset);
            findings.push(format!("{}:{line}: the link to {target} leads nowhere", text.path));
        }
    }
    findings
}

/// Words between single backticks, outside fenced blocks, with their offsets.
pub fn quoted(body: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    let mut start = 0;
    body.split_inclusive('\n').flat_map(move |line| {
        let offset = start;
        start += line.len();
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        let words: Vec<(usize, &str)> = if fence || fenced {
            Vec::new()
        } else {
            let mut at = offset;
            line.split('`')
                .enumerate()
                .filter_map(|(index, part)| {
                    let here = at;
                    at += part.len() + 1;
                    (index % 2 == 1).then_some((here, part))
                })
                .collect()
        };
        words
    })
}

#[cfg(test)]
mod tests {
    use super::{crates, links, paths, quoted};
    use crate::house::{Text, root};

    fn page(body: &str) -> Text {
        Text { path: "ARCHITECTURE.md".to_owned(), body: body.to_owned() }
    }

    #[test]
    fn a_crate_that_is_not_on_the_map_is_found_and_a_ghost_on_it_too() {
        let map = page("`madang-model` and `crates/madang-store/src/log.rs` and `madang-ghost`");
        let findings = crates(&map, &["madang-model", "madang-store", "madang-app"]);
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn a_path_that_does_not_exist_is_found_with_its_line() {
        let findings = paths(&page("`xtask/src/main.rs:10`\n`xtask/src/nothing.rs`, `docs/*.md`"), &root());
        assert_eq!(findings, ["ARCHITECTURE.md:2: `xtask/src/nothing.rs` does not exist"]);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let body = "[a](xtask/Cargo.toml#b) [c](https://example.com) [d](nowhere.md)";
        assert_eq!(links(&page(body), &root()).len(), 1);
    }

    #[test]
    fn what_stands_in_a_fenced_block_is_an_example() {
        let words: Vec<&str> = quoted("a `b` c\n```\n`d`\n```\n`e`").map(|(_, word)| word).collect();
        assert_eq!(words, ["b", "e"]);
    }
}
