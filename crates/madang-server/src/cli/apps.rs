//! `madang app`: installing apps without a browser.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use madang_model::{AppId, SpaceId};
use madang_slack::{id, provision};
use serde_json::json;

use super::house::{named, say, with_house};
use crate::config::{Config, Misconfigured};

#[derive(Debug, Subcommand)]
pub enum AppCommand {
    /// Installs an app from a manifest in Slack's format; prints its credentials, which are shown this once
    Create {
        /// A file with the manifest, in JSON or YAML
        #[arg(long, value_name = "FILE")]
        manifest: PathBuf,
        /// Whose rights a user token has, if the manifest asks for scopes of people
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
        /// A space to make an incoming webhook for; may be given several times
        #[arg(long = "space", value_name = "ID")]
        spaces: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// Lists the apps that are installed
    List {
        #[arg(long)]
        json: bool,
    },
    /// Ends an app and all of its tokens; what it said stays
    Remove {
        id: String,
        #[arg(long)]
        json: bool,
    },
}

/// `madang app …`.
pub fn app(config: Config, command: AppCommand) -> Result<()> {
    crate::serve::must_exist(&config)?;
    with_house(config, async |app| match command {
        AppCommand::Create { manifest, person, spaces, json } => {
            let text = std::fs::read_to_string(&manifest)
                .with_context(|| format!("cannot read the manifest {}", manifest.display()))?;
            let whose = match person {
                Some(email) => Some(named(&app, &email).await?),
                None => None,
            };
            let mut hooks = Vec::new();
            for space in spaces {
                let number = id::number(madang_slack::place::SPACES, &space);
                hooks.push(SpaceId(
                    number.ok_or_else(|| Misconfigured(format!("{space} is not the id of a space")))?,
                ));
            }
            let made = provision::install(&app, None, &text, whose, &hooks).await;
            let made = made.map_err(|fail| match &*fail.code {
                "invalid_manifest" => anyhow::Error::from(Misconfigured(fail.said())),
                _ => anyhow::anyhow!(fail.said()),
            })?;
            app.touch().await?;
            let shown = made.shown(app.workspace_id().await?.0);
            let text = serde_json::to_string_pretty(&shown)?;
            say(json, &shown, &text)
        }
        AppCommand::List { json } => {
            let found = app.apps().await?;
            let apps: Vec<_> = found
                .iter()
                .map(|it| json!({"id": it.id, "app_id": id::written("A", it.id.0), "name": it.name}))
                .collect();
            let text: Vec<String> = apps.iter().map(ToString::to_string).collect();
            say(json, &json!({"apps": apps}), &text.join("\n"))
        }
        AppCommand::Remove { id: given, json } => {
            let Some(number) = id::number("A", &given) else {
                bail!(Misconfigured(format!("{given} is not the id of an app")));
            };
            let gone = app.remove_app(None, AppId(number)).await?;
            app.touch().await?;
            say(json, &json!({"removed": gone.id}), &format!("{} is out", gone.name))
        }
    })
}
