//! The view of the follower `activity`: what concerns a person. The list shows beside it what one wanted to be
//! reminded of, which no log knows.

use madang_model::{PersonId, Seq, SpaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO activity (person, at_us, space, seq, kind, actor, message)
        SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT),
        CAST($6 AS BIGINT), CAST($7 AS BIGINT) WHERE $5 <> 'mention' OR NOT EXISTS (SELECT 1 FROM activity a
            WHERE a.space = $3 AND a.message = $7 AND a.person = $1 AND a.kind = 'mention')
        ON CONFLICT (person, space, seq) DO NOTHING";
    const OF_PERSON = "SELECT a.at_us, a.space, a.seq, a.kind, a.actor, a.message FROM activity a
        JOIN memberships m ON m.space = a.space AND m.person = a.person
        JOIN spaces s ON s.id = a.space AND s.deleted_until IS NULL
        WHERE a.person = $1 AND a.at_us < $2
        UNION ALL SELECT d.told_at, d.space, d.message, 'due', d.person, d.message FROM saved d
        JOIN memberships m ON m.space = d.space AND m.person = d.person
        JOIN spaces s ON s.id = d.space AND s.deleted_until IS NULL
        WHERE d.person = $1 AND d.told_at < $2 ORDER BY 1 DESC LIMIT $3";
    const NEWER = "SELECT (SELECT count(*) FROM activity a
            JOIN memberships m ON m.space = a.space AND m.person = a.person
            JOIN spaces s ON s.id = a.space AND s.deleted_until IS NULL WHERE a.person = $1 AND a.at_us > $2)
        + (SELECT count(*) FROM saved d JOIN memberships m ON m.space = d.space AND m.person = d.person
            JOIN spaces s ON s.id = d.space AND s.deleted_until IS NULL WHERE d.person = $1 AND d.told_at > $2)";
    const FORGET_REACTION = "DELETE FROM activity WHERE space = $1 AND message = $2 AND actor = $3 AND kind = 'reaction'
        RETURNING person";
    const FORGET_MESSAGE = "DELETE FROM activity WHERE space = $1 AND message = $2 RETURNING person";
    const FORGET_SPACE = "DELETE FROM activity WHERE space = $1 AND person = $2";
    const PEOPLE_OF = "SELECT DISTINCT person FROM activity WHERE space = $1 ORDER BY person";
    const CLEAR = "DELETE FROM activity";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRecord {
    pub at_us: i64,
    pub space: SpaceId,
    /// The event that caused it.
    pub seq: Seq,
    /// "mention", "everyone", "reply", "reaction", "added", "reminder", "meeting_due" …; "due" for a reminder of one's own.
    pub kind: String,
    pub actor: PersonId,
    /// The message it is about; 0 when it is about the space.
    pub message: Seq,
}

/// Adds a line; a line that is there already stays. Of one message somebody is told once that it names them.
///
/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, person: PersonId, line: &ActivityRecord) -> Result<bool> {
    let l = line;
    Ok(tx.exec(INSERT, values![person, l.at_us, l.space, l.seq, &l.kind, l.actor, l.message])? > 0)
}

/// Newest first, before a time, only from spaces the person is still in.
///
/// # Errors
/// What the engine said.
pub fn of_person(
    conn: &mut Conn,
    person: PersonId,
    before_us: i64,
    limit: i64,
) -> Result<Vec<ActivityRecord>> {
    let read = |row: &Row| {
        Ok(ActivityRecord {
            at_us: row.get(0)?,
            space: row.get(1)?,
            seq: row.get(2)?,
            kind: row.get(3)?,
            actor: row.get(4)?,
            message: row.get(5)?,
        })
    };
    conn.rows(OF_PERSON, values![person, before_us, limit])?.iter().map(read).collect()
}

/// How many lines are newer than a time.
///
/// # Errors
/// What the engine said.
pub fn newer(conn: &mut Conn, person: PersonId, at_us: i64) -> Result<i64> {
    conn.row(NEWER, values![person, at_us])?.map_or(Ok(0), |row| row.get(0))
}

/// Drops the line about a reaction that was taken back. Gives whose list it was in.
///
/// # Errors
/// What the engine said.
pub fn forget_reaction(tx: &mut Tx, space: SpaceId, message: Seq, actor: PersonId) -> Result<Vec<PersonId>> {
    tx.rows(FORGET_REACTION, values![space, message, actor])?.iter().map(|row| row.get(0)).collect()
}

/// Drops all lines about a removed message. Gives whose lists they were in.
///
/// # Errors
/// What the engine said.
pub fn forget_message(tx: &mut Tx, space: SpaceId, message: Seq) -> Result<Vec<PersonId>> {
    tx.rows(FORGET_MESSAGE, values![space, message])?.iter().map(|row| row.get(0)).collect()
}

/// Drops a person's lines about a space they left. Tells whether there were any.
///
/// # Errors
/// What the engine said.
pub fn forget_space(tx: &mut Tx, space: SpaceId, person: PersonId) -> Result<bool> {
    Ok(tx.exec(FORGET_SPACE, values![space, person])? > 0)
}

/// Everybody who has lines about a space.
///
/// # Errors
/// What the engine said.
pub fn people_of(conn: &mut Conn, space: SpaceId) -> Result<Vec<PersonId>> {
    conn.rows(PEOPLE_OF, values![space])?.iter().map(|row| row.get(0)).collect()
}

/// Empties the view, to be built again from the log.
///
/// # Errors
/// What the engine said.
pub fn clear(tx: &mut Tx) -> Result<()> {
    tx.exec(CLEAR, values![])?;
    Ok(())
}
