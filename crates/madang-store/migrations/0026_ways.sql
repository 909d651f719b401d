-- Ways into a ticket and out of it: who is known by a site or by an address, mail, and who is kept out.

-- By what a site says who is signed in there: sealed.
CREATE TABLE desk_secrets (
    desk BIGINT PRIMARY KEY REFERENCES desks (id),
    sealed BLOB NOT NULL,
    made_at BIGINT NOT NULL
);

-- Codes that were mailed, so that an address is proven. One for each place: a visit, or an address at a door.
CREATE TABLE visit_claims (
    place BLOB PRIMARY KEY,
    email TEXT NOT NULL,
    code BLOB NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL
);

-- How far the mail to a visitor has come in the log of their ticket.
CREATE TABLE visit_letters (
    space BIGINT PRIMARY KEY REFERENCES spaces (id),
    seq BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    -- Where the visitor wrote from, who came by mail, and what their mail was called: answers go there.
    email TEXT,
    message_id TEXT
);
CREATE INDEX visit_letters_email ON visit_letters (email, sent_at);

-- Visitors who are asked again.
CREATE TABLE follow_ups (
    space BIGINT PRIMARY KEY REFERENCES spaces (id),
    agent BIGINT NOT NULL REFERENCES people (id),
    due_at BIGINT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX follow_ups_due ON follow_ups (due_at);

-- From where a visit was begun: a keyed hash of the network, for as long as somebody may want to keep it out.
CREATE TABLE visit_networks (
    visitor BIGINT PRIMARY KEY REFERENCES people (id),
    network BLOB NOT NULL,
    begun_at BIGINT NOT NULL
);

-- Who is kept out of all desks. `mark` is a keyed hash of what is kept out.
CREATE TABLE desk_blocks (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    -- 'network', 'email' or 'identity'.
    kind TEXT NOT NULL,
    mark BLOB NOT NULL,
    -- The name or address that it was done for.
    shown TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by BIGINT NOT NULL REFERENCES people (id),
    made_at BIGINT NOT NULL,
    until BIGINT
);
CREATE INDEX desk_blocks_mark ON desk_blocks (workspace, kind, mark);

-- Proofs of work that were used.
CREATE TABLE used_proofs (
    proof BLOB PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
