-- When somebody who was away was last told by mail of what waits for them.
CREATE TABLE digests (
    person BIGINT PRIMARY KEY,
    sent_at BIGINT NOT NULL
);

-- Addresses at which one person answers by mail, each in one conversation. Only the SHA-256 of the secret is kept.
CREATE TABLE reply_ways (
    token_hash BLOB PRIMARY KEY,
    person BIGINT NOT NULL,
    space BIGINT NOT NULL,
    -- The thread that the answer goes to; none for the main line.
    thread BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX reply_ways_over ON reply_ways (expires_at);
