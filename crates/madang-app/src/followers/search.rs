//! Search: keeps the index of words up with the log.
//!
//! An event only says which message to look at: what is indexed is how the
//! message reads at this moment. So a message that was removed meanwhile never
//! gets in, whatever is read again.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use madang_model::row::{MessageRow, Row};
use madang_model::search::{Has, index_tokens};
use madang_model::text::{self, Block, Inline};
use madang_model::{Body, Event, FileId, FileRef, Seq, SpaceId};
use madang_store::db::{Conn, Db, Tx};
use madang_store::search::{self, Doc};
use madang_store::{cursors, log};

use super::Follower;
use crate::app::App;
use crate::error::Result;
use crate::texts::is_read;

pub(crate) struct Search;

/// One change of the index.
pub(crate) enum Change {
    /// In place of all that was known of the message.
    Put {
        space: SpaceId,
        seq: Seq,
        docs: Vec<Doc>,
        /// Files whose text is to be read when they are new.
        texts: Vec<FileId>,
    },
    Forget(SpaceId, Seq),
}

impl Follower for Search {
    const NAME: &'static str = "search";
    type Work = Vec<Change>;

    fn home<'a>(&self, app: &'a App) -> &'a Db {
        &app.search
    }

    fn lives_apart(&self) -> bool {
        true
    }

    fn prepare(&self, app: &App, conn: &mut Conn, events: &[Arc<Event>]) -> Result<Vec<Change>> {
        let Some(space) = events.first().map(|event| event.space) else { return Ok(Vec::new()) };
        let Some(record) = log::space(conn, space)? else { return Ok(Vec::new()) };
        let seqs: BTreeSet<Seq> = events.iter().flat_map(|event| concerned(event)).collect();
        let seqs: Vec<Seq> = seqs.into_iter().collect();
        let rows = log::rows_at(conn, &app.keyring, &record, &seqs)?;
        // What is for the agents of a ticket is not found: its visitor searches the same index.
        Ok(rows.iter().filter(|row| !row.staff).filter_map(|row| change(space, row)).collect())
    }

    fn keep(&self, _: &App, tx: &mut Tx, work: &Vec<Change>) -> Result<()> {
        for change in work {
            match change {
                Change::Put { space, seq, docs, texts } => {
                    let new = search::put_message(tx, *space, *seq, docs)?;
                    for file in texts.iter().filter(|file| new.contains(file)) {
                        search::await_text(tx, *space, *seq, *file)?;
                    }
                }
                Change::Forget(space, seq) => search::forget(tx, *space, *seq)?,
            }
        }
        Ok(())
    }

    fn kept(&self, app: &App, work: &Vec<Change>) {
        if work.iter().any(|change| matches!(change, Change::Put { texts, .. } if !texts.is_empty())) {
            app.new_texts.notify_one();
        }
    }

    fn clear(&self, tx: &mut Tx) -> Result<()> {
        Ok(search::clear(tx)?)
    }
}

impl App {
    /// Forgets the words of spaces that were erased: no event tells of that.
    pub(crate) async fn forget_erased_spaces(self: &Arc<Self>) -> Result<()> {
        let known = self.search.read(|conn| -> Result<_> { Ok(search::spaces(conn)?) }).await?;
        let there = self.db.read(|conn| -> Result<_> { Ok(cursors::heads(conn)?) }).await?;
        let there: HashSet<SpaceId> = there.into_iter().map(|(space, _)| space).collect();
        for space in known.into_iter().filter(|space| !there.contains(space)) {
            let some = move |tx: &mut Tx| -> Result<bool> { Ok(search::forget_space(tx, space)?) };
            while self.search.write(some).await? {}
        }
        self.search.fold_log();
        Ok(())
    }
}

/// The messages whose place in the index an event may change.
fn concerned(event: &Event) -> Vec<Seq> {
    match &event.body {
        // A reply gives its root a thread.
        Body::MessagePosted(posted) => std::iter::once(event.seq).chain(posted.thread).collect(),
        Body::MessageRemoved { message, thread } => std::iter::once(*message).chain(*thread).collect(),
        Body::MessageEdited { message, .. }
        | Body::ReactionAdded { message, .. }
        | Body::ReactionRemoved { message, .. }
        | Body::MessagePinned { message }
        | Body::MessageUnpinned { message } => vec![*message],
        _ => Vec::new(),
    }
}

fn change(space: SpaceId, row: &Row) -> Option<Change> {
    let message = row.message()?;
    if message.removed {
        return Some(Change::Forget(space, row.seq));
    }
    let doc = |file: Option<&FileRef>, has: i64, text: &str| Doc {
        space,
        seq: row.seq,
        file: file.map(|it| it.id),
        part: 0,
        author: row.author,
        at_us: row.at,
        has,
        words: index_tokens(text),
    };
    let mut docs = vec![doc(None, has(message), &words(message))];
    docs.extend(message.files.iter().map(|file| doc(Some(file), kind(file), &file.name)));
    let texts = message.files.iter().filter(|file| is_read(file)).map(|file| file.id).collect();
    Some(Change::Put { space, seq: row.seq, docs, texts })
}

/// What a message says: its own text and what it brings from elsewhere.
fn words(message: &MessageRow) -> String {
    let mut words = text::plain_text(&text::parse(&message.text));
    if let Some(forward) = &message.forward {
        words.push('\n');
        words.push_str(&text::plain_text(&text::parse(&forward.text)));
    }
    words
}

fn kind(file: &FileRef) -> i64 {
    let more = match file.media_type.split('/').next() {
        Some("image") => Has::Image.bit(),
        Some("video") => Has::Video.bit(),
        Some("audio") => Has::Audio.bit(),
        _ => 0,
    };
    Has::File.bit() | more
}

fn has(message: &MessageRow) -> i64 {
    let mut bits = message.files.iter().fold(0, |bits, file| bits | kind(file));
    let mut set = |has: Has, is: bool| bits |= if is { has.bit() } else { 0 };
    set(Has::Link, text::parse(&message.text).iter().any(block_links));
    set(Has::Pin, message.pinned.is_some());
    set(Has::Reaction, !message.reactions.is_empty());
    set(Has::Thread, message.replies.as_ref().is_some_and(|replies| replies.count > 0));
    bits
}

fn block_links(block: &Block) -> bool {
    match block {
        Block::Paragraph { c } => c.iter().any(links),
        Block::Quote { c } => c.iter().any(block_links),
        Block::List { items, .. } => items.iter().flatten().any(block_links),
        Block::Code { .. } => false,
    }
}

fn links(inline: &Inline) -> bool {
    match inline {
        Inline::Link { .. } => true,
        Inline::Bold { c } | Inline::Italic { c } | Inline::Strike { c } => c.iter().any(links),
        _ => false,
    }
}
