-- Recordings of calls. Until its files are messages in the space, one lies in a folder of the machine named by its id.
CREATE TABLE recordings (
    id BIGINT PRIMARY KEY,
    call BIGINT NOT NULL,
    space BIGINT NOT NULL,
    started_by BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    -- Who was recorded: participant:person, with commas between them.
    people TEXT NOT NULL DEFAULT '',
    -- 'running', 'saving' (its files go into the space), 'kept', or 'failed'.
    state TEXT NOT NULL,
    -- A word by which people are told why it ended, or why it failed.
    why TEXT,
    lasted_us BIGINT,
    -- The message with its first files.
    message BIGINT,
    -- One film of all: 'waiting', 'running', 'done', 'failed', or 'given_up'; none where none is made.
    film TEXT
);
CREATE INDEX recordings_open ON recordings (id) WHERE state IN ('running', 'saving');
CREATE INDEX recordings_films ON recordings (id) WHERE film IN ('waiting', 'running');
