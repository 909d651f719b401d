-- How long messages are kept, and of which messages the texts are destroyed already.
CREATE TABLE retention (
    workspace BIGINT NOT NULL,
    -- 0 for the whole workspace; else a space with a rule of its own.
    space BIGINT NOT NULL,
    -- 0: for ever.
    days BIGINT NOT NULL,
    keep_pinned BOOLEAN NOT NULL,
    set_by BIGINT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, space)
);
ALTER TABLE messages ADD COLUMN erased BOOLEAN NOT NULL DEFAULT FALSE;
