-- Where the visitor of a ticket is at this moment, and with what: for who helps, and gone with the visitor.
CREATE TABLE visits (
    space BIGINT PRIMARY KEY REFERENCES spaces (id),
    visitor BIGINT NOT NULL REFERENCES people (id),
    at_us BIGINT NOT NULL,
    -- JSON, sealed with the key of the space.
    said BLOB NOT NULL
);
CREATE INDEX visits_visitor ON visits (visitor);
