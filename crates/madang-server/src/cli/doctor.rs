//! `madang doctor`: one line for each thing that must be right, and what to do
//! where it is not.

use anyhow::{Result, bail};

use crate::config::Config;

use super::house::with_house;

/// Checks, prints, and fails when somebody must look at something.
pub fn run(config: Config) -> Result<()> {
    crate::serve::must_exist(&config)?;
    let shown = config.clone();
    let bad = with_house(config, async |app| {
        let mut lines =
            vec![("database", Ok(format!("{:?} opens and its schema is current", app.db.engine())))];
        lines.push((
            "keys",
            Ok("the root key opens the keyring; keep a copy of root.key apart from backups".to_owned()),
        ));
        lines.push((
            "set-up",
            match app.workspace().await? {
                Some(workspace) => Ok(format!("the workspace is {}", workspace.name)),
                None => {
                    Err("nobody set the house up: open its address in a browser, or run madang setup"
                        .to_owned())
                }
            },
        ));
        lines.push(("address", address(&app.config.public_url)));
        lines.push((
            "mail",
            match app.mailer.is_configured() {
                false => Err(
                    "no mail server: links are shown to inviters and logged; set --mail-url and --mail-from"
                        .to_owned(),
                ),
                true => match app.mailer.check().await {
                    Ok(true) => Ok("the mail server answers".to_owned()),
                    Ok(false) => Err("the mail server does not take us: check --mail-url".to_owned()),
                    Err(error) => Err(format!("the mail server cannot be reached: {error:#}")),
                },
            },
        ));
        lines.push((
            "folder",
            match std::fs::metadata(&shown.data) {
                Ok(_) => Ok(format!("{} is there", shown.data.display())),
                Err(error) => Err(format!("{}: {error}", shown.data.display())),
            },
        ));
        let mut bad = 0;
        for (name, state) in lines {
            bad += usize::from(state.is_err());
            super::print(&match state {
                Ok(text) => format!("fine   {name}: {text}"),
                Err(text) => format!("look   {name}: {text}"),
            })?;
        }
        Ok(bad)
    })?;
    if bad > 0 {
        bail!("{bad} things want looking at");
    }
    Ok(())
}

fn address(url: &str) -> Result<String, String> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|it| url.starts_with(it));
    match url.starts_with("https://") {
        true => Ok(format!("{url} is a secure address")),
        false if local => Ok(format!("{url} works on this machine; phones need https and --public-url")),
        false => Err(format!(
            "{url} is not https: phones refuse cameras, notifications and installing; see the guide"
        )),
    }
}
