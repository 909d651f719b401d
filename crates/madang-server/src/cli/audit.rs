//! `madang audit`: whether the audit log is whole, and the log itself, for
//! whoever runs the machine.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use madang_store::audit::{self, AuditRecord, Head, Verdict, hex};
use madang_store::db::Db;
use madang_store::house;
use serde_json::json;

use crate::config::{Config, Misconfigured};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Walks over the whole log; exit code 1 when something was changed or is missing
    Verify {
        /// A head that was kept elsewhere, as `verify` and `head` print it: 812:3f9a…
        #[arg(long, value_name = "SEQ:HASH")]
        head: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Prints where the log has come to, to be kept where nobody who can change the database can change it
    Head,
    /// Prints every entry as it is kept, one JSON object a line
    Print,
}

/// Rows that are printed in one go.
const STEP: i64 = 1_000;

/// `madang audit …`. False when the log is not whole.
pub fn run(config: Config, command: &AuditCommand) -> Result<bool> {
    crate::serve::must_exist(&config)?;
    let (content, _) = crate::serve::databases(&config)?;
    let db = Db::open(&content)?;
    let found = db.read_blocking(house::workspaces)?;
    let workspace = found.first().map(|it| it.id).context("nobody set the house up: there is no log yet")?;
    match command {
        AuditCommand::Verify { head, json } => {
            let known = head.as_deref().map(read_head).transpose()?;
            let check = db.read_blocking(move |conn| audit::verify(conn, workspace, known.as_ref()))?;
            let whole = check.verdict == Verdict::Whole;
            let head = written(&check.head);
            let text = match check.verdict {
                Verdict::Whole => format!(
                    "{} entries, none is changed or missing; of {} what they said was erased; the head is {head}",
                    check.rows, check.erased
                ),
                Verdict::Broken { seq } => {
                    format!("entry {seq} is not what was written; all before it are whole, to {head}")
                }
                Verdict::CutOff { seq, head: most } => {
                    format!(
                        "the entries after {seq} are gone: the log had come to {most}; the head is {head}"
                    )
                }
            };
            let said = json!({"whole": whole, "entries": check.rows, "erased": check.erased, "head": head, "text": text});
            super::print(&if *json { said.to_string() } else { text })?;
            Ok(whole)
        }
        AuditCommand::Head => {
            let head = db.read_blocking(move |conn| audit::head(conn, workspace))?;
            super::print(&written(&head))?;
            Ok(true)
        }
        AuditCommand::Print => {
            let mut last = 0;
            loop {
                let step = db.read_blocking(move |conn| audit::after(conn, workspace, last, STEP))?;
                let Some(newest) = step.last() else { return Ok(true) };
                last = newest.seq;
                for row in &step {
                    super::print(&line(row).to_string())?;
                }
            }
        }
    }
}

fn line(row: &AuditRecord) -> serde_json::Value {
    json!({
        "seq": row.seq, "at": row.at_us, "actor": row.actor, "act": row.act, "object_kind": row.object_kind,
        "object": row.object, "said": row.said, "salt": row.salt.as_deref().map(hex), "said_hash": hex(&row.said_hash),
        "before": hex(&row.before_hash), "hash": hex(&row.hash),
    })
}

fn written(head: &Head) -> String {
    format!("{}:{}", head.seq, hex(&head.hash))
}

fn read_head(text: &str) -> Result<Head> {
    let read = || {
        let (seq, hash) = text.split_once(':')?;
        let bytes = hash
            .as_bytes()
            .chunks(2)
            .map(|two| std::str::from_utf8(two).ok().and_then(|two| u8::from_str_radix(two, 16).ok()));
        let hash: Vec<u8> = bytes.collect::<Option<_>>()?;
        Some(Head { seq: seq.parse().ok()?, hash }).filter(|head| head.hash.len() == 32)
    };
    match read() {
        Some(head) => Ok(head),
        None => {
            bail!(Misconfigured(format!("--head {text} is not SEQ:HASH, as madang audit head prints it")))
        }
    }
}
