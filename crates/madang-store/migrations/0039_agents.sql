-- What AI agents did: for each token the last thousand uses that change something.
CREATE TABLE agent_uses (
    id BIGINT PRIMARY KEY,
    -- The token, which may be over.
    session BIGINT NOT NULL,
    person BIGINT NOT NULL,
    -- What the token was called.
    label TEXT NOT NULL,
    tool TEXT NOT NULL,
    space BIGINT,
    message BIGINT,
    at_us BIGINT NOT NULL,
    -- 'begun' until it is known how it went; then 'done', or the code of the refusal.
    outcome TEXT NOT NULL
);
CREATE INDEX agent_uses_session ON agent_uses (session, id);
CREATE INDEX agent_uses_person ON agent_uses (person);
