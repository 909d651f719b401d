-- The first house: people, spaces, the log and its core views.
-- Portable dialect (docs/decisions/0003): ids and times are BIGINT, times in
-- microseconds since 1970 UTC, JSON is TEXT and never queried.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE workspaces (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE people (
    id BIGINT PRIMARY KEY,
    -- Folded (NFC, lower case); none for a guest by link who made no account.
    email TEXT,
    name TEXT NOT NULL,
    -- The name folded for search and order.
    name_folded TEXT NOT NULL,
    password_hash TEXT,
    picture BIGINT,
    bot BOOLEAN NOT NULL DEFAULT FALSE,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Counts the changes of this person's registers.
    rev BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX people_email ON people (email);
CREATE INDEX people_changed ON people (changed_at);

CREATE TABLE workspace_members (
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    person BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    -- Set when the person was taken out; the row stays so that old messages keep a name.
    removed_at BIGINT,
    PRIMARY KEY (workspace, person)
);
CREATE INDEX workspace_members_person ON workspace_members (person);

CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    -- SHA-256 of the secret.
    token_hash BLOB NOT NULL,
    person BIGINT NOT NULL REFERENCES people (id),
    -- 'browser' or 'token'.
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_person ON sessions (person);

-- One-time secrets sent by mail or shown once: invitations, password resets,
-- address confirmations.
CREATE TABLE secrets (
    id BIGINT PRIMARY KEY,
    token_hash BLOB NOT NULL,
    -- 'invitation', 'reset' or 'confirm'.
    kind TEXT NOT NULL,
    workspace BIGINT,
    email TEXT,
    person BIGINT,
    space BIGINT,
    role TEXT,
    -- A prepared password hash, for a confirmation.
    password_hash TEXT,
    inviter BIGINT,
    mailed BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX secrets_token ON secrets (token_hash);
CREATE INDEX secrets_email ON secrets (email);

CREATE TABLE join_links (
    id BIGINT PRIMARY KEY,
    token_hash BLOB NOT NULL,
    space BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    uses_left BIGINT,
    used BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX join_links_token ON join_links (token_hash);
CREATE INDEX join_links_space ON join_links (space);

CREATE TABLE teams (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE team_members (
    team BIGINT NOT NULL REFERENCES teams (id),
    person BIGINT NOT NULL REFERENCES people (id),
    PRIMARY KEY (team, person)
);

CREATE TABLE team_spaces (
    team BIGINT NOT NULL REFERENCES teams (id),
    space BIGINT NOT NULL,
    PRIMARY KEY (team, space)
);
CREATE INDEX team_spaces_space ON team_spaces (space);

CREATE TABLE spaces (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    picture BIGINT,
    -- Of a direct space: the sorted person ids, so that a second one with the
    -- same people is the same one.
    direct_key TEXT,
    created_at BIGINT NOT NULL,
    -- The greatest seq, and the time of that event.
    head BIGINT NOT NULL DEFAULT 0,
    head_at BIGINT NOT NULL DEFAULT 0,
    -- The newest message of the main line.
    last_message BIGINT,
    members BIGINT NOT NULL DEFAULT 0,
    guests BIGINT NOT NULL DEFAULT 0,
    pins BIGINT NOT NULL DEFAULT 0,
    archived BOOLEAN NOT NULL DEFAULT FALSE,
    deleted_until BIGINT
);
CREATE UNIQUE INDEX spaces_direct ON spaces (workspace, direct_key);
CREATE INDEX spaces_kind ON spaces (workspace, kind);

CREATE TABLE memberships (
    space BIGINT NOT NULL REFERENCES spaces (id),
    person BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    joined_seq BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    -- The read marker.
    read_seq BIGINT NOT NULL,
    level TEXT NOT NULL,
    PRIMARY KEY (space, person)
);
CREATE INDEX memberships_person ON memberships (person);

CREATE TABLE events (
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    author BIGINT NOT NULL,
    client_id TEXT,
    kind TEXT NOT NULL,
    -- Sealed; the first byte is the codec.
    payload BLOB NOT NULL,
    PRIMARY KEY (space, seq)
);
CREATE UNIQUE INDEX events_client ON events (author, client_id) WHERE client_id IS NOT NULL;

-- Core view: the state of each message. Its text is in the event `text_seq`.
CREATE TABLE messages (
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    author BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    thread BIGINT,
    also BOOLEAN NOT NULL,
    -- Where the current text stands: the seq itself, or that of the last edit.
    text_seq BIGINT NOT NULL,
    edited_at BIGINT,
    removed BOOLEAN NOT NULL DEFAULT FALSE,
    pinned_by BIGINT,
    pinned_at BIGINT,
    replies BIGINT NOT NULL DEFAULT 0,
    last_reply BIGINT,
    last_reply_at BIGINT,
    -- Comma-separated ids of the first five different repliers.
    repliers TEXT NOT NULL DEFAULT '',
    -- The last event that changed the row.
    changed BIGINT NOT NULL,
    PRIMARY KEY (space, seq)
);
CREATE INDEX messages_thread ON messages (space, thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX messages_pinned ON messages (space, pinned_at) WHERE pinned_at IS NOT NULL;

CREATE TABLE reactions (
    space BIGINT NOT NULL,
    message BIGINT NOT NULL,
    emoji TEXT NOT NULL,
    person BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (space, message, emoji, person)
);

-- When each reader's marker passed which seq, newest 64 steps.
CREATE TABLE read_steps (
    space BIGINT NOT NULL,
    person BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (space, person, seq)
);

CREATE TABLE registers (
    person BIGINT NOT NULL REFERENCES people (id),
    key TEXT NOT NULL,
    rev BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person, key)
);
CREATE INDEX registers_rev ON registers (person, rev);

CREATE TABLE files (
    id BIGINT PRIMARY KEY,
    -- SHA-256 of the content.
    hash BLOB NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    thumb BOOLEAN NOT NULL,
    uploader BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Where it was posted; none while it is only uploaded, or for a picture.
    space BIGINT,
    message BIGINT,
    -- 'message' or 'picture' once used; '' before.
    used_as TEXT NOT NULL DEFAULT '',
    removed BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX files_space ON files (space, message) WHERE space IS NOT NULL;
CREATE INDEX files_hash ON files (hash);

CREATE TABLE uploads (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    length BIGINT NOT NULL,
    -- The file it became.
    file BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_expires ON uploads (expires_at);

-- How far each follower has read each space.
CREATE TABLE cursors (
    follower TEXT NOT NULL,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (follower, space)
);

-- View of the follower `activity`: what concerns a person.
CREATE TABLE activity (
    person BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor BIGINT NOT NULL,
    -- The message it is about.
    message BIGINT NOT NULL,
    PRIMARY KEY (person, space, seq)
);
CREATE INDEX activity_newest ON activity (person, at_us);

-- Work to do later: mail to send, things to clear away.
CREATE TABLE jobs (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    last_error TEXT
);
CREATE INDEX jobs_due ON jobs (run_at);
