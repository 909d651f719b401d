//! What people are to be told of: the view of the follower `push`, what was decided about it, and the
//! notifications that wait to leave for a device.

use madang_model::register::Involvement;
use madang_model::{PersonId, Seq, SessionId, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const LISTENERS = "SELECT m.person, m.level, m.joined_seq, m.read_seq, coalesce(d.seq, 0) FROM memberships m
        LEFT JOIN push_decided d ON d.person = m.person AND d.space = m.space
        WHERE m.space = $1 AND EXISTS (SELECT 1 FROM push_subscriptions s WHERE s.person = m.person)
        ORDER BY m.person";
    const INSERT = "INSERT INTO pushes (person, space, seq, kind, message, at_us, due_at)
        SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT),
        CAST($6 AS BIGINT), CASE WHEN coalesce((SELECT d.seq FROM push_decided d
            WHERE d.person = $1 AND d.space = $2), 0) >= $3 THEN NULL ELSE CAST($7 AS BIGINT) END
        WHERE EXISTS (SELECT 1 FROM memberships m WHERE m.space = $2 AND m.person = $1 AND m.read_seq < $3)
        ON CONFLICT (person, space, seq) DO NOTHING";
    const FORGET_MESSAGE = "DELETE FROM pushes WHERE space = $1 AND message = $2";
    const FORGET_SPACE = "DELETE FROM pushes WHERE space = $1 AND person = $2";
    const FORGET_READ = "DELETE FROM pushes WHERE seq <= (SELECT m.read_seq FROM memberships m
        WHERE m.space = pushes.space AND m.person = pushes.person)";
    const FORGET_READ_HERE = "DELETE FROM pushes WHERE person = $1 AND space = $2 AND seq <= $3";
    const FORGET_ONE = "DELETE FROM pushes WHERE person = $1 AND space = $2 AND seq = $3";
    const CLEAR = "DELETE FROM pushes";
    const DUE = "SELECT DISTINCT person, space FROM pushes WHERE due_at <= $1 ORDER BY person, space LIMIT $2";
    const OF_GROUP = "SELECT seq, kind, message, at_us, due_at FROM pushes WHERE person = $1 AND space = $2
        ORDER BY seq";
    const DECIDE = "UPDATE pushes SET due_at = NULL WHERE person = $1 AND space = $2 AND seq <= $3";
    const DECIDED = "INSERT INTO push_decided (person, space, seq) VALUES ($1, $2, $3)
        ON CONFLICT (person, space) DO UPDATE SET seq = excluded.seq WHERE push_decided.seq < excluded.seq";
    const OUT = "INSERT INTO push_out (session, space, message, seq, made_at, run_at, tries)
        VALUES ($1, $2, $3, $4, $5, $5, 0) ON CONFLICT (session, space, message) DO UPDATE SET seq = excluded.seq, made_at = excluded.made_at,
        run_at = excluded.run_at, tries = 0";
    const CLAIM = "UPDATE push_out SET run_at = $2, tries = tries + 1 WHERE (session, space, message) IN
        (SELECT session, space, message FROM push_out WHERE run_at <= $1 ORDER BY run_at LIMIT 32 {skip_locked})
        RETURNING session, space, message, seq, made_at, tries";
    const DONE = "DELETE FROM push_out WHERE session = $1 AND space = $2 AND message = $3 AND seq = $4";
    const LATER = "UPDATE push_out SET run_at = $5 WHERE session = $1 AND space = $2 AND message = $3 AND seq = $4";
    const NEXT_DUE = "SELECT min(due_at) FROM pushes WHERE due_at IS NOT NULL";
    const NEXT_OUT = "SELECT min(run_at) FROM push_out";
    const UNREAD_SPACES = "SELECT DISTINCT p.space FROM pushes p JOIN memberships m ON m.space = p.space
        AND m.person = p.person WHERE p.person = $1 AND p.due_at IS NULL AND p.seq > m.read_seq ORDER BY p.space";
    const WAITING_SPACES = "SELECT count(*) FROM memberships m JOIN spaces s ON s.id = m.space
        AND s.deleted_until IS NULL WHERE m.person = $1 AND
        ((m.level = 'everything' AND EXISTS (SELECT 1 FROM messages x WHERE x.space = m.space AND x.seq > m.read_seq
            AND x.author <> m.person AND (x.thread IS NULL OR x.also) AND x.removed = FALSE))
        OR EXISTS (SELECT 1 FROM activity a WHERE a.person = m.person AND a.space = m.space
            AND a.message > m.read_seq AND a.kind IN ('mention', 'everyone')))";
}

