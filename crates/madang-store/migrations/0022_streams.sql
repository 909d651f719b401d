-- What programs that send to calls of a space or show them (WHIP, WHEP) are let in by. A token is a session of the kind
-- 'stream': it ends as all sessions of its person do, and opens nothing else.
CREATE TABLE streams (
    session BIGINT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    space BIGINT NOT NULL,
    -- Shows the call, else sends to it.
    shows BOOLEAN NOT NULL
);
CREATE INDEX streams_space ON streams (space);
