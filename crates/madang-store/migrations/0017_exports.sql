-- Exports of the whole house that were asked for in the app. The files lie in a folder of the machine.
CREATE TABLE exports (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    -- With closed spaces and direct conversations.
    private BOOLEAN NOT NULL,
    -- 'waiting', 'running', 'done' or 'failed'.
    state TEXT NOT NULL,
    -- A word by which people are told why it failed.
    error TEXT,
    -- Bytes, once it is done.
    size BIGINT,
    made_at BIGINT NOT NULL,
    -- The file is removed then.
    until BIGINT
);
