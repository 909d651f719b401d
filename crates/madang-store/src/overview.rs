//! Numbers about the whole house, for those who run it.

use madang_model::WorkspaceId;

use crate::db::{Conn, Engine};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const PEOPLE = "SELECT role, count(*) FROM workspace_members WHERE workspace = $1 AND removed_at IS NULL
        GROUP BY role";
    const DEACTIVATED = "SELECT count(*) FROM workspace_members WHERE workspace = $1 AND deactivated = TRUE";
    const SPACES = "SELECT kind, archived, count(*) FROM spaces WHERE workspace = $1 AND deleted_until IS NULL
        GROUP BY kind, archived";
    const FILES = "SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM files WHERE removed = FALSE";
}

/// How large the database is, in each engine's own words.
const SQLITE_SIZE: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
const POSTGRES_SIZE: &str = "SELECT CAST(pg_database_size(current_database()) AS BIGINT)";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    pub members: i64,
    pub guests: i64,
    pub deactivated: i64,
    pub open_spaces: i64,
    pub closed_spaces: i64,
    pub direct_spaces: i64,
    pub archived_spaces: i64,
    pub files: i64,
    /// Bytes of all files, each time it was posted counted once.
    pub file_bytes: i64,
    pub database_bytes: i64,
}

/// # Errors
/// What the engine said.
pub fn numbers(conn: &mut Conn, workspace: WorkspaceId) -> Result<Numbers> {
    let mut numbers = Numbers::default();
    for row in conn.rows(PEOPLE, values![workspace])? {
        let count: i64 = row.get(1)?;
        match row.get::<String>(0)?.as_str() {
            "guest" => numbers.guests += count,
            _ => numbers.members += count,
        }
    }
    numbers.deactivated = conn.row(DEACTIVATED, values![workspace])?.map_or(Ok(0), |row| row.get(0))?;
    for row in conn.rows(SPACES, values![workspace])? {
        let count: i64 = row.get(2)?;
        match (row.get::<String>(0)?.as_str(), row.get::<bool>(1)?) {
            (_, true) => numbers.archived_spaces += count,
            ("open", _) => numbers.open_spaces += count,
            ("direct", _) => numbers.direct_spaces += count,
            _ => numbers.closed_spaces += count,
        }
    }
    if let Some(row) = conn.row(FILES, values![])? {
        (numbers.files, numbers.file_bytes) = (row.get(0)?, row.get(1)?);
    }
    let size = if conn.engine() == Engine::Sqlite { SQLITE_SIZE } else { POSTGRES_SIZE };
    numbers.database_bytes = conn.row(size, values![])?.map_or(Ok(0), |row| row.get(0))?;
    Ok(numbers)
}
