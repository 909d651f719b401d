//! Developer commands: `cargo xtask check | tidy | licences | gen | ci`.
//!
//! What a person would otherwise have to remember is checked here. Needs nothing but the standard
//! library and `serde_json`, so that it builds in seconds. The steps of CI are in `testing/all.sh`.
#![allow(clippy::print_stdout)] // A command for a terminal speaks through it.

mod generate;
mod house;
mod licences;
mod run;
mod source;
mod spdx;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask COMMAND

  check      format, lints, tidy and the unit tests of Rust and web: before every commit
  tidy       the rules of the house that no compiler knows
  licences   the licences of everything we build on, and the crates that must never enter
  gen        writes docs/openapi.json from the code      (gen --check: only compares)
  ci         everything that CI runs                     (ci STEP …: only these steps)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match command {
        "check" => run::check(),
        "tidy" => tidy::tidy(),
        "licences" => licences::licences(),
        "gen" => generate::generate(rest),
        "ci" => run::ci(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!("there is no command `{other}`\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
