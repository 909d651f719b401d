//! People, and who of them belongs to a workspace in which role.

use madang_model::permission::Role;
use madang_model::{FileId, PersonId, Seq, SpaceId, WorkspaceId};

use crate::bus::Announcement;
use crate::db::{Conn, Row, Tx, Value};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO people (id, email, name, name_folded, password_hash, bot, language, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    const BY_IDS = "SELECT p.id, p.email, p.name, p.picture, p.bot, p.language, p.changed_at, w.role, w.removed_at,
        p.password_hash, w.deactivated FROM people p LEFT JOIN workspace_members w ON w.person = p.id AND w.workspace = $1
        WHERE p.id IN {ids:$2}";
    const BY_EMAIL = "SELECT p.id, p.email, p.name, p.picture, p.bot, p.language, p.changed_at, w.role, w.removed_at,
        p.password_hash, w.deactivated FROM people p LEFT JOIN workspace_members w ON w.person = p.id AND w.workspace = $1
        WHERE p.email = $2";
    const OF_HOUSE = "SELECT p.id, p.email, p.name, p.picture, p.bot, p.language, p.changed_at, w.role, w.removed_at,
        p.password_hash, w.deactivated FROM people p JOIN workspace_members w ON w.person = p.id
        WHERE w.workspace = $1 AND w.removed_at IS NULL AND w.role <> 'visitor' AND p.name_folded LIKE $2 ESCAPE '!'
        AND (p.name_folded, p.id) > ($3, $4) ORDER BY p.name_folded, p.id LIMIT $5";
    const DEACTIVATED = "SELECT p.id, p.email, p.name, p.picture, p.bot, p.language, p.changed_at, w.role, w.removed_at,
        p.password_hash, w.deactivated FROM people p JOIN workspace_members w ON w.person = p.id
        WHERE w.workspace = $1 AND w.deactivated = TRUE AND p.name_folded LIKE $2 ESCAPE '!'
        AND (p.name_folded, p.id) > ($3, $4) ORDER BY p.name_folded, p.id LIMIT $5";
    /// CROSS JOIN keeps SQLite from walking through all members of the house at every device's hello.
    const CHANGED = "SELECT p.id, p.email, p.name, p.picture, p.bot, p.language, p.changed_at, w.role, w.removed_at,
        p.password_hash, w.deactivated FROM people p CROSS JOIN workspace_members w
        WHERE w.person = p.id AND w.workspace = $1 AND p.changed_at > $2";
    const SHARING = "SELECT DISTINCT b.person FROM memberships a JOIN memberships b ON b.space = a.space
        WHERE a.person = $1";
    const JOINED_AFTER = "SELECT person FROM memberships WHERE space = $1 AND joined_seq > $2";
    const JOINED_SINCE = "SELECT person FROM memberships WHERE space = $1 AND joined_at > $2";
    const IN_SPACE = "SELECT p.id, p.email, p.name, p.picture, p.bot, p.language, p.changed_at, w.role, w.removed_at,
        p.password_hash, w.deactivated FROM memberships m JOIN people p ON p.id = m.person
        LEFT JOIN workspace_members w ON w.person = p.id AND w.workspace = $1 WHERE m.space = $2";
    const WROTE_IN = "SELECT p.id, p.email, p.name, p.picture, p.bot, p.language, p.changed_at, w.role, w.removed_at,
        p.password_hash, w.deactivated FROM people p
        LEFT JOIN workspace_members w ON w.person = p.id AND w.workspace = $1
        WHERE p.id IN (SELECT author FROM messages WHERE space = $2 AND note = FALSE
            UNION SELECT person FROM memberships WHERE space = $2)";
    const JOIN_HOUSE = "INSERT INTO workspace_members (workspace, person, role, joined_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, person) DO UPDATE SET role = excluded.role, removed_at = NULL, deactivated = FALSE";
    const LEAVE_HOUSE = "UPDATE workspace_members SET removed_at = $3, deactivated = FALSE
        WHERE workspace = $1 AND person = $2";
    const DEACTIVATE = "UPDATE workspace_members SET removed_at = $3, deactivated = TRUE
        WHERE workspace = $1 AND person = $2 AND removed_at IS NULL";
    const REACTIVATE = "UPDATE workspace_members SET removed_at = NULL, deactivated = FALSE
        WHERE workspace = $1 AND person = $2 AND deactivated = TRUE";
    const OWNERS = "SELECT count(*) FROM workspace_members WHERE workspace = $1 AND role = 'owner' AND removed_at IS NULL";
    const RENAME = "UPDATE people SET name = $2, name_folded = $3 WHERE id = $1";
    const PICTURE = "UPDATE people SET picture = $2 WHERE id = $1";
    const PASSWORD = "UPDATE people SET password_hash = $2 WHERE id = $1";
    const LANGUAGE = "UPDATE people SET language = $2 WHERE id = $1";
    const EMAIL = "UPDATE people SET email = $2 WHERE id = $1";
    const NAMELESS = "UPDATE people SET email = NULL, name = $2, name_folded = $3, password_hash = NULL, picture = NULL
        WHERE id = $1";
    const AGENT_USES_GONE = "DELETE FROM agent_uses WHERE person = $1";
    const REGISTERS_GONE = "DELETE FROM registers WHERE person = $1";
    const ACTIVITY_GONE = "DELETE FROM activity WHERE person = $1";
    const STEPS_GONE = "DELETE FROM read_steps WHERE person = $1";
    const PUSHES_GONE = "DELETE FROM pushes WHERE person = $1";
    const DECIDED_GONE = "DELETE FROM push_decided WHERE person = $1";
    const SAVED_GONE = "DELETE FROM saved WHERE person = $1";
    const SCHEDULED_GONE = "DELETE FROM scheduled WHERE person = $1";
    const DIGESTS_GONE = "DELETE FROM digests WHERE person = $1";
    const REPLY_WAYS_GONE = "DELETE FROM reply_ways WHERE person = $1";
    const BALLOTS_GONE = "DELETE FROM ballots WHERE person = $1";
    /// Where they wrote from, and came from.
    const VISIT_LETTERS_GONE = "DELETE FROM visit_letters WHERE space IN (SELECT space FROM tickets WHERE visitor = $1)";
    const VISIT_NETWORK_GONE = "DELETE FROM visit_networks WHERE visitor = $1";
    const BROUGHT_GONE = "DELETE FROM imports WHERE kind = 'person' AND id = $1";
    const VISITS_GONE = "DELETE FROM visits WHERE visitor = $1";
    const TURN = "SELECT id FROM workspaces ORDER BY id {for_update}";
    const NEWEST = "SELECT coalesce(max(changed_at), 0) FROM people";
    const TOUCH = "UPDATE people SET changed_at = $2 WHERE id = $1";
    const MEMBERSHIPS = "SELECT space FROM memberships WHERE person = $1";
}

