//! `madang export --out FILE`: everything as a ZIP, also while another process serves.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use madang_app::export::Work;
use serde_json::json;

use crate::config::{Config, Misconfigured};

#[derive(Debug, Args)]
pub struct Export {
    /// The ZIP that is written; it must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Closed spaces and direct conversations too; everybody in them is told there
    #[arg(long)]
    private: bool,
    /// In whose name it is done [default: the first owner]
    #[arg(long = "as", value_name = "EMAIL")]
    by: Option<String>,
    /// One JSON object instead of a line
    #[arg(long)]
    json: bool,
}

/// Writes beside the file first, so that half an export never has its name.
pub fn export(config: Config, given: Export) -> Result<()> {
    crate::serve::must_exist(&config)?;
    if given.out.exists() {
        bail!(Misconfigured(format!("{} exists: give another name", given.out.display())));
    }
    super::house::with_house(config, async |app| {
        let (by, _) = super::import::in_the_name_of(&app, given.by.as_deref()).await?;
        let id = app.export_from_outside(by, given.private).await?;
        let work = Arc::new(Work::new(id, by, given.private));
        let mut part = given.out.clone().into_os_string();
        part.push(".part");
        let (house, part) = (app.clone(), PathBuf::from(part));
        let (written, out) = (part.clone(), given.out.display());
        let size = tokio::task::spawn_blocking(move || crate::export::write(&house, &work, written))
            .await?
            .with_context(|| format!("{out} could not be written; nothing of it is left"))?;
        std::fs::rename(&part, &given.out).with_context(|| format!("cannot name it {out}"))?;
        app.touch().await?;
        let said = json!({"file": given.out, "bytes": size, "private": given.private});
        let text = match given.private {
            true => format!("{out} holds everything that was said, {size} bytes"),
            false => format!(
                "{out} holds what was said in open spaces, {size} bytes; with --private also the rest"
            ),
        };
        super::print(&if given.json { said.to_string() } else { text })
    })
}
