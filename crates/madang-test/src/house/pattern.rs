//! A house after its first day, set up once for all stories of a process: copying it costs a small part of making it.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, Weak};

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use super::{Database, binary, options};

/// What the first day gave.
pub struct FirstDay {
    pub token: String,
    pub space: String,
}

pub struct Pattern {
    pub first: FirstDay,
    pub folder: TempDir,
    pub database: Option<Database>,
}

/// Kept as long as a story looks at it, and made again after that: a static is never dropped, and its folder would stay.
static KEPT: Mutex<Weak<Pattern>> = Mutex::new(Weak::new());

impl Pattern {
    /// # Errors
    /// What the command line said.
    pub fn get() -> Result<Arc<Pattern>> {
        let mut kept = KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(pattern) = kept.upgrade() {
            return Ok(pattern);
        }
        let folder = tempfile::tempdir()?;
        let database = Database::make()?;
        let first = first_day(&options(folder.path(), database.as_ref())?)?;
        let pattern = Arc::new(Pattern { first, folder, database });
        *kept = Arc::downgrade(&pattern);
        Ok(pattern)
    }
}

/// Sets a house up there.
///
/// # Errors
/// What the command line said.
pub fn first_day(place: &[String]) -> Result<FirstDay> {
    // Built beside the server, the client has TLS in it and wants a provider; the second house finds one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let output = Command::new(binary()?)
        .args(["setup", "--workspace", "한빛", "--email", "nari@example.com", "--name", "나리"])
        .args(["--password", "마당에 핀 꽃 한 송이"])
        .args(place)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let ids: Value = serde_json::from_str(&text)
        .with_context(|| format!("setup said {text} {}", String::from_utf8_lossy(&output.stderr)))?;
    let field =
        |name: &str| ids[name].as_str().map(str::to_owned).with_context(|| format!("setup gave no {name}"));
    Ok(FirstDay { token: field("token")?, space: field("space")? })
}

/// All of a folder into another one, with the rights of its files.
///
/// # Errors
/// What the system said.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    std::fs::set_permissions(to, std::fs::metadata(from)?.permissions())?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
