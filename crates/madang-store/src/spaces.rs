//! Spaces as lists: mine, the open ones, who is in one, what is unread.

use madang_model::permission::{Role, SpaceRole};
use madang_model::register::Involvement;
use madang_model::space::SpaceKind;
use madang_model::{PersonId, Seq, SpaceId, WorkspaceId};

use crate::db::{Conn, FromRow, Row, Tx, Value};
use crate::error::Result;
use crate::log::SpaceRecord;
use crate::{sql, values};

sql! {
    const CALLED = "SELECT id, name FROM spaces WHERE workspace = $1 AND kind IN ('open', 'closed')
        AND deleted_until IS NULL ORDER BY id";
    const INSERT = "INSERT INTO spaces (id, workspace, kind, name, direct_key, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    const DESCRIBE = "UPDATE spaces SET description = $2 WHERE id = $1";
    const DIRECT = "SELECT id FROM spaces WHERE workspace = $1 AND direct_key = $2";
    const MINE = "SELECT s.id, s.workspace, s.kind, s.name, s.description, s.archived, s.deleted_until, s.members,
        s.pins, s.head, s.head_at, s.picture, s.last_message, s.guests, s.direct_key,
        m.role, m.joined_seq, m.read_seq, m.level
        FROM memberships m JOIN spaces s ON s.id = m.space
        JOIN workspace_members w ON w.workspace = s.workspace AND w.person = m.person AND w.removed_at IS NULL
        WHERE m.person = $1 AND s.id > $2 ORDER BY s.id LIMIT $3";
    const MINE_ONE = "SELECT s.id, s.workspace, s.kind, s.name, s.description, s.archived, s.deleted_until, s.members,
        s.pins, s.head, s.head_at, s.picture, s.last_message, s.guests, s.direct_key,
        m.role, m.joined_seq, m.read_seq, m.level
        FROM memberships m JOIN spaces s ON s.id = m.space
        JOIN workspace_members w ON w.workspace = s.workspace AND w.person = m.person AND w.removed_at IS NULL
        WHERE m.person = $1 AND s.id = $2";
    const HEADS = "SELECT s.id, s.head, s.deleted_until, m.role FROM memberships m JOIN spaces s ON s.id = m.space
        JOIN workspace_members w ON w.workspace = s.workspace AND w.person = m.person AND w.removed_at IS NULL
        WHERE m.person = $1";
    const ACTIVE = "SELECT id, workspace, head FROM spaces WHERE head_at >= $1";
    const OPEN = "SELECT s.id, s.workspace, s.kind, s.name, s.description, s.archived, s.deleted_until, s.members,
        s.pins, s.head, s.head_at, s.picture, s.last_message, s.guests, s.direct_key FROM spaces s
        WHERE s.workspace = $1 AND s.kind = 'open' AND s.deleted_until IS NULL AND s.archived = FALSE AND s.id > $3
        AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.space = s.id AND m.person = $2) ORDER BY s.id LIMIT $4";
    const OF_HOUSE = "SELECT id, workspace, kind, name, description, archived, deleted_until, members, pins, head,
        head_at, picture, last_message, guests, direct_key FROM spaces
        WHERE workspace = $1 AND kind NOT IN ('direct', 'ticket') AND id > $2 ORDER BY id LIMIT $3";
    const MEMBERS = "SELECT person, role, joined_at, joined_seq, read_seq FROM memberships WHERE space = $1
        ORDER BY joined_seq";
    const PEOPLE_OF = "SELECT space, person FROM memberships WHERE space IN {ids:$1} ORDER BY space, person";
    const UNREAD = "SELECT count(*) FROM (SELECT 1 AS one FROM messages WHERE space = $1 AND seq > $2 AND author <> $3
        AND (thread IS NULL OR also) AND removed = FALSE AND (note = FALSE OR EXISTS (SELECT 1 FROM memberships g
        WHERE g.space = $1 AND g.person = $3 AND g.role <> 'guest')) LIMIT 1000) AS counted";
    const MENTIONS = "SELECT count(*) FROM activity WHERE person = $1 AND space = $2 AND message > $3
        AND kind IN ('mention', 'everyone')";
    const DUE = "SELECT id FROM spaces WHERE deleted_until < $1";
}

/// A space with the person's own side of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MineRecord {
    pub space: SpaceRecord,
    pub me: Option<OwnSide>,
}

/// How a person stands in a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnSide {
    pub role: SpaceRole,
    pub joined_seq: Seq,
    pub read_seq: Seq,
    pub level: Involvement,
}

/// A member of a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberRecord {
    pub person: PersonId,
    pub role: SpaceRole,
    pub joined_at: i64,
    pub joined_seq: Seq,
    pub read_seq: Seq,
}

fn mine_row(row: &Row) -> Result<MineRecord> {
    let me =
        OwnSide { role: row.get(15)?, joined_seq: row.get(16)?, read_seq: row.get(17)?, level: row.get(18)? };
    Ok(MineRecord { space: SpaceRecord::from_row(row)?, me: Some(me) })
}

/// Makes an empty space; its first events follow through `log::append`.
///
/// # Errors
/// `Unique` when a direct space of the same people exists.
pub fn insert(
    tx: &mut Tx,
    id: SpaceId,
    workspace: WorkspaceId,
    kind: SpaceKind,
    name: &str,
    direct_key: Option<&str>,
    now_us: i64,
) -> Result<()> {
    tx.exec(INSERT, values![id, workspace, kind, name, direct_key, now_us])?;
    Ok(())
}

