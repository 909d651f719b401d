//! The history of one space, in the order of time: messages with their reactions, and edits and pins when their time
//! comes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use madang_model::event::{Body, Event};
use madang_model::space::brought;
use madang_model::{Draft, FileRef, PersonId, Seq, SpaceId, limits, text};
use madang_store::db::{Conn, Tx};
use madang_store::log::{self, SpaceRecord};

use super::text::{pieces, with_our_ids};
use super::{Export, Import, Loss, OldMessage, OldSpace, Progress};
use crate::app::App;
use crate::error::Result;

/// Messages brought in one transaction: others write between two of them.
const AT_ONCE: usize = 200;

/// What is known of a space while its history comes in.
struct Walk {
    id: SpaceId,
    /// Before every client id: the other house and its key of the space.
    stem: String,
    /// Where messages stand, for replies, edits and pins.
    seqs: HashMap<String, Seq>,
    /// What comes after its message, by its time.
    later: BTreeMap<(i64, usize), Later>,
}

#[derive(Debug, Clone)]
struct Later {
    at_us: i64,
    message: String,
    by: PersonId,
    what: LaterKind,
}

#[derive(Debug, Clone)]
enum LaterKind {
    Edit(String),
    Pin,
}

/// One thing to append.
enum Item {
    Message(Box<Ready>),
    Later(Later),
}

/// A message in our words.
struct Ready {
    key: String,
    at_us: i64,
    author: PersonId,
    /// Several where the text is longer than a message.
    texts: Vec<String>,
    thread: Option<String>,
    also: bool,
    files: Vec<FileRef>,
    reactions: Vec<(String, Vec<PersonId>)>,
}

/// What a transaction brought.
#[derive(Default)]
struct Brought {
    seqs: Vec<(String, Seq)>,
    messages: u64,
    files: u64,
    reactions: u64,
    losses: Vec<(Loss, String)>,
}

impl<E: Export> Import<E> {
    pub(super) async fn bring_messages<P: Fn(Progress)>(
        &mut self,
        old: &OldSpace,
        done: &mut Progress,
        progress: &P,
    ) -> Result<()> {
        let id = self.spaces[&old.key];
        let stem = format!("{}-{}-", self.house, old.key);
        let mut walk = Walk { id, stem, seqs: HashMap::new(), later: BTreeMap::new() };
        for pin in &old.pins {
            let by = pin.by.as_ref().and_then(|key| self.people.get(key)).copied().unwrap_or(self.by);
            walk.expect(Later { at_us: pin.at_us, message: pin.message.clone(), by, what: LaterKind::Pin });
        }
        let mut n = 0;
        while let Some(part) = self.part(&old.key, n).await? {
            n += 1;
            let mut messages = part.messages;
            while !messages.is_empty() {
                let rest = messages.split_off(messages.len().min(AT_ONCE));
                done.done += messages.len() as u64;
                self.bring_some(&old.name, &mut walk, messages).await?;
                progress(*done);
                messages = rest;
            }
        }
        let rest: Vec<Item> = std::mem::take(&mut walk.later).into_values().map(Item::Later).collect();
        self.keep(&old.name, &mut walk, rest).await?;
        self.close_up(old, id).await
    }

    async fn bring_some(&mut self, name: &str, walk: &mut Walk, messages: Vec<OldMessage>) -> Result<()> {
        let authors: Vec<PersonId> = messages.iter().map(|it| self.people[&it.author]).collect();
        let known = self.known(walk, &messages, &authors).await?;
        let mut items = Vec::with_capacity(messages.len());
        for ((old, author), known) in messages.into_iter().zip(authors).zip(known) {
            items.extend(walk.due(old.at_us).map(Item::Later));
            if let Some(at_us) = old.edited_us {
                let text = self.text_of(&old);
                let what = LaterKind::Edit(pieces(&text, limits::MESSAGE_CHARS).swap_remove(0));
                walk.expect(Later { at_us, message: old.key.clone(), by: author, what });
            }
            match known {
                Some(seq) => drop(walk.seqs.insert(old.key, seq)),
                None => items.push(Item::Message(Box::new(self.ready(name, old, author).await?))),
            }
        }
        self.keep(name, walk, items).await
    }

