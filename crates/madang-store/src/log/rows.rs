//! Folded rows: the current state of a stretch of history, built from the core
//! views and the sealed texts.

use std::collections::HashMap;

use madang_model::app_part::{AppPart, Unfurls};
use madang_model::card::Card;
use madang_model::event::Posted;
use madang_model::position::PAGE;
use madang_model::row::{MessageRow, MessageTag, Pinned, Reaction, Replies, Row, RowContent};
use madang_model::{Body, PersonId, Seq, SpaceId};

use super::scene::SpaceRecord;
use super::{calls, cards, meetings, read};
use crate::db::{Conn, Row as DbRow, Value};
use crate::error::Result;
use crate::seal::Keyring;
use crate::{sql, values};

sql! {
    const RANGE = "SELECT e.seq, e.at_us, e.author, e.client_id, e.payload, m.thread, m.also, m.text_seq, m.edited_at,
        m.removed, m.pinned_by, m.pinned_at, m.replies, m.last_reply, m.last_reply_at, m.repliers, m.changed, e.staff, m.unfurl_seq
        FROM events e LEFT JOIN messages m ON m.space = e.space AND m.seq = e.seq
        WHERE e.space = $1 AND e.seq >= $2 AND e.seq <= $3
        AND e.kind NOT IN ('message.edited', 'message.unfurled', 'message.removed', 'reaction.added', 'reaction.removed',
            'message.pinned', 'message.unpinned', 'message.reminded', 'message.voted', 'message.counted',
            'message.closed', 'message.checked', 'message.unchecked', 'message.assigned', 'message.confirmed',
            'call.ended', 'meeting.due')
        ORDER BY e.seq";
    const SOME = "SELECT e.seq, e.at_us, e.author, e.client_id, e.payload, m.thread, m.also, m.text_seq, m.edited_at,
        m.removed, m.pinned_by, m.pinned_at, m.replies, m.last_reply, m.last_reply_at, m.repliers, m.changed, e.staff, m.unfurl_seq
        FROM events e JOIN messages m ON m.space = e.space AND m.seq = e.seq
        WHERE e.space = $1 AND e.seq IN {ids:$2} ORDER BY e.seq";
    const EDITS_OF_RANGE = "SELECT m.seq, e.seq, e.at_us, e.payload FROM messages m
        JOIN events e ON e.space = m.space AND e.seq = m.text_seq
        WHERE m.space = $1 AND m.seq >= $2 AND m.seq <= $3 AND m.text_seq <> m.seq AND m.removed = FALSE";
    const UNFURLS_OF_RANGE = "SELECT m.seq, e.seq, e.at_us, e.payload FROM messages m
        JOIN events e ON e.space = m.space AND e.seq = m.unfurl_seq
        WHERE m.space = $1 AND m.seq >= $2 AND m.seq <= $3 AND m.unfurl_seq IS NOT NULL AND m.removed = FALSE";
    const REACTIONS_OF_RANGE = "SELECT message, emoji, person, seq FROM reactions
        WHERE space = $1 AND message >= $2 AND message <= $3 ORDER BY message, seq";
    const REPLIES_TO = "SELECT seq FROM messages WHERE space = $1 AND thread = $2 ORDER BY seq";
    const REPLIERS_BEFORE = "SELECT DISTINCT author FROM messages WHERE space = $1 AND thread = $2 AND seq < $3";
    const WRITTEN_BY = "SELECT space, seq FROM messages WHERE author = $1 AND (space, seq) > ($2, $3) AND removed = FALSE
        ORDER BY space, seq LIMIT $4";
    /// The last reaction to each message counts.
    const REACTED_BY = "SELECT r.space, r.message, max(e.at_us) AS last_at FROM reactions r
        JOIN events e ON e.space = r.space AND e.seq = r.seq
        WHERE r.person = $1 GROUP BY r.space, r.message ORDER BY last_at DESC LIMIT $2";
    const AT = "SELECT seq FROM messages WHERE space = $1 AND at_us = $2";
    /// What Slack's clients read as the history of a channel: its main line, with who came and went and what it was called.
    const LINE = "SELECT e.seq FROM events e LEFT JOIN messages m ON m.space = e.space AND m.seq = e.seq
        WHERE e.space = $1 AND e.seq > $2 AND e.seq < $3
        AND e.kind IN ('message.posted', 'member.joined', 'member.left', 'space.changed', 'space.archived',
            'space.unarchived')
        AND (m.seq IS NULL OR ((m.thread IS NULL OR m.also = TRUE) AND (m.removed = FALSE OR m.replies > 0)))
        ORDER BY e.seq DESC LIMIT $4";
    const ANY = "SELECT e.seq, e.at_us, e.author, e.client_id, e.payload, m.thread, m.also, m.text_seq, m.edited_at,
        m.removed, m.pinned_by, m.pinned_at, m.replies, m.last_reply, m.last_reply_at, m.repliers, m.changed, e.staff, m.unfurl_seq
        FROM events e LEFT JOIN messages m ON m.space = e.space AND m.seq = e.seq
        WHERE e.space = $1 AND e.seq IN {ids:$2} ORDER BY e.seq";
    const TIMES = "SELECT seq, at_us, author FROM messages WHERE space = $1 AND seq IN {ids:$2}";
    const UP_TO = "SELECT seq FROM messages WHERE space = $1 AND at_us <= $2 ORDER BY at_us DESC LIMIT 1";
    const FROM = "SELECT seq FROM messages WHERE space = $1 AND at_us >= $2 ORDER BY at_us LIMIT 1";
    const PINNED_NOW = "SELECT seq FROM messages WHERE space = $1 AND pinned_at IS NOT NULL ORDER BY pinned_at DESC";
}

