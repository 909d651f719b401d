-- Files that have an address which opens for everybody.
CREATE TABLE file_links (
    file BIGINT PRIMARY KEY,
    secret_hash BLOB NOT NULL UNIQUE,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
