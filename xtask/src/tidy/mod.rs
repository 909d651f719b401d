//! `tidy`: the rules of the house that neither rustc nor clippy knows.
//!
//! Each file beside this one holds one kind of rule and answers with findings: sentences that begin
//! with the place and end with what to do.

mod arrows;
mod door;
mod habits;
mod knows;
mod map;
mod proofs;
mod sizes;
mod words;

use crate::house::{Text, metadata, texts};

pub fn tidy() -> Result<(), String> {
    let graph = metadata()?;
    let texts = texts()?;
    let rules: [(&str, Vec<String>); 8] = [
        ("arrows between crates", arrows::check(&graph)),
        ("what a crate must never know", knows::check(&texts)),
        ("the one door of the log", door::check(&texts)),
        ("sizes", sizes::check(&texts)),
        ("what the documents name", map::check(&graph, &texts)),
        ("proofs of invariants and promises", proofs::check(&texts)),
        ("habits", habits::check(&texts)),
        ("words", words::check(&texts)),
    ];
    let mut broken = Vec::new();
    for (name, findings) in rules {
        if findings.is_empty() {
            println!("tidy: {name}: fine");
        }
        broken.extend(findings.into_iter().map(|line| format!("tidy: {name}: {line}")));
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{} findings", broken.join("\n"), broken.len()))
}

/// The Rust files of the product's crates.
fn rust_of<'a>(texts: &'a [Text], krate: &str) -> Vec<&'a Text> {
    let folder = format!("crates/{krate}/");
    texts.iter().filter(|text| text.path.starts_with(&folder) && text.path.ends_with(".rs")).collect()
}

/// The number of the line on which a byte offset lies, from 1.
fn line_at(body: &str, offset: usize) -> usize {
    body[..offset].matches('\n').count() + 1
}
