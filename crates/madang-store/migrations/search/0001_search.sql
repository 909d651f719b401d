-- The search index: a database of its own, never in a backup, rebuilt from the
-- log at any time (docs/decisions/0011).

-- Which house and epoch the index was made from.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- What can be found: a message (file 0), or a part of a file's name and text.
CREATE TABLE docs (
    -- Time in microseconds times 1024, and a few bits to tell neighbours apart:
    -- the order of ids is the order of time.
    id BIGINT PRIMARY KEY,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    file BIGINT NOT NULL,
    part BIGINT NOT NULL,
    author BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    -- Bits of `Has`.
    has BIGINT NOT NULL
    --postgres , words tsvector NOT NULL
);
CREATE UNIQUE INDEX docs_place ON docs (space, seq, file, part);
--postgres CREATE INDEX docs_words ON docs USING GIN (words);
-- The rowid is the doc's id. The words come split already: `ascii` only parts them at spaces.
--sqlite CREATE VIRTUAL TABLE words USING fts5 (text, scope, content='', contentless_delete=1, tokenize='ascii');

CREATE TABLE cursors (
    follower TEXT NOT NULL,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (follower, space)
);