/// What the last edit gave a message: its text, and what an app adds.
type Edited = (String, Option<Box<AppPart>>);

/// Page `page` of a space with everything up to the event `at` folded in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldedPage {
    pub page: i64,
    /// The greatest `changed` of the rows, 0 for none.
    pub version: Seq,
    pub at: Seq,
    pub rows: Vec<Row>,
}

/// Folds page `n`. `space` must come from the same snapshot.
///
/// # Errors
/// What the engine said, or `Seal` when a payload is not what was written.
pub fn page(conn: &mut Conn, keyring: &Keyring, space: &SpaceRecord, n: i64) -> Result<FoldedPage> {
    let (low, high) = (n * PAGE, n * PAGE + PAGE - 1);
    let found = conn.rows(RANGE, values![space.facts.id, low, high])?;
    let rows = fold(conn, keyring, space, found, low, high)?;
    let version = rows.iter().map(|row| row.changed).max().unwrap_or(0);
    Ok(FoldedPage { page: n, version, at: space.facts.head, rows })
}

/// One message's row.
///
/// # Errors
/// As `page`.
pub fn row(conn: &mut Conn, keyring: &Keyring, space: &SpaceRecord, seq: Seq) -> Result<Option<Row>> {
    Ok(some(conn, keyring, space, &[seq])?.pop())
}

/// The rows of these messages, oldest first. Neighbours are read together.
///
/// # Errors
/// As `page`.
pub fn rows_at(conn: &mut Conn, keyring: &Keyring, space: &SpaceRecord, seqs: &[Seq]) -> Result<Vec<Row>> {
    let mut seqs = seqs.to_vec();
    seqs.sort_unstable();
    let mut rows = Vec::with_capacity(seqs.len());
    for neighbours in seqs.chunk_by(|a, b| a / PAGE == b / PAGE) {
        rows.extend(some(conn, keyring, space, neighbours)?);
    }
    Ok(rows)
}

/// The replies to a root, oldest first.
///
/// # Errors
/// As `page`.
pub fn thread(conn: &mut Conn, keyring: &Keyring, space: &SpaceRecord, root: Seq) -> Result<Vec<Row>> {
    let seqs = seqs(conn.rows(REPLIES_TO, values![space.facts.id, root])?)?;
    some(conn, keyring, space, &seqs)
}

