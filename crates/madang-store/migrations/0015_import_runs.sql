-- Imports that were asked for in the app: a dry run first, then the real one, which goes on where it was cut off.
CREATE TABLE import_runs (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    -- 'slack' or 'kakaotalk'.
    source TEXT NOT NULL,
    -- The export, as a file that nobody else sees.
    file BIGINT NOT NULL,
    -- What was said about it, as JSON.
    about TEXT NOT NULL,
    dry BOOLEAN NOT NULL,
    -- 'waiting', 'running', 'done', 'failed' or 'stopped'.
    state TEXT NOT NULL,
    -- What was found or brought, as JSON; why it failed.
    report TEXT,
    error TEXT,
    made_at BIGINT NOT NULL
);
