-- Apps: integrations that were installed here, what their tokens may, and what they are still to be told.

-- What apps show of the links in a message: the event that says it.
ALTER TABLE messages ADD COLUMN unfurl_seq BIGINT;
-- Slack's clients name a message by its time, which is unique in its space.
CREATE UNIQUE INDEX messages_at ON messages (space, at_us);

-- Old ids of what was brought are other names of what it is here.
CREATE INDEX imports_key ON imports (kind, key);

CREATE TABLE apps (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    -- As it was installed, in JSON.
    manifest TEXT NOT NULL,
    -- The names of what it wishes to be told, as a list in JSON.
    events TEXT NOT NULL,
    -- Whom it speaks as; none when its manifest has no bot.
    bot BIGINT REFERENCES people (id),
    -- Both sealed.
    client_secret TEXT NOT NULL,
    signing_secret TEXT NOT NULL,
    -- The old way to know a request (a word that is the same each time).
    verification TEXT NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Since when nothing is told to it, because nothing was taken.
    suspended_at BIGINT
);

-- What a token of an app, or one in the shape of Slack's, may.
CREATE TABLE app_grants (
    session BIGINT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    -- None for a token that a person made for themselves.
    app BIGINT,
    -- 'bot', 'user' or 'app'.
    kind TEXT NOT NULL,
    -- As a list in JSON; the only word '*' for everything the person may.
    scopes TEXT NOT NULL
);
CREATE INDEX app_grants_app ON app_grants (app);

-- Addresses at which anybody who knows one posts into one space.
CREATE TABLE app_hooks (
    id BIGINT PRIMARY KEY,
    app BIGINT NOT NULL REFERENCES apps (id),
    space BIGINT NOT NULL,
    token_hash BLOB NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX app_hooks_token ON app_hooks (token_hash);
CREATE INDEX app_hooks_app ON app_hooks (app);

-- Up to which event of a space an app was told, so that nothing is told twice.
CREATE TABLE app_told (
    app BIGINT NOT NULL,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (app, space)
);

-- What is to be told, and for some days what was.
CREATE TABLE app_deliveries (
    id BIGINT PRIMARY KEY,
    app BIGINT NOT NULL,
    -- The event; both 0 for what stands in no log.
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- What stands in no log, in JSON.
    about TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    -- 'waiting', 'taken' or 'failed'.
    state TEXT NOT NULL,
    -- One event of ours may be several of theirs: so many were told. `single`: it stands for this one of them alone.
    part BIGINT NOT NULL DEFAULT 0,
    single BOOLEAN NOT NULL DEFAULT FALSE,
    tries BIGINT NOT NULL DEFAULT 0,
    -- Tried again later, while what comes after it goes on.
    aside BOOLEAN NOT NULL DEFAULT FALSE,
    run_at BIGINT NOT NULL,
    status BIGINT,
    fault TEXT
);
CREATE INDEX app_deliveries_waiting ON app_deliveries (app, space, id) WHERE state = 'waiting';
CREATE INDEX app_deliveries_app ON app_deliveries (app, id);

-- What apps show somebody: dialogs and homes.
CREATE TABLE app_views (
    id BIGINT PRIMARY KEY,
    app BIGINT NOT NULL,
    person BIGINT NOT NULL,
    -- 'modal' or 'home'.
    kind TEXT NOT NULL,
    -- As the app gave it, in JSON.
    view TEXT NOT NULL,
    hash TEXT NOT NULL,
    external_id TEXT,
    root BIGINT NOT NULL,
    -- The dialog below it.
    previous BIGINT,
    changed_at BIGINT NOT NULL
);
CREATE INDEX app_views_person ON app_views (app, person);
CREATE INDEX app_views_external ON app_views (app, external_id) WHERE external_id IS NOT NULL;
