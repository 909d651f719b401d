-- Webhooks are told what happens in spaces too, and what they were told is kept for some days.

-- JSON list of the spaces of which it is told; none for every open one.
ALTER TABLE webhooks ADD COLUMN spaces TEXT;
-- Told of what happened from here on: when it was made, or switched on again.
ALTER TABLE webhooks ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
UPDATE webhooks SET since = created_at;

-- The event of a space's log; both 0 for what stands in no log.
ALTER TABLE webhook_events ADD COLUMN space BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_events ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
-- 'waiting', 'taken' or 'failed'; how often it was tried, how it went the last time, and when it was over.
ALTER TABLE webhook_events ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE webhook_events ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_events ADD COLUMN status BIGINT;
ALTER TABLE webhook_events ADD COLUMN fault TEXT;
ALTER TABLE webhook_events ADD COLUMN ended_at BIGINT;
CREATE INDEX webhook_events_waiting ON webhook_events (webhook, id) WHERE state = 'waiting';
CREATE INDEX webhook_events_ended ON webhook_events (ended_at) WHERE state <> 'waiting';

-- Up to which event of a space addresses were told, so that nothing is told twice when the follower reads it again.
CREATE TABLE webhook_told (
    space BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL
);

-- What has happened before is told to nobody.
INSERT INTO webhook_told (space, seq) SELECT id, head FROM spaces;
INSERT INTO cursors (follower, space, seq) SELECT 'webhooks', id, head FROM spaces;
