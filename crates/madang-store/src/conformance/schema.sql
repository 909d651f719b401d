CREATE TABLE spaces (
    id BIGINT PRIMARY KEY,
    head BIGINT NOT NULL
);
CREATE TABLE notes (
    space BIGINT NOT NULL REFERENCES spaces (id),
    seq BIGINT NOT NULL,
    text TEXT {c} NOT NULL,
    pinned BOOLEAN NOT NULL DEFAULT FALSE,
    weight DOUBLE PRECISION,
    body BLOB,
    PRIMARY KEY (space, seq)
);
--sqlite CREATE TABLE only_here (id BIGINT);
--postgres CREATE TABLE only_there (id BIGINT);
