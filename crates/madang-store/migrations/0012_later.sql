-- What a person keeps for later: messages saved, with or without a reminder, and messages to be sent at a time.
-- What devices show of both are the registers `saved/…` and `scheduled/…`; these tables tell the house what is due.
CREATE TABLE saved (
    person BIGINT NOT NULL,
    space BIGINT NOT NULL,
    message BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    remind_at BIGINT,
    -- When the person was reminded; none before.
    told_at BIGINT,
    -- When their devices are to be told of it; none once that was decided.
    push_at BIGINT,
    PRIMARY KEY (person, space, message)
);
CREATE INDEX saved_message ON saved (space, message);
CREATE INDEX saved_told ON saved (person, told_at) WHERE told_at IS NOT NULL;
CREATE INDEX saved_due ON saved (remind_at) WHERE remind_at IS NOT NULL AND told_at IS NULL;
CREATE INDEX saved_push ON saved (push_at) WHERE push_at IS NOT NULL;

CREATE TABLE scheduled (
    person BIGINT NOT NULL,
    -- Made by the client; the message gets it as its client id.
    id TEXT NOT NULL,
    space BIGINT NOT NULL,
    -- None once it was refused.
    due_at BIGINT,
    PRIMARY KEY (person, id)
);
CREATE INDEX scheduled_due ON scheduled (due_at) WHERE due_at IS NOT NULL;

-- A device is told of a space, or of one message of it (0 stands for the space).
CREATE TABLE push_out_each (
    session BIGINT NOT NULL REFERENCES push_subscriptions (session) ON DELETE CASCADE,
    space BIGINT NOT NULL,
    message BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (session, space, message)
);
INSERT INTO push_out_each (session, space, message, seq, made_at, run_at, tries)
    SELECT session, space, 0, seq, made_at, run_at, tries FROM push_out;
DROP TABLE push_out;
ALTER TABLE push_out_each RENAME TO push_out;
CREATE INDEX push_out_run ON push_out (run_at);
