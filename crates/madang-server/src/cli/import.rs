//! `madang import slack FILE` and `madang import kakaotalk FILE`: moving in, also while another process serves.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use madang_app::App;
use madang_app::import::{Export, Loss, Progress, Report};
use madang_model::PersonId;
use madang_model::permission::Role;
use parking_lot::Mutex;

use crate::config::{Config, Misconfigured};
use crate::import::kakaotalk::About;
use crate::import::{KakaoTalk, Slack, as_json};

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// A workspace export of Slack (ZIP): people, channels, threads, reactions, pins, and files where the ZIP has them
    Slack {
        file: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// The text (or CSV) of one room that KakaoTalk exported
    #[command(name = "kakaotalk")]
    KakaoTalk {
        file: PathBuf,
        /// The name of the space; without it, that of the room
        #[arg(long, value_name = "NAME")]
        space: Option<String>,
        /// Who somebody is: the name in the room and the e-mail address here; repeated. Others keep only their name
        #[arg(long = "person", value_name = "NAME=EMAIL")]
        people: Vec<String>,
        /// The time zone of the phone that exported it
        #[arg(long, default_value = "Asia/Seoul", value_name = "ZONE")]
        time_zone: String,
        #[command(flatten)]
        how: How,
    },
}

#[derive(Debug, Args)]
pub struct How {
    /// Only looks, and says what would be brought
    #[arg(long)]
    dry_run: bool,
    /// In whose name it is done [default: the first owner]
    #[arg(long = "as", value_name = "EMAIL")]
    by: Option<String>,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// Runs `madang import …`.
pub fn import(config: Config, command: ImportCommand) -> Result<()> {
    crate::serve::must_exist(&config)?;
    super::house::with_house(config, async |app| match command {
        ImportCommand::Slack { file, how } => {
            let (by, _) = in_the_name_of(&app, how.by.as_deref()).await?;
            let export = tokio::task::spawn_blocking(move || Slack::open(&file)).await??;
            run(&app, export, by, &how).await
        }
        ImportCommand::KakaoTalk { file, space, people, time_zone, how } => {
            let (by, me) = in_the_name_of(&app, how.by.as_deref()).await?;
            let zone = TimeZone::get(&time_zone)
                .map_err(|_| Misconfigured(format!("--time-zone: there is no time zone \"{time_zone}\"")))?;
            let about = About { space, people: pairs(&people)?, me, zone };
            let export = tokio::task::spawn_blocking(move || KakaoTalk::open(&file, about)).await??;
            run(&app, export, by, &how).await
        }
    })
}

/// Whoever `--as` names, or the first owner; with their address.
pub(super) async fn in_the_name_of(app: &Arc<App>, named: Option<&str>) -> Result<(PersonId, String)> {
    let mut people = app.everybody().await?;
    people.sort_by_key(|it| it.id);
    let found = match named {
        Some(named) => {
            people.iter().find(|it| it.email.as_deref() == Some(named.trim().to_lowercase().as_str()))
        }
        None => people.iter().find(|it| it.standing() == Some(Role::Owner)),
    };
    let found =
        found.filter(|it| it.standing().is_some()).context("--as: nobody in this house has that address")?;
    Ok((found.id, found.email.clone().unwrap_or_default()))
}

fn pairs(given: &[String]) -> Result<HashMap<String, String>> {
    given
        .iter()
        .map(|pair| match pair.rsplit_once('=') {
            Some((name, email)) if !name.trim().is_empty() && email.contains('@') => {
                Ok((name.trim().to_owned(), email.trim().to_owned()))
            }
            _ => bail!(Misconfigured(format!(
                "--person \"{pair}\": write the name, =, and the e-mail address"
            ))),
        })
        .collect()
}

async fn run<E: Export>(app: &Arc<App>, export: E, by: PersonId, how: &How) -> Result<()> {
    let bar = Bar::default();
    let report = app.import(export, by, how.dry_run, |at| bar.show(at)).await;
    bar.end();
    let report =
        report.context("the import stopped; what was brought stays, and the same command goes on there")?;
    if !how.dry_run {
        app.touch().await?;
    }
    if how.json {
        return super::print(&as_json(&report, how.dry_run).to_string());
    }
    lines(&report, how.dry_run).iter().try_for_each(|line| super::print(line))
}

/// Where a terminal sees how far it is: a line that is written anew at each percent.
#[derive(Default)]
struct Bar(Mutex<Option<u64>>);

impl Bar {
    fn show(&self, at: Progress) {
        let percent = at.done * 100 / at.of.max(1);
        let mut shown = self.0.lock();
        if !std::io::stderr().is_terminal() || *shown == Some(percent) {
            return;
        }
        *shown = Some(percent);
        let full = "█".repeat((percent / 4) as usize);
        eprint!("\r{full:░<25} {percent:>3} %  {} of {} messages", at.done, at.of);
    }

    fn end(&self) {
        if self.0.lock().is_some() {
            eprintln!();
        }
    }
}

fn lines(report: &Report, dry: bool) -> Vec<String> {
    let would = if dry { "would be " } else { "" };
    let mut lines = vec![
        format!(
            "People:    {} ({} known here, {} {would}new)",
            report.people, report.known_people, report.new_people
        ),
        format!("Spaces:    {} ({} {would}made)", report.spaces, report.new_spaces),
    ];
    if dry {
        lines.push(format!("Messages:  {}, {} of them replies", report.messages, report.replies));
        lines.push(format!("Files:     {} are named", report.files_named));
    } else {
        lines.push(format!("Messages:  {} brought of {}", report.new_messages, report.messages));
        lines.push(format!("Reactions: {} brought", report.new_reactions));
        lines.push(format!(
            "Files:     {} brought of {} that are named",
            report.new_files, report.files_named
        ));
    }
    if !report.losses.is_empty() {
        lines.push("Not carried over:".into());
    }
    for (loss, lost) in &report.losses {
        lines.push(format!("  {:>7}  {}", lost.count, words(*loss)));
        lines.extend(lost.examples.iter().map(|it| format!("             {it}")));
    }
    lines
}

fn words(loss: Loss) -> &'static str {
    match loss {
        Loss::FileMissing => "files that the export only names; their names stand in the messages",
        Loss::FileTooLarge => "files larger than this house takes (--upload-limit)",
        Loss::OwnEmoji => "reactions with pictures of the other house's own",
        Loss::RootMissing => "replies whose first message is missing; they stand in the main line",
        Loss::Notice => "notices of who came, went or changed something",
        Loss::Removed => "messages that were removed there",
        Loss::Empty => "messages that say nothing in a form we know",
        Loss::Split => "messages too long for one; they became several",
        Loss::Pin => "pins of messages that are missing, or beyond the limit",
        Loss::Unreadable => "lines that could not be read",
        Loss::NobodyLeft => {
            "private spaces none of whose people is in this house; they were brought, and nobody sees them"
        }
    }
}
