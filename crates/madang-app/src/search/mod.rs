//! Finding: messages, files, people and spaces, only what the asker may see.
//!
//! The index knows words and places. Every hit is read from the log once more
//! with the asker's rights of this moment before anything of it is shown.

mod names;
mod numbered;
mod scope;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use madang_model::row::Row;
use madang_model::search::{self, Ask, Part, excerpt};
use madang_model::{FileRef, PersonId, Seq, SpaceId};
use madang_store::db::Conn;
use madang_store::log;
use madang_store::people::PersonRecord;
use madang_store::search::{Hit, Wanted, find};

use crate::app::App;
use crate::error::Result;
use crate::spaces::Summary;
use crate::text::plain;
pub use numbered::Numbered;

/// How often one answer asks for more files where stretches of the same ones came.
const ROUNDS: usize = 5;

/// A question with how it is to be answered.
#[derive(Debug, Clone)]
pub struct Question {
    pub text: String,
    pub what: What,
    pub best: bool,
    /// From an earlier answer.
    pub before: Option<i64>,
    pub limit: i64,
    /// Where the asker's days begin and end, an IANA name.
    pub time_zone: Option<String>,
}

/// What to look among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    All,
    Messages,
    Files,
    Names,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub messages: Vec<FoundMessage>,
    pub files: Vec<FoundFile>,
    pub people: Vec<PersonRecord>,
    pub spaces: Vec<Summary>,
    /// What may have been meant, when the keyboard was set to another language.
    pub suggestion: Option<String>,
    /// Filters that say nothing.
    pub unclear: Vec<String>,
    /// Where the next page begins; none at the end, and when ordered by fit.
    pub next: Option<i64>,
}

/// A message that was found.
#[derive(Debug, Clone)]
pub struct FoundMessage {
    pub space: SpaceId,
    pub row: Row,
    pub excerpt: Vec<Part>,
}

/// A file that was found, with the message it hangs on.
#[derive(Debug, Clone)]
pub struct FoundFile {
    pub space: SpaceId,
    pub seq: Seq,
    pub at: i64,
    pub author: PersonId,
    pub file: FileRef,
    pub name: Vec<Part>,
    /// Found by what is written in it, and not by its name.
    pub inside: bool,
}

impl App {
    /// Answers a question.
    ///
    /// # Errors
    /// `Invalid` for a time zone that does not exist, or what the store said.
    pub async fn search(self: &Arc<Self>, person: PersonId, question: Question) -> Result<Answer> {
        let ask = search::read(&question.text);
        let mut answer = Answer { unclear: ask.unclear.clone(), ..Answer::default() };
        if ask.is_empty() {
            return Ok(answer);
        }
        let days = scope::days(&ask, question.time_zone.as_deref(), self.clock.now_us())?;
        let Some(wanted) = self.wanted(person, &ask, days, &question).await? else { return Ok(answer) };
        if matches!(question.what, What::All | What::Messages) {
            let (messages, next) = self.find_messages(person, &ask, &wanted, question.best).await?;
            (answer.messages, answer.next) = (messages, next);
        }
        if matches!(question.what, What::All | What::Files) {
            let (files, next) = self.find_files(person, &ask, &wanted, question.best).await?;
            answer.files = files;
            answer.next = answer.next.or(next.filter(|_| question.what == What::Files));
        }
        if matches!(question.what, What::All | What::Names) && question.before.is_none() {
            (answer.people, answer.spaces) = self.find_names(person, ask.words()).await?;
        }
        let nothing = answer.messages.is_empty()
            && answer.files.is_empty()
            && answer.people.is_empty()
            && answer.spaces.is_empty();
        answer.suggestion = if nothing { search::wrong_keyboard(&ask.words()) } else { None };
        Ok(answer)
    }

    /// What the index is to be asked; none when a filter names nobody or nothing.
    async fn wanted(
        self: &Arc<Self>,
        person: PersonId,
        ask: &Ask,
        (since_us, until_us): (i64, i64),
        question: &Question,
    ) -> Result<Option<Wanted>> {
        let ask = ask.clone();
        let (before, limit) = (question.before.unwrap_or(i64::MAX), question.limit.clamp(1, 100));
        self.db
            .read(move |conn| {
                let places = scope::places(conn, person, &ask.spaces)?;
                let from = scope::writers(conn, person, &ask.from)?;
                if places.is_empty() || from.as_ref().is_some_and(Vec::is_empty) {
                    return Ok(None);
                }
                let has = ask.has.iter().fold(0, |bits, has| bits | has.bit());
                let terms = ask.terms.clone();
                Ok(Some(Wanted {
                    terms,
                    spaces: places,
                    from,
                    has,
                    since_us,
                    until_us,
                    files: false,
                    before,
                    limit,
                }))
            })
            .await
    }

