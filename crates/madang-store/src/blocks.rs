//! Who is kept out of desks, from where visits were begun, and proofs of work that were used. Networks and addresses are
//! kept as keyed hashes.

use madang_model::{PersonId, WorkspaceId};

use crate::db::{Conn, Row, Tx};
use crate::error::Result;
use crate::{sql, values};

sql! {
    const INSERT = "INSERT INTO desk_blocks (id, workspace, kind, mark, shown, reason, made_by, made_at, until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const HOLDING = "SELECT id, kind, shown, reason, made_by, made_at, until FROM desk_blocks
        WHERE workspace = $1 AND (until IS NULL OR until > $2) ORDER BY made_at DESC, id DESC LIMIT 500";
    const IS_OUT = "SELECT 1 FROM desk_blocks WHERE workspace = $1 AND kind = $2 AND mark = $3
        AND (until IS NULL OR until > $4)";
    const GONE = "DELETE FROM desk_blocks WHERE workspace = $1 AND id = $2 RETURNING shown";
    const OVER = "DELETE FROM desk_blocks WHERE until < $1";
    const CAME = "INSERT INTO visit_networks (visitor, network, begun_at) VALUES ($1, $2, $3)
        ON CONFLICT (visitor) DO UPDATE SET network = excluded.network, begun_at = excluded.begun_at";
    const NETWORK = "SELECT network FROM visit_networks WHERE visitor = $1";
    const LONG_AGO = "DELETE FROM visit_networks WHERE begun_at < $1";
    const USE_PROOF = "INSERT INTO used_proofs (proof, expires_at) VALUES ($1, $2) ON CONFLICT (proof) DO NOTHING";
    const PROOFS_OVER = "DELETE FROM used_proofs WHERE expires_at < $1";
}

/// What is kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Network,
    Email,
    /// Whom a site says somebody is.
    Identity,
}

impl Kept {
    pub fn as_str(self) -> &'static str {
        match self {
            Kept::Network => "network",
            Kept::Email => "email",
            Kept::Identity => "identity",
        }
    }
}

/// Somebody who is kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRecord {
    pub id: i64,
    /// "network", "email" or "identity".
    pub kind: String,
    /// The name or address that it was done for.
    pub shown: String,
    pub reason: String,
    pub by: PersonId,
    /// Microseconds.
    pub at: i64,
    pub until: Option<i64>,
}

fn read(row: &Row) -> Result<BlockRecord> {
    Ok(BlockRecord {
        id: row.get(0)?,
        kind: row.get(1)?,
        shown: row.get(2)?,
        reason: row.get(3)?,
        by: row.get(4)?,
        at: row.get(5)?,
        until: row.get(6)?,
    })
}

/// # Errors
/// What the engine said.
pub fn insert(tx: &mut Tx, workspace: WorkspaceId, block: &BlockRecord, mark: &[u8; 32]) -> Result<()> {
    let it = block;
    let (kind, shown, reason) = (it.kind.as_str(), it.shown.as_str(), it.reason.as_str());
    tx.exec(INSERT, values![it.id, workspace, kind, mark, shown, reason, it.by, it.at, it.until])?;
    Ok(())
}

/// Those that hold, newest first.
///
/// # Errors
/// What the engine said.
pub fn all(conn: &mut Conn, workspace: WorkspaceId, now_us: i64) -> Result<Vec<BlockRecord>> {
    conn.rows(HOLDING, values![workspace, now_us])?.iter().map(read).collect()
}

/// # Errors
/// What the engine said.
pub fn is_out(
    conn: &mut Conn,
    workspace: WorkspaceId,
    kind: Kept,
    mark: &[u8; 32],
    now_us: i64,
) -> Result<bool> {
    Ok(conn.row(IS_OUT, values![workspace, kind.as_str(), mark, now_us])?.is_some())
}

/// Lets in again; whom, if they were kept out.
///
/// # Errors
/// What the engine said.
pub fn remove(tx: &mut Tx, workspace: WorkspaceId, id: i64) -> Result<Option<String>> {
    tx.row(GONE, values![workspace, id])?.map(|row| row.get(0)).transpose()
}

/// Remembers from where a visit was begun.
///
/// # Errors
/// What the engine said.
pub fn came_from(tx: &mut Tx, visitor: PersonId, network: &[u8; 32], now_us: i64) -> Result<()> {
    tx.exec(CAME, values![visitor, network, now_us])?;
    Ok(())
}

/// # Errors
/// What the engine said.
pub fn network_of(conn: &mut Conn, visitor: PersonId) -> Result<Option<Vec<u8>>> {
    conn.row(NETWORK, values![visitor])?.map(|row| row.get(0)).transpose()
}

/// Uses a proof of work; false if it was used before.
///
/// # Errors
/// What the engine said.
pub fn use_proof(tx: &mut Tx, proof: &[u8; 32], expires_at: i64) -> Result<bool> {
    Ok(tx.exec(USE_PROOF, values![proof, expires_at])? > 0)
}

/// Forgets what is over; networks that came before `since`.
///
/// # Errors
/// What the engine said.
pub fn forget_over(tx: &mut Tx, now_us: i64, since: i64) -> Result<()> {
    tx.exec(OVER, values![now_us])?;
    tx.exec(PROOFS_OVER, values![now_us])?;
    tx.exec(LONG_AGO, values![since])?;
    Ok(())
}
