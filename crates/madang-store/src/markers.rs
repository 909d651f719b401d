//! Read markers: how far each person has read in each space, and when.
//!
//! A register, not an event: a thousand readers must not make a thousand lines
//! in the log.

use madang_model::register::{Involvement, Key};
use madang_model::{PersonId, Seq, SpaceId};
use serde_json::json;

use crate::bus::Announcement;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::registers::{self, Register};
use crate::{spaces, sql, values};

/// Steps of a reader that are kept for the question "when?".
const STEPS: i64 = 64;

sql! {
    const FORWARD = "UPDATE memberships SET read_seq = $3 WHERE space = $1 AND person = $2 AND read_seq < $3";
    const ANYWHERE = "UPDATE memberships SET read_seq = $3 WHERE space = $1 AND person = $2";
    const LEVEL = "UPDATE memberships SET level = $3 WHERE space = $1 AND person = $2";
    const HELD = "SELECT 1 FROM memberships WHERE space = $1 AND person = $2 {for_update}";
    const STEP = "INSERT INTO read_steps (space, person, seq, at_us) VALUES ($1, $2, $3, $4)
        ON CONFLICT (space, person, seq) DO NOTHING";
    const TRIM = "DELETE FROM read_steps WHERE space = $1 AND person = $2 AND seq <=
        (SELECT seq FROM read_steps WHERE space = $1 AND person = $2 ORDER BY seq DESC LIMIT 1 OFFSET $3)";
    const MARKERS = "SELECT m.person, m.read_seq FROM memberships m JOIN people p ON p.id = m.person
        WHERE m.space = $1 AND p.bot = FALSE ORDER BY m.person";
    const READERS = "SELECT m.person, m.read_seq, m.joined_at,
        (SELECT min(t.at_us) FROM read_steps t WHERE t.space = m.space AND t.person = m.person AND t.seq >= $2)
        FROM memberships m JOIN people p ON p.id = m.person
        WHERE m.space = $1 AND p.bot = FALSE ORDER BY m.person";
}

/// Holds the person in the space until the transaction ends: nobody leaves while something is kept for them there.
/// Nothing is held of who is out.
///
/// # Errors
/// What the engine said.
pub fn hold(tx: &mut Tx, space: SpaceId, person: PersonId) -> Result<()> {
    tx.row(HELD, values![space, person])?;
    Ok(())
}

/// Moves the marker forward to `seq`, never back. None if it was there already.
///
/// # Errors
/// What the engine said.
pub fn move_to(
    tx: &mut Tx,
    space: SpaceId,
    person: PersonId,
    seq: Seq,
    head: Seq,
    now_us: i64,
) -> Result<Option<Register>> {
    if tx.exec(FORWARD, values![space, person, seq])? == 0 {
        return Ok(None);
    }
    tx.exec(STEP, values![space, person, seq, now_us])?;
    tx.exec(TRIM, values![space, person, STEPS])?;
    tx.on_commit(Announcement::ReadMoved { space, person, seq });
    keep(tx, space, person, seq, head).map(Some)
}

/// Puts the marker at `seq` wherever it was: "unread from here". Others keep
/// seeing what they saw, so no receipt goes out. None if the person is out by now:
/// whoever leaves at this moment must not leave a register behind.
///
/// # Errors
/// What the engine said.
pub fn put_at(
    tx: &mut Tx,
    space: SpaceId,
    person: PersonId,
    seq: Seq,
    head: Seq,
) -> Result<Option<Register>> {
    if tx.exec(ANYWHERE, values![space, person, seq])? == 0 {
        return Ok(None);
    }
    tx.on_commit(Announcement::ReadMoved { space, person, seq });
    keep(tx, space, person, seq, head).map(Some)
}

fn keep(tx: &mut Tx, space: SpaceId, person: PersonId, seq: Seq, head: Seq) -> Result<Register> {
    let (unread, mentions) = spaces::unread(tx, space, person, seq)?;
    let value = json!({"seq": seq, "unread": unread, "mentions": mentions, "head": head});
    registers::put(tx, person, &Key::Read(space), &value)
}

/// None if the person is out by now, as with `put_at`.
///
/// # Errors
/// What the engine said.
pub fn set_level(
    tx: &mut Tx,
    space: SpaceId,
    person: PersonId,
    level: Involvement,
) -> Result<Option<Register>> {
    if tx.exec(LEVEL, values![space, person, level])? == 0 {
        return Ok(None);
    }
    registers::put(tx, person, &Key::Involvement(space), &json!({"level": level})).map(Some)
}

/// Every member's marker, bots left out.
///
/// # Errors
/// What the engine said.
pub fn of_space(conn: &mut Conn, space: SpaceId) -> Result<Vec<(PersonId, Seq)>> {
    conn.rows(MARKERS, values![space])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// How one member stands to one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderRecord {
    pub person: PersonId,
    pub read: bool,
    /// When the marker passed the message, as far as that is still known.
    pub at: Option<i64>,
}

/// Who has read the message at `seq`, and who has not.
///
/// # Errors
/// What the engine said.
pub fn readers(conn: &mut Conn, space: SpaceId, seq: Seq) -> Result<Vec<ReaderRecord>> {
    let mut readers = Vec::new();
    for row in conn.rows(READERS, values![space, seq])? {
        let read = row.get::<Seq>(1)? >= seq;
        readers.push(ReaderRecord {
            person: row.get(0)?,
            read,
            at: row.get::<Option<i64>>(3)?.filter(|_| read),
        });
    }
    Ok(readers)
}
