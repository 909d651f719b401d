-- What links lead to is shown beside messages, unless the workspace does not want it.
ALTER TABLE workspaces ADD COLUMN previews BOOLEAN NOT NULL DEFAULT TRUE;

-- What was found behind links: kept for a while, in no backup, and asked for again when it is gone
-- (docs/decisions/0017). The address itself stands nowhere in the clear.
CREATE TABLE previews (
    -- A keyed hash of the address.
    link BLOB PRIMARY KEY,
    -- Sealed; none when the link has nothing to show.
    page BLOB,
    picture BLOB,
    asked_at BIGINT NOT NULL,
    -- From when on it may be asked again.
    again_at BIGINT NOT NULL
);
CREATE INDEX previews_asked ON previews (asked_at);