/// A person as seen in one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    pub id: PersonId,
    pub email: Option<String>,
    pub name: String,
    pub picture: Option<FileId>,
    pub bot: bool,
    pub language: String,
    pub changed_at: i64,
    /// None for somebody who never belonged to the workspace.
    pub role: Option<Role>,
    /// Out of the house: for good, or for a while.
    pub removed: bool,
    /// Out for a while: whoever manages people can take them back as they were.
    pub deactivated: bool,
    pub password_hash: Option<String>,
}

impl PersonRecord {
    /// The role, unless the person was taken out.
    pub fn standing(&self) -> Option<Role> {
        self.role.filter(|_| !self.removed)
    }

    /// The role of somebody who is in the house or could be taken back into it.
    pub fn kept_role(&self) -> Option<Role> {
        self.role.filter(|_| !self.removed || self.deactivated)
    }
}

/// What makes a new person.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub id: PersonId,
    /// Folded already.
    pub email: Option<String>,
    pub name: String,
    pub password_hash: Option<String>,
    pub bot: bool,
    pub language: String,
}

/// A name as it is compared: compatibility-composed, lower case.
pub fn fold(name: &str) -> String {
    madang_model::name::fold(name)
}

fn read(row: &Row) -> Result<PersonRecord> {
    Ok(PersonRecord {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        picture: row.get(3)?,
        bot: row.get(4)?,
        language: row.get(5)?,
        changed_at: row.get(6)?,
        role: row.get(7)?,
        removed: row.get::<Option<i64>>(8)?.is_some(),
        password_hash: row.get(9)?,
        // None for somebody who never belonged to the workspace.
        deactivated: row.get::<Option<bool>>(10)?.unwrap_or(false),
    })
}