/// Sets the description a space is born with.
///
/// # Errors
/// What the engine said.
pub fn describe(tx: &mut Tx, id: SpaceId, description: &str) -> Result<()> {
    tx.exec(DESCRIBE, values![id, description])?;
    Ok(())
}

/// The direct space of exactly these people.
///
/// # Errors
/// What the engine said.
pub fn direct(conn: &mut Conn, workspace: WorkspaceId, direct_key: &str) -> Result<Option<SpaceId>> {
    conn.row(DIRECT, values![workspace, direct_key])?.map(|row| row.get(0)).transpose()
}

/// The person's spaces after an id, in id order.
///
/// # Errors
/// What the engine said.
pub fn mine(conn: &mut Conn, person: PersonId, after: SpaceId, limit: i64) -> Result<Vec<MineRecord>> {
    conn.rows(MINE, values![person, after, limit])?.iter().map(mine_row).collect()
}

/// One space, if the person is in it.
///
/// # Errors
/// What the engine said.
pub fn mine_one(conn: &mut Conn, person: PersonId, space: SpaceId) -> Result<Option<MineRecord>> {
    conn.row(MINE_ONE, values![person, space])?.map(|row| mine_row(&row)).transpose()
}

/// One head: the space, its head, until when it is deleted, the person's role there.
pub type Head = (SpaceId, Seq, Option<i64>, SpaceRole);

/// The heads of all the person's spaces.
///
/// # Errors
/// What the engine said.
pub fn heads(conn: &mut Conn, person: PersonId) -> Result<Vec<Head>> {
    conn.rows(HEADS, values![person])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .collect()
}

/// Spaces with events since a time, and their heads.
///
/// # Errors
/// What the engine said.
pub fn active_since(conn: &mut Conn, at_us: i64) -> Result<Vec<(SpaceId, WorkspaceId, Seq)>> {
    conn.rows(ACTIVE, values![at_us])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// Open spaces of the workspace that the person is not in.
///
/// # Errors
/// What the engine said.
pub fn open(
    conn: &mut Conn,
    workspace: WorkspaceId,
    person: PersonId,
    after: SpaceId,
    limit: i64,
) -> Result<Vec<MineRecord>> {
    let rows = conn.rows(OPEN, values![workspace, person, after, limit])?;
    rows.iter().map(|row| Ok(MineRecord { space: SpaceRecord::from_row(row)?, me: None })).collect()
}

/// Every space of the workspace but conversations, in id order. Whoever asks decides who may see them.
///
/// # Errors
/// What the engine said.
pub fn of_house(
    conn: &mut Conn,
    workspace: WorkspaceId,
    after: SpaceId,
    limit: i64,
) -> Result<Vec<SpaceRecord>> {
    conn.rows(OF_HOUSE, values![workspace, after, limit])?.iter().map(SpaceRecord::from_row).collect()
}

/// Everybody in the space, first comers first.
///
/// # Errors
/// What the engine said.
pub fn members(conn: &mut Conn, space: SpaceId) -> Result<Vec<MemberRecord>> {
    let read = |row: &Row| {
        Ok(MemberRecord {
            person: row.get(0)?,
            role: row.get(1)?,
            joined_at: row.get(2)?,
            joined_seq: row.get(3)?,
            read_seq: row.get(4)?,
        })
    };
    conn.rows(MEMBERS, values![space])?.iter().map(read).collect()
}

/// Who is in each of these spaces.
///
/// # Errors
/// What the engine said.
pub fn people_of(conn: &mut Conn, spaces: &[SpaceId]) -> Result<Vec<(SpaceId, PersonId)>> {
    let ids: Vec<i64> = spaces.iter().map(|id| id.0).collect();
    conn.rows(PEOPLE_OF, values![Value::ids(&ids)])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// Messages of the main line after `read` by others, at most 1,000, and calls
/// on the person among them.
///
/// # Errors
/// What the engine said.
pub fn unread(conn: &mut Conn, space: SpaceId, person: PersonId, read: Seq) -> Result<(i64, i64)> {
    let unread = conn.row(UNREAD, values![space, read, person])?.map_or(Ok(0), |row| row.get(0))?;
    if unread == 0 {
        return Ok((0, 0));
    }
    let mentions = conn.row(MENTIONS, values![person, space, read])?.map_or(Ok(0), |row| row.get(0))?;
    Ok((unread, mentions))
}

/// Deleted spaces whose time to be restored is over.
///
/// Open and closed spaces of this folded name, oldest first.
///
/// # Errors
/// What the engine said.
pub fn called(conn: &mut Conn, workspace: WorkspaceId, folded: &str) -> Result<Vec<SpaceId>> {
    let mut found = Vec::new();
    for row in conn.rows(CALLED, values![workspace])? {
        if madang_model::name::fold(&row.get::<String>(1)?) == folded {
            found.push(row.get(0)?);
        }
    }
    Ok(found)
}

/// # Errors
/// What the engine said.
pub fn due_for_erasure(conn: &mut Conn, now_us: i64) -> Result<Vec<SpaceId>> {
    conn.rows(DUE, values![now_us])?.iter().map(|row| row.get(0)).collect()
}

/// The role a workspace role gives in a space to somebody who is let in.
pub fn role_in_space(role: Role) -> SpaceRole {
    if role <= Role::Guest { SpaceRole::Guest } else { SpaceRole::Member }
}