    async fn hits(&self, wanted: &Wanted, best: bool) -> Result<(Vec<Hit>, Option<i64>)> {
        let wanted = wanted.clone();
        self.search
            .read(move |conn| -> Result<_> {
                let hits = find(conn, &wanted, best)?;
                let more = hits.len() as i64 == wanted.limit && !best;
                let next = hits.last().filter(|_| more).map(|hit| hit.id);
                Ok((hits, next))
            })
            .await
    }

    async fn find_messages(
        self: &Arc<Self>,
        person: PersonId,
        ask: &Ask,
        wanted: &Wanted,
        best: bool,
    ) -> Result<(Vec<FoundMessage>, Option<i64>)> {
        let (hits, next) = self.hits(wanted, best).await?;
        Ok((self.messages_at(person, ask, hits).await?, next))
    }

    async fn messages_at(
        self: &Arc<Self>,
        person: PersonId,
        ask: &Ask,
        hits: Vec<Hit>,
    ) -> Result<Vec<FoundMessage>> {
        let (app, ask) = (self.clone(), ask.clone());
        self.db
            .read(move |conn| {
                let rows = app.rows_of(conn, person, &hits)?;
                let mut found = Vec::with_capacity(hits.len());
                for hit in &hits {
                    let Some(row) = rows.get(&(hit.space, hit.seq)) else { continue };
                    let excerpt = excerpt(&plain(conn, row)?, &ask);
                    found.push(FoundMessage { space: hit.space, row: row.clone(), excerpt });
                }
                Ok(found)
            })
            .await
    }

    /// Files, each once, though many stretches of a long one may fit.
    async fn file_hits(&self, wanted: &Wanted, best: bool) -> Result<(Vec<Hit>, Option<i64>)> {
        let mut wanted = Wanted { files: true, ..wanted.clone() };
        let mut files: Vec<Hit> = Vec::new();
        for _ in 0..ROUNDS {
            let (hits, next) = self.hits(&wanted, best).await?;
            once_each(&mut files, hits);
            let Some(next) = next else { return Ok((files, None)) };
            if files.len() as i64 >= wanted.limit {
                return Ok((files, Some(next)));
            }
            wanted.before = next;
        }
        Ok((files, Some(wanted.before)))
    }

    async fn find_files(
        self: &Arc<Self>,
        person: PersonId,
        ask: &Ask,
        wanted: &Wanted,
        best: bool,
    ) -> Result<(Vec<FoundFile>, Option<i64>)> {
        let (hits, next) = self.file_hits(wanted, best).await?;
        Ok((self.files_at(person, ask, hits).await?, next))
    }

    async fn files_at(
        self: &Arc<Self>,
        person: PersonId,
        ask: &Ask,
        hits: Vec<Hit>,
    ) -> Result<Vec<FoundFile>> {
        let (app, ask) = (self.clone(), ask.clone());
        self.db
            .read(move |conn| {
                let rows = app.rows_of(conn, person, &hits)?;
                let mut seen = HashSet::new();
                let found = hits.iter().filter_map(|hit| {
                    let row = rows.get(&(hit.space, hit.seq))?;
                    let file = row.message()?.files.iter().find(|it| Some(it.id) == hit.file)?.clone();
                    let name = excerpt(&file.name, &ask);
                    let found = FoundFile {
                        space: hit.space,
                        seq: hit.seq,
                        at: row.at,
                        author: row.author,
                        file,
                        name,
                        inside: hit.part > 0,
                    };
                    seen.insert(found.file.id).then_some(found)
                });
                Ok(found.collect())
            })
            .await
    }

    /// The messages of these hits, as far as the person may read them now.
    fn rows_of(
        &self,
        conn: &mut Conn,
        person: PersonId,
        hits: &[Hit],
    ) -> Result<HashMap<(SpaceId, Seq), Row>> {
        let mut by_space: HashMap<SpaceId, Vec<Seq>> = HashMap::new();
        for hit in hits {
            by_space.entry(hit.space).or_default().push(hit.seq);
        }
        let mut rows = HashMap::new();
        for (space, seqs) in by_space {
            let Some(record) = scope::readable_now(conn, person, space)? else { continue };
            for row in log::rows_at(conn, &self.keyring, &record, &seqs)? {
                if row.message().is_some_and(|message| !message.removed) {
                    rows.insert((space, row.seq), row);
                }
            }
        }
        Ok(rows)
    }
}

/// Takes in hits of files, each file once.
fn once_each(files: &mut Vec<Hit>, hits: Vec<Hit>) {
    for hit in hits {
        match files.iter_mut().find(|it| it.file == hit.file && it.seq == hit.seq && it.space == hit.space) {
            // By its name is said first.
            Some(known) => known.part = known.part.min(hit.part),
            None => files.push(hit),
        }
    }
}
