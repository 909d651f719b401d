-- Core view: the links that stand above a conversation. Without words, which are in the log.
CREATE TABLE bookmarks (
    space BIGINT NOT NULL,
    id BIGINT NOT NULL,
    -- The event that added it, and the one that says how it is.
    seq BIGINT NOT NULL,
    said BIGINT NOT NULL,
    PRIMARY KEY (space, id)
);
