-- Core view: the meetings of each space, and when people are told of them next. What a meeting is about, and when it
-- is, stands sealed in its events.
CREATE TABLE meetings (
    space BIGINT NOT NULL,
    -- The event that planned it, and the one that says how it is.
    seq BIGINT NOT NULL,
    said BIGINT NOT NULL,
    -- The last event about it.
    changed BIGINT NOT NULL,
    cancelled BOOLEAN NOT NULL DEFAULT FALSE,
    -- When the last one is over; none for one that goes on.
    ends_at BIGINT,
    due_at BIGINT,
    PRIMARY KEY (space, seq)
);
CREATE INDEX meetings_due ON meetings (due_at) WHERE due_at IS NOT NULL;

-- Whom a meeting invites from outside. Addresses are for those who may see them, so that they stand in no log.
CREATE TABLE meeting_guests (
    space BIGINT NOT NULL,
    meeting BIGINT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (space, meeting, email)
);

-- The join link of a meeting's guests, sealed: whoever is invited later gets the same one.
CREATE TABLE meeting_links (
    space BIGINT NOT NULL,
    meeting BIGINT NOT NULL,
    link BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (space, meeting)
);

-- The address at which a person's calendar reads all their meetings.
CREATE TABLE calendar_feeds (
    person BIGINT NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    made_at BIGINT NOT NULL
);
