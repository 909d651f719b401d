-- Keys of sealed payloads, one for each space and UTC day. Dropping a row is erasing what it sealed.
CREATE TABLE keys (
    space BIGINT NOT NULL,
    -- Days since 1970-01-01 UTC.
    day BIGINT NOT NULL,
    -- The key, wrapped by the root key.
    wrapped BLOB NOT NULL,
    PRIMARY KEY (space, day)
);

-- What was erased, so that a restored keyring can be told again.
CREATE TABLE erasures (
    space BIGINT NOT NULL,
    -- Days before this one are erased; NULL is all of them.
    before_day BIGINT,
    at_us BIGINT NOT NULL
);

-- One wrapped known text, by which a wrong root key is noticed at start.
CREATE TABLE root (
    id BIGINT PRIMARY KEY,
    proof BLOB NOT NULL
);
