//! Teams: named sets of people whose spaces take in whoever joins.

use madang_model::{PersonId, SpaceId, TeamId, WorkspaceId};

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO teams (id, workspace, name, created_at) VALUES ($1, $2, $3, $4)";
    const RENAME = "UPDATE teams SET name = $2 WHERE id = $1";
    const DELETE = "DELETE FROM teams WHERE id = $1";
    const ALL_TEAMS = "SELECT id, workspace, name FROM teams WHERE workspace = $1 ORDER BY name, id";
    const ONE = "SELECT id, workspace, name FROM teams WHERE id = $1";
    const PEOPLE = "SELECT person FROM team_members WHERE team = $1 ORDER BY person";
    const SPACES = "SELECT space FROM team_spaces WHERE team = $1 ORDER BY space";
    const OF_SPACE = "SELECT team FROM team_spaces WHERE space = $1 ORDER BY team LIMIT 1";
    const ADD = "INSERT INTO team_members (team, person) VALUES ($1, $2) ON CONFLICT (team, person) DO NOTHING";
    const REMOVE = "DELETE FROM team_members WHERE team = $1 AND person = $2";
    const REMOVE_EVERYWHERE = "DELETE FROM team_members WHERE person = $1";
    const ADD_SPACE = "INSERT INTO team_spaces (team, space) VALUES ($1, $2) ON CONFLICT (team, space) DO NOTHING";
    const REMOVE_SPACE = "DELETE FROM team_spaces WHERE team = $1 AND space = $2";
    const FORGET_PEOPLE = "DELETE FROM team_members WHERE team = $1";
    const FORGET_SPACES = "DELETE FROM team_spaces WHERE team = $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRecord {
    pub id: TeamId,
    pub workspace: WorkspaceId,
    pub name: String,
    pub members: Vec<PersonId>,
    pub spaces: Vec<SpaceId>,
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, id: TeamId, workspace: WorkspaceId, name: &str, now_us: i64) -> Result<()> {
    tx.exec(INSERT, values![id, workspace, name, now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn rename(tx: &mut Tx, id: TeamId, name: &str) -> Result<()> {
    tx.exec(RENAME, values![id, name])?;
    Ok(())
}

/// Dissolves the team; its people stay in its spaces.
///
/// # Errors
/// What the engine said.
pub fn delete(tx: &mut Tx, id: TeamId) -> Result<()> {
    tx.exec(FORGET_PEOPLE, values![id])?;
    tx.exec(FORGET_SPACES, values![id])?;
    tx.exec(DELETE, values![id])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn all(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<TeamRecord>> {
    let mut teams = Vec::new();
    for row in conn.rows(ALL_TEAMS, values![workspace])? {
        teams.push(fill(conn, row.get(0)?, row.get(1)?, row.get(2)?)?);
    }
    Ok(teams)
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, id: TeamId) -> Result<Option<TeamRecord>> {
    match conn.row(ONE, values![id])? {
        Some(row) => fill(conn, row.get(0)?, row.get(1)?, row.get(2)?).map(Some),
        None => Ok(None),
    }
}

fn fill(conn: &mut Conn, id: TeamId, workspace: WorkspaceId, name: String) -> Result<TeamRecord> {
    let members = conn.rows(PEOPLE, values![id])?.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
    let spaces = conn.rows(SPACES, values![id])?.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
    Ok(TeamRecord { id, workspace, name, members, spaces })
}

/// The team a space belongs to, the oldest if there are several.
///
/// # Errors
/// What the engine said.
pub fn of_space(conn: &mut Conn, space: SpaceId) -> Result<Option<TeamId>> {
    conn.row(OF_SPACE, values![space])?.map(|row| row.get(0)).transpose()
}

/// # Errors
/// What the engine said.
pub fn add_person(tx: &mut Tx, team: TeamId, person: PersonId) -> Result<()> {
    tx.exec(ADD, values![team, person])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn remove_person(tx: &mut Tx, team: TeamId, person: PersonId) -> Result<()> {
    tx.exec(REMOVE, values![team, person])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn remove_everywhere(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.exec(REMOVE_EVERYWHERE, values![person])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn add_space(tx: &mut Tx, team: TeamId, space: SpaceId) -> Result<()> {
    tx.exec(ADD_SPACE, values![team, space])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn remove_space(tx: &mut Tx, team: TeamId, space: SpaceId) -> Result<()> {
    tx.exec(REMOVE_SPACE, values![team, space])?;
    Ok(())
}
