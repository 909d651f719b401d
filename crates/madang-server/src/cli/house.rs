//! `madang setup`, `person`, `token`, `rebuild`: the house from the command
//! line, also while another process serves it.

use std::sync::Arc;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use madang_app::{App, SetUp};
use madang_model::permission::Role;
use madang_model::{PersonId, SessionId};
use serde_json::{Value, json};

use crate::config::{Config, Misconfigured};

#[derive(Debug, Args)]
pub struct Setup {
    /// The organisation's name
    #[arg(long)]
    workspace: String,
    /// The owner's e-mail address
    #[arg(long)]
    email: String,
    /// The owner's name
    #[arg(long)]
    name: String,
    /// The owner's password, at least 10 characters
    #[arg(long, env = "MADANG_PASSWORD", hide_env_values = true)]
    password: String,
    /// ko or en
    #[arg(long, default_value = "en")]
    language: String,
}

#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Adds somebody with a password
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long, env = "MADANG_PASSWORD", hide_env_values = true)]
        password: String,
        /// owner, admin or member
        #[arg(long, default_value = "member")]
        role: String,
        #[arg(long)]
        json: bool,
    },
    /// Lists everybody
    List {
        #[arg(long)]
        json: bool,
    },
    /// Takes somebody out of the house; what they wrote stays
    Remove {
        email: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Makes a token with a person's rights
    Create {
        /// The person's e-mail address
        #[arg(long)]
        person: String,
        /// What the program is called
        #[arg(long, default_value = "")]
        label: String,
        /// native, agent for an AI agent, or slack-user for a token that Slack's clients take
        #[arg(long, default_value = "native")]
        kind: String,
        /// Of an agent's token, once or more often: read, write, files or tickets
        #[arg(long)]
        scope: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// Lists a person's tokens
    List {
        #[arg(long)]
        person: String,
        #[arg(long)]
        json: bool,
    },
    /// Ends a token
    Revoke {
        #[arg(long)]
        person: String,
        id: String,
        #[arg(long)]
        json: bool,
    },
}

/// Opens the house and runs something in it.
pub(super) fn with_house<F, T>(config: Config, work: F) -> Result<T>
where
    F: AsyncFnOnce(Arc<App>) -> Result<T>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // What is printed leads to where the house is, also if only its server was told.
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => {
            crate::serve::noted_address(&config.data).unwrap_or_else(|| config.public_url_at(config.listen))
        }
    };
    let app = crate::serve::open(&config, public_url)?;
    runtime.block_on(async move {
        let done = madang_app::asked_from(madang_app::Way::CommandLine, work(app.clone())).await?;
        app.close().await;
        Ok(done)
    })
}

/// `madang setup`.
pub fn setup(config: Config, given: Setup) -> Result<()> {
    with_house(config, async |app| {
        let first = SetUp {
            workspace: given.workspace,
            email: given.email,
            name: given.name,
            password: given.password,
            language: given.language,
            device: "madang setup".into(),
            for_program: true,
        };
        let begun = app.set_up(first).await?;
        super::print(
            &json!({
                "workspace": begun.workspace, "person": begun.owner, "space": begun.space, "token": begun.secret,
            })
            .to_string(),
        )
    })
}

/// `madang person …`.
pub fn person(config: Config, command: PersonCommand) -> Result<()> {
    crate::serve::must_exist(&config)?;
    with_house(config, async |app| match command {
        PersonCommand::Add { email, name, password, role, json } => {
            let Some(role) = Role::to_give(&role).filter(|role| *role != Role::Guest) else {
                bail!(Misconfigured("--role is owner, admin or member".into()));
            };
            let id = app.add_person(&email, &name, password, role).await?;
            app.touch().await?;
            say(json, &json!({"person": id, "email": email}), &format!("{email} is in, as {id}"))
        }
        PersonCommand::List { json } => {
            let mut lines = Vec::new();
            for record in app.everybody().await? {
                let role = record.standing().map_or("-", Role::as_str);
                lines.push(
                    json!({"person": record.id, "name": record.name, "email": record.email, "role": role}),
                );
            }
            let text: Vec<String> = lines.iter().map(Value::to_string).collect();
            say(json, &json!({"people": lines}), &text.join("\n"))
        }
        PersonCommand::Remove { email, json } => {
            app.remove_person_from_outside(&email).await?;
            app.touch().await?;
            say(json, &json!({"removed": email}), &format!("{email} is out"))
        }
    })
}

/// `madang token …`.
pub fn token(config: Config, command: TokenCommand) -> Result<()> {
    crate::serve::must_exist(&config)?;
    with_house(config, async |app| match command {
        TokenCommand::Create { person, label, kind, scope, json } => {
            let person = named(&app, &person).await?;
            if !scope.is_empty() && kind != "agent" {
                bail!(Misconfigured("--scope belongs to --kind agent".into()));
            }
            let (id, token) = match kind.as_str() {
                "agent" => match app.create_agent_token(person, label, scope).await {
                    Err(madang_app::Error::Refusal(refusal)) => {
                        bail!(Misconfigured(format!("--scope: {refusal}")))
                    }
                    made => made?,
                },
                "native" => app.create_token(person, label).await?,
                "slack-user" => app.create_slack_token(person).await?,
                _ => bail!(Misconfigured("--kind is native, agent or slack-user".into())),
            };
            say(json, &json!({"id": id, "person": person, "token": token}), &token)
        }
        TokenCommand::List { person, json } => {
            let found = app.my_tokens(named(&app, &person).await?).await?;
            let tokens: Vec<Value> = found
                .iter()
                .map(|it| json!({"id": it.id, "label": it.label, "created_at": it.created_at}))
                .collect();
            let text: Vec<String> = tokens.iter().map(Value::to_string).collect();
            say(json, &json!({"tokens": tokens}), &text.join("\n"))
        }
        TokenCommand::Revoke { person, id, json } => {
            let person = named(&app, &person).await?;
            let Ok(id) = id.parse::<SessionId>() else {
                bail!(Misconfigured(format!("{id} is not the id of a token")));
            };
            app.end_session(person, id).await?;
            app.touch().await?;
            say(json, &json!({"revoked": id}), &format!("{id} is over"))
        }
    })
}

/// `madang rebuild FOLLOWER`.
pub fn rebuild(config: Config, follower: &str) -> Result<()> {
    crate::serve::must_exist(&config)?;
    with_house(config, async |app| {
        if !app.rebuild(follower).await? {
            let there = madang_app::FOLLOWERS.join(", ");
            bail!(Misconfigured(format!("there is no follower {follower}; there is {there}")));
        }
        super::print(&format!("{follower} is empty and is built again by the process that serves"))
    })
}

pub(super) async fn named(app: &Arc<App>, email: &str) -> Result<PersonId> {
    match app
        .everybody()
        .await?
        .into_iter()
        .find(|it| it.email.as_deref() == Some(email.to_lowercase().as_str()))
    {
        Some(record) => Ok(record.id),
        None => bail!("nobody here has the address {email}"),
    }
}

pub(super) fn say(as_json: bool, value: &Value, text: &str) -> Result<()> {
    super::print(&if as_json { value.to_string() } else { text.to_owned() })
}
