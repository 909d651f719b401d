//! What can go wrong while keeping things. Callers branch on the variant; the text says what is so and what to do.
//!
//! Every variant is `Clone`, because one failed commit is the answer to a whole group of callers.

/// A fault of the store. Nothing in it is a refusal: rules live in the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No room left. Nothing of the refused write was kept; reads go on, and writes resume by themselves.
    #[error("the disk is full: free some space, writing resumes by itself")]
    DiskFull,
    /// More work is waiting than the queue holds. Nothing was written; try again later.
    #[error("too much is waiting to be written: try again in a moment")]
    Overloaded,
    /// A lock was not granted in time. Nothing was written.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The `Db` was closed before the job ran.
    #[error("the database is closed")]
    Closed,
    /// The database server cannot be reached. Nothing was written.
    #[error("the database server cannot be reached: {0}")]
    Unreachable(String),
    /// Two transactions got in each other's way more often than we retry. Nothing was written.
    #[error("the write kept colliding with others: {0}")]
    Conflict(String),
    /// The connection broke during COMMIT, so the write may or may not be kept: repeat it with the same
    /// idempotency key.
    #[error("it is unknown whether the write was kept: {0}")]
    Uncertain(String),
    /// A unique constraint or primary key said no.
    #[error("this exists already: {0}")]
    Unique(String),
    /// Another constraint (foreign key, check, not null) said no.
    #[error("a constraint said no: {0}")]
    Constraint(String),
    /// Reading or writing the disk failed.
    #[error("the disk reported an error: {0}")]
    Io(String),
    /// What is on the disk is not what was written there.
    #[error("stored data is damaged: {0}: restore from a backup")]
    Corrupt(String),
    /// The closure of a job panicked; its changes were rolled back.
    #[error("a database job panicked: {0}")]
    Panicked(String),
    /// A statement was refused by the engine: a bug of ours, found by the portability test.
    #[error("statement refused: {0}")]
    Statement(String),
    /// A column was read as a type that it does not hold.
    #[error("column {index} holds {found}, wanted {wanted}")]
    Column {
        /// Position in the row, from 0.
        index: usize,
        /// The Rust type that was asked for.
        wanted: &'static str,
        /// What the row holds there.
        found: &'static str,
    },
    /// U+0000 in a text parameter: PostgreSQL cannot keep it, so neither engine takes it.
    #[error("text may not contain U+0000")]
    NulInText,
    /// The configuration cannot work; the sentence says what to change.
    #[error("{0}")]
    Config(String),
    /// The schema on disk and this program do not fit; the sentence says what to do.
    #[error("{0}")]
    Migration(String),
    /// The key of this payload was destroyed on purpose: the payload is gone for good.
    #[error("this was erased")]
    Erased,
    /// A sealed payload is not what was sealed under this name (changed, moved, cut or of another key).
    #[error("a sealed payload does not open: {0}")]
    Seal(String),
    /// The root key is missing, wrong or unreadable; the sentence says what to do.
    #[error("{0}")]
    RootKey(String),
    /// A file's contents are not in the store.
    #[error("no such file contents: {0}")]
    NoSuchBlob(String),
    /// A backup directory cannot be used; the sentence says why.
    #[error("{0}")]
    Snapshot(String),
}

/// Shorthand of this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
