//! Mail to and from visitors: how far what agents write was mailed, where those write from who came by mail, and whom an
//! agent wants to ask again.

use madang_model::{PersonId, Seq, SpaceId};

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    /// With an address that is proven, or that the visitor wrote from, and with something of agents that was neither
    /// read nor mailed.
    const UNREAD = "SELECT t.space, t.visitor, COALESCE(l.email, c.email), m.read_seq, COALESCE(l.seq, 0), l.message_id,
            l.email IS NOT NULL
        FROM tickets t JOIN memberships m ON m.space = t.space AND m.person = t.visitor
        LEFT JOIN visit_letters l ON l.space = t.space
        LEFT JOIN contact_people p ON p.person = t.visitor
        LEFT JOIN contacts c ON c.id = p.contact AND c.email_proven_at IS NOT NULL
        WHERE t.changed_at > $1 AND COALESCE(l.email, c.email) IS NOT NULL
        AND EXISTS (SELECT 1 FROM messages g WHERE g.space = t.space AND g.seq > m.read_seq
            AND g.seq > COALESCE(l.seq, 0) AND g.author <> t.visitor AND g.note = FALSE AND g.removed = FALSE)
        ORDER BY t.changed_at LIMIT 200";
    const OTHERS = "SELECT g.seq, e.at_us FROM messages g JOIN events e ON e.space = g.space AND e.seq = g.seq
        WHERE g.space = $1 AND g.seq > $2 AND g.author <> $3 AND g.note = FALSE AND g.removed = FALSE ORDER BY g.seq";
    const SENT = "INSERT INTO visit_letters (space, seq, sent_at) VALUES ($1, $2, $3)
        ON CONFLICT (space) DO UPDATE SET seq = excluded.seq, sent_at = excluded.sent_at WHERE visit_letters.seq < $2";
    const CAME = "INSERT INTO visit_letters (space, seq, sent_at, email, message_id) VALUES ($1, 0, $2, $3, $4)
        ON CONFLICT (space) DO UPDATE SET message_id = excluded.message_id";
    const ADDRESS = "SELECT email FROM visit_letters WHERE space = $1";
    const BROUGHT = "SELECT l.space, t.visitor FROM visit_letters l JOIN tickets t ON t.space = l.space
        WHERE l.email = $1 AND l.message_id = $2";
    const LATELY = "SELECT count(*) FROM visit_letters WHERE email = $1 AND sent_at > $2";
    const ASK_AGAIN = "INSERT INTO follow_ups (space, agent, due_at, text) VALUES ($1, $2, $3, $4)
        ON CONFLICT (space) DO UPDATE SET agent = excluded.agent, due_at = excluded.due_at, text = excluded.text";
    const ASKED_AGAIN = "SELECT space, agent, due_at, text FROM follow_ups WHERE space = $1";
    const ASK_NO_MORE = "DELETE FROM follow_ups WHERE space = $1";
    const FOLLOW_UPS_DUE = "SELECT space, agent, due_at, text FROM follow_ups WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
    const NEXT = "SELECT min(due_at) FROM follow_ups";
}

/// A visitor who has an address, and has not read what agents wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRecord {
    pub space: SpaceId,
    pub visitor: PersonId,
    pub email: String,
    /// All after it is neither read nor mailed.
    pub after: Seq,
    /// What their last mail was called.
    pub message_id: Option<String>,
    /// They came by mail, and look nowhere else.
    pub by_mail: bool,
}

/// That a visitor is asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    pub space: SpaceId,
    pub agent: PersonId,
    /// Microseconds.
    pub due_at: i64,
    pub text: String,
}

/// In tickets in which something happened after `since_us`.
///
/// # Errors
/// What the engine said.
pub fn unread(conn: &mut Conn, since_us: i64) -> Result<Vec<UnreadRecord>> {
    let rows = conn.rows(UNREAD, values![since_us])?;
    rows.iter()
        .map(|row| {
            let (read, mailed): (Seq, Seq) = (row.get(3)?, row.get(4)?);
            Ok(UnreadRecord {
                space: row.get(0)?,
                visitor: row.get(1)?,
                email: row.get(2)?,
                after: read.max(mailed),
                message_id: row.get(5)?,
                by_mail: row.get(6)?,
            })
        })
        .collect()
}

/// What others than the visitor wrote after `after`, without notes: where, and when.
///
/// # Errors
/// What the engine said.
pub fn others(conn: &mut Conn, space: SpaceId, visitor: PersonId, after: Seq) -> Result<Vec<(Seq, i64)>> {
    let rows = conn.rows(OTHERS, values![space, after, visitor])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// All up to `seq` is mailed now; false if somebody else did it.
///
/// # Errors
/// What the engine said.
pub fn sent(tx: &mut Tx, space: SpaceId, seq: Seq, now_us: i64) -> Result<bool> {
    Ok(tx.exec(SENT, values![space, seq, now_us])? > 0)
}

/// A mail came from the visitor of this ticket.
///
/// # Errors
/// What the engine said.
pub fn came(tx: &mut Tx, space: SpaceId, email: &str, message_id: Option<&str>, now_us: i64) -> Result<()> {
    tx.exec(CAME, values![space, now_us, email, message_id.map(str::to_owned)])?;
    Ok(())
}

/// Where the visitor of this ticket writes from, who came by mail.
///
/// # Errors
/// What the engine said.
pub fn address(conn: &mut Conn, space: SpaceId) -> Result<Option<String>> {
    conn.row(ADDRESS, values![space])?.map_or(Ok(None), |row| row.get(0))
}

/// The ticket that this mail opened, and its visitor.
///
/// # Errors
/// What the engine said.
pub fn brought(conn: &mut Conn, email: &str, message_id: &str) -> Result<Option<(SpaceId, PersonId)>> {
    conn.row(BROUGHT, values![email, message_id])?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// How many tickets an address has opened after `since_us`, or was answered in.
///
/// # Errors
/// What the engine said.
pub fn lately(conn: &mut Conn, email: &str, since_us: i64) -> Result<i64> {
    conn.row(LATELY, values![email, since_us])?.map_or(Ok(0), |row| row.get(0))
}

/// # Errors
/// What the engine said.
pub fn ask_again(tx: &mut Tx, it: &FollowUp) -> Result<()> {
    tx.exec(ASK_AGAIN, values![it.space, it.agent, it.due_at, it.text.as_str()])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn follow_up(conn: &mut Conn, space: SpaceId) -> Result<Option<FollowUp>> {
    conn.row(ASKED_AGAIN, values![space])?.map(|row| follow(&row)).transpose()
}

/// False if nobody was to be asked.
///
/// # Errors
/// What the engine said.
pub fn ask_no_more(tx: &mut Tx, space: SpaceId) -> Result<bool> {
    Ok(tx.exec(ASK_NO_MORE, values![space])? > 0)
}

/// # Errors
/// What the engine said.
pub fn follow_ups_due(conn: &mut Conn, now_us: i64, limit: i64) -> Result<Vec<FollowUp>> {
    conn.rows(FOLLOW_UPS_DUE, values![now_us, limit])?.iter().map(follow).collect()
}

/// When the next one is due.
///
/// # Errors
/// What the engine said.
pub fn next_follow_up(conn: &mut Conn) -> Result<Option<i64>> {
    conn.row(NEXT, values![])?.map_or(Ok(None), |row| row.get(0))
}

fn follow(row: &crate::db::Row) -> Result<FollowUp> {
    Ok(FollowUp { space: row.get(0)?, agent: row.get(1)?, due_at: row.get(2)?, text: row.get(3)? })
}
