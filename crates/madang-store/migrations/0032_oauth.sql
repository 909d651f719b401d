-- OAuth: what somebody lets an app do, until it fetches its tokens, and how apps get new tokens for those that end.

CREATE TABLE app_codes (
    code_hash BLOB PRIMARY KEY,
    app BIGINT NOT NULL REFERENCES apps (id),
    -- Who let it in.
    person BIGINT NOT NULL,
    -- Lists in JSON.
    bot_scopes TEXT NOT NULL,
    user_scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    -- Of RFC 7636, by S256; none without.
    challenge TEXT,
    -- For which space an incoming webhook is made.
    space BIGINT,
    nonce TEXT,
    expires_at BIGINT NOT NULL,
    -- It is good once; that it was used is remembered until it would have ended.
    used_at BIGINT
);
CREATE INDEX app_codes_expires ON app_codes (expires_at);

CREATE TABLE app_refreshes (
    token_hash BLOB PRIMARY KEY,
    app BIGINT NOT NULL REFERENCES apps (id),
    person BIGINT NOT NULL,
    -- 'bot' or 'user'.
    kind TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX app_refreshes_app ON app_refreshes (app, person);
