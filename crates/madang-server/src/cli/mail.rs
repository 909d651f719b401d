//! `madang mail receive`: the mail server of this machine hands over an answer that came by mail.
//!
//! It says with its exit code (sysexits.h) what it is to do: let it be, send it back to its writer with what stands on
//! standard error, or bring it again.

use std::io::Read;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use madang_app::{Received, Undelivered};

use crate::config::Config;
use crate::words;

/// The largest mail that is read: 64 MiB.
const LARGEST: u64 = 64 << 20;
/// EX_DATAERR, EX_NOUSER, EX_NOPERM, EX_TEMPFAIL.
const DATA_ERROR: u8 = 65;
const NO_USER: u8 = 67;
const NO_PERMISSION: u8 = 77;
const TRY_AGAIN: u8 = 75;

#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Reads a mail from standard input and posts it where it answers, also while serving. Exit codes are those of
    /// sysexits.h, as Postfix, Exim and others want them from a pipe
    Receive {
        /// The address at which it arrived [default: from its headers]
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
    },
}

/// Runs `madang mail …`.
pub fn run(config: Config, MailCommand::Receive { to }: MailCommand) -> ExitCode {
    let (code, sentence) = match receive(config, to) {
        Ok(Received::Posted(_) | Received::Ignored) => return ExitCode::SUCCESS,
        Ok(Received::Refused(why)) => refused(&why),
        Err(error) => (TRY_AGAIN, format!("{error:#}")),
    };
    use std::io::Write;
    // Nowhere to say it is no reason to do anything else.
    let _ = writeln!(std::io::stderr(), "madang: {sentence}");
    ExitCode::from(code)
}

fn receive(config: Config, to: Option<String>) -> Result<Received> {
    crate::serve::must_exist(&config)?;
    let mut raw = Vec::new();
    std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut raw)?;
    if raw.len() as u64 > LARGEST {
        let limit = i64::try_from(LARGEST).unwrap_or(i64::MAX);
        return Ok(Received::Refused(Undelivered::Refused(madang_model::Refusal::TooLarge { limit })));
    }
    super::house::with_house(config, async |app| {
        let received = app.receive_mail(raw, to).await?;
        app.touch().await?;
        Ok(received)
    })
}

/// The code, and the sentence that the writer of the mail reads.
fn refused(why: &Undelivered) -> (u8, String) {
    let say = |code: u8, sentence: &str| (code, sentence.to_owned());
    match why {
        Undelivered::Unreadable => say(DATA_ERROR, "this is no mail that can be read"),
        Undelivered::Empty => {
            say(DATA_ERROR, "there is nothing above the quoted text: write your answer at the top")
        }
        Undelivered::NoSuchAddress => {
            say(NO_USER, "this address for answers is not good any more: open Madang and answer there")
        }
        Undelivered::WrongSender => say(NO_PERMISSION, "answer from the address to which the mail was sent"),
        Undelivered::Refused(refusal) => (NO_PERMISSION, words::refusal(refusal, words::Language::English)),
    }
}
