//! What takes room: files and messages of each space, for those who run the house.

use madang_model::{SpaceId, WorkspaceId};

use crate::db::{Conn, FromRow, Row, Value};
use crate::error::Result;
use crate::log::SpaceRecord;
use crate::{sql, values};

sql! {
    const LARGEST = "SELECT s.id, s.workspace, s.kind, s.name, s.description, s.archived, s.deleted_until, s.members,
        s.pins, s.head, s.head_at, s.picture, s.last_message, s.guests, s.direct_key, coalesce(f.files, 0),
        coalesce(f.bytes, 0) FROM spaces s LEFT JOIN (SELECT space, count(*) AS files,
        CAST(coalesce(sum(size), 0) AS BIGINT) AS bytes FROM files WHERE space IS NOT NULL AND removed = FALSE
        GROUP BY space) f ON f.space = s.id
        WHERE s.workspace = $1 AND s.kind <> 'direct'
        AND (coalesce(f.bytes, 0) < $2 OR (coalesce(f.bytes, 0) = $2 AND s.id > $3))
        ORDER BY coalesce(f.bytes, 0) DESC, s.id LIMIT $4";
    const MESSAGES = "SELECT space, count(*) FROM messages WHERE space IN {ids:$1} AND removed = FALSE GROUP BY space";
    const DIRECT_FILES = "SELECT count(*), CAST(coalesce(sum(f.size), 0) AS BIGINT) FROM files f
        JOIN spaces s ON s.id = f.space WHERE s.workspace = $1 AND s.kind = 'direct' AND f.removed = FALSE";
    const DIRECT_MESSAGES = "SELECT count(*) FROM messages m JOIN spaces s ON s.id = m.space
        WHERE s.workspace = $1 AND s.kind = 'direct' AND m.removed = FALSE";
    const OTHERS = "SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM files
        WHERE space IS NULL AND removed = FALSE";
}

/// What one place holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Use {
    pub files: i64,
    /// Of its files, each time one was posted counted once.
    pub bytes: i64,
    pub messages: i64,
}

/// Spaces but conversations, the largest first, after one of so many bytes with this id. Whoever asks decides who
/// may know them.
///
/// # Errors
/// What the engine said.
pub fn largest(
    conn: &mut Conn,
    workspace: WorkspaceId,
    after: (i64, SpaceId),
    limit: i64,
) -> Result<Vec<(SpaceRecord, Use)>> {
    let read = |row: &Row| {
        let used = Use { files: row.get(15)?, bytes: row.get(16)?, messages: 0 };
        Ok((SpaceRecord::from_row(row)?, used))
    };
    let rows = conn.rows(LARGEST, values![workspace, after.0, after.1, limit])?;
    let mut found: Vec<(SpaceRecord, Use)> = rows.iter().map(read).collect::<Result<_>>()?;
    let ids: Vec<i64> = found.iter().map(|(space, _)| space.facts.id.0).collect();
    for row in conn.rows(MESSAGES, values![Value::ids(&ids)])? {
        let id: SpaceId = row.get(0)?;
        if let Some((_, used)) = found.iter_mut().find(|(space, _)| space.facts.id == id) {
            used.messages = row.get(1)?;
        }
    }
    Ok(found)
}

/// What all conversations hold together.
///
/// # Errors
/// What the engine said.
pub fn conversations(conn: &mut Conn, workspace: WorkspaceId) -> Result<Use> {
    let mut used = files(conn.row(DIRECT_FILES, values![workspace])?)?;
    used.messages = conn.row(DIRECT_MESSAGES, values![workspace])?.map_or(Ok(0), |row| row.get(0))?;
    Ok(used)
}

/// Pictures, and files that are not posted yet.
///
/// # Errors
/// What the engine said.
pub fn outside_spaces(conn: &mut Conn) -> Result<Use> {
    files(conn.row(OTHERS, values![])?)
}

fn files(row: Option<Row>) -> Result<Use> {
    let Some(row) = row else { return Ok(Use::default()) };
    Ok(Use { files: row.get(0)?, bytes: row.get(1)?, messages: 0 })
}
