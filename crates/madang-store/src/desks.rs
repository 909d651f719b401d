//! Desks, and who stands at them.

use madang_model::desk::DeskSettings;
use madang_model::{DeskId, PersonId, SpaceId, TeamId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO desks (id, workspace, key, settings, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $5)";
    const CHANGE = "UPDATE desks SET settings = $2, changed_at = $3 WHERE id = $1";
    const END = "UPDATE desks SET ended_at = $2, changed_at = $2 WHERE id = $1 AND ended_at IS NULL";
    const ONE = "SELECT id, workspace, key, settings, ended_at FROM desks WHERE id = $1";
    const BY_KEY = "SELECT id, workspace, key, settings, ended_at FROM desks WHERE key = $1";
    const OF_HOUSE = "SELECT id, workspace, key, settings, ended_at FROM desks WHERE workspace = $1 ORDER BY id";
    const AGENTS = "SELECT person, skills, languages FROM desk_agents WHERE desk = $1 ORDER BY person";
    const TEAMS = "SELECT team FROM desk_teams WHERE desk = $1 ORDER BY team";
    const AGENTS_GONE = "DELETE FROM desk_agents WHERE desk = $1";
    const TEAMS_GONE = "DELETE FROM desk_teams WHERE desk = $1";
    const ADD_AGENT = "INSERT INTO desk_agents (desk, person, skills, languages) VALUES ($1, $2, $3, $4)";
    const ADD_TEAM = "INSERT INTO desk_teams (desk, team) VALUES ($1, $2)";
    const STANDS_AT = "SELECT 1 FROM tickets t WHERE t.space = $1 AND (
        EXISTS (SELECT 1 FROM desk_agents a WHERE a.desk = t.desk AND a.person = $2)
        OR EXISTS (SELECT 1 FROM desk_teams d JOIN team_members m ON m.team = d.team
            WHERE d.desk = t.desk AND m.person = $2))";
    /// Who is named comes with their words, who is there by a team without.
    const STANDING = "SELECT d.person, d.skills, d.languages, a.reachable, a.last_assigned_at FROM (
            SELECT person, skills, languages FROM desk_agents WHERE desk = $1
            UNION ALL SELECT DISTINCT m.person, '[]', '[]' FROM desk_teams t JOIN team_members m ON m.team = t.team
                WHERE t.desk = $1 AND NOT EXISTS (SELECT 1 FROM desk_agents n WHERE n.desk = $1 AND n.person = m.person)
        ) AS d JOIN desks k ON k.id = $1
        JOIN workspace_members w ON w.workspace = k.workspace AND w.person = d.person AND w.removed_at IS NULL
            AND w.role NOT IN ('guest', 'visitor')
        LEFT JOIN agents a ON a.person = d.person ORDER BY d.person";
    const OF_AGENT = "SELECT id FROM desks k WHERE k.ended_at IS NULL AND (
        EXISTS (SELECT 1 FROM desk_agents a WHERE a.desk = k.id AND a.person = $1)
        OR EXISTS (SELECT 1 FROM desk_teams d JOIN team_members m ON m.team = d.team
            WHERE d.desk = k.id AND m.person = $1)) ORDER BY id";
    const SWITCH = "INSERT INTO agents (person, reachable, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (person) DO UPDATE SET reachable = excluded.reachable, changed_at = excluded.changed_at, missed = 0";
    const MISSED = "UPDATE agents SET missed = missed + 1 WHERE person = $1 AND reachable RETURNING missed";
    const ANSWERED = "UPDATE agents SET missed = 0 WHERE person = $1 AND missed > 0";
    const REACHABLE = "SELECT reachable FROM agents WHERE person = $1";
    const GOT_ONE = "UPDATE agents SET last_assigned_at = $2 WHERE person = $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRecord {
    pub id: DeskId,
    pub workspace: WorkspaceId,
    /// What its public addresses name.
    pub key: String,
    pub settings: DeskSettings,
    /// Microseconds; takes no visitors since.
    pub ended_at: Option<i64>,
}

/// Somebody who is named at a desk. No skills and no languages are all of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRecord {
    pub person: PersonId,
    pub skills: Vec<String>,
    pub languages: Vec<String>,
}

/// Somebody who stands at a desk, by name or by a team, and is of the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingAgent {
    pub agent: AgentRecord,
    /// Their own switch.
    pub reachable: bool,
    pub last_assigned_at: i64,
}

fn read(row: &Row) -> Result<DeskRecord> {
    Ok(DeskRecord {
        id: row.get(0)?,
        workspace: row.get(1)?,
        key: row.get(2)?,
        settings: json(&row.get::<String>(3)?)?,
        ended_at: row.get(4)?,
    })
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("a desk does not parse: {error}")))
}

fn text<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("what is kept of a desk has only text keys")
}

fn agent(row: &Row) -> Result<AgentRecord> {
    let (skills, languages): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(AgentRecord { person: row.get(0)?, skills: json(&skills)?, languages: json(&languages)? })
}