    /// Which of the messages an earlier run brought.
    async fn known(
        &self,
        walk: &Walk,
        messages: &[OldMessage],
        authors: &[PersonId],
    ) -> Result<Vec<Option<Seq>>> {
        let asked: Vec<(PersonId, String)> = messages
            .iter()
            .zip(authors)
            .map(|(it, author)| (*author, format!("{}{}", walk.stem, it.key)))
            .collect();
        let app = self.app.clone();
        let look = move |conn: &mut Conn| -> Result<Vec<Option<Seq>>> {
            let mut known = Vec::with_capacity(asked.len());
            for (author, client_id) in &asked {
                known.push(log::first_answer(conn, &app.keyring, *author, client_id)?.map(|it| it.seq));
            }
            Ok(known)
        };
        self.app.db.read(look).await
    }

    fn text_of(&self, old: &OldMessage) -> String {
        with_our_ids(&old.text, &self.people, &self.spaces)
    }

    async fn ready(&mut self, name: &str, old: OldMessage, author: PersonId) -> Result<Ready> {
        let (files, losses) = self.attach(author, &old.files).await?;
        let mut text = self.text_of(&old);
        for (_, file) in &losses {
            text = format!("{text}\n📎 {file}").trim().to_owned();
        }
        self.report.lose(name, losses);
        let texts = pieces(&text, limits::MESSAGE_CHARS);
        if texts.len() > 1 {
            self.report.lose(name, vec![(Loss::Split, old.key.clone())]);
        }
        let reactions = old.reactions.into_iter().map(|(emoji, who)| {
            (emoji, who.iter().filter_map(|key| self.people.get(key)).copied().collect())
        });
        Ok(Ready {
            key: old.key,
            at_us: old.at_us,
            author,
            texts,
            thread: old.thread,
            also: old.also,
            files,
            reactions: reactions.collect(),
        })
    }

    async fn keep(&mut self, name: &str, walk: &mut Walk, items: Vec<Item>) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        let (app, id, stem, items) = (self.app.clone(), walk.id, walk.stem.clone(), Arc::new(items));
        let wanted = items.iter().filter_map(Item::looks_at);
        let seqs: HashMap<String, Seq> =
            wanted.filter_map(|key| walk.seqs.get(key).map(|seq| (key.to_owned(), *seq))).collect();
        let brought = self
            .app
            .db
            .write(move |tx| {
                let writer =
                    Writer { app: &app, stem: &stem, seqs: seqs.clone(), brought: Brought::default() };
                writer.write(tx, id, &items)
            })
            .await?;
        walk.seqs.extend(brought.seqs);
        self.report.new_messages += brought.messages;
        self.report.new_files += brought.files;
        self.report.new_reactions += brought.reactions;
        self.report.lose(name, brought.losses);
        Ok(())
    }
}

impl Walk {
    fn expect(&mut self, later: Later) {
        self.later.insert((later.at_us, self.later.len()), later);
    }

    /// What comes before a message of that time.
    fn due(&mut self, at_us: i64) -> impl Iterator<Item = Later> + use<> {
        let after = self.later.split_off(&(at_us, 0));
        std::mem::replace(&mut self.later, after).into_values()
    }
}

impl Item {
    /// The other message whose place must be known.
    fn looks_at(&self) -> Option<&str> {
        match self {
            Item::Message(ready) => ready.thread.as_deref(),
            Item::Later(later) => Some(&later.message),
        }
    }
}

/// Appends in one transaction.
struct Writer<'a> {
    app: &'a App,
    stem: &'a str,
    seqs: HashMap<String, Seq>,
    brought: Brought,
}

