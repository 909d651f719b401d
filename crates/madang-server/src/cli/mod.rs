//! The command line. Exit codes: 0 fine, 1 the house said no or something broke (and `doctor` found something), 2 bad
//! usage or configuration, with a sentence that says what to change.

mod apps;
mod audit;
mod backup;
pub(crate) mod doctor;
mod export;
mod house;
mod import;
mod mail;
mod read;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use madang_store::StoreError;

use crate::config::{Misconfigured, Options};

/// One place where an organisation talks with itself, with partners and with customers.
#[derive(Debug, Parser)]
#[command(name = "madang", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// A file with options [default: ./madang.toml if there is one]
    #[arg(long, env = "MADANG_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the house
    Serve,
    /// Makes the first workspace and its owner; prints ids and an API token as JSON
    Setup(house::Setup),
    /// Adds, lists and removes people
    #[command(subcommand)]
    Person(house::PersonCommand),
    /// Makes, lists and revokes tokens for programs
    #[command(subcommand)]
    Token(house::TokenCommand),
    /// Installs, lists and removes apps
    #[command(subcommand)]
    App(apps::AppCommand),
    /// Brings people, spaces and messages from another house; run again, it goes on where it stopped
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Writes what people said, with their files and the audit log, into one ZIP that other programs read
    Export(export::Export),
    /// Takes in mail, for the mail server of this machine
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// Writes everything but the root key into one folder, while serving
    Backup(backup::Backup),
    /// Brings a backup into an empty house, in a new epoch
    Restore(backup::Restore),
    /// Looks whether the audit log is whole, prints where it has come to, or all of it
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Prints what was erased, one JSON object a line; keep a copy apart from backups, for `restore --erasures`
    Erasures,
    /// Checks configuration, database, keys, files, mail, push, ports and address, and says what to do
    Doctor {
        /// One JSON object instead of lines
        #[arg(long)]
        json: bool,
        /// Sends a notification to every device of the person with this address
        #[arg(long, value_name = "EMAIL")]
        push: Option<String>,
    },
    /// Drops a follower's view and lets it be built again from the log, while serving
    Rebuild {
        /// The follower, such as "activity"
        follower: String,
    },
    /// Prints the OpenAPI text
    Openapi,
    /// Prints the text of the file that comes in; the house starts it for itself
    #[command(hide = true)]
    ReadText,
}

/// Runs what the command line asks for.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, with code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    // It needs no configuration, and is given none.
    if matches!(cli.command, Command::ReadText) {
        return read::run();
    }
    let config = match cli.options.settle(cli.config.as_deref()) {
        Ok(config) => config,
        Err(error) => return say(2, &error),
    };
    let ended = match cli.command {
        Command::Serve => serve::run(config),
        Command::Setup(setup) => house::setup(config, setup),
        Command::Person(command) => house::person(config, command),
        Command::Token(command) => house::token(config, command),
        Command::App(command) => apps::app(config, command),
        Command::Import(command) => import::import(config, command),
        Command::Export(given) => export::export(config, given),
        Command::Mail(command) => return mail::run(config, command),
        Command::Backup(backup) => backup::backup(config, &backup),
        Command::Restore(restore) => backup::restore(config, &restore),
        Command::Audit(command) => match audit::run(config, &command) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Command::Erasures => backup::erasures(config),
        Command::Doctor { json, push } => match doctor::run(config, json, push.as_deref()) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Command::Rebuild { follower } => house::rebuild(config, &follower),
        Command::ReadText => Ok(()),
        Command::Openapi => {
            print(&serde_json::to_string_pretty(&crate::openapi::document()).unwrap_or_default())
        }
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(code(&error), &error),
    }
}

/// 2 where changing the command line, the environment or the file of options helps.
fn code(error: &anyhow::Error) -> u8 {
    let setting = matches!(error.downcast_ref(), Some(StoreError::Config(_) | StoreError::RootKey(_)));
    if error.is::<Misconfigured>() || setting { 2 } else { 1 }
}

fn say(code: u8, error: &anyhow::Error) -> ExitCode {
    use std::io::Write;
    // Nowhere to say it is no reason to do anything else.
    let _ = writeln!(std::io::stderr(), "madang: {error:#}");
    ExitCode::from(code)
}

/// Prints a line to standard output.
pub(crate) fn print(line: &str) -> anyhow::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