/// A member of a space who has a device that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    pub person: PersonId,
    pub level: Involvement,
    pub joined_seq: Seq,
    pub read_seq: Seq,
    /// Up to here it was decided what to tell.
    pub decided: Seq,
}

/// One thing to tell a person of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRecord {
    /// The event that caused it.
    pub seq: Seq,
    /// "mention", "everyone", "direct", "reply", "reminder" or "message".
    pub kind: String,
    pub message: Seq,
    pub at_us: i64,
    /// None once it was decided about.
    pub due_at: Option<i64>,
}

/// What is told together: of one space to one person.
pub type Group = (PersonId, SpaceId);

/// A notification on its way to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Out {
    pub session: SessionId,
    pub space: SpaceId,
    /// The message it is about alone; 0 when it is about all that is new in the space.
    pub message: Seq,
    pub seq: Seq,
    pub made_at: i64,
    /// How often it was begun, this time included.
    pub tries: i64,
}

/// The members of the space who have a device that can be told.
///
/// # Errors
/// What the engine said.
pub fn listeners(conn: &mut Conn, space: SpaceId) -> Result<Vec<Listener>> {
    let read = |row: &Row| {
        Ok(Listener {
            person: row.get(0)?,
            level: row.get(1)?,
            joined_seq: row.get(2)?,
            read_seq: row.get(3)?,
            decided: row.get(4)?,
        })
    };
    conn.rows(LISTENERS, values![space])?.iter().map(read).collect()
}

