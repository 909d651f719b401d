//! What was said in a ticket, as a letter tells it: without notes, and with the times of the desk.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use madang_model::{PersonId, Refusal, Seq, SpaceId, refusal::Thing};
use madang_store::db::Conn;
use madang_store::{log, people};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::Result;
use crate::mail::escape;
use crate::people::workspace;
use crate::text;

/// The newest messages of a ticket that one letter tells.
const MOST: usize = 1_000;

/// What a letter holds beside its sentences when it tells what was said.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Talk {
    pub said: Vec<Said>,
    /// Where an answer comes back to.
    pub reply_to: Option<String>,
    /// What the letter is called, and what it answers (RFC 5322, 3.6.4).
    pub message_id: Option<String>,
    pub in_reply_to: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    pub who: String,
    pub when: String,
    pub text: String,
    /// Names of files, which are fetched in the conversation.
    pub files: Vec<String>,
}

/// Which messages.
pub(super) enum Which<'a> {
    All,
    These(&'a [Seq]),
}

impl App {
    /// What was said in a ticket, oldest first, as its visitor may read it.
    pub(super) fn said_in(
        &self,
        conn: &mut Conn,
        space: SpaceId,
        zone: &str,
        which: Which<'_>,
    ) -> Result<Vec<Said>> {
        let house = workspace(conn)?.id;
        let record = log::space(conn, space)?.ok_or(Refusal::NotFound(Thing::Ticket))?;
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let mut names = std::collections::HashMap::<PersonId, String>::new();
        let mut said = Vec::new();
        for n in 0..=record.facts.head / madang_model::position::PAGE {
            for row in log::page(conn, &self.keyring, &record, n)?.rows {
                let asked = match which {
                    Which::All => true,
                    Which::These(seqs) => seqs.contains(&row.seq),
                };
                let Some(message) = row.message().filter(|it| asked && !it.removed && !row.staff) else {
                    continue;
                };
                if let std::collections::hash_map::Entry::Vacant(place) = names.entry(row.author) {
                    let person = people::by_id(conn, house, row.author)?;
                    place.insert(person.map(|it| it.name).unwrap_or_default());
                }
                said.push(Said {
                    who: names[&row.author].clone(),
                    when: moment(row.at, &zone),
                    text: text::plain(conn, &row)?,
                    files: message.files.iter().map(|it| it.name.clone()).collect(),
                });
            }
        }
        Ok(said.split_off(said.len().saturating_sub(MOST)))
    }
}

fn moment(at_us: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

impl Talk {
    pub(crate) fn plain(&self) -> String {
        let mut text = String::new();
        for said in &self.said {
            text.push_str(&format!("\n{} ({})\n", said.who, said.when));
            if !said.text.is_empty() {
                text.push_str(&format!("{}\n", said.text));
            }
            for file in &said.files {
                text.push_str(&format!("[{file}]\n"));
            }
        }
        text
    }

    pub(crate) fn html(&self) -> String {
        let mut text = String::new();
        for said in &self.said {
            let lines: Vec<String> = said
                .text
                .lines()
                .map(escape)
                .chain(said.files.iter().map(|it| format!("[{}]", escape(it))))
                .collect();
            text.push_str(&format!(
                "<div style=\"border-left:3px solid #0b6652;padding-left:.8em;margin:1em 0\"><p style=\"margin:.2em 0\">\
                 <b>{}</b> <span style=\"color:#616963\">{}</span></p><p style=\"margin:.2em 0\">{}</p></div>",
                escape(&said.who),
                escape(&said.when),
                lines.join("<br>")
            ));
        }
        text
    }
}
