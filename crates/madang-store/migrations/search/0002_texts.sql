-- Files whose text is still to be read.
CREATE TABLE due (
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    file BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (space, seq, file)
);

-- An index that knows of no texts is begun again.
DELETE FROM meta;
