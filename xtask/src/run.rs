//! `check` and `ci`: other people's tools, one after the other, stopping at the first that fails.

use std::process::Command;

use crate::house::root;
use crate::tidy;

pub fn check() -> Result<(), String> {
    step("cargo", &["fmt", "--all", "--check"], ".")?;
    step("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], ".")?;
    tidy::tidy()?;
    step("cargo", &["test", "--workspace", "--lib", "--bins"], ".")?;
    if !root().join("web/node_modules").exists() {
        step("npm", &["ci"], "web")?;
    }
    step("npm", &["run", "-s", "lint"], "web")?;
    step("npm", &["run", "-s", "check"], "web")?;
    step("npm", &["test"], "web")
}

pub fn ci(steps: &[String]) -> Result<(), String> {
    let mut arguments = vec!["testing/all.sh"];
    arguments.extend(steps.iter().map(String::as_str));
    step("bash", &arguments, ".")
}

fn step(program: &str, arguments: &[&str], folder: &str) -> Result<(), String> {
    let line = format!("{program} {}", arguments.join(" "));
    println!("── {line}");
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root().join(folder))
        .status()
        .map_err(|error| format!("{line} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line} failed")) }
}
