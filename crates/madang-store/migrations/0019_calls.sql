-- Core view: the calls of each space, so that one runs at a time and rows say how it ended. Who took part is known
-- here while a call runs, for the case that the house stops before it can write down the end.
CREATE TABLE calls (
    space BIGINT NOT NULL,
    -- The event that began it.
    seq BIGINT NOT NULL,
    call BIGINT NOT NULL UNIQUE,
    started_by BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    -- The event that ended it; none while it runs.
    ended BIGINT,
    -- Ids with commas between them, in order of their coming.
    people TEXT NOT NULL DEFAULT '',
    -- When somebody was last known to be in it.
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (space, seq)
);
CREATE INDEX calls_running ON calls (space) WHERE ended IS NULL;
