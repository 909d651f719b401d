//! Where the repository is, which files belong to it, and what Cargo knows about it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask is a folder inside the workspace").to_path_buf()
}

/// One file of the repository, read as text.
pub struct Text {
    /// Relative to the root, with forward slashes.
    pub path: String,
    pub body: String,
}

impl Text {
    pub fn ends_with_any(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// Every text file that git tracks or would track, sorted by path.
///
/// Files that are not UTF-8 (pictures, fonts) are left out.
pub fn texts() -> Result<Vec<Text>, String> {
    let listed = output(Command::new("git").current_dir(root()).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut texts = Vec::new();
    for path in paths {
        // A file that git still tracks may have been removed from the work tree.
        if let Ok(body) = std::fs::read_to_string(root().join(path)) {
            texts.push(Text { path: path.to_owned(), body });
        }
    }
    Ok(texts)
}

/// `cargo metadata`, with the resolved graph.
pub fn metadata() -> Result<Value, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let printed = output(Command::new(cargo).current_dir(root()).args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
    ]))?;
    serde_json::from_str(&printed).map_err(|error| format!("cargo metadata is no JSON: {error}"))
}

/// What a command prints; its own words when it fails.
pub fn output(command: &mut Command) -> Result<String, String> {
    let name = format!("{command:?}");
    let done = command.output().map_err(|error| format!("{name} does not start: {error}"))?;
    if !done.status.success() {
        return Err(format!("{name} failed\n{}", String::from_utf8_lossy(&done.stderr)));
    }
    String::from_utf8(done.stdout).map_err(|_| format!("{name} printed no UTF-8"))
}

/// The text under `key`, empty when there is none.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The list under `key`, empty when there is none.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
