-- Files that lie elsewhere, as apps know them: a title and an address.
CREATE TABLE remote_files (
    app BIGINT NOT NULL REFERENCES apps (id),
    -- What the app calls it.
    external_id TEXT NOT NULL,
    id BIGINT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    filetype TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app, external_id)
);
CREATE INDEX remote_files_id ON remote_files (app, id);
