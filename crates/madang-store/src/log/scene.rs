//! What a decision looks at, loaded in its own transaction.

use madang_model::permission::{Actor, Role, SpaceRole};
use madang_model::space::{MessageFacts, OtherFacts, Scene, SpaceFacts, SpaceKind};
use madang_model::{Command, FileId, PersonId, Seq, SpaceId, WorkspaceId};

use super::{calls, cards, tickets};
use crate::db::{Conn, FromRow, Row, Tx};
use crate::error::Result;
use crate::{desks, sql, values};

sql! {
    const SPACE = "SELECT id, workspace, kind, name, description, archived, deleted_until, members, pins, head,
        head_at, picture, last_message, guests, direct_key FROM spaces WHERE id = $1";
    const SPACE_LOCKED = "SELECT id, workspace, kind, name, description, archived, deleted_until, members, pins, head,
        head_at, picture, last_message, guests, direct_key FROM spaces WHERE id = $1 {for_update}";
    const STANDING = "SELECT (SELECT role FROM memberships WHERE space = $1 AND person = $3),
        (SELECT role FROM workspace_members WHERE workspace = $2 AND person = $3 AND removed_at IS NULL)";
    const ROLE = "SELECT role FROM workspace_members WHERE workspace = $1 AND person = $2 AND removed_at IS NULL";
    const MESSAGE = "SELECT author, thread, removed, pinned_at, note FROM messages WHERE space = $1 AND seq = $2";
    const KINDS = "SELECT count(DISTINCT emoji) FROM reactions WHERE space = $1 AND message = $2";
    const WHO = "SELECT person FROM reactions WHERE space = $1 AND message = $2 AND emoji = $3";
}

/// A space's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceRecord {
    pub facts: SpaceFacts,
    /// Time of the newest event in microseconds.
    pub head_at: i64,
    pub picture: Option<FileId>,
    /// The newest message of the main line that was not removed.
    pub last_message: Option<Seq>,
    pub guests: i64,
    pub direct_key: Option<String>,
}

impl FromRow for SpaceRecord {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(SpaceRecord {
            facts: SpaceFacts {
                id: row.get(0)?,
                workspace: row.get(1)?,
                kind: row.get(2)?,
                name: row.get(3)?,
                description: row.get(4)?,
                archived: row.get(5)?,
                deleted_until: row.get(6)?,
                members: row.get(7)?,
                pins: row.get(8)?,
                head: row.get(9)?,
            },
            head_at: row.get(10)?,
            picture: row.get(11)?,
            last_message: row.get(12)?,
            guests: row.get(13)?,
            direct_key: row.get(14)?,
        })
    }
}

/// A space, as of the connection's snapshot.
///
/// # Errors
/// What the engine said.
pub fn space(conn: &mut Conn, id: SpaceId) -> Result<Option<SpaceRecord>> {
    conn.row(SPACE, values![id])?.map(|row| SpaceRecord::from_row(&row)).transpose()
}

/// A space whose row nobody else changes until this transaction ends, as
/// `append` needs it.
///
/// # Errors
/// What the engine said.
pub fn space_locked(tx: &mut Tx, id: SpaceId) -> Result<Option<SpaceRecord>> {
    tx.row(SPACE_LOCKED, values![id])?.map(|row| SpaceRecord::from_row(&row)).transpose()
}

/// The person's role in a workspace, if they belong to it.
///
/// # Errors
/// What the engine said.
pub fn standing_in_house(conn: &mut Conn, workspace: WorkspaceId, person: PersonId) -> Result<Option<Role>> {
    conn.row(ROLE, values![workspace, person])?.map(|row| row.get(0)).transpose()
}

/// Who the person is to this space.
///
/// # Errors
/// What the engine said.
pub fn standing(conn: &mut Conn, space: &SpaceFacts, person: PersonId) -> Result<Actor> {
    let row = conn.row(STANDING, values![space.id, space.workspace, person])?;
    let row = row.expect("a query without FROM gives one row");
    let (membership, role): (Option<SpaceRole>, Option<Role>) = (row.get(0)?, row.get(1)?);
    // Whoever is out of the house is out of its spaces, whatever an old row says.
    let membership = membership.filter(|_| role.is_some());
    let is_ticket = space.kind == SpaceKind::Ticket && role.is_some_and(|role| role >= Role::Member);
    let agent = is_ticket && desks::stands_at(conn, space.id, person)?;
    Ok(Actor { person, role, membership, agent })
}

/// Loads and locks all that `decide` may look at for this command, but what is sealed (a meeting, bookmarks). None if
/// there is no such space.
///
/// # Errors
/// What the engine said.
pub fn scene(
    tx: &mut Tx,
    id: SpaceId,
    person: PersonId,
    command: &Command,
) -> Result<Option<(SpaceRecord, Scene)>> {
    let Some(row) = tx.row(SPACE_LOCKED, values![id])? else { return Ok(None) };
    let record = SpaceRecord::from_row(&row)?;
    let actor = standing(tx, &record.facts, person)?;
    let message = match command.message() {
        Some(seq) => message(tx, id, seq, person, command)?,
        None => None,
    };
    let other = match command.person() {
        Some(other) => {
            let Actor { role, membership, agent, .. } = standing(tx, &record.facts, other)?;
            Some(OtherFacts { person: other, role, membership, agent })
        }
        None => None,
    };
    let call = match command {
        Command::StartCall { .. } => calls::running_in(tx, id)?,
        _ => None,
    };
    let ticket = match record.facts.kind {
        SpaceKind::Ticket => tickets::ticket(tx, id)?.map(|it| it.ticket),
        _ => None,
    };
    let scene = Scene {
        space: record.facts.clone(),
        actor,
        message,
        other,
        call,
        meeting: None,
        ticket,
        bookmarks: Vec::new(),
    };
    Ok(Some((record, scene)))
}

fn message(
    tx: &mut Tx,
    space: SpaceId,
    seq: Seq,
    person: PersonId,
    command: &Command,
) -> Result<Option<MessageFacts>> {
    let Some(row) = tx.row(MESSAGE, values![space, seq])? else { return Ok(None) };
    let mut facts = MessageFacts {
        seq,
        author: row.get(0)?,
        thread: row.get(1)?,
        removed: row.get(2)?,
        pinned: row.get::<Option<i64>>(3)?.is_some(),
        reaction_kinds: 0,
        emoji_there: false,
        emoji_mine: false,
        named: Vec::new(),
        note: row.get(4)?,
        card: cards::of(tx, space, seq)?,
        ballot: Vec::new(),
    };
    if matches!(command, Command::Vote { .. }) {
        facts.ballot = cards::ballot(tx, space, seq, person)?;
    }
    if let Some(emoji) = command.emoji() {
        let emoji = madang_model::text::normalize_emoji(emoji).unwrap_or_else(|| emoji.to_owned());
        let who = tx.rows(WHO, values![space, seq, emoji])?;
        facts.emoji_there = !who.is_empty();
        for row in &who {
            facts.emoji_mine |= row.get::<PersonId>(0)? == person;
        }
        if let Some(row) = tx.row(KINDS, values![space, seq])? {
            facts.reaction_kinds = row.get(0)?;
        }
    }
    Ok(Some(facts))
}