impl Writer<'_> {
    fn write(mut self, tx: &mut Tx, id: SpaceId, items: &[Item]) -> Result<Brought> {
        // A space that was deleted here meanwhile takes nothing more.
        let Some(mut space) = log::space_locked(tx, id)? else { return Ok(self.brought) };
        for item in items {
            match item {
                Item::Message(ready) => self.message(tx, &mut space, ready)?,
                Item::Later(later) => self.later(tx, &mut space, later)?,
            }
        }
        Ok(self.brought)
    }

    fn message(&mut self, tx: &mut Tx, space: &mut SpaceRecord, ready: &Ready) -> Result<()> {
        let thread = ready.thread.as_ref().and_then(|key| self.seqs.get(key)).copied();
        if thread.is_none() && ready.thread.is_some() {
            self.brought.losses.push((Loss::RootMissing, ready.key.clone()));
        }
        let mut bodies = Vec::with_capacity(ready.texts.len());
        for (n, text) in ready.texts.iter().enumerate() {
            let files = if n == 0 { ready.files.clone() } else { Vec::new() };
            let draft = Draft { text: text.clone(), thread, also: ready.also, files, ..Draft::default() };
            match brought(&draft) {
                Ok(body) => bodies.push(body),
                Err(_) => self.brought.losses.push((Loss::Empty, ready.key.clone())),
            }
        }
        let client_id = format!("{}{}", self.stem, ready.key);
        let events = self.append(tx, space, ready.author, Some(&client_id), ready.at_us, bodies)?;
        let Some(seq) = events.first().map(|it| it.seq) else { return Ok(()) };
        self.seqs.insert(ready.key.clone(), seq);
        self.brought.seqs.push((ready.key.clone(), seq));
        self.brought.messages += 1;
        self.brought.files += ready.files.len() as u64;
        for (emoji, people) in &ready.reactions {
            let Some(emoji) = text::normalize_emoji(emoji) else {
                self.brought.losses.push((Loss::OwnEmoji, emoji.clone()));
                continue;
            };
            for &person in people {
                let body = Body::ReactionAdded { message: seq, emoji: emoji.clone() };
                self.append(tx, space, person, None, ready.at_us, vec![body])?;
                self.brought.reactions += 1;
            }
        }
        Ok(())
    }

    fn later(&mut self, tx: &mut Tx, space: &mut SpaceRecord, later: &Later) -> Result<()> {
        let suffix = if matches!(later.what, LaterKind::Pin) { "p" } else { "e" };
        let client_id = format!("{}{}-{suffix}", self.stem, later.message);
        if log::first_answer(tx, &self.app.keyring, later.by, &client_id)?.is_some() {
            return Ok(());
        }
        let seq = self.seqs.get(&later.message).copied();
        let body = match (&later.what, seq) {
            (LaterKind::Edit(text), Some(message)) => {
                let mentions = text::mentions(text).people.iter().filter_map(|id| id.parse().ok()).collect();
                Body::MessageEdited { message, text: text.clone(), mentions, app: None }
            }
            (LaterKind::Pin, Some(message)) if space.facts.pins < limits::PINS => {
                space.facts.pins += 1;
                Body::MessagePinned { message }
            }
            (LaterKind::Pin, _) => {
                self.brought.losses.push((Loss::Pin, later.message.clone()));
                return Ok(());
            }
            // The message itself is counted as lost already.
            (LaterKind::Edit(_), None) => return Ok(()),
        };
        self.append(tx, space, later.by, Some(&client_id), later.at_us, vec![body])?;
        Ok(())
    }

    fn append(
        &self,
        tx: &mut Tx,
        space: &mut SpaceRecord,
        author: PersonId,
        client_id: Option<&str>,
        at_us: i64,
        bodies: Vec<Body>,
    ) -> Result<Vec<Arc<Event>>> {
        let events = log::append(tx, &self.app.keyring, space, author, client_id, at_us, bodies)?;
        for event in &events {
            (space.facts.head, space.head_at) = (event.seq, event.at_us);
            if matches!(&event.body, Body::MessagePosted(it) if it.thread.is_none() || it.also) {
                space.last_message = Some(event.seq);
            }
        }
        Ok(events)
    }
}