/// Adds what is to be told, unless it is there or was read. What was decided about once is not due again.
///
/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, (person, space): Group, push: &PushRecord) -> Result<()> {
    let p = push;
    tx.exec(INSERT, values![person, space, p.seq, &p.kind, p.message, p.at_us, p.due_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget_message(tx: &mut Tx, space: SpaceId, message: Seq) -> Result<()> {
    tx.exec(FORGET_MESSAGE, values![space, message])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget_space(tx: &mut Tx, (person, space): Group) -> Result<()> {
    tx.exec(FORGET_SPACE, values![space, person])?;
    Ok(())
}

/// Clears away what was read meanwhile, everywhere.
///
/// # Errors
/// What the engine said.
pub fn forget_read(tx: &mut Tx) -> Result<u64> {
    tx.exec(FORGET_READ, values![])
}

/// Empties the view, to be built again from the log.
///
/// # Errors
/// What the engine said.
pub fn clear(tx: &mut Tx) -> Result<()> {
    tx.exec(CLEAR, values![])?;
    Ok(())
}

/// Groups in which something is due.
///
/// # Errors
/// What the engine said.
pub fn due(conn: &mut Conn, now_us: i64, limit: i64) -> Result<Vec<Group>> {
    conn.rows(DUE, values![now_us, limit])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Everything of a group that was not read, oldest first.
///
/// # Errors
/// What the engine said.
pub fn told(conn: &mut Conn, (person, space): Group) -> Result<Vec<PushRecord>> {
    let read = |row: &Row| {
        Ok(PushRecord {
            seq: row.get(0)?,
            kind: row.get(1)?,
            message: row.get(2)?,
            at_us: row.get(3)?,
            due_at: row.get(4)?,
        })
    };
    conn.rows(OF_GROUP, values![person, space])?.iter().map(read).collect()
}

/// Writes down that it was decided about everything of the group up to `seq`: what was read by then, and what is not
/// wanted, is gone.
///
/// # Errors
/// What the engine said.
pub fn decide(tx: &mut Tx, (person, space): Group, read: Seq, unwanted: &[Seq], seq: Seq) -> Result<()> {
    tx.exec(FORGET_READ_HERE, values![person, space, read])?;
    for seq in unwanted {
        tx.exec(FORGET_ONE, values![person, space, *seq])?;
    }
    tx.exec(DECIDE, values![person, space, seq])?;
    decided(tx, (person, space), seq)
}

/// Nothing of the group up to `seq` is told any more.
///
/// # Errors
/// What the engine said.
pub fn decided(tx: &mut Tx, (person, space): Group, seq: Seq) -> Result<()> {
    tx.exec(DECIDED, values![person, space, seq])?;
    Ok(())
}

/// Puts a notification on its way, in place of the one before.
///
/// # Errors
/// What the engine said.
pub fn out(tx: &mut Tx, session: SessionId, space: SpaceId, seq: Seq, now_us: i64) -> Result<()> {
    tx.exec(OUT, values![session, space, 0, seq, now_us])?;
    Ok(())
}

/// As `out`, for a notification of one message alone, which stands beside that of its space.
///
/// # Errors
/// What the engine said.
pub fn out_alone(tx: &mut Tx, session: SessionId, space: SpaceId, message: Seq, now_us: i64) -> Result<()> {
    tx.exec(OUT, values![session, space, message, message, now_us])?;
    Ok(())
}

/// Takes some that are due; another may take them again after `lease_until`.
///
/// # Errors
/// What the engine said.
pub fn claim(tx: &mut Tx, now_us: i64, lease_until: i64) -> Result<Vec<Out>> {
    let read = |row: &Row| {
        Ok(Out {
            session: row.get(0)?,
            space: row.get(1)?,
            message: row.get(2)?,
            seq: row.get(3)?,
            made_at: row.get(4)?,
            tries: row.get(5)?,
        })
    };
    tx.rows(CLAIM, values![now_us, lease_until])?.iter().map(read).collect()
}

/// It left, or is of no use any more. One that took its place meanwhile stays.
///
/// # Errors
/// What the engine said.
pub fn done(tx: &mut Tx, out: &Out) -> Result<()> {
    tx.exec(DONE, values![out.session, out.space, out.message, out.seq])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn later(tx: &mut Tx, out: &Out, run_at: i64) -> Result<()> {
    tx.exec(LATER, values![out.session, out.space, out.message, out.seq, run_at])?;
    Ok(())
}

/// When the next thing is to be decided or sent.
///
/// # Errors
/// What the engine said.
pub fn next_due(conn: &mut Conn) -> Result<Option<i64>> {
    let mut next: Option<i64> = None;
    for question in [NEXT_DUE, NEXT_OUT] {
        let found: Option<i64> = conn.row(question, values![])?.map_or(Ok(None), |row| row.get(0))?;
        next = [next, found].into_iter().flatten().min();
    }
    Ok(next)
}

/// Spaces of which the person was told something that they have not read.
///
/// # Errors
/// What the engine said.
pub fn unread_spaces(conn: &mut Conn, person: PersonId) -> Result<Vec<SpaceId>> {
    conn.rows(UNREAD_SPACES, values![person])?.iter().map(|row| row.get(0)).collect()
}

/// How many spaces wait for the person: what the list of chats counts.
///
/// # Errors
/// What the engine said.
pub fn waiting_spaces(conn: &mut Conn, person: PersonId) -> Result<i64> {
    conn.row(WAITING_SPACES, values![person])?.map_or(Ok(0), |row| row.get(0))
}
