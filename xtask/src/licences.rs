//! `licences`: everything we build on may be built on, and what must never enter has not.
//!
//! Reads the tree that Cargo resolved and the lock of npm; needs no network. The tree and not
//! `cargo metadata`, because only the tree leaves out optional crates that nobody turns on.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::house::{output, root, text};
use crate::spdx;

/// rustls with aws-lc-rs is the only TLS: a second one means a second set of holes to watch.
const FORBIDDEN: &[&str] = &["openssl-sys", "openssl", "native-tls", "ring"];

/// Packages whose manifest names no licence; each names it in a file beside it, looked at by hand.
const LOOKED_AT: &[(&str, &str)] =
    &[("@inlang/plugin-message-format", "MIT"), ("combine-errors", "MIT"), ("sqlite-wasm-kysely", "MIT")];

const NPM_LOCK: &str = "web/package-lock.json";

pub fn licences() -> Result<(), String> {
    let tree = tree()?;
    let lock =
        std::fs::read_to_string(root().join(NPM_LOCK)).map_err(|error| format!("{NPM_LOCK}: {error}"))?;
    let lock: Value =
        serde_json::from_str(&lock).map_err(|error| format!("{NPM_LOCK} is no JSON: {error}"))?;

    let (crates, mut findings) = crates_of(&tree);
    let (packages, found) = packages_of(&lock);
    findings.extend(found);

    for (licence, count) in crates.iter().chain(&packages) {
        println!("{count:5}  {licence}");
    }
    if findings.is_empty() {
        println!("licences: all may be built on");
        return Ok(());
    }
    Err(format!("licences\n  {}", findings.join("\n  ")))
}

/// How often each licence occurs, and what is wrong.
type Seen = (BTreeMap<String, usize>, Vec<String>);

/// One line a crate, for all platforms: `NAME vVERSION (…)|LICENCE`.
fn tree() -> Result<String, String> {
    output(Command::new("cargo").current_dir(root()).args([
        "tree",
        "--locked",
        "--workspace",
        "--target",
        "all",
        "--edges",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p}|{l}",
    ]))
}

fn crates_of(tree: &str) -> Seen {
    let mut counts = BTreeMap::new();
    let mut findings = Vec::new();
    // A subtree printed before ends in ` (*)`.
    let lines: BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    for line in lines {
        let Some((package, licence)) = line.split_once('|') else { continue };
        let name = package.split(' ').next().unwrap_or(package);
        if FORBIDDEN.contains(&name) {
            findings
                .push(format!("the crate {name} must never enter: see `cargo tree -i {name} --target all`"));
        }
        if !spdx::allowed(licence) {
            findings.push(format!("the crate {name} has the licence {licence:?}"));
        }
        *counts.entry(format!("crate    {licence}")).or_default() += 1;
    }
    (counts, findings)
}

fn packages_of(lock: &Value) -> Seen {
    let mut counts = BTreeMap::new();
    let mut findings = Vec::new();
    let Some(packages) = lock["packages"].as_object() else {
        findings.push(format!("{NPM_LOCK} has no packages: is it of version 3?"));
        return (counts, findings);
    };
    for (path, package) in packages {
        if path.is_empty() {
            continue;
        }
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let known = LOOKED_AT.iter().find(|(known, _)| *known == name);
        let licence = known.map_or(text(package, "license"), |(_, licence)| licence);
        if !spdx::allowed(licence) {
            findings.push(format!("the npm package {name} has the licence {licence:?}"));
        }
        *counts.entry(format!("package  {licence}")).or_default() += 1;
    }
    (counts, findings)
}

#[cfg(test)]
mod tests {
    use super::{crates_of, packages_of};
    use serde_json::json;

    #[test]
    fn a_crate_is_named_when_its_licence_does_not_fit() {
        let tree = "kind v1.0.0|MIT\ngreedy v0.1.0|GPL-3.0-only\ngreedy v0.1.0|GPL-3.0-only (*)\n";
        let (_, findings) = crates_of(tree);
        assert_eq!(findings, [r#"the crate greedy has the licence "GPL-3.0-only""#]);
    }

    #[test]
    fn a_forbidden_crate_is_named_whatever_its_licence() {
        let (_, findings) = crates_of("openssl-sys v0.9.0|MIT\n");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].contains("openssl-sys"), "{findings:?}");
    }

    #[test]
    fn a_package_without_a_licence_is_named() {
        let lock = json!({"packages": {
            "": {"license": "Apache-2.0"},
            "node_modules/fine": {"license": "ISC"},
            "node_modules/a/node_modules/@b/silent": {},
        }});
        let (_, findings) = packages_of(&lock);
        assert_eq!(findings, [r#"the npm package @b/silent has the licence """#]);
    }
}
