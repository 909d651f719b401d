//! `gen`: writes what is generated and yet committed, so that a reader finds it without a build.
//!
//! That is `docs/openapi.json`, printed by the server's own binary.

use std::process::Command;

use crate::house::{output, root};

const TARGET: &str = "docs/openapi.json";

pub fn generate(arguments: &[String]) -> Result<(), String> {
    let only_compare = match arguments {
        [] => false,
        [one] if one == "--check" => true,
        _ => return Err("gen takes nothing, or --check".to_owned()),
    };
    let fresh = openapi()?;
    let path = root().join(TARGET);
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    if written == fresh {
        println!("{TARGET} is what the code says");
        return Ok(());
    }
    if only_compare {
        return Err(format!("{TARGET} is not what the code says: run `cargo xtask gen` and commit it"));
    }
    std::fs::write(&path, fresh).map_err(|error| format!("{TARGET}: {error}"))?;
    println!("{TARGET} written");
    Ok(())
}

fn openapi() -> Result<String, String> {
    // A binary that is there already (CI names it) saves a second build.
    let mut command = match std::env::var("MADANG_BIN") {
        Ok(binary) => Command::new(binary),
        Err(_) => {
            let mut cargo = Command::new("cargo");
            cargo.args(["run", "--quiet", "--package", "madang-server", "--bin", "madang", "--"]);
            cargo
        }
    };
    let printed = output(command.current_dir(root()).arg("openapi"))?;
    Ok(format!("{}\n", printed.trim_end()))
}
