//! The audit log: rows that are added and never changed, each bound to the one
//! before it. What the hash covers stands in `chain`, and why it is made so in
//! docs/decisions/0013.

mod chain;
mod check;
#[cfg(test)]
mod tests;

pub use chain::{Head, hex};
pub use check::{Check, Verdict, verify};

use madang_model::audit::{Act, Object};
use madang_model::{PersonId, WorkspaceId};

use crate::db::{Conn, Row, Statement, Tx};
use crate::error::{Result, StoreError};
use crate::{sql, values};

sql! {
    const BEGIN = "INSERT INTO audit_heads (workspace, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (workspace) DO NOTHING";
    const HEAD = "SELECT seq, hash FROM audit_heads WHERE workspace = $1 {for_update}";
    const LOOK = "SELECT seq, hash FROM audit_heads WHERE workspace = $1";
    const INSERT = "INSERT INTO audit (workspace, seq, at_us, actor, act, object_kind, object, said, salt, said_hash,
        before_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    const MOVE = "UPDATE audit_heads SET seq = $2, hash = $3 WHERE workspace = $1";
    const PAGE = "SELECT seq, at_us, actor, act, object_kind, object, said, salt, said_hash, before_hash, hash
        FROM audit WHERE workspace = $1 AND seq < $2 AND act LIKE $3 ESCAPE '!' AND at_us >= $4 AND at_us < $5
        ORDER BY seq DESC LIMIT $6";
    const PAGE_OF = "SELECT seq, at_us, actor, act, object_kind, object, said, salt, said_hash, before_hash, hash
        FROM audit WHERE workspace = $1 AND seq < $2 AND act LIKE $3 ESCAPE '!' AND at_us >= $4 AND at_us < $5
        AND (actor = $7 OR (object_kind = 'person' AND object = $7)) ORDER BY seq DESC LIMIT $6";
    const AFTER = "SELECT seq, at_us, actor, act, object_kind, object, said, salt, said_hash, before_hash, hash
        FROM audit WHERE workspace = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    const FORGET = "UPDATE audit SET said = NULL, salt = NULL WHERE workspace = $1
        AND (actor = $2 OR (object_kind = 'person' AND object = $2))";
}

/// Every statement of the audit log by name.
pub(crate) fn statements() -> Vec<Statement> {
    ALL.to_vec()
}

/// What is to be remembered.
#[derive(Debug, Clone)]
pub struct NewEntry {
    pub at_us: i64,
    pub actor: Option<PersonId>,
    pub act: Act,
    pub object: Object,
    /// JSON text; all that tells of a person stands here, so that it can be erased.
    pub said: String,
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    pub seq: i64,
    pub at_us: i64,
    pub actor: Option<PersonId>,
    pub act: String,
    pub object_kind: String,
    pub object: Option<i64>,
    /// None once it was erased.
    pub said: Option<String>,
    pub salt: Option<Vec<u8>>,
    pub said_hash: Vec<u8>,
    pub before_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// Which rows are looked for.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Who did it, or whom it was done to.
    pub person: Option<PersonId>,
    /// An act, or the kind before the dot; empty for all.
    pub kind: String,
    pub from_us: i64,
    pub until_us: i64,
}

fn read(row: &Row) -> Result<AuditRecord> {
    Ok(AuditRecord {
        seq: row.get(0)?,
        at_us: row.get(1)?,
        actor: row.get(2)?,
        act: row.get(3)?,
        object_kind: row.get(4)?,
        object: row.get(5)?,
        said: row.get(6)?,
        salt: row.get(7)?,
        said_hash: row.get(8)?,
        before_hash: row.get(9)?,
        hash: row.get(10)?,
    })
}

fn head_of(row: &Row) -> Result<Head> {
    Ok(Head { seq: row.get(0)?, hash: row.get(1)? })
}

/// Adds a row. Do it last in a transaction: the head stays locked until its end.
///
/// # Errors
/// What the engine said.
pub fn append(tx: &mut Tx, workspace: WorkspaceId, new: &NewEntry) -> Result<()> {
    let head = match tx.row(HEAD, values![workspace])? {
        Some(row) => head_of(&row)?,
        None => {
            tx.exec(BEGIN, values![workspace, chain::BEGINNING])?;
            tx.row(HEAD, values![workspace])?.map_or(Ok(Head::default()), |row| head_of(&row))?
        }
    };
    let (object_kind, object) = new.object.parts();
    // Drawn by chance: without it few words could be guessed back from their hash once they were erased.
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(|error| StoreError::Io(format!("no randomness: {error}")))?;
    let mut record = AuditRecord {
        seq: head.seq + 1,
        at_us: new.at_us,
        actor: new.actor,
        act: new.act.as_str().into(),
        object_kind: object_kind.into(),
        object,
        said: Some(new.said.clone()),
        salt: Some(salt.to_vec()),
        said_hash: chain::hash_of_said(&salt, &new.said).to_vec(),
        before_hash: head.hash,
        hash: Vec::new(),
    };
    record.hash = chain::hash_of(workspace, &record).to_vec();
    let r = &record;
    tx.exec(
        INSERT,
        values![
            workspace,
            r.seq,
            r.at_us,
            r.actor,
            &r.act,
            &r.object_kind,
            r.object,
            r.said.clone(),
            r.salt.clone(),
            &r.said_hash,
            &r.before_hash,
            &r.hash
        ],
    )?;
    tx.exec(MOVE, values![workspace, r.seq, &r.hash])?;
    Ok(())
}

/// Where the log has come to.
///
/// # Errors
/// What the engine said.
pub fn head(conn: &mut Conn, workspace: WorkspaceId) -> Result<Head> {
    conn.row(LOOK, values![workspace])?.map_or(Ok(Head::default()), |row| head_of(&row))
}

/// Rows before a seq, newest first.
///
/// # Errors
/// What the engine said.
pub fn page(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &Filter,
    before: i64,
    limit: i64,
) -> Result<Vec<AuditRecord>> {
    let kind = match filter.kind.as_str() {
        "" => "%".to_owned(),
        act if act.contains('.') => escaped(act),
        kind => format!("{}.%", escaped(kind)),
    };
    let (from, until) = (filter.from_us, filter.until_us);
    let rows = match filter.person {
        Some(person) => conn.rows(PAGE_OF, values![workspace, before, kind, from, until, limit, person])?,
        None => conn.rows(PAGE, values![workspace, before, kind, from, until, limit])?,
    };
    rows.iter().map(read).collect()
}

fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Rows after a seq, oldest first.
///
/// # Errors
/// What the engine said.
pub fn after(conn: &mut Conn, workspace: WorkspaceId, seq: i64, limit: i64) -> Result<Vec<AuditRecord>> {
    conn.rows(AFTER, values![workspace, seq, limit])?.iter().map(read).collect()
}

/// Empties what the log says of a person beyond ids; the chain holds without it.
///
/// # Errors
/// What the engine said.
pub fn forget_said_of(tx: &mut Tx, workspace: WorkspaceId, person: PersonId) -> Result<u64> {
    tx.exec(FORGET, values![workspace, person])
}