/// # Errors
/// `Unique` when the key is taken.
pub fn insert(tx: &mut Tx, desk: &DeskRecord, now_us: i64) -> Result<()> {
    tx.exec(INSERT, values![desk.id, desk.workspace, &desk.key, text(&desk.settings), now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn change(tx: &mut Tx, desk: DeskId, settings: &DeskSettings, now_us: i64) -> Result<()> {
    tx.exec(CHANGE, values![desk, text(settings), now_us])?;
    Ok(())
}

/// It takes no visitors from here on; false if it did not before.
///
/// # Errors
/// What the engine said.
pub fn end(tx: &mut Tx, desk: DeskId, now_us: i64) -> Result<bool> {
    Ok(tx.exec(END, values![desk, now_us])? > 0)
}

/// # Errors
/// What the engine said.
pub fn one(conn: &mut Conn, desk: DeskId) -> Result<Option<DeskRecord>> {
    conn.row(ONE, values![desk])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn by_key(conn: &mut Conn, key: &str) -> Result<Option<DeskRecord>> {
    conn.row(BY_KEY, values![key])?.map(|row| read(&row)).transpose()
}

/// All of the house, also those that ended, oldest first.
///
/// # Errors
/// What the engine said.
pub fn of_house(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<DeskRecord>> {
    conn.rows(OF_HOUSE, values![workspace])?.iter().map(read).collect()
}

/// Who is named at the desk.
///
/// # Errors
/// What the engine said.
pub fn agents(conn: &mut Conn, desk: DeskId) -> Result<Vec<AgentRecord>> {
    conn.rows(AGENTS, values![desk])?.iter().map(agent).collect()
}

/// # Errors
/// What the engine said.
pub fn teams(conn: &mut Conn, desk: DeskId) -> Result<Vec<TeamId>> {
    conn.rows(TEAMS, values![desk])?.iter().map(|row| row.get(0)).collect()
}

/// Says anew who stands at the desk.
///
/// # Errors
/// What the engine said; a person or team that is not there fails its foreign key.
pub fn staff(tx: &mut Tx, desk: DeskId, agents: &[AgentRecord], teams: &[TeamId]) -> Result<()> {
    tx.exec(AGENTS_GONE, values![desk])?;
    tx.exec(TEAMS_GONE, values![desk])?;
    for it in agents {
        tx.exec(ADD_AGENT, values![desk, it.person, text(&it.skills), text(&it.languages)])?;
    }
    for team in teams {
        tx.exec(ADD_TEAM, values![desk, *team])?;
    }
    Ok(())
}

/// Whether the person stands at the desk of this ticket.
///
/// # Errors
/// What the engine said.
pub fn stands_at(conn: &mut Conn, ticket: SpaceId, person: PersonId) -> Result<bool> {
    Ok(conn.row(STANDS_AT, values![ticket, person])?.is_some())
}

/// Everybody who stands at the desk, in order of their ids.
///
/// # Errors
/// What the engine said.
pub fn standing(conn: &mut Conn, desk: DeskId) -> Result<Vec<StandingAgent>> {
    let rows = conn.rows(STANDING, values![desk])?;
    rows.iter()
        .map(|row| {
            Ok(StandingAgent {
                agent: agent(row)?,
                reachable: row.get::<Option<bool>>(3)?.unwrap_or(false),
                last_assigned_at: row.get::<Option<i64>>(4)?.unwrap_or(0),
            })
        })
        .collect()
}

/// The desks at which somebody stands, that take visitors.
///
/// # Errors
/// What the engine said.
pub fn of_agent(conn: &mut Conn, person: PersonId) -> Result<Vec<DeskId>> {
    conn.rows(OF_AGENT, values![person])?.iter().map(|row| row.get(0)).collect()
}

/// Turns the switch of an agent.
///
/// # Errors
/// What the engine said.
pub fn switch(tx: &mut Tx, person: PersonId, reachable: bool, now_us: i64) -> Result<()> {
    tx.exec(SWITCH, values![person, reachable, now_us])?;
    Ok(())
}

/// An offer to an agent ran out; gives how many did in a row, if they can be reached still.
///
/// # Errors
/// What the engine said.
pub fn missed(tx: &mut Tx, person: PersonId) -> Result<Option<i64>> {
    tx.row(MISSED, values![person])?.map(|row| row.get(0)).transpose()
}

/// An agent has answered an offer, whatever they said.
///
/// # Errors
/// What the engine said.
pub fn answered(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.exec(ANSWERED, values![person])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn reachable(conn: &mut Conn, person: PersonId) -> Result<bool> {
    conn.row(REACHABLE, values![person])?.map_or(Ok(false), |row| row.get(0))
}

/// Remembers when an agent last got a ticket, so that those who wait longest for one come first.
///
/// # Errors
/// What the engine said.
pub fn got_one(tx: &mut Tx, person: PersonId, now_us: i64) -> Result<()> {
    tx.exec(GOT_ONE, values![person, now_us])?;
    Ok(())
}