/// # Errors
/// `Unique` when the address is taken.
pub fn insert(tx: &mut Tx, new: &NewPerson, now_us: i64) -> Result<()> {
    let folded = fold(&new.name);
    tx.exec(
        INSERT,
        values![
            new.id,
            new.email.clone(),
            &new.name,
            folded,
            new.password_hash.clone(),
            new.bot,
            &new.language,
            now_us
        ],
    )?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn by_ids(conn: &mut Conn, workspace: WorkspaceId, ids: &[PersonId]) -> Result<Vec<PersonRecord>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    conn.rows(BY_IDS, values![workspace, Value::ids(&ids)])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn by_id(conn: &mut Conn, workspace: WorkspaceId, id: PersonId) -> Result<Option<PersonRecord>> {
    Ok(by_ids(conn, workspace, &[id])?.pop())
}

/// `email` must be folded.
///
/// # Errors
/// What the engine said.
pub fn by_email(conn: &mut Conn, workspace: WorkspaceId, email: &str) -> Result<Option<PersonRecord>> {
    conn.row(BY_EMAIL, values![workspace, email])?.map(|row| read(&row)).transpose()
}

/// Who wrote in a space, or is in it. Whoever wrote notes only did not write for everybody.
///
/// # Errors
/// What the engine said.
pub fn who_wrote_in(conn: &mut Conn, workspace: WorkspaceId, space: SpaceId) -> Result<Vec<PersonRecord>> {
    conn.rows(WROTE_IN, values![workspace, space])?.iter().map(read).collect()
}

/// People of the workspace by name, after `(name_folded, id)`; `part` must be
/// in the name.
///
/// # Errors
/// What the engine said.
pub fn of_house(
    conn: &mut Conn,
    workspace: WorkspaceId,
    part: &str,
    after: &(String, PersonId),
    limit: i64,
) -> Result<Vec<PersonRecord>> {
    listed(conn, OF_HOUSE, workspace, part, after, limit)
}

/// As `of_house`, those who are out for a while.
///
/// # Errors
/// What the engine said.
pub fn deactivated(
    conn: &mut Conn,
    workspace: WorkspaceId,
    part: &str,
    after: &(String, PersonId),
    limit: i64,
) -> Result<Vec<PersonRecord>> {
    listed(conn, DEACTIVATED, workspace, part, after, limit)
}

fn listed(
    conn: &mut Conn,
    sql: &'static str,
    workspace: WorkspaceId,
    part: &str,
    after: &(String, PersonId),
    limit: i64,
) -> Result<Vec<PersonRecord>> {
    let escaped = fold(part).replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let rows = conn.rows(sql, values![workspace, format!("%{escaped}%"), &after.0, after.1, limit])?;
    rows.iter().map(read).collect()
}

/// People of the workspace, removed ones too, who changed after a time.
///
/// # Errors
/// What the engine said.
pub fn changed_after(conn: &mut Conn, workspace: WorkspaceId, at_us: i64) -> Result<Vec<PersonRecord>> {
    conn.rows(CHANGED, values![workspace, at_us])?.iter().map(read).collect()
}

/// Everybody who is in a space together with the person, themselves included.
///
/// # Errors
/// What the engine said.
pub fn sharing_a_space(conn: &mut Conn, person: PersonId) -> Result<Vec<PersonId>> {
    conn.rows(SHARING, values![person])?.iter().map(|row| row.get(0)).collect()
}

/// Who came into a space after a seq and is in it.
///
/// # Errors
/// What the engine said.
pub fn joined_after(conn: &mut Conn, space: SpaceId, seq: Seq) -> Result<Vec<PersonId>> {
    conn.rows(JOINED_AFTER, values![space, seq])?.iter().map(|row| row.get(0)).collect()
}

/// Who came into a space after a time and is in it.
///
/// # Errors
/// What the engine said.
pub fn joined_since(conn: &mut Conn, space: SpaceId, at_us: i64) -> Result<Vec<PersonId>> {
    conn.rows(JOINED_SINCE, values![space, at_us])?.iter().map(|row| row.get(0)).collect()
}

/// The time of the newest change of a profile. Whoever sees it sees every change up to it.
///
/// # Errors
/// What the engine said.
pub fn newest_change(conn: &mut Conn) -> Result<i64> {
    conn.row(NEWEST, values![])?.map_or(Ok(0), |row| row.get(0))
}

/// Everybody in a space.
///
/// # Errors
/// What the engine said.
pub fn in_space(conn: &mut Conn, workspace: WorkspaceId, space: SpaceId) -> Result<Vec<PersonRecord>> {
    conn.rows(IN_SPACE, values![workspace, space])?.iter().map(read).collect()
}

/// The ids of the spaces the person is in.
///
/// # Errors
/// What the engine said.
pub fn spaces_of(conn: &mut Conn, person: PersonId) -> Result<Vec<SpaceId>> {
    conn.rows(MEMBERSHIPS, values![person])?.iter().map(|row| row.get(0)).collect()
}

/// Takes the person into the workspace, or changes their role in it: their devices begin anew with what they
/// may see from here on.
///
/// # Errors
/// What the engine said.
pub fn set_role(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    role: Role,
    now_us: i64,
) -> Result<()> {
    tx.exec(JOIN_HOUSE, values![workspace, person, role, now_us])?;
    tx.on_commit(Announcement::RoleChanged(person));
    touched(tx, person, now_us)
}

/// # Errors
/// What the engine said.
pub fn remove_from_house(tx: &mut Tx, workspace: WorkspaceId, person: PersonId, now_us: i64) -> Result<()> {
    tx.exec(LEAVE_HOUSE, values![workspace, person, now_us])?;
    touched(tx, person, now_us)
}

/// Takes somebody out for a while. False when they are out already.
///
/// # Errors
/// What the engine said.
pub fn deactivate(tx: &mut Tx, workspace: WorkspaceId, person: PersonId, now_us: i64) -> Result<bool> {
    let done = tx.exec(DEACTIVATE, values![workspace, person, now_us])? > 0;
    touched(tx, person, now_us)?;
    Ok(done)
}

/// Takes them back as they were. False when they were not out for a while.
///
/// # Errors
/// What the engine said.
pub fn reactivate(tx: &mut Tx, workspace: WorkspaceId, person: PersonId, now_us: i64) -> Result<bool> {
    let done = tx.exec(REACTIVATE, values![workspace, person])? > 0;
    touched(tx, person, now_us)?;
    Ok(done)
}

/// # Errors
/// What the engine said.
pub fn owners(conn: &mut Conn, workspace: WorkspaceId) -> Result<i64> {
    conn.row(OWNERS, values![workspace])?.map_or(Ok(0), |row| row.get(0))
}

/// # Errors
/// What the engine said.
pub fn rename(tx: &mut Tx, person: PersonId, name: &str, now_us: i64) -> Result<()> {
    tx.exec(RENAME, values![person, name, fold(name)])?;
    touched(tx, person, now_us)
}

/// # Errors
/// What the engine said.
pub fn set_picture(tx: &mut Tx, person: PersonId, picture: Option<FileId>, now_us: i64) -> Result<()> {
    tx.exec(PICTURE, values![person, picture])?;
    touched(tx, person, now_us)
}

/// # Errors
/// What the engine said.
pub fn set_password(tx: &mut Tx, person: PersonId, hash: &str) -> Result<()> {
    tx.exec(PASSWORD, values![person, hash])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn set_language(tx: &mut Tx, person: PersonId, language: &str) -> Result<()> {
    tx.exec(LANGUAGE, values![person, language])?;
    Ok(())
}

/// Takes away all that the house knows of somebody but their id: what they wrote keeps an author, who is nobody.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, person: PersonId, nobody: &str, now_us: i64) -> Result<()> {
    tx.exec(NAMELESS, values![person, nobody, fold(nobody)])?;
    for gone in [
        REGISTERS_GONE,
        ACTIVITY_GONE,
        STEPS_GONE,
        PUSHES_GONE,
        DECIDED_GONE,
        SAVED_GONE,
        SCHEDULED_GONE,
        DIGESTS_GONE,
        REPLY_WAYS_GONE,
        BALLOTS_GONE,
        BROUGHT_GONE,
        VISITS_GONE,
        VISIT_LETTERS_GONE,
        VISIT_NETWORK_GONE,
        AGENT_USES_GONE,
    ] {
        tx.exec(gone, values![person])?;
    }
    touched(tx, person, now_us)
}

/// # Errors
/// `Unique` when the address is taken.
pub fn set_email(tx: &mut Tx, person: PersonId, email: &str, now_us: i64) -> Result<()> {
    tx.exec(EMAIL, values![person, email])?;
    touched(tx, person, now_us)
}

/// Times of changes grow in the order of the commits, on both engines: a device that saw one change has seen
/// all that have an earlier time, and asks for later ones.
fn touched(tx: &mut Tx, person: PersonId, now_us: i64) -> Result<()> {
    tx.row(TURN, values![])?;
    let at_us = now_us.max(newest_change(tx)? + 1);
    tx.exec(TOUCH, values![person, at_us])?;
    tx.on_commit(Announcement::Person(person));
    Ok(())
}