/// The messages to which a person reacted, what they reacted to last first.
///
/// # Errors
/// What the engine said.
pub fn reacted_by(conn: &mut Conn, person: PersonId, limit: i64) -> Result<Vec<(SpaceId, Seq)>> {
    conn.rows(REACTED_BY, values![person, limit])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Everybody who replied to a root before `seq`.
///
/// # Errors
/// What the engine said.
pub fn repliers(conn: &mut Conn, space: SpaceId, root: Seq, seq: Seq) -> Result<Vec<PersonId>> {
    conn.rows(REPLIERS_BEFORE, values![space, root, seq])?.iter().map(|row| row.get(0)).collect()
}

/// The message of this very time.
///
/// # Errors
/// What the engine said.
pub fn message_at(conn: &mut Conn, space: SpaceId, at_us: i64) -> Result<Option<Seq>> {
    conn.row(AT, values![space, at_us])?.map(|row| row.get(0)).transpose()
}

/// The newest rows of the main line between two seqs (both left out), newest first. `space` must come from the same
/// snapshot.
///
/// # Errors
/// As `page`.
pub fn line(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    (after, before): (Seq, Seq),
    limit: i64,
) -> Result<Vec<Row>> {
    let found = seqs(conn.rows(LINE, values![space.facts.id, after, before, limit])?)?;
    let mut rows = Vec::with_capacity(found.len());
    // Read in stretches, so that edits and reactions are looked for where there are rows.
    for stretch in found.chunks(256) {
        let (Some(high), Some(low)) = (stretch.first(), stretch.last()) else { continue };
        let read = conn.rows(ANY, values![space.facts.id, Value::ids(stretch)])?;
        let mut read = fold(conn, keyring, space, read, *low, *high)?;
        read.reverse();
        rows.append(&mut read);
    }
    Ok(rows)
}

/// When these messages were posted, and by whom.
///
/// # Errors
/// What the engine said.
pub fn times(conn: &mut Conn, space: SpaceId, seqs: &[Seq]) -> Result<Vec<(Seq, i64, PersonId)>> {
    let rows = conn.rows(TIMES, values![space, Value::ids(seqs)])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// The last message up to a time, and the first one from a time on.
///
/// # Errors
/// What the engine said.
pub fn last_up_to(conn: &mut Conn, space: SpaceId, at_us: i64) -> Result<Option<Seq>> {
    conn.row(UP_TO, values![space, at_us])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn first_from(conn: &mut Conn, space: SpaceId, at_us: i64) -> Result<Option<Seq>> {
    conn.row(FROM, values![space, at_us])?.map(|row| row.get(0)).transpose()
}

/// Where the messages of somebody stand, in all spaces, after one of them.
///
/// # Errors
/// What the engine said.
pub fn written_by(
    conn: &mut Conn,
    author: PersonId,
    after: (SpaceId, Seq),
    limit: i64,
) -> Result<Vec<(SpaceId, Seq)>> {
    let rows = conn.rows(WRITTEN_BY, values![author, after.0, after.1, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The pinned messages, newest pin first.
///
/// # Errors
/// As `page`.
pub fn pinned(conn: &mut Conn, keyring: &Keyring, space: &SpaceRecord) -> Result<Vec<Row>> {
    let order = seqs(conn.rows(PINNED_NOW, values![space.facts.id])?)?;
    let mut rows = some(conn, keyring, space, &order)?;
    rows.sort_by_key(|row| order.iter().position(|seq| *seq == row.seq));
    Ok(rows)
}

fn seqs(rows: Vec<DbRow>) -> Result<Vec<Seq>> {
    rows.iter().map(|row| row.get(0)).collect()
}

fn some(conn: &mut Conn, keyring: &Keyring, space: &SpaceRecord, seqs: &[Seq]) -> Result<Vec<Row>> {
    let (Some(low), Some(high)) = (seqs.iter().min(), seqs.iter().max()) else { return Ok(Vec::new()) };
    let found = conn.rows(SOME, values![space.facts.id, Value::ids(seqs)])?;
    fold(conn, keyring, space, found, *low, *high)
}

fn fold(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    found: Vec<DbRow>,
    low: Seq,
    high: Seq,
) -> Result<Vec<Row>> {
    let id = space.facts.id;
    let mut edits = edits(conn, keyring, space, low, high)?;
    let is_unfurled = |row: &DbRow| Ok(row.get::<Option<Seq>>(18)?.is_some());
    let unfurled = found.iter().map(is_unfurled).collect::<Result<Vec<bool>>>()?.contains(&true);
    let mut unfurls = if unfurled { unfurls(conn, keyring, space, low, high)? } else { HashMap::new() };
    let mut reactions = reactions(conn, id, low, high)?;
    let mut cards = cards::range(conn, id, low, high)?;
    let mut ends = calls::ends(conn, keyring, space, low, high)?;
    let mut became = meetings::range(conn, keyring, space, low, high)?;
    let mut rows = Vec::with_capacity(found.len());
    for row in &found {
        let (seq, at_us): (Seq, i64) = (row.get(0)?, row.get(1)?);
        let body = read::body(keyring, space.facts.workspace, id, seq, at_us, &row.get::<Vec<u8>>(4)?)?;
        let mut ended_by = None;
        let content = match body {
            Body::MessagePosted(posted) => RowContent::Message(message(
                row,
                posted,
                edits.remove(&seq),
                reactions.remove(&seq).unwrap_or_default(),
                cards.remove(&seq),
                unfurls.remove(&seq).unwrap_or_default(),
            )?),
            Body::CallStarted { call, video, sealed, .. } => {
                let end = ends.remove(&seq);
                ended_by = end.as_ref().map(|(by, _)| *by);
                let ended = end.map(|(_, it)| Box::new(it));
                RowContent::Notice(Body::CallStarted { call, video, sealed, ended })
            }
            Body::MeetingPlanned(planned) => {
                let now = became.remove(&seq);
                ended_by = now.as_ref().map(|it| it.changed);
                RowContent::Notice(Body::MeetingPlanned(now.map_or(planned, |it| Box::new(it.meeting))))
            }
            notice => RowContent::Notice(notice),
        };
        let changed = row.get::<Option<Seq>>(16)?.or(ended_by).unwrap_or(seq);
        rows.push(Row { seq, at: at_us, author: row.get(2)?, changed, staff: row.get(17)?, content });
    }
    Ok(rows)
}

fn message(
    row: &DbRow,
    posted: Posted,
    edited: Option<Edited>,
    reactions: Vec<Reaction>,
    answers: Option<Card>,
    unfurls: Unfurls,
) -> Result<MessageRow> {
    let removed: bool = row.get(9)?;
    let content = if removed { Posted::default() } else { posted.clone() };
    let pinned = match (row.get::<Option<PersonId>>(10)?, row.get::<Option<i64>>(11)?) {
        (Some(by), Some(at)) => Some(Pinned { by, at }),
        _ => None,
    };
    let card = match (answers, content.card) {
        (Some(answers), Some(posted)) => Some(Box::new(answers.with_words(&posted))),
        (_, posted) => posted,
    };
    let (text, app) = match edited.filter(|_| !removed) {
        Some(edited) => edited,
        None => (content.text, content.app),
    };
    Ok(MessageRow {
        kind: MessageTag::Message,
        client_id: row.get(3)?,
        text,
        thread: posted.thread,
        also: posted.also,
        files: content.files,
        forward: content.forward,
        card,
        app,
        unfurls,
        edited_at: row.get(8)?,
        removed,
        pinned,
        reactions,
        replies: replies(row)?,
    })
}

fn replies(row: &DbRow) -> Result<Option<Replies>> {
    let (Some(last), Some(last_at)) = (row.get::<Option<Seq>>(13)?, row.get::<Option<i64>>(14)?) else {
        return Ok(None);
    };
    let people = row.get::<String>(15)?.split(',').filter_map(|id| id.parse().ok()).collect();
    Ok(Some(Replies { count: row.get(12)?, last, last_at, people }))
}

fn edits(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    low: Seq,
    high: Seq,
) -> Result<HashMap<Seq, Edited>> {
    let mut texts = HashMap::new();
    for row in conn.rows(EDITS_OF_RANGE, values![space.facts.id, low, high])? {
        let payload: Vec<u8> = row.get(3)?;
        let body =
            read::body(keyring, space.facts.workspace, space.facts.id, row.get(1)?, row.get(2)?, &payload)?;
        if let Body::MessageEdited { text, app, .. } = body {
            texts.insert(row.get(0)?, (text, app));
        }
    }
    Ok(texts)
}

/// What apps show of the links in each message.
fn unfurls(
    conn: &mut Conn,
    keyring: &Keyring,
    space: &SpaceRecord,
    low: Seq,
    high: Seq,
) -> Result<HashMap<Seq, Unfurls>> {
    let mut all = HashMap::new();
    for row in conn.rows(UNFURLS_OF_RANGE, values![space.facts.id, low, high])? {
        let payload: Vec<u8> = row.get(3)?;
        let body =
            read::body(keyring, space.facts.workspace, space.facts.id, row.get(1)?, row.get(2)?, &payload)?;
        if let Body::MessageUnfurled { unfurls, .. } = body {
            all.insert(row.get(0)?, unfurls);
        }
    }
    Ok(all)
}

/// The reactions of each message, kinds ordered by their oldest reaction.
fn reactions(conn: &mut Conn, space: SpaceId, low: Seq, high: Seq) -> Result<HashMap<Seq, Vec<Reaction>>> {
    let mut all: HashMap<Seq, Vec<Reaction>> = HashMap::new();
    for row in conn.rows(REACTIONS_OF_RANGE, values![space, low, high])? {
        let (emoji, person, seq): (String, PersonId, Seq) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let kinds = all.entry(row.get(0)?).or_default();
        match kinds.iter_mut().find(|it| it.emoji == emoji) {
            Some(kind) => kind.people.push((person, seq)),
            None => kinds.push(Reaction { emoji, people: vec![(person, seq)] }),
        }
    }
    Ok(all)
}
