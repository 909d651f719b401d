-- Where a device is told while Madang is closed there (Web Push). It belongs to its session and ends with it.
CREATE TABLE push_subscriptions (
    session BIGINT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,
    endpoint TEXT NOT NULL,
    -- The device's key and secret (RFC 8291): with them one can write to it, not read.
    p256dh BLOB NOT NULL,
    auth BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    -- When the push service last took something for it, and what it said when it last did not.
    told_at BIGINT,
    last_error TEXT
);
CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (endpoint);
CREATE INDEX push_subscriptions_person ON push_subscriptions (person);

-- View of the follower `push`: what people are to be told of, until they have read it.
CREATE TABLE pushes (
    person BIGINT NOT NULL,
    space BIGINT NOT NULL,
    -- The event that caused it.
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- The message it is about.
    message BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    -- When it is decided about; none once it was.
    due_at BIGINT,
    PRIMARY KEY (person, space, seq)
);
CREATE INDEX pushes_due ON pushes (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX pushes_space ON pushes (space, message);

-- Up to which seq it was decided what to tell a person of a space. No part of the view: what was told once is not
-- told again because the view was built anew.
CREATE TABLE push_decided (
    person BIGINT NOT NULL,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (person, space)
);

-- What waits to leave for a device: one notification a space, which takes the place of the one before.
CREATE TABLE push_out (
    session BIGINT NOT NULL REFERENCES push_subscriptions (session) ON DELETE CASCADE,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (session, space)
);
CREATE INDEX push_out_due ON push_out (run_at);
