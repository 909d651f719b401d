-- Files that go with a message at its time: until then nobody takes them for forgotten ones.
CREATE TABLE scheduled_files (
    person BIGINT NOT NULL,
    id TEXT NOT NULL,
    file BIGINT NOT NULL,
    PRIMARY KEY (person, id, file),
    FOREIGN KEY (person, id) REFERENCES scheduled (person, id) ON DELETE CASCADE
);
CREATE INDEX scheduled_files_file ON scheduled_files (file);
