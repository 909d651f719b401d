-- The audit log: acts upon the workspace, each row bound to the one before it
-- by a hash (docs/decisions/0013). Rows are added and never changed; only
-- `said` and `salt` may be emptied, by law.
CREATE TABLE audit (
    workspace BIGINT NOT NULL,
    -- From 1, with no gaps.
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    -- None for the house itself, and for whoever could not be told.
    actor BIGINT,
    act TEXT NOT NULL,
    -- What it was done to: '' for nothing but the workspace.
    object_kind TEXT NOT NULL,
    object BIGINT,
    -- JSON: from where, which way, and what else is to be known. Empty once it was erased.
    said TEXT,
    salt BLOB,
    -- SHA-256 of salt and `said`, which stays when they go.
    said_hash BLOB NOT NULL,
    before_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (workspace, seq)
);
CREATE INDEX audit_actor ON audit (workspace, actor, seq);

-- The newest row; its lock makes writers follow each other.
CREATE TABLE audit_heads (
    workspace BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL
);
