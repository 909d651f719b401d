//! One-time secrets that travel by mail: invitations, password resets,
//! confirmations of an address. Only the SHA-256 of a secret is kept.

use madang_model::permission::Role;
use madang_model::{PersonId, SpaceId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO secrets (id, token_hash, kind, workspace, email, person, space, role, password_hash,
        inviter, mailed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    const BY_TOKEN = "SELECT id, kind, workspace, email, person, space, role, password_hash, inviter, mailed,
        created_at, expires_at FROM secrets WHERE token_hash = $1 AND kind = $2 AND expires_at > $3";
    const INVITATIONS = "SELECT id, kind, workspace, email, person, space, role, password_hash, inviter, mailed,
        created_at, expires_at FROM secrets WHERE kind = 'invitation' AND workspace = $1 AND expires_at > $2
        ORDER BY created_at DESC";
    const BY_ID = "SELECT id, kind, workspace, email, person, space, role, password_hash, inviter, mailed,
        created_at, expires_at FROM secrets WHERE id = $1";
    const OF_EMAIL = "SELECT id, kind, workspace, email, person, space, role, password_hash, inviter, mailed,
        created_at, expires_at FROM secrets WHERE kind = 'invitation' AND email = $1 AND expires_at > $2";
    const USE = "DELETE FROM secrets WHERE id = $1";
    const FORGET = "DELETE FROM secrets WHERE person = $1 AND kind = $2";
    const RENEW = "UPDATE secrets SET token_hash = $2, mailed = $3, expires_at = $4 WHERE id = $1";
    const EXPIRED = "DELETE FROM secrets WHERE expires_at < $1";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRecord {
    pub id: i64,
    /// "invitation", "reset" or "confirm".
    pub kind: String,
    pub workspace: Option<WorkspaceId>,
    pub email: Option<String>,
    pub person: Option<PersonId>,
    pub space: Option<SpaceId>,
    pub role: Option<Role>,
    pub password_hash: Option<String>,
    pub inviter: Option<PersonId>,
    pub mailed: bool,
    pub created_at: i64,
    pub expires_at: i64,
}

fn read(row: &Row) -> Result<SecretRecord> {
    Ok(SecretRecord {
        id: row.get(0)?,
        kind: row.get(1)?,
        workspace: row.get(2)?,
        email: row.get(3)?,
        person: row.get(4)?,
        space: row.get(5)?,
        role: row.get(6)?,
        password_hash: row.get(7)?,
        inviter: row.get(8)?,
        mailed: row.get(9)?,
        created_at: row.get(10)?,
        expires_at: row.get(11)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, secret: &SecretRecord, token_hash: &[u8; 32]) -> Result<()> {
    let s = secret;
    tx.exec(
        INSERT,
        values![
            s.id,
            token_hash,
            &s.kind,
            s.workspace,
            s.email.clone(),
            s.person,
            s.space,
            s.role,
            s.password_hash.clone(),
            s.inviter,
            s.mailed,
            s.created_at,
            s.expires_at
        ],
    )?;
    Ok(())
}

/// A secret that is still good.
///
/// # Errors
/// What the engine said.
pub fn by_token(
    conn: &mut Conn,
    kind: &str,
    token_hash: &[u8; 32],
    now_us: i64,
) -> Result<Option<SecretRecord>> {
    conn.row(BY_TOKEN, values![token_hash, kind, now_us])?.map(|row| read(&row)).transpose()
}

/// # Errors
/// What the engine said.
pub fn by_id(conn: &mut Conn, id: i64) -> Result<Option<SecretRecord>> {
    conn.row(BY_ID, values![id])?.map(|row| read(&row)).transpose()
}

/// Open invitations of a workspace, newest first.
///
/// # Errors
/// What the engine said.
pub fn invitations(conn: &mut Conn, workspace: WorkspaceId, now_us: i64) -> Result<Vec<SecretRecord>> {
    conn.rows(INVITATIONS, values![workspace, now_us])?.iter().map(read).collect()
}

/// Open invitations to one address (folded).
///
/// # Errors
/// What the engine said.
pub fn invitations_of(conn: &mut Conn, email: &str, now_us: i64) -> Result<Vec<SecretRecord>> {
    conn.rows(OF_EMAIL, values![email, now_us])?.iter().map(read).collect()
}

/// Uses a secret up; false when somebody else was faster.
///
/// # Errors
/// What the engine said.
pub fn use_up(tx: &mut Tx, id: i64) -> Result<bool> {
    Ok(tx.exec(USE, values![id])? > 0)
}

/// Drops every secret of one kind of a person.
///
/// # Errors
/// What the engine said.
pub fn forget(tx: &mut Tx, person: PersonId, kind: &str) -> Result<()> {
    tx.exec(FORGET, values![person, kind])?;
    Ok(())
}

/// Gives an invitation a new secret and a new end.
///
/// # Errors
/// What the engine said.
pub fn renew(tx: &mut Tx, id: i64, token_hash: &[u8; 32], mailed: bool, expires_at: i64) -> Result<()> {
    tx.exec(RENEW, values![id, token_hash, mailed, expires_at])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn forget_expired(tx: &mut Tx, now_us: i64) -> Result<u64> {
    tx.exec(EXPIRED, values![now_us])
}
