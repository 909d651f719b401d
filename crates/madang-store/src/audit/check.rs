//! Walking the chain: whether every row is the one that was written, in its
//! place, and none is missing.

use madang_model::WorkspaceId;

use super::chain::{Head, hash_of, hash_of_said};
use super::{AuditRecord, after, head};
use crate::db::Conn;
use crate::error::Result;

/// Rows that are looked at in one go.
const STEP: i64 = 1_000;

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Whole,
    /// The row is not what was written, or the one before it is missing.
    Broken {
        seq: i64,
    },
    /// Rows at the end are gone: the log had come to `head` once.
    CutOff {
        seq: i64,
        head: i64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub verdict: Verdict,
    pub rows: i64,
    /// Rows of which what they said was erased.
    pub erased: i64,
    pub head: Head,
}

/// Walks over the whole log. `known` is a head that somebody kept elsewhere: a
/// chain that was written anew from its beginning is found by nothing else.
///
/// # Errors
/// What the engine said.
pub fn verify(conn: &mut Conn, workspace: WorkspaceId, known: Option<&Head>) -> Result<Check> {
    let mut last = Head::default();
    let (mut rows, mut erased) = (0, 0);
    loop {
        let step = after(conn, workspace, last.seq, STEP)?;
        if step.is_empty() {
            break;
        }
        for row in step {
            let forged = known.is_some_and(|it| it.seq == row.seq && it.hash != row.hash);
            if forged || !fits(workspace, &last, &row) {
                return Ok(Check { verdict: Verdict::Broken { seq: row.seq }, rows, erased, head: last });
            }
            rows += 1;
            erased += i64::from(row.said.is_none());
            last = Head { seq: row.seq, hash: row.hash };
        }
    }
    let told = head(conn, workspace)?;
    let most = known.map_or(told.seq, |it| it.seq.max(told.seq));
    let verdict = if last.seq < most {
        Verdict::CutOff { seq: last.seq, head: most }
    } else if told != last {
        Verdict::Broken { seq: last.seq }
    } else {
        Verdict::Whole
    };
    Ok(Check { verdict, rows, erased, head: last })
}

fn fits(workspace: WorkspaceId, last: &Head, row: &AuditRecord) -> bool {
    let says = match (&row.said, &row.salt) {
        (Some(said), Some(salt)) => hash_of_said(salt, said)[..] == row.said_hash[..],
        (None, None) => true,
        _ => false,
    };
    says && row.seq == last.seq + 1
        && row.before_hash == last.hash
        && hash_of(workspace, row)[..] == row.hash[..]
}
