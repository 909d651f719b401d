//! What the hash of a row covers, byte by byte, so that anybody can compute it
//! again from an export.
//!
//! ```text
//! said_hash = SHA-256("madang audit said 1\n" salt(16) said)
//! hash      = SHA-256("madang audit 1\n" before(32) workspace(8) seq(8) at_us(8)
//!                     number(actor) text(act) text(object_kind) number(object) said_hash(32))
//! text(t)   = length(4) bytes        number(n) = 0x00, or 0x01 value(8)
//! ```
//!
//! Integers are big-endian, two's complement. The row before the first has a
//! hash of 32 zeros.

use madang_model::WorkspaceId;
use sha2::{Digest, Sha256};

use super::AuditRecord;

/// What the first row is bound to.
pub(super) const BEGINNING: [u8; 32] = [0; 32];

/// The newest row of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: Vec<u8>,
}

impl Default for Head {
    fn default() -> Self {
        Head { seq: 0, hash: BEGINNING.to_vec() }
    }
}

pub(super) fn hash_of_said(salt: &[u8], said: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"madang audit said 1\n");
    hash.update(salt);
    hash.update(said.as_bytes());
    hash.finalize().into()
}

pub(super) fn hash_of(workspace: WorkspaceId, row: &AuditRecord) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"madang audit 1\n");
    hash.update(&row.before_hash);
    for number in [workspace.0, row.seq, row.at_us] {
        hash.update(number.to_be_bytes());
    }
    number(&mut hash, row.actor.map(|it| it.0));
    text(&mut hash, &row.act);
    text(&mut hash, &row.object_kind);
    number(&mut hash, row.object);
    hash.update(&row.said_hash);
    hash.finalize().into()
}

fn number(hash: &mut Sha256, number: Option<i64>) {
    match number {
        None => hash.update([0]),
        Some(number) => {
            hash.update([1]);
            hash.update(number.to_be_bytes());
        }
    }
}

fn text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u32).to_be_bytes());
    hash.update(text.as_bytes());
}

/// A hash as people write it down.
pub fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
